# SPDX-License-Identifier: Apache-2.0
"""Writes the demo network as ONNX (opset 13), batch normalization folded into the weights.

The input is NHWC like the .tflite files', with a free batch size; inside, ONNX's NCHW holds.
"""

import keras
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

OPSET = 13
IR_VERSION = 8


class Writer:
    """Collects nodes while it walks the Keras layers."""

    def __init__(self, model):
        self.nodes = []
        self.initializers = []
        self.names = {}  # of a Keras tensor, by its identity
        self.producers = {id(layer.output): layer for layer in model.layers}

    def node(self, operator, inputs, name, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name, array):
        array = np.ascontiguousarray(array)
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def input_of(self, layer):
        return self.names[id(layer.input)]

    def convolution(self, layer, norm):
        """A convolution and the batch normalization behind it."""
        scale, offset = folding(norm)
        kernel = layer.kernel.numpy()
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        # Keras holds [kh, kw, c_in, c_out], or [kh, kw, c, 1] for a depthwise convolution.
        kernel = kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(3, 2, 0, 1)
        return self.node(
            "Conv",
            [
                self.input_of(layer),
                self.constant(f"{layer.name}_weights", kernel * scale.reshape(-1, 1, 1, 1)),
                self.constant(f"{layer.name}_bias", offset),
            ],
            layer.name,
            kernel_shape=list(layer.kernel_size),
            strides=list(layer.strides),
            pads=padding(layer),
            group=kernel.shape[0] if depthwise else 1,
        )

    def dense(self, layer):
        weights = self.constant(f"{layer.name}_weights", layer.kernel.numpy())
        bias = self.constant(f"{layer.name}_bias", layer.bias.numpy())
        return self.node("Gemm", [self.input_of(layer), weights, bias], layer.name)

    def layer(self, layer):
        """Appends what `layer` computes; returns the name of its output."""
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)):
            return None  # waits for its batch normalization
        if isinstance(layer, keras.layers.BatchNormalization):
            return self.convolution(self.producers[id(layer.input)], layer)
        if isinstance(layer, keras.layers.ReLU):
            return self.node("Relu", [self.input_of(layer)], layer.name)
        if isinstance(layer, keras.layers.Add):
            return self.node("Add", [self.names[id(t)] for t in layer.input], layer.name)
        if isinstance(layer, keras.layers.AveragePooling2D):
            attributes = {"kernel_shape": list(layer.pool_size), "strides": list(layer.strides)}
            return self.node("AveragePool", [self.input_of(layer)], layer.name, **attributes)
        if isinstance(layer, keras.layers.Reshape):
            return self.node("Flatten", [self.input_of(layer)], layer.name, axis=1)
        if isinstance(layer, keras.layers.Dense):
            return self.dense(layer)
        if isinstance(layer, keras.layers.Softmax):
            return self.node("Softmax", [self.input_of(layer)], layer.name, axis=-1)
        raise TypeError(f"no ONNX form for layer {layer.name} ({type(layer).__name__})")


def convert(model):
    """Returns the checked ONNX model."""
    writer = Writer(model)
    image = model.layers[0].output
    writer.names[id(image)] = writer.node("Transpose", ["image"], "image_nchw", perm=[0, 3, 1, 2])
    for layer in model.layers[1:]:
        writer.names[id(layer.output)] = writer.layer(layer)
    result = model.layers[-1].name
    graph = helper.make_graph(
        writer.nodes,
        "fashion",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", *image.shape[1:]])],
        [helper.make_tensor_value_info(result, TensorProto.FLOAT, ["n", model.output.shape[1]])],
        writer.initializers,
    )
    opset = helper.make_opsetid("", OPSET)
    onnx_model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
    onnx_model.producer_name = "shunt demo-model"
    checker.check_model(onnx_model, full_check=True)
    return onnx_model


def folding(norm):
    """Factor and offset per channel to which a batch normalization comes down."""
    scale = norm.gamma.numpy() / np.sqrt(norm.moving_variance.numpy() + norm.epsilon)
    return scale, norm.beta.numpy() - norm.moving_mean.numpy() * scale


def padding(layer):
    """Padding [top, left, bottom, right] of a convolution; the odd row comes last."""
    if layer.padding == "valid":
        return [0, 0, 0, 0]
    before, after = [], []
    for size, kernel, stride in zip(layer.input.shape[1:3], layer.kernel_size, layer.strides):
        total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
        before.append(total // 2)
        after.append(total - total // 2)
    return before + after
