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

step "slots, frames and agent under AddressSanitizer and UndefinedBehaviorSanitizer"
Tools/test-firmware.sh

step "Swift build"
swift build --build-tests

step "frames, agent and runtime, fuzzed under the same sanitizers"
rm -rf .build-fuzz/seeds .build-fuzz/cases
.build/debug/fuzz-tool seeds .build-fuzz/seeds
.build/debug/fuzz-tool cases .build-fuzz/cases
Tools/fuzz/run.sh short

step "C sources: CMake lists what SwiftPM compiles"
Tools/check-sources.sh

step "serial port under umockdev"
Tools/umockdev/run-serialport-tests.sh

step "the ONNX project's own tests"
Tools/onnx/node-tests.sh

step "Swift tests"
swift test --skip-build
step "all tests passed"
