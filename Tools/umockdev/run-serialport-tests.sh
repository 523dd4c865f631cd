#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs the tests of the libserialport transport against a made-up USB serial port. The tests must be
# built (swift build --build-tests).
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v umockdev-run >/dev/null; then
  echo "serial port tests: umockdev-run is missing; install it with: sudo apt-get install umockdev" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${CC:-cc}" -std=gnu11 -O1 -Wall -Wextra -Werror -shared -fPIC \
  -o "$work/tty_shim.so" Tools/umockdev/tty_shim.c -ldl
: > "$work/modem-lines.log"

# The shim goes in front of umockdev's library, which umockdev-run puts into LD_PRELOAD.
export SHUNT_UMOCKDEV=1 SHUNT_TTY_SHIM_LOG="$work/modem-lines.log" SHUNT_TTY_SHIM="$work/tty_shim.so"
umockdev-run -d Tools/umockdev/ttyACM0.umockdev -- \
  sh -c 'LD_PRELOAD="$SHUNT_TTY_SHIM:$LD_PRELOAD" exec swift test --skip-build --filter SerialPortTransportTests' \
  2>&1 | tee "$work/output"

# No test run is no success.
grep -q 'Test run with [1-9][0-9]* tests\{0,1\} in 1 suite passed' "$work/output"
