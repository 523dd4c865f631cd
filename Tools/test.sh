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

step "C code under AddressSanitizer and UndefinedBehaviorSanitizer"
Tools/fuzz/run.sh short

step "Swift build"
swift build --build-tests

step "serial port under umockdev"
Tools/umockdev/run-serialport-tests.sh

step "Swift tests"
swift test --skip-build
step "all tests passed"
