#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sets ONNX Runtime's and ai-edge-quantizer's post-training quantization beside Shunt's.

For each model: the signal-to-error ratio of the tensor before the final softmax over test rows that
were not calibrated on, top-1 accuracy where labels are given, and the time of the whole process.

    compare.py NAME --tflite float.tflite --onnx float.onnx --calibration c.npy --test t.npy
               [--labels l.npy] [--shunt PATH] [--methods ort-minmax,ort-percentile,aeq,shunt]

Needs onnx, onnxruntime, ai-edge-quantizer, ai-edge-litert and numpy. What runs in a process of its own,
so that its time is that of a user's command, comes back here with `--child`.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

import numpy as np


def decibels(reference, values):
    """Signal over error energy."""
    error = np.sum((values.astype(np.float64) - reference) ** 2)
    return float(10 * np.log10(np.sum(reference.astype(np.float64) ** 2) / error)) if error else np.inf


def without_softmax(path, target):
    """The ONNX model cut in front of its final softmax."""
    import onnx

    model = onnx.load(path)
    name = model.graph.output[0].name
    while True:
        last = next((n for n in model.graph.node if name in n.output), None)
        if last is None or last.op_type not in ("Softmax", "Identity"):
            break
        name = last.input[0]
        model.graph.node.remove(last)
    if name != model.graph.output[0].name:
        del model.graph.output[:]
        model.graph.output.append(onnx.helper.make_tensor_value_info(name, 1, None))
    onnx.save(model, target)


def run_onnx(path, rows):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    shape = [1 if not isinstance(d, int) or d < 1 else d for d in session.get_inputs()[0].shape]
    return np.concatenate(
        [session.run(None, {name: row.reshape(shape)})[0].reshape(1, -1) for row in rows])


def child_onnxruntime(arguments):
    """quantize_static as a user calls it."""
    from onnxruntime.quantization import (
        CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static)
    import onnx

    rows = np.load(arguments.calibration)
    graph = onnx.load(arguments.model).graph
    shape = [d.dim_value or 1 for d in graph.input[0].type.tensor_type.shape.dim]

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.rows = iter(rows)

        def get_next(self):
            row = next(self.rows, None)
            return None if row is None else {graph.input[0].name: row.reshape(shape)}

    quantize_static(
        arguments.model, arguments.output, Reader(), quant_format=QuantFormat.QDQ, per_channel=True,
        activation_type=QuantType.QInt8, weight_type=QuantType.QInt8,
        calibrate_method=getattr(CalibrationMethod, arguments.method))


def with_signature(path, target):
    """The model as the quantizer wants it, in `target`: with a signature, and with the operators' codes in
    the newer field, which older files leave at 0."""
    from ai_edge_litert import schema_py_generated as schema
    import flatbuffers

    with open(path, "rb") as file:
        model = schema.ModelT.InitFromPackedBuf(file.read(), 0)
    stale = [c for c in model.operatorCodes if c.builtinCode < c.deprecatedBuiltinCode]
    if model.signatureDefs and not stale:
        return path
    for code in stale:
        code.builtinCode = code.deprecatedBuiltinCode
    graph = model.subgraphs[0]

    def maps(tensors, prefix):
        result = []
        for index, tensor in enumerate(tensors):
            entry = schema.TensorMapT()
            entry.name, entry.tensorIndex = f"{prefix}{index}", tensor
            result.append(entry)
        return result

    signature = schema.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = "serving_default", 0
    signature.inputs, signature.outputs = maps(graph.inputs, "in"), maps(graph.outputs, "out")
    model.signatureDefs = model.signatureDefs or [signature]
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    with open(target, "wb") as file:
        file.write(builder.Output())
    return target


def child_ai_edge(arguments):
    """The recipe with static int8 activations and weights."""
    from ai_edge_quantizer import quantizer, recipe
    from ai_edge_litert.interpreter import Interpreter

    model = with_signature(arguments.model, arguments.output + ".float.tflite")
    interpreter = Interpreter(model)
    signatures = interpreter.get_signature_list()
    signature = next(iter(signatures))
    name = signatures[signature]["inputs"][0]
    shape = interpreter.get_input_details()[0]["shape"]
    rows = np.load(arguments.calibration)
    job = quantizer.Quantizer(model)
    job.load_quantization_recipe(recipe.static_wi8_ai8())
    data = {signature: [{name: row.reshape(shape)} for row in rows]}
    job.quantize(job.calibrate(data)).export_model(arguments.output, overwrite=True)


