#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the ONNX project's own backend tests as files that the node survey reads.

    node_tests.py FOLDER

The tests come out of the package `onnx` (onnx.backend.test): the node tests from its code, the kinds
`simple`, `pytorch-operator` and `pytorch-converted` from its data. FOLDER/tests.json lists them;
FOLDER/<kind>/<test> has model.onnx and an .npy for each input and output that one can hold.

Graphs here are static. So inputs that are constants in every network in practice (shapes, axes,
pads, indices, scales, weights) become initializers: CONSTANT_INPUTS says which. A test that has no
other input gets one, whose only element is appended to each result.
"""

import json
import pathlib
import re
import shutil
import sys
import warnings

import numpy
import onnx
from onnx import helper, numpy_helper
from onnx.backend.test.loader import load_model_tests

KINDS = ["node", "simple", "pytorch-operator", "pytorch-converted"]

# Operator -> positions of the inputs that are constants in networks; None: all of them.
CONSTANT_INPUTS = {
    "BatchNormalization": [1, 2, 3, 4], "CenterCropPad": [1], "Clip": [1, 2],
    "ConstantOfShape": None, "Conv": [1, 2], "ConvTranspose": [1, 2], "CumSum": [1],
    "DequantizeLinear": [1, 2], "Dropout": [1, 2], "Expand": [1], "Gather": [1],
    "GatherElements": [1], "GatherND": [1], "LSTM": [1, 2, 3, 4, 5, 6, 7],
    "MatMulInteger": [2, 3], "OneHot": [1, 2], "PRelu": [1], "Pad": [1, 2, 3],
    "QLinearConv": [1, 2, 3, 4, 5, 6, 7, 8], "QLinearMatMul": [1, 2, 3, 4, 5, 6, 7],
    "QuantizeLinear": [1, 2], "Range": None, "ReduceL1": [1], "ReduceL2": [1],
    "ReduceLogSum": [1], "ReduceLogSumExp": [1], "ReduceMax": [1], "ReduceMean": [1],
    "ReduceMin": [1], "ReduceProd": [1], "ReduceSum": [1], "ReduceSumSquare": [1], "Reshape": [1],
    "Resize": [1, 2, 3], "Slice": [1, 2, 3, 4], "Split": [1], "Squeeze": [1], "Tile": [1, 2],
    "TopK": [1], "Trilu": [1], "Unsqueeze": [1], "Upsample": [1],
}

# What is dequantized at run time; other types, and blocks with a scale each, are those of weights.
ACTIVATION_TYPES = {"INT8", "UINT8", "INT16", "INT32"}

NPY_TYPES = {"bool", "int8", "uint8", "int16", "int32", "int64", "float32"}

# Floats that are computed in float32.
WIDENED_TYPES = {"float16", "bfloat16", "float64"}


def data_sets(case):
    """The inputs and outputs of a test: arrays, lists or None."""
    if case.data_sets is not None:
        return [tuple([plain(value) for value in part] for part in data) for data in case.data_sets]
    sets = []
    for folder in sorted(pathlib.Path(case.model_dir).glob("test_data_set_*")):
        sets.append(tuple(
            [load(folder / f"{role}_{index}.pb")
             for index in range(len(list(folder.glob(f"{role}_*.pb"))))]
            for role in ("input", "output")))
    return sets


def plain(value):
    """A tensor as an array, whatever the test gives it as."""
    return numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else value


def load(path):
    """A tensor of the package's data, or what stands for a sequence."""
    try:
        return numpy_helper.to_array(onnx.load_tensor(str(path)))
    except Exception:  # a sequence or an optional value
        return []


def type_name(value, info):
    """What the survey calls an operand's type."""
    if value is None:
        return "none"
    if not isinstance(value, (numpy.ndarray, numpy.generic)):
        return "sequence"
    if info is not None and info.type.HasField("tensor_type"):
        declared = onnx.TensorProto.DataType.Name(info.type.tensor_type.elem_type).lower()
        return {"float": "float32", "double": "float64"}.get(declared, declared)
    return "string" if value.dtype.kind in "OUS" else value.dtype.name


def constant_names(graph, base):
    """The inputs of a graph, or of the test that it is the expansion of, that become constants."""
    names = set()
    for node in graph.node:
        positions = CONSTANT_INPUTS.get(node.op_type, [])
        if positions is None:
            positions = range(len(node.input))
        names |= {node.input[index] for index in positions if index < len(node.input)}
        if node.op_type in ("QuantizeLinear", "DequantizeLinear") and is_of_weights(node, graph):
            names.add(node.input[0])
    return names | (base or set())


def is_of_weights(node, graph):
    """Whether a conversion is one that occurs for weights only."""
    if any(attribute.name == "block_size" and attribute.i for attribute in node.attribute):
        return True
    types = {info.name: info.type.tensor_type.elem_type for info in graph.input}
    name = onnx.TensorProto.DataType.Name(types.get(node.input[0], onnx.TensorProto.INT8))
    return node.op_type == "DequantizeLinear" and name not in ACTIVATION_TYPES


