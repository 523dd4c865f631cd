#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Tests and fuzzes the firmware's C on this machine, under sanitizers.
#
#   Tools/test-firmware.sh [BUILD FOLDER]        SHUNT_FUZZ_SECONDS: of each fuzzer, 4 unless set
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/.build/firmware-tests}
mkdir -p "$build"
cmake -S "$root/Tests/FirmwareTests" -B "$build" -G Ninja \
  -DSHUNT_FUZZ_SECONDS="${SHUNT_FUZZ_SECONDS:-4}" > "$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
cmake --build "$build" > "$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
rm -f "$build.log"
for test in slots_test agent_test frame_test clock_test; do
  "$build/$test"
done
for fuzzer in agent_fuzz frame_fuzz; do
  printf '%s: ' $fuzzer
  "$build/$fuzzer" "${SHUNT_FUZZ_SECONDS:-4}" "${SHUNT_FUZZ_SEED:-1}"
done
