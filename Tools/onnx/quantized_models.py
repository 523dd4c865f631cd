#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the quantized ONNX models of Tests/Vectors/onnx-quantized.

    quantized_models.py FOLDER

Small networks with random weights are quantized by onnxruntime.quantization in its forms, and run by
ONNX Runtime. A network gives NETWORK.input.npy (a row for each inference), each of its forms
NETWORK_FORM.onnx and NETWORK_FORM.output.npy.
Takes the packages onnx, onnxruntime and numpy.
"""

import pathlib
import sys
import tempfile

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader, QuantFormat, QuantType, quantize_static)

ROWS = 6


class Network:
    """A graph that grows node by node."""

    def __init__(self, seed, shape):
        self.random = numpy.random.default_rng(seed)
        self.shape = shape
        self.nodes, self.constants = [], []

    def weight(self, *shape, spread=None):
        """A constant of random numbers, whose rows have different ranges."""
        spread = spread or 1.5 / numpy.sqrt(numpy.prod(shape[1:]) or 1)
        values = self.random.normal(0, spread, shape)
        if len(shape) > 1:
            values *= self.random.uniform(0.3, 1.7, (shape[0],) + (1,) * (len(shape) - 1))
        return self.constant(values.astype(numpy.float32))

    def constant(self, values):
        """A constant."""
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(numpy.asarray(values), name))
        return name

    def node(self, kind, *inputs, outputs=1, **attributes):
        """A node; the name of its output, or of all."""
        names = [f"t{len(self.nodes)}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=names[0], **attributes))
        return names[0] if outputs == 1 else names

    def conv(self, value, channels, outputs, kernel=3, group=1, **attributes):
        """A convolution with random weights."""
        filters = self.weight(outputs, channels // group, *([kernel] * (len(self.shape) - 2)))
        return self.node(
            "Conv", value, filters, self.weight(outputs, spread=0.2), group=group, **attributes)

    def model(self, output, opset):
        """The model that ends in a tensor."""
        graph = helper.make_graph(
            self.nodes, "network",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)], self.constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
        return onnx.shape_inference.infer_shapes(model, strict_mode=True)


def cnn():
    """What image classifiers consist of."""
    net = Network(1, [1, 3, 12, 12])
    x = net.node("Relu", net.conv("x", 3, 8, strides=[2, 2], pads=[1, 1, 1, 1]))
    low, high = net.constant(numpy.float32(0)), net.constant(numpy.float32(6))
    y = net.node("Clip", net.conv(x, 8, 8, group=8, pads=[1, 1, 1, 1]), low, high)
    y = net.conv(y, 8, 8, kernel=1)
    x = net.node("Relu", net.node("Add", x, y))
    y = net.conv(x, 8, 4, kernel=1)
    x = net.node("Concat", x, y, axis=1)
    x = net.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    x = net.node("Flatten", net.node("GlobalAveragePool", x))
    x = net.node("Gemm", x, net.weight(5, 12), net.weight(5), transB=1)
    return net.model(net.node("Softmax", x, axis=1), 13)


def movement():
    """Operators that move elements, and other pools and functions."""
    net = Network(2, [1, 4, 8, 6])
    x = net.conv("x", 4, 6, pads=[1, 1, 1, 1], auto_pad="NOTSET")
    a, b = net.node("Split", x, outputs=2, axis=1)
    a = net.node("LeakyRelu", a, alpha=0.1)
    b = net.node("Sigmoid", b)
    x = net.node("Mul", a, b)
    pads = net.constant(numpy.array([0, 0, 1, 0, 0, 0, 1, 2], numpy.int64))
    x = net.node("Pad", x, pads)
    x = net.node("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
    scales = net.constant(numpy.array([1, 1, 2, 2], numpy.float32))
    x = net.node("Resize", x, "", scales, mode="nearest", nearest_mode="floor",
                 coordinate_transformation_mode="asymmetric")
    x = net.node("Transpose", x, perm=[0, 2, 3, 1])
    shape = net.constant(numpy.array([1, 80, 3], numpy.int64))
    x = net.node("Reshape", x, shape)
    x = net.node("MatMul", x, net.weight(3, 5))
    x = net.node("Add", x, net.weight(5))
    return net.model(net.node("Tanh", x), 13)


def sequence():
    """One dimension, and a transposed convolution."""
    net = Network(3, [1, 6, 20])
    x = net.node("Relu", net.conv("x", 6, 8, kernel=5, pads=[2, 2], strides=[2]))
    x = net.node("Relu", net.conv(x, 8, 8, kernel=3, group=8, dilations=[2], pads=[2, 2]))
    x = net.node("ConvTranspose", x, net.weight(8, 4, 3), strides=[2], pads=[1, 1],
                 output_padding=[1])
    return net.model(x, 13)


def islands():
    """What quantize_static leaves in float between its conversions."""
    net = Network(4, [1, 3, 8, 8])
    x = net.conv("x", 3, 8, pads=[1, 1, 1, 1])
    sums = net.node("Sum", x, net.conv(x, 8, 8, kernel=1), net.conv(x, 8, 8, kernel=1))
    normal = net.node(
        "BatchNormalization", net.node("MaxPool", sums, kernel_shape=[2, 2], strides=[2, 2]),
        net.weight(8, spread=1), net.weight(8, spread=0.3), net.weight(8, spread=0.3),
        net.constant(numpy.linspace(0.5, 1.5, 8, dtype=numpy.float32)))
    x = net.conv(net.node("Relu", normal), 8, 8, pads=[1, 1, 1, 1])
    gate = net.node("HardSigmoid", x, alpha=1 / 6, beta=0.5)
    x = net.conv(net.node("Mul", x, gate), 8, 6, kernel=1)
    return net.model(x, 13)


class Samples(CalibrationDataReader):
    """Random inputs."""

    def __init__(self, values):
        self.rows = iter([{"x": row} for row in values])

    def get_next(self):
        return next(self.rows, None)


FORMS = {
    "int8": (QuantFormat.QDQ, QuantType.QInt8, QuantType.QInt8, True, {}),
    "uint8": (QuantFormat.QDQ, QuantType.QUInt8, QuantType.QInt8, True, {}),
    "uint8_weights": (QuantFormat.QDQ, QuantType.QUInt8, QuantType.QUInt8, False, {}),
    "int16": (QuantFormat.QDQ, QuantType.QInt16, QuantType.QInt8, True,
              {"ActivationSymmetric": True}),
    "operators": (QuantFormat.QOperator, QuantType.QUInt8, QuantType.QInt8, True, {}),
}


def run(model, inputs):
    """What ONNX Runtime makes of the rows."""
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return numpy.concatenate([session.run(None, {name: row})[0] for row in inputs])


def write(folder, name, model, inputs):
    """Writes a model with expected outputs."""
    for proto in model.graph.value_info:
        proto.Clear()
    del model.graph.value_info[:]
    onnx.save(model, str(folder / f"{name}.onnx"))
    numpy.save(folder / f"{name}.output.npy", run(model, inputs))


def quantize(model, form, samples):
    """The model in one of the forms."""
    kind, activations, weights, per_channel, extra = FORMS[form]
    with tempfile.TemporaryDirectory() as scratch:
        source, target = f"{scratch}/float.onnx", f"{scratch}/quantized.onnx"
        onnx.save(model, source)
        quantize_static(
            source, target, Samples(samples), quant_format=kind, activation_type=activations,
            weight_type=weights, per_channel=per_channel, extra_options=extra)
        return onnx.load(target)


def qat(model):
    """Weights as float constants behind QuantizeLinear, as PyTorch exports quantization-aware
    training."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        stored = constants.get(node.input[0]) if node.op_type == "DequantizeLinear" else None
        if stored is not None and stored.data_type == TensorProto.INT8:
            integers = numpy_helper.to_array(stored).astype(numpy.float32)
            scale = numpy_helper.to_array(constants[node.input[1]])
            axis = next((a.i for a in node.attribute if a.name == "axis"), 0)
            if scale.ndim:
                scale = scale.reshape([-1 if i == axis else 1 for i in range(integers.ndim)])
            source = node.input[0] + "_float"
            model.graph.initializer.append(
                numpy_helper.from_array((integers * scale).astype(numpy.float32), source))
            model.graph.initializer.remove(stored)
            quantize_node = helper.make_node(
                "QuantizeLinear", [source] + list(node.input[1:]), [node.input[0]])
            quantize_node.attribute.extend(node.attribute)
            nodes.append(quantize_node)
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def main():
    """Writes all models."""
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    onnxruntime.set_default_logger_severity(3)
    for build in (cnn, movement, sequence, islands):
        model = build()
        random = numpy.random.default_rng(7)
        shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
        values = [random.normal(0, 1, shape).astype(numpy.float32) for _ in range(32)]
        numpy.save(
            folder / f"{build.__name__}.input.npy", numpy.concatenate(values[:ROWS]))
        for form in FORMS:
            if form == "operators" and build is sequence:
                continue  # there is no quantized form of ConvTranspose
            if form == "int16" and build is islands:
                continue
            quantized = quantize(model, form, values)
            write(folder, f"{build.__name__}_{form}", quantized, values[:ROWS])
            if form == "int8" and build is cnn:
                write(folder, "cnn_qat", qat(quantized), values[:ROWS])


if __name__ == "__main__":
    main()