def bind(model, inputs, names):
    """Turns inputs into initializers; the values that are left."""
    left = []
    infos = list(model.graph.input)
    stored = {tensor.name for tensor in model.graph.initializer}
    infos = [info for info in infos if info.name not in stored]
    keep = [info for info in model.graph.input if info.name in stored]
    for info, value in zip(infos, inputs):
        if info.name in names and type_name(value, info) not in ("none", "sequence"):
            model.graph.initializer.append(tensor_of(value, info))
        else:
            keep.append(info)
            left.append((info, value))
    del model.graph.input[:]
    model.graph.input.extend(keep)
    return left


def tensor_of(value, info):
    """An initializer of the declared type."""
    array = numpy.asarray(value)
    declared = info.type.tensor_type.elem_type
    try:
        if helper.np_dtype_to_tensor_dtype(array.dtype) == declared:
            return numpy_helper.from_array(array, info.name)
    except (KeyError, ValueError):
        pass
    return helper.make_tensor(info.name, declared, array.shape, array.flatten().tolist())


def append_element(model, outputs):
    """Gives a graph without inputs one, whose element is appended to each (flattened) result."""
    graph, name = model.graph, "survey_input"
    element = graph.output[0].type.tensor_type.elem_type
    graph.input.append(helper.make_tensor_value_info(name, element, [1]))
    graph.initializer.append(
        helper.make_tensor("survey_flat", onnx.TensorProto.INT64, [1], [-1]))
    value = numpy.ones([1], helper.tensor_dtype_to_np_dtype(element))
    results = []
    for index, (info, output) in enumerate(zip(list(graph.output), outputs)):
        flat, joined = f"survey_flat_{index}", f"survey_output_{index}"
        graph.node.append(helper.make_node("Reshape", [info.name, "survey_flat"], [flat]))
        graph.node.append(helper.make_node("Concat", [flat, name], [joined], axis=0))
        results.append(numpy.concatenate([numpy.asarray(output).flatten(), value]))
        info.CopyFrom(helper.make_tensor_value_info(joined, element, results[-1].shape))
    return [(graph.input[-1], value)], results


def write_operands(folder, role, operands):
    """Writes arrays as .npy where that can hold them; their descriptions."""
    entries = []
    for index, (info, value) in enumerate(operands):
        entry = {"name": info.name if info is not None else "", "type": type_name(value, info)}
        if entry["type"] in WIDENED_TYPES:
            value = numpy.asarray(value).astype(numpy.float32)
            entry["isWidened"] = True
        if entry["type"] in NPY_TYPES | WIDENED_TYPES:
            entry["shape"] = list(numpy.shape(value))
            entry["file"] = f"{role}_{index}.npy"
            numpy.save(folder / entry["file"], numpy.ascontiguousarray(value).reshape(
                numpy.shape(value)))
        entries.append(entry)
    return entries


def write(case, root, bases):
    """Writes one test; its entries, one for each data set."""
    source = case.model or onnx.load(str(pathlib.Path(case.model_dir) / "model.onnx"))
    nodes = [node.op_type for node in source.graph.node]
    base_name = re.sub(r"_expanded(_ver\d+)?$", "", case.name)
    base = bases.get(base_name) if base_name != case.name else None
    names = constant_names(source.graph, base["names"] if base else None)
    operator = base["operator"] if base else (nodes[0] if len(nodes) == 1 else "")
    bases.setdefault(case.name, {"names": names, "operator": operator})
    entries = []
    for index, (inputs, outputs) in enumerate(data_sets(case)):
        name = case.name if index == 0 else f"{case.name}.{index}"
        folder = root / case.kind / name
        folder.mkdir(parents=True)
        model = onnx.ModelProto()
        model.CopyFrom(source)
        left = bind(model, inputs, names)
        if not left and len(model.graph.output) and all(
                info.type.HasField("tensor_type") for info in model.graph.output) and all(
                isinstance(value, (numpy.ndarray, numpy.generic)) for value in outputs):
            left, outputs = append_element(model, outputs)
        onnx.save(model, str(folder / "model.onnx"))
        opsets = {entry.domain: entry.version for entry in model.opset_import}
        entries.append({
            "name": name, "kind": case.kind, "operator": operator,
            "operators": sorted(set(nodes)), "opset": opsets.get("", 0),
            "domains": sorted(set(node.domain for node in source.graph.node) - {""}),
            "isExpanded": base is not None, "rtol": case.rtol, "atol": case.atol,
            "inputs": write_operands(folder, "input", left),
            "outputs": write_operands(folder, "output", list(zip(model.graph.output, outputs))),
        })
    return entries


def main():
    """Writes all kinds."""
    if len(sys.argv) != 2:
        sys.exit("usage: node_tests.py FOLDER")
    warnings.filterwarnings("ignore")
    numpy.seterr(all="ignore")
    folder = pathlib.Path(sys.argv[1])
    staging = folder.with_name(folder.name + ".tmp")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    tests, bases = [], {}
    for kind in KINDS:
        cases = sorted(load_model_tests(kind=kind), key=lambda case: case.name)
        for case in cases:
            tests += write(case, staging, bases)
    with open(staging / "tests.json", "w", encoding="utf-8") as file:
        json.dump({"onnx": onnx.__version__, "tests": tests}, file, indent=1)
    shutil.rmtree(folder, ignore_errors=True)
    staging.rename(folder)
    print(f"{folder}: {len(tests)} tests of onnx {onnx.__version__}")


if __name__ == "__main__":
    main()
