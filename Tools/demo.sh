#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The main job, from a trained network to an energy report, on an emulated Cortex-M4.
set -euo pipefail
cd "$(dirname "$0")/.."
shunt=$1
model=Tools/demo-model/fashion_int8.tflite
data=Tools/demo-model/test
out=build/demo
mkdir -p "$out"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { printf '$ shunt %s\n' "$*"; "$shunt" "$@"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

say "1. What is in the network?"
run inspect "$model"

say "2. Does it fit the board?"
run check "$model" --board qemu-m4

say "3. Pack it into one flat blob for the Cortex-M4"
run compile "$model" --board qemu-m4 -o "$out/fashion.shunt"

say "4. Flash the blob over the serial line, and read it back"
run flash "$out/fashion.shunt" --board qemu-m4

say "5. Does the board compute what the host computes, and is it right?"
run verify "$out/fashion.shunt" --board qemu-m4 --inputs "$data" \
  --expected "$data/outputs_tflm.npy" --labels "$data/labels.csv"

say "6. What does one inference cost?"
run bench "$out/fashion.shunt" --board qemu-m4 --board qemu-m7 --inputs "$data" --report "$out/report.html"

say "The report: $out/report.html"
