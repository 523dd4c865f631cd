# SPDX-License-Identifier: Apache-2.0
"""Elementwise operators for `Network`: functions of one, two and three operands.

The arithmetic of most of them has no twin here: their values carry no expectation (`rows` is None),
the interpreter alone says what they hold. Data movement and selection are computed in numpy.
"""

import numpy as np

from network import Network, Value
from tflite_writer import ACTIVATIONS, ELEMENT_TYPES, schema

ELEMENT_TYPES.setdefault(np.dtype(np.int16), schema.TensorType.INT16)
ELEMENT_TYPES.setdefault(np.dtype(np.uint8), schema.TensorType.UINT8)
ELEMENT_TYPES.setdefault(np.dtype(np.bool_), schema.TensorType.BOOL)

# The options' table of operators that have one; the others' are empty or not needed.
OPTIONS = {
    "MUL": "MulOptions",
    "SUB": "SubOptions",
    "ADD": "AddOptions",
    "DIV": "DivOptions",
    "LEAKY_RELU": "LeakyReluOptions",
    "CAST": "CastOptions",
}


class ElementwiseNetwork:
    """Builds elementwise operators on a `Network`."""

    def __init__(self, net):
        self.net = net

    def all_values(self, dtype, scale, zero_point):
        """An input of every value of an 8-bit type."""
        limits = np.iinfo(dtype)
        data = np.arange(limits.min, limits.max + 1).reshape(1, 1, 256)
        return self.input((1, 256), dtype, scale, zero_point, data=data)

    def input(self, shape, dtype=np.int8, scale=0.05, zero_point=-3, rows=4, data=None):
        """An input; without `data`, rows are all lowest, all highest, then random."""
        if data is None:
            if dtype == np.bool_:
                data = self.net.random.integers(0, 2, (rows, *shape))
            else:
                limits = np.iinfo(dtype)
                data = self.net.random.integers(
                    limits.min, limits.max, (rows, *shape), endpoint=True
                )
                data[0] = limits.min
                data[1] = limits.max
                data[2].flat[:] = zero_point
        return self.net._add_input(shape, np.asarray(data, dtype), scale, zero_point)

    def constant(self, shape, dtype=np.int8, scale=0.05, zero_point=-3, data=None):
        """A constant operand."""
        if data is None:
            limits = np.iinfo(dtype)
            data = self.net.random.integers(limits.min, limits.max, shape, endpoint=True)
        data = np.asarray(data, dtype).reshape(shape)
        index = self.net.builder.tensor("constant", shape, dtype, scale, zero_point, data=data)
        return Value(index, tuple(shape), scale, zero_point, data[np.newaxis])

    def apply(self, operator, inputs, scale, zero_point=0, dtype=None, shape=None, **options):
        """One operator; the output's shape is that to which the inputs broadcast."""
        if shape is None:
            shape = np.broadcast_shapes(*(value.shape for value in inputs))
        dtype = inputs[-1].rows.dtype if dtype is None else np.dtype(dtype)
        name = f"{operator.lower()}{len(self.net.values)}"
        index = self.net.builder.tensor(name, shape, dtype, scale, zero_point)
        table, table_name = self._options(operator, options)
        operands = [value.index for value in inputs]
        self.net.builder.operator(operator, operands, [index], table, table_name)
        # The type alone is expected.
        value = Value(index, tuple(shape), scale, zero_point, np.zeros((0,), dtype))
        self.net.values.append(value)
        return value

    @staticmethod
    def _options(operator, options):
        name = OPTIONS.get(operator)
        if name is None:
            return None, None
        table = getattr(schema, name + "T")()
        for key, value in options.items():
            if key == "activation":
                table.fusedActivationFunction = ACTIVATIONS[value]
            else:
                setattr(table, key, value)
        return table, name


def elementwise(build):
    """Adapts a function of an `ElementwiseNetwork` to one of a `Network`."""
    return lambda net: [build(ElementwiseNetwork(net))]
