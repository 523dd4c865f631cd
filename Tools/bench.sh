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

# Instructions per inference of TensorFlow Lite Micro with CMSIS-NN, best flags per core, and of LiteRT with XNNPACK on
# Cortex-A, counted on the same emulators (GCC 12.2), the goal as a share of that, arena bytes of TFLM, their goal, and
# the published record of cycles on the chip that the board stands for ("-": none).
recorded() {
  case "$1 $2" in
  "kws qemu-m4") echo 7226348 0.40 22820 0.40 5180000 ;; "ic qemu-m4") echo 28505622 0.42 54996 0.42 19800000 ;;
  "vww qemu-m4") echo 22608982 0.40 100708 0.38 10670000 ;; "ad qemu-m4") echo 573206 0.44 2580 0.45 486000 ;;
  "kws qemu-m7") echo 7296728 0.40 22820 0.40 - ;; "ic qemu-m7") echo 28618079 0.42 54996 0.42 - ;;
  "vww qemu-m7") echo 23050206 0.40 100708 0.38 - ;; "ad qemu-m7") echo 573256 0.44 2580 0.45 - ;;
  "kws qemu-m33") echo 7376682 0.40 22820 0.40 - ;; "ic qemu-m33") echo 28576545 0.42 54996 0.42 - ;;
  "vww qemu-m33") echo 23259220 0.40 100708 0.38 - ;; "ad qemu-m33") echo 574740 0.44 2580 0.45 - ;;
  "kws qemu-m55") echo 1742309 0.42 27348 0.40 - ;; "ic qemu-m55") echo 4725421 0.42 55028 0.42 - ;;
  "vww qemu-m55") echo 6307274 0.50 100772 0.38 - ;; "ad qemu-m55") echo 148643 0.42 9268 0.45 - ;;
  "kws qemu-m3") echo 10545082 0.60 22820 0.40 - ;; "ic qemu-m3") echo 41758596 0.60 54996 0.42 - ;;
  "vww qemu-m3") echo 32083108 0.60 100708 0.38 - ;; "ad qemu-m3") echo 955912 0.60 2580 0.45 - ;;
  "kws qemu-m0") echo 29003899 0.60 22820 0.40 - ;; "ic qemu-m0") echo 97572652 0.60 54996 0.42 - ;;
  "vww qemu-m0") echo 86877963 0.60 100708 0.38 - ;; "ad qemu-m0") echo 1763135 0.60 2580 0.45 - ;;
  "kws qemu-a53") echo 1337675 0.75 - - - ;; "ic qemu-a53") echo 4265790 0.75 - - - ;;
  "vww qemu-a53") echo 3544599 0.75 - - - ;; "ad qemu-a53") echo 88781 0.75 - - - ;;
  "kws qemu-a76") echo 712676 0.85 - - - ;; "ic qemu-a76") echo 1499774 0.85 - - - ;;
  "vww qemu-a76") echo 1927908 0.85 - - - ;; "ad qemu-a76") echo 46065 0.85 - - - ;;
  *) echo - - - - - ;;
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
boards=${SHUNT_BENCH_BOARDS:-"qemu-m4 qemu-m7 qemu-m33 qemu-m55 qemu-m3 qemu-m0 qemu-a53 qemu-a76"}

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

row() { printf '%-9s %-8s %-8s %11s %6s %6s %5s %12s %7s %8s %6s %5s %8s %6s %8s\n' "$@"; }
ratio() { case "$1$2" in *-*) echo - ;; *) awk "BEGIN { printf \"%.2f\", $1 / $2 }" ;; esac; }

echo "Instructions per inference (counted), modelled cycles, memory in bytes"
echo "bar: TensorFlow Lite Micro with CMSIS-NN, on Cortex-A LiteRT with XNNPACK; record: published cycles on that chip"
row board model kernels instruct. /MAC "/bar" goal cycles "/record" arena "/TFLM" goal rt_flash stack blob
for board in $boards; do
  for model in fashion kws ic vww ad; do
    files_of "$model" || continue
    if ! SHUNT_STORE=$work/runs.sqlite "$shunt" bench "$file" --board "$board" --inputs "$inputs" --rows 8 --windows 2 \
      --window-seconds 0.05 --meter none --json >"$work/run.json" 2>/dev/null; then
      row "$board" "$model" "does not fit, or failed" "" "" "" "" "" "" "" "" "" "" "" ""
      continue
    fi
    read -r set instructions per_mac cycles arena flash stack blob < <(python3 -c '
import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
memory = run["memory_bytes"]
print(run["kernel_set"], round(run["instructions"]["per_inference"]), round(run["instructions"]["per_mac"], 2),
      round(run["cycles"]["per_inference"]), memory["arena"], memory["runtime_flash"] or "-", memory["stack"],
      memory["blob"])' "$work/run.json")
    read -r bar goal bar_arena goal_arena record < <(recorded "$model" "$board")
    row "$board" "$model" "$set" "$instructions" "$per_mac" "$(ratio "$instructions" "$bar")" "$goal" "$cycles" \
      "$(ratio "$cycles" "$record")" "$arena" "$(ratio "$arena" "$bar_arena")" "$goal_arena" "$flash" "$stack" "$blob"
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
