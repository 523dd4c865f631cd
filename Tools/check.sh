#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Everything that can be checked without running: formatting, lint (which includes missing documentation of public
# declarations), C warnings and documentation, module dependencies that Package.swift does not declare.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "check: Swift format and documentation"
swift format lint --strict --recursive Sources Tests Package.swift

echo "check: C format"
mapfile -t c_files < <(git ls-files 'Firmware/*.c' 'Firmware/*.h' 'Tools/*.c' 'Tools/*.h' \
  'Sources/CMatrixKernels/*.c' 'Sources/CMatrixKernels/*.h')
clang-format --dry-run --Werror "${c_files[@]}"

echo "check: C warnings and documentation"
warnings=(-std=c11 -Wall -Wextra -Wconversion -Werror)
compile_all() { # all arguments but the first are flags
  local file
  for file in $1; do
    clang "${warnings[@]}" -Wdocumentation -IFirmware/runtime/include "${@:2}" -fsyntax-only "$file"
    gcc "${warnings[@]}" -IFirmware/runtime/include "${@:2}" -fsyntax-only "$file"
  done
}
compile_all "$(git ls-files 'Firmware/runtime/source/*.c' 'Firmware/link/*.c')" -IFirmware/link/include
for set in portable dsp mve neon; do
  compile_all "$(git ls-files "Firmware/runtime/kernels/$set/*.c")" \
    "-IFirmware/runtime/kernels/$set/include" "-DSHUNT_KERNEL_SET=$set"
done
for file in $(git ls-files 'Sources/CMatrixKernels/*.c'); do
  for compiler in "clang -Wdocumentation" gcc; do
    $compiler "${warnings[@]}" -ISources/CMatrixKernels/include -fsyntax-only "$file"
  done
done

echo "check: no path of a machine in the tree"
if git grep -nE '/(home|work|Users)/[a-z]' -- ':!LICENSE' ':!Tools/check.sh'; then
  echo "check: the lines above hold a path of somebody's machine" >&2
  exit 1
fi

echo "check: SPDX line in every source file"
git ls-files '*.swift' '*.c' '*.h' '*.sh' '*.py' | while read -r file; do
  head -15 "$file" | grep -q 'SPDX-License-Identifier' || { echo "$file has none" >&2; exit 1; }
done

echo "check: module dependencies"
swift build --explicit-target-dependency-import-check error --build-tests

echo "check: all is well"
