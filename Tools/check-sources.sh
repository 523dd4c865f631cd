#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# SwiftPM compiles folders, CMake compiles lists: every C file below Firmware must stand in the
# sources.cmake or port.cmake of its part, and every file listed must exist. main.c is named by
# Firmware/CMakeLists.txt itself.
#
#   Tools/check-sources.sh       exit status 1 and the names if they differ
set -eu
cd "$(dirname "$0")/../Firmware"
listed=$(mktemp) present=$(mktemp)
trap 'rm -f "$listed" "$present"' EXIT

for list in $(find . -name sources.cmake -o -name port.cmake | sort); do
  folder=$(dirname "$list")
  sed 's/#.*//' "$list" | tr ' ()' '\n\n\n' | grep '\.c$' | sed "s|^|$folder/|"
done | while read -r file; do
  # ports name shared files as ../x: one spelling for all
  printf '%s\n' "$file" | sed -e ':a' -e 's|[^/]*/\.\./||' -e 'ta' -e 's|^\./||'
done | sort -u > "$listed"
sed 's/#.*//' CMakeLists.txt | tr ' ()$' '\n\n\n\n' | grep '^[a-z].*\.c$' >> "$listed"
sort -u -o "$listed" "$listed"
find . -name '*.c' | sed 's|^\./||' | sort > "$present"

if ! cmp -s "$listed" "$present"; then
  echo "Firmware: C files and source lists differ (<: only listed, >: only there)" >&2
  diff "$listed" "$present" | grep '^[<>]' >&2
  exit 1
fi
echo "$(wc -l < "$present") C files, all listed"
