#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Brings the ONNX project's own tests into .build/onnx-node-tests, if they are not there: the package
# `onnx` from PyPI, of one version, in a virtual environment of its own. Where PyPI is out of reach it
# says so, and the tests that need them are skipped.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=1.23.2
stamp=.build/onnx-node-tests/tests.json
if [ -f "$stamp" ] && [ ! Tools/onnx/node_tests.py -nt "$stamp" ]; then
  echo "node tests: onnx $version is there"
  exit 0
fi
python=.build/venv/bin/python
if ! "$python" -c "import onnx, sys; sys.exit(onnx.__version__ != '$version')" 2>/dev/null; then
  python3 -m venv .build/venv
  if ! "$python" -m pip install --quiet --disable-pip-version-check "onnx==$version"; then
    echo "node tests: onnx $version cannot be had; the tests that need it will be skipped" >&2
    exit 0
  fi
fi
"$python" Tools/onnx/node_tests.py .build/onnx-node-tests