def run_tflite(path, rows, before_softmax):
    """Outputs, or the input of a final softmax."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        path, experimental_preserve_all_tensors=True,
        experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]
    operators = interpreter._get_ops_details()
    target = interpreter.get_output_details()[0]["index"]
    while before_softmax:
        producer = next(o for o in operators if target in o["outputs"])
        if producer["op_name"] not in ("SOFTMAX", "DEQUANTIZE", "QUANTIZE"):
            break
        target = producer["inputs"][0]
    detail = next(t for t in interpreter.get_tensor_details() if t["index"] == target)
    scale, zero = detail["quantization"]
    results = []
    for row in rows:
        value = row.reshape(source["shape"])
        if source["dtype"] != np.float32:
            s, z = source["quantization"]
            info = np.iinfo(source["dtype"])
            value = np.clip(np.round(value / s) + z, info.min, info.max).astype(source["dtype"])
        interpreter.set_tensor(source["index"], value)
        interpreter.invoke()
        result = interpreter.get_tensor(target).astype(np.float32)
        results.append(((result - zero) * scale if scale else result).reshape(1, -1))
    return np.concatenate(results)


def timed(command):
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return time.monotonic() - start, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("name")
    parser.add_argument("--child", choices=["onnxruntime", "ai-edge"], help=argparse.SUPPRESS)
    parser.add_argument("--model", help=argparse.SUPPRESS)
    parser.add_argument("--method", help=argparse.SUPPRESS)
    parser.add_argument("--output", help=argparse.SUPPRESS)
    parser.add_argument("--tflite")
    parser.add_argument("--onnx")
    parser.add_argument("--calibration")
    parser.add_argument("--test")
    parser.add_argument("--labels")
    parser.add_argument("--shunt", help="quantization-tool (see Tools/quantization/tool)")
    parser.add_argument("--methods", default="ort-minmax,ort-percentile,aeq,shunt")
    arguments = parser.parse_args()
    if arguments.child == "onnxruntime":
        return child_onnxruntime(arguments)
    if arguments.child == "ai-edge":
        return child_ai_edge(arguments)
    compare(arguments)


def compare(arguments):
    rows = np.load(arguments.test)
    labels = np.load(arguments.labels) if arguments.labels else None
    folder = tempfile.mkdtemp()
    cut = os.path.join(folder, "cut.onnx")
    without_softmax(arguments.onnx, cut)
    reference = run_onnx(cut, rows)

    def show(method, values, seconds):
        accuracy = "" if labels is None else f"  top-1 {np.mean(values.argmax(1) == labels):.4f}"
        print(f"{arguments.name:8} {method:16} {decibels(reference, values):7.2f} dB"
              f"{accuracy}  {seconds:6.2f} s", flush=True)

    show("float", reference, 0)
    for method in arguments.methods.split(","):
        output = os.path.join(folder, method)
        common = ["--calibration", arguments.calibration, "--output", output]
        if method.startswith("ort-"):
            kind = {"ort-minmax": "MinMax", "ort-percentile": "Percentile"}[method]
            seconds, _ = timed([
                sys.executable, __file__, "x", "--child", "onnxruntime", "--model", cut, "--method",
                kind] + common)
            show(method, run_onnx(output, rows), seconds)
        elif method == "aeq":
            seconds, _ = timed([
                sys.executable, __file__, "x", "--child", "ai-edge", "--model", arguments.tflite]
                + common)
            show(method, run_tflite(output, rows, True), seconds)
        elif arguments.shunt:
            seconds, _ = timed([arguments.shunt, arguments.tflite, arguments.calibration])
            _, text = timed([
                arguments.shunt, arguments.tflite, arguments.calibration, arguments.test, output])
            values = np.load(output + ".npy")
            show(method, values.reshape(len(rows), -1), seconds)
            for line in re.findall(r"^#.*$", text, re.M):
                print("   ", line)


if __name__ == "__main__":
    main()
