# SPDX-License-Identifier: Apache-2.0
"""Reads Fashion-MNIST as Debian's package `dataset-fashion-mnist` installs it."""

import gzip
import pathlib

import numpy as np

DEFAULT_FOLDER = pathlib.Path("/usr/share/datasets/fashion-mnist")

CLASS_NAMES = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
]

SIDE = 28


def load(split, folder=DEFAULT_FOLDER):
    """Returns (images uint8 [n, 28, 28, 1], labels uint8 [n]) of split `train` or `test`."""
    prefix = {"train": "train", "test": "t10k"}[split]
    images = _idx(folder / f"{prefix}-images-idx3-ubyte.gz", header_bytes=16)
    labels = _idx(folder / f"{prefix}-labels-idx1-ubyte.gz", header_bytes=8)
    return images.reshape(-1, SIDE, SIDE, 1), labels


def _idx(path, header_bytes):
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header_bytes)
