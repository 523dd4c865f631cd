#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Performance: instructions (counted, deterministic), arena, flash, link throughput, and the command's own times.
# Prints figures beside the recorded ones and fails nothing. Models: the demo's own, and those of ../shared if it is
# there.
set -euo pipefail
cd "$(dirname "$0")/.."
shunt=$(readlink -f "$1")
shared=${SHUNT_SHARED:-../shared}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Instructions per inference and arena bytes of TensorFlow Lite Micro with CMSIS-NN, best flags per core, counted on the
# same emulators (GCC 12.2).
recorded() {
  case "$1 $2" in
  "kws qemu-m4") echo 7226348 22820 ;; "ic qemu-m4") echo 28505622 54996 ;;
  "vww qemu-m4") echo 22608982 100708 ;; "ad qemu-m4") echo 573206 2580 ;;
  "kws qemu-m7") echo 7296728 22820 ;; "ic qemu-m7") echo 28618079 54996 ;;
  "vww qemu-m7") echo 23050206 100708 ;; "ad qemu-m7") echo 573256 2580 ;;
  "kws qemu-m33") echo 7376682 22820 ;; "ic qemu-m33") echo 28576545 54996 ;;
  "vww qemu-m33") echo 23259220 100708 ;; "ad qemu-m33") echo 574740 2580 ;;
  "kws qemu-m55") echo 1742309 27348 ;; "ic qemu-m55") echo 4725421 55028 ;;
  "vww qemu-m55") echo 6307274 100772 ;; "ad qemu-m55") echo 148643 9268 ;;
  "kws qemu-m3") echo 10545082 22820 ;; "ic qemu-m3") echo 41758596 54996 ;;
  "vww qemu-m3") echo 32083108 100708 ;; "ad qemu-m3") echo 955912 2580 ;;
  *) echo "- -" ;;
  esac
}

# The files of a model: its own folder for the demo's, ../shared for the others.
files_of() {
  if [ "$1" = fashion ]; then
    file=Tools/demo-model/fashion_int8.tflite inputs=Tools/demo-model/test expected=Tools/demo-model/test/outputs_tflm.npy
  else
    file=$shared/data/models/$1/int8.tflite inputs=$shared/data/golden/$1/inputs.npy
    expected=$shared/data/golden/$1/outputs_tflm.npy
  fi
  [ -f "$file" ]
}

models="fashion kws ic vww ad micro_speech hello_world"
boards="qemu-m3 qemu-m4 qemu-m7 qemu-m33 qemu-m55 qemu-a53 qemu-a76"

echo "Rows that differ from the reference interpreter / rows"
printf '%-10s' board
for model in $models; do printf '%14s' "$model"; done
printf '\n'
for board in host $boards; do
  printf '%-10s' "$board"
  for model in $models; do
    result=-
    if files_of "$model"; then
      result=$("$shunt" verify "$file" --board "$board" --inputs "$inputs" --expected "$expected" --json 2>/dev/null |
        python3 -c 'import json, sys; r = json.load(sys.stdin); print(r["mismatched_rows"], "/", r["rows"])' || echo failed)
    fi
    printf '%14s' "$result"
  done
  printf '\n'
done
echo

row() { printf '%-10s %-9s %14s %10s %8s %12s %8s %9s %8s\n' "$@"; }
ratio() { [ "$2" = - ] && echo - || awk "BEGIN { printf \"%.2fx\", $1 / $2 }"; }

echo "Instructions per inference (counted) and memory, portable kernels"
row model board instructions per_MAC vs_TFLM arena_bytes vs_TFLM rt_flash stack
for board in $boards; do
  for model in fashion kws ic vww ad; do
    files_of "$model" || continue
    SHUNT_STORE=$work/runs.sqlite "$shunt" bench "$file" --board "$board" --inputs "$inputs" --rows 8 --windows 2 \
      --window-seconds 0.05 --meter none --json >"$work/run.json" 2>/dev/null
    read -r instructions per_mac arena flash stack < <(python3 -c '
import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
print(round(run["instructions"]["per_inference"]), round(run["instructions"]["per_mac"], 2),
      run["memory_bytes"]["arena"], run["memory_bytes"]["runtime_flash"], run["memory_bytes"]["stack"])' "$work/run.json")
    read -r bar_instructions bar_arena < <(recorded "$model" "$board")
    row "$model" "$board" "$instructions" "$per_mac" "$(ratio "$instructions" "$bar_instructions")" "$arena" \
      "$(ratio "$arena" "$bar_arena")" "$flash" "$stack"
  done
done

echo
echo "Link throughput into the emulated UART (wall clock; the ratio is what counts)"
for board in qemu-m4 qemu-m33; do
  "$shunt" flash Tools/demo-model/fashion_int8.tflite --board "$board" --measure-link
done

echo
echo "The command's own times (wall clock, best of 5)"
best() {
  local label=$1 best=999999 start end
  shift
  for _ in 1 2 3 4 5; do
    start=$(date +%s%N)
    "$@" >/dev/null 2>&1
    end=$(date +%s%N)
    [ $(((end - start) / 1000)) -lt $best ] && best=$(((end - start) / 1000))
  done
  printf '%-40s %8.1f ms\n' "$label" "$(awk "BEGIN { print $best / 1000 }")"
}
best "shunt --version" "$shunt" --version
best "inspect fashion_int8.tflite" "$shunt" inspect Tools/demo-model/fashion_int8.tflite
if [ -d "$shared/data" ]; then
  best "inspect ad float.tflite (1.07 MB)" "$shunt" inspect "$shared/data/models/ad/float.tflite"
  best "compile vww" "$shunt" compile "$shared/data/models/vww/int8.tflite" --board qemu-m4 -o "$work/vww.shunt"
fi
