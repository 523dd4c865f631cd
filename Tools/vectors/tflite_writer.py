# SPDX-License-Identifier: Apache-2.0
"""Writes small .tflite models with full control over every field.

A `ModelBuilder` collects tensors and operators of one subgraph and serializes them with the
flatbuffer schema that the `tflite-micro` package carries. Nothing here knows arithmetic.
"""

import flatbuffers
import numpy as np
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

# TFLite aligns constant data to 16 bytes inside the file.
BUFFER_ALIGNMENT = 16

ACTIVATIONS = {
    "none": schema.ActivationFunctionType.NONE,
    "relu": schema.ActivationFunctionType.RELU,
    "relu6": schema.ActivationFunctionType.RELU6,
    "relu_n1_to_1": schema.ActivationFunctionType.RELU_N1_TO_1,
}

PADDINGS = {"same": schema.Padding.SAME, "valid": schema.Padding.VALID}

ELEMENT_TYPES = {
    np.dtype(np.int8): schema.TensorType.INT8,
    np.dtype(np.int32): schema.TensorType.INT32,
    np.dtype(np.float32): schema.TensorType.FLOAT32,
}


def packed(array):
    """Integers of four bits, two to a byte, the first in the low half."""
    nibbles = np.append(array.reshape(-1), np.zeros(array.size % 2, array.dtype)) & 15
    return (nibbles[0::2] | nibbles[1::2] << 4).astype(np.uint8).tobytes()


class AlignedBuffer(schema.BufferT):
    """A buffer whose data starts at a multiple of `BUFFER_ALIGNMENT`."""

    def Pack(self, builder):
        vector = None
        if self.data is not None:
            data = bytes(self.data)
            builder.StartVector(1, len(data), BUFFER_ALIGNMENT)
            builder.head -= len(data)
            builder.Bytes[builder.head : builder.head + len(data)] = data
            vector = builder.EndVector()
        schema.BufferStart(builder)
        if vector is not None:
            schema.BufferAddData(builder, vector)
        return schema.BufferEnd(builder)


