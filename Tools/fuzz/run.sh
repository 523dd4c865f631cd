#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the fuzzers with libFuzzer, which comes with Swift's clang, and runs them.
#
#   Tools/fuzz/run.sh short              the C fuzzers, a few seconds each (make test)
#   Tools/fuzz/run.sh long               every fuzzer, 10,000,000 executions each (make fuzz)
#   Tools/fuzz/run.sh RUNS [FUZZER...]   so many executions of these, or of all
#
# The C fuzzers (runtime agent frame) run under AddressSanitizer and UndefinedBehaviorSanitizer; the Swift
# ones are the FuzzTarget cases. SHUNT_FUZZ_SEED: 1 unless set. An input that makes a reader trap, hang
# (25 s) or break a promise is left in Tests/FuzzCorpus/FUZZER, which every test run replays. What
# increases coverage is kept in .build-fuzz/corpus for the next run.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
build=$root/.build-fuzz
mkdir -p "$build/c"
amount=${1:-short}
[ $# -gt 0 ] && shift
c_fuzzers=(frame agent runtime)
swift_fuzzers=()
case $amount in
short) runs=10000 ;;
long) runs=10000000 ;;
*) runs=$amount ;;
esac
if [ "$amount" != short ]; then
  mapfile -t swift_fuzzers < <(sed -n 's/^  case \([a-zA-Z]*\)\( = "\(.*\)"\)\{0,1\}$/\1 \3/p' \
    Tests/FuzzTargets/FuzzTarget.swift | awk '{ print $NF }')
fi
[ $# -gt 0 ] || set -- "${c_fuzzers[@]}" "${swift_fuzzers[@]}"
export SWIFT_BACKTRACE=enable=no

c_flags=(-std=c11 -D_POSIX_C_SOURCE=200112L -O2 -g -Wall -Wextra -Wconversion -Werror
  -fno-sanitize-recover=all)

# Prints the sources of a part of the firmware, as its own build lists them.
listed() { sed -n "s|^ *\(source/[a-z_0-9]*\.c\).*|Firmware/$1/\1|p" "Firmware/$1/sources.cmake"; }

# Compiles the kernels of all sets into a folder, each set with what the firmware's build defines for it.
compile_kernels() {
  local folder=$1 sanitizers=$2 set
  rm -rf "$folder"
  for set in portable dsp mve neon; do
    mkdir -p "$folder/$set"
    for file in Firmware/runtime/kernels/"$set"/*.c; do
      echo "$file -o $folder/$set/$(basename "$file" .c).o -DSHUNT_KERNEL_SET=$set" \
        "-IFirmware/runtime/kernels/$set/include"
    done
  done | xargs -P "$(nproc)" -L 1 clang "${c_flags[@]}" -fsanitize="$sanitizers" \
    -IFirmware/runtime/include -c
}

compile_c() {
  local fuzzer=$1 sources=(Firmware/runtime/source/*.c) includes=(-IFirmware/runtime/include)
  local sanitizers=fuzzer,address,undefined main=Tools/fuzz/${fuzzer}_fuzz.c kernels=()
  case $fuzzer in
  runtime)
    sources+=(Tools/fuzz/sample_blob.c)
    compile_kernels "$build/c/kernels-$fuzzer" fuzzer-no-link,address,undefined
    ;;&
  cases)
    sanitizers=address,undefined main=Tools/fuzz/case_check.c
    compile_kernels "$build/c/kernels-$fuzzer" "$sanitizers"
    ;;&
  runtime | cases)
    sources+=(Tools/fuzz/all_kernels.c Tools/fuzz/guarded_run.c)
    includes+=(-IFirmware/runtime/kernels/{portable,dsp,mve,neon}/include)
    kernels=("$build/c/kernels-$fuzzer"/*/*.o)
    ;;
  frame | agent)
    sources+=(Firmware/link/source/*.c)
    includes+=(-IFirmware/link/include)
    ;;&
  agent)
    mapfile -O "${#sources[@]}" -t sources < <(listed agent)
    sources+=(Firmware/ports/source/mark.c Tests/FirmwareTests/test_port.c
      Tests/FirmwareTests/test_blob.c)
    includes+=(-IFirmware/agent/include -IFirmware/ports/include -ITests/FirmwareTests)
    ;;
  esac
  clang -fuse-ld=lld "${c_flags[@]}" -fsanitize=$sanitizers "${includes[@]}" "$main" \
    "${sources[@]}" "${kernels[@]}" -o "$build/c/$fuzzer"
}

# A build of its own: instrumented, and linked with libFuzzer.
build_swift() {
  local product
  for product in shunt-fuzz fuzz-tool; do
    SHUNT_FUZZ=1 swift build -c release --scratch-path "$build" --product $product \
      -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld
  done
  rm -rf "$build/seeds"
  "$build/release/fuzz-tool" seeds "$build/seeds"
  rm -rf "$build/cases"
  "$build/release/fuzz-tool" cases "$build/cases"
}

# Runs $1, whose seeds are $2, for the fuzzer $3.
fuzz() {
  local program=$1 seeds=$2 fuzzer=$3 folders log status=0
  local kept=Tests/FuzzCorpus/$fuzzer corpus=$build/corpus/$fuzzer longest=4096
  case $fuzzer in # short inputs reach as much, faster
  agent) longest=128 ;;
  session) longest=256 ;;
  npy | labels | inputs-yaml | frame | frames) longest=512 ;;
  traces | energy-runner | probe | boards) longest=768 ;;
  runtime) longest=8192 ;;
  esac
  mkdir -p "$kept" "$corpus"
  folders=("$corpus" "$kept")
  [ -d "$seeds" ] && folders+=("$seeds")
  log=$build/$fuzzer.log
  "$program" -runs="$runs" -seed="${SHUNT_FUZZ_SEED:-1}" -timeout=25 -rss_limit_mb=3000 -max_len=$longest -len_control=0 \
    -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$kept/" "${folders[@]}" >"$log" 2>&1 ||
    status=$?
  if [ "$status" -ne 0 ]; then
    tail -30 "$log" >&2
    echo "fuzz: $fuzzer found something; the input is in $kept" >&2
    return 1
  fi
  sed -n "s/^stat::number_of_executed_units: */fuzz: $fuzzer: executions: /p; s/^runtime_fuzz: /fuzz: runtime: /p" "$log"
  rmdir --ignore-fail-on-non-empty "$kept"
}

