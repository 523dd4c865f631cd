#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Generates Sources/ModelImport/ONNX/Schema/onnx.pb.swift from onnx.proto. Only needed after a change of
# the schema. Takes protoc (Debian: protobuf-compiler) and protoc-gen-swift on the PATH, which
# `swift build -c release --product protoc-gen-swift` makes in a checkout of swift-protobuf.
set -euo pipefail
cd "$(dirname "$0")"
protoc --proto_path=. --swift_opt=Visibility=Internal \
  --swift_out=../../Sources/ModelImport/ONNX/Schema onnx.proto