class ModelBuilder:
    """One subgraph under construction; tensors are named by their index."""

    def __init__(self, description):
        self.description = description
        self.tensors = []
        self.buffers = [AlignedBuffer()]
        self.codes = []
        self.operators = []
        self.initial_values = []

    def tensor(
        self, name, shape, dtype=np.int8, scale=None, zero_point=0, axis=None, data=None, bits=None
    ):
        """Adds a tensor and returns its index.

        `scale` is None, a number, or one number per slice along `axis`; `data` makes a constant, of
        type int4 if `bits` is 4.
        """
        tensor = schema.TensorT()
        tensor.name = name
        tensor.shape = [int(d) for d in shape]
        tensor.type = ELEMENT_TYPES[np.dtype(dtype)]
        if scale is not None:
            tensor.quantization = quantization(scale, zero_point, axis)
        if data is not None:
            array = np.asarray(data, dtype, order="C")
            assert array.shape == tuple(shape), f"{name}: {array.shape} is not {tuple(shape)}"
            tensor.buffer = len(self.buffers)
            buffer = AlignedBuffer()
            buffer.data = array.tobytes()
            if bits == 4:
                tensor.type = schema.TensorType.INT4
                buffer.data = packed(array)
            self.buffers.append(buffer)
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def variable(self, name, shape, dtype, scale, zero_point):
        """Adds a tensor that keeps its value between inferences and returns its index."""
        index = self.tensor(name, shape, dtype, scale, zero_point)
        self.tensors[index].isVariable = True
        return index

    def resource(self, variable):
        """Adds a handle of the resource variable with this name and returns its tensor."""
        handle = handle_tensor(variable)
        self.tensors.append(handle)
        index = len(self.tensors) - 1
        self.operator("VAR_HANDLE", [], [index], *handle_options(variable))
        return index

    def initialize(self, variable, data, scale, zero_point):
        """Lets CALL_ONCE assign a constant to the resource variable with this name."""
        if not self.initial_values:
            options = schema.CallOnceOptionsT()
            options.initSubgraphIndex = 1
            self.operator("CALL_ONCE", [], [], options, "CallOnceOptions")
            self.operators.insert(0, self.operators.pop())
        value = self.tensor(
            f"{variable}/initial", data.shape, data.dtype, scale, zero_point, data=data
        )
        self.initial_values.append((variable, self.tensors.pop(value)))

    def operator(self, name, inputs, outputs, options=None, options_name=None, version=1):
        """Adds an operator; `inputs` may hold -1 for an operand that is left out."""
        self.operators.append(self._operator(name, inputs, outputs, options, options_name, version))

    def _operator(self, name, inputs, outputs, options, options_name, version):
        operator = schema.OperatorT()
        operator.opcodeIndex = self._code(getattr(schema.BuiltinOperator, name), version)
        operator.inputs = list(inputs)
        operator.outputs = list(outputs)
        if options is not None:
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, options_name)
            operator.builtinOptions = options
        return operator

    def serialize(self, inputs, outputs, deprecated_codes_only=False):
        """Returns the model file's bytes.

        `deprecated_codes_only` leaves out the newer `builtin_code`, as converters before 2.4 did.
        """
        subgraph = schema.SubGraphT()
        subgraph.name = "main"
        subgraph.tensors = self.tensors
        subgraph.operators = self.operators
        subgraph.inputs = list(inputs)
        subgraph.outputs = list(outputs)
        model = schema.ModelT()
        model.version = 3
        model.description = self.description
        model.buffers = self.buffers
        model.subgraphs = [subgraph]
        if self.initial_values:
            model.subgraphs.append(self._initialization())
        model.operatorCodes = self.codes
        if deprecated_codes_only:
            for code in self.codes:
                code.builtinCode = 0
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
        return bytes(builder.Output())

    def _initialization(self):
        """The subgraph that gives variables their initial values."""
        subgraph = schema.SubGraphT()
        subgraph.name = "initialize"
        subgraph.inputs, subgraph.outputs = [], []
        subgraph.tensors, subgraph.operators = [], []
        for variable, value in self.initial_values:
            handle = len(subgraph.tensors)
            subgraph.tensors += [handle_tensor(variable), value]
            subgraph.operators += [
                self._operator("VAR_HANDLE", [], [handle], *handle_options(variable), 1),
                self._operator("ASSIGN_VARIABLE", [handle, handle + 1], [], None, None, 1),
            ]
        return subgraph

    def _code(self, builtin, version):
        for index, code in enumerate(self.codes):
            if (code.builtinCode, code.version) == (builtin, version):
                return index
        code = schema.OperatorCodeT()
        code.builtinCode = builtin
        code.deprecatedBuiltinCode = min(builtin, 127)
        code.version = version
        self.codes.append(code)
        return len(self.codes) - 1


def handle_tensor(variable):
    """A scalar that stands for the resource variable with this name."""
    tensor = schema.TensorT()
    tensor.name = f"{variable}/handle"
    tensor.shape = []
    tensor.type = schema.TensorType.RESOURCE
    return tensor


def handle_options(variable):
    """Options of VAR_HANDLE, and their name."""
    options = schema.VarHandleOptionsT()
    options.container = ""
    options.sharedName = variable
    return options, "VarHandleOptions"


def quantization(scale, zero_point, axis):
    """Makes quantization parameters: per tensor for a number, else per slice along `axis`."""
    parameters = schema.QuantizationParametersT()
    scales = np.atleast_1d(np.asarray(scale, np.float32))
    parameters.scale = [float(s) for s in scales]
    parameters.zeroPoint = [int(z) for z in np.broadcast_to(zero_point, scales.shape)]
    parameters.quantizedDimension = axis or 0
    return parameters
