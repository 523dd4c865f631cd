#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what the project needs on Debian 12 and is not there yet. Safe to run again: it looks first
# and does nothing where nothing is missing. Swift 6 itself is expected to be installed.
set -euo pipefail

packages=(
  clang-format             # make check
  cmake ninja-build        # firmware builds
  gcc                      # the instruction counter, the serial shim of the tests
  gcc-aarch64-linux-gnu libc6-dev-arm64-cross # firmware for Cortex-A, the agent as a Linux program
  gcc-arm-none-eabi libnewlib-arm-none-eabi # firmware for Cortex-M
  libpng-dev libturbojpeg0-dev libsndfile1-dev # calibration data: images, sounds
  libserialport-dev        # serial ports
  libsqlite3-dev           # the result store
  libsimde-dev             # Advanced SIMD in plain C, for the neon kernels on other machines
  libssl-dev               # SHA-256
  make
  pkg-config
  python3-venv             # the ONNX project's own tests
  procps                   # the tests look for processes left behind
  qemu-system-arm          # emulated boards
  qemu-user                # the agent as a Linux program of another architecture
  umockdev                 # serial ports without hardware, in tests
  util-linux               # setpriv: emulators die with their parent
)

if ! command -v swift >/dev/null; then
  echo "setup: swift is not installed; see https://www.swift.org/install/linux/debian/12/" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  if [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
    missing+=("$package")
  fi
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: everything is installed"
  exit 0
fi

echo "setup: installing ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" \
  >/dev/null
echo "setup: done"