# The packer's blobs must be accepted, and compute the same whatever the arena held before.
check_seeds() {
  compgen -G "$1/*" >/dev/null || return 0
  SHUNT_FUZZ_WHOLE=1 "$build/c/runtime" "$1"/* >"$build/seeds.log" 2>&1 && return
  tail -20 "$build/seeds.log" >&2
  echo "fuzz: a seed in $1 is refused, or depends on what the arena held" >&2
  return 1
}

# Every operator vector, if `fuzz-tool cases` has written them, must give the same bits under sanitizers.
check_cases() {
  compgen -G "$build/cases/*" >/dev/null || return 0
  compile_c cases
  find "$build/cases" -type f -print0 | xargs -0 "$build/c/cases" >"$build/cases.log" 2>&1 &&
    sed 's/^/fuzz: /' "$build/cases.log" && return
  tail -20 "$build/cases.log" >&2
  echo "fuzz: an operator vector fails under sanitizers" >&2
  return 1
}

# The agent over lines with faults.
endure() {
  if ! $swift_is_built; then build_swift; fi
  swift_is_built=true
  "$build/release/fuzz-tool" line 1000000 "${SHUNT_FUZZ_SEED:-1}"
}

swift_is_built=false
for fuzzer in "$@"; do
  case " ${c_fuzzers[*]} " in
  *" $fuzzer "*)
    compile_c "$fuzzer"
    seeds=
    if [ "$fuzzer" = runtime ]; then
      seeds=$build/seeds/blob
      check_seeds "$seeds"
      check_cases
    fi
    fuzz "$build/c/$fuzzer" "$seeds" "$fuzzer"
    ;;
  *)
    if ! $swift_is_built; then build_swift; fi
    swift_is_built=true
    SHUNT_FUZZ_TARGET=$fuzzer fuzz "$build/release/shunt-fuzz" "$build/seeds/$fuzzer" "$fuzzer"
    ;;
  esac
done
if [ "$amount" = long ]; then endure; fi
