#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the blob fuzzer with AddressSanitizer and UndefinedBehaviorSanitizer and runs it.
#
#     Tools/fuzz/run.sh [short|long|ITERATIONS [SEED [BLOB...]]]      CC chooses the compiler (gcc)
#
# short: 20,000 blobs, seconds; long: 2,000,000, minutes. Without BLOBs it starts from a sample that
# uses every kernel.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
runtime=$root/Firmware/runtime
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT INT TERM
amount=${1:-short}
[ $# -gt 0 ] && shift
case $amount in
short) iterations=20000 ;;
long) iterations=2000000 ;;
*) iterations=$amount ;;
esac

${CC:-gcc} -std=c11 -D_POSIX_C_SOURCE=200112L -O1 -g -Wall -Wextra -Wconversion -Werror \
  -fsanitize=address,undefined -fno-sanitize-recover=all -DSHUNT_KERNEL_SET=portable \
  -I"$runtime/include" -I"$runtime/kernels/portable/include" \
  "$root/Tools/fuzz/blob_fuzz.c" "$root/Tools/fuzz/sample_blob.c" \
  "$runtime"/source/*.c "$runtime"/kernels/portable/*.c -o "$build/blob_fuzz"
"$build/blob_fuzz" "$iterations" "$@"
