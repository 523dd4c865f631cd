#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# All tests: Swift Testing, the C code under sanitizers, short fuzz runs, the serial port under umockdev.
# SHUNT_TEST_FULL=1 adds what takes long.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }

step "instruction counter"
make -s -C Tools/qemu-plugin test

step "blobs, fuzzed under AddressSanitizer and UndefinedBehaviorSanitizer"
Tools/fuzz/run.sh short

step "slots, frames and agent, tested and fuzzed under the same sanitizers"
Tools/test-firmware.sh

step "Swift build"
swift build --build-tests

step "C sources: CMake lists what SwiftPM compiles"
Tools/check-sources.sh

step "serial port under umockdev"
Tools/umockdev/run-serialport-tests.sh

step "Swift tests"
swift test --skip-build
step "all tests passed"
