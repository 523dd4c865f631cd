#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the blob fuzzer with AddressSanitizer and UndefinedBehaviorSanitizer and runs it.
#
#     Tools/fuzz/run.sh [ITERATIONS [SEED [BLOB...]]]      CC chooses the compiler (gcc)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
runtime=$root/Firmware/runtime
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT INT TERM
iterations=${1:-20000}
[ $# -gt 0 ] && shift

${CC:-gcc} -std=c11 -D_POSIX_C_SOURCE=200112L -O1 -g -Wall -Wextra -Wconversion -Werror \
  -fsanitize=address,undefined -fno-sanitize-recover=all -DSHUNT_KERNEL_SET=portable \
  -I"$runtime/include" -I"$runtime/kernels/portable/include" -I"$root/Tools/fuzz" \
  "$root"/Tools/fuzz/*.c "$runtime"/source/*.c "$runtime"/kernels/portable/*.c \
  -o "$build/blob_fuzz"
"$build/blob_fuzz" "$iterations" "$@"
