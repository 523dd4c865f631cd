# SPDX-License-Identifier: Apache-2.0
"""The demo network: a depthwise-separable CNN for 28 x 28 grey images.

Peak activations stay below 10 kB as int8, so that a board with 16 kB of RAM can run it.
"""

import keras
from keras import layers

INPUT_SHAPE = (28, 28, 1)
CLASSES = 10


def build(batch=None):
    """Returns the Keras model: float images in 0...1 to class probabilities."""
    image = keras.Input(INPUT_SHAPE, batch_size=batch, name="image")
    x = _normalized(layers.Conv2D(16, 3, 2, "same", use_bias=False, name="stem"), image)
    x = _separable(x, 32, "block1")
    x = _separable(x, 64, "block2", stride=2)
    x = _residual(x, 64, "block3")
    x = _residual(x, 64, "block4")
    x = _separable(x, 96, "block5")
    x = layers.AveragePooling2D(7, name="pool")(x)
    x = layers.Reshape((96,), name="flatten")(x)
    x = layers.Dense(CLASSES, name="logits")(x)
    return keras.Model(image, layers.Softmax(name="probabilities")(x), name="fashion")


def _separable(x, channels, name, stride=1):
    depthwise = layers.DepthwiseConv2D(3, stride, "same", use_bias=False, name=f"{name}_depthwise")
    pointwise = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_pointwise")
    return _normalized(pointwise, _normalized(depthwise, x))


def _residual(x, channels, name):
    return layers.Add(name=f"{name}_add")([x, _separable(x, channels, name)])


def _normalized(layer, x):
    """`layer`, batch normalization (folded into it on export) and ReLU."""
    x = layers.BatchNormalization(momentum=0.97, name=f"{layer.name}_norm")(layer(x))
    return layers.ReLU(name=f"{layer.name}_relu")(x)
