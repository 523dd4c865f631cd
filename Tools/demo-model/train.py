# SPDX-License-Identifier: Apache-2.0
"""Trains the demo network on Fashion-MNIST and saves its weights.

    python train.py --output fashion.weights.h5

One core, 16 epochs, under ten minutes. Seeded and run on one thread with deterministic
operators: the same TensorFlow on the same kind of processor gives the same weights.
"""

import argparse
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

import dataset
import network

SEED = 20240601
BATCH = 64
PEAK_LEARNING_RATE = 6e-3
WARM_UP_STEPS = 500
LABEL_SMOOTHING = 0.05
LARGEST_SHIFT = 2


def main():
    arguments = parse_arguments()
    make_deterministic()
    images, labels = dataset.load("train", arguments.data)
    test_images, test_labels = dataset.load("test", arguments.data)
    model = network.build()
    steps = arguments.epochs * (len(images) // BATCH)
    model.compile(
        optimizer=keras.optimizers.AdamW(schedule(steps), weight_decay=1e-3),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=LABEL_SMOOTHING),
        metrics=["accuracy"],
    )
    model.fit(
        batches(images, labels),
        epochs=arguments.epochs,
        validation_data=(test_images / np.float32(255), one_hot(test_labels)),
        validation_batch_size=500,
        verbose=2,
    )
    model.save_weights(arguments.output)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, default=dataset.DEFAULT_FOLDER)
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--output", default="fashion.weights.h5", help="must end in .weights.h5")
    return parser.parse_args()


def make_deterministic():
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def schedule(steps):
    """A linear warm-up to the peak learning rate, then a cosine down to nothing."""
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=PEAK_LEARNING_RATE / 50,
        decay_steps=steps - WARM_UP_STEPS,
        warmup_target=PEAK_LEARNING_RATE,
        warmup_steps=WARM_UP_STEPS,
    )


def one_hot(labels):
    return keras.utils.to_categorical(labels, network.CLASSES)


def batches(images, labels):
    """Shuffled batches of images in 0...1, mirrored and shifted at random."""
    data = tf.data.Dataset.from_tensor_slices((images, one_hot(labels)))
    data = data.shuffle(len(images), seed=SEED).batch(BATCH, drop_remainder=True)
    return data.map(augment)


def augment(images, labels):
    """Mirrors each image at random and shifts the batch by up to two pixels each way."""
    images = tf.cast(images, tf.float32) / 255
    images = tf.image.random_flip_left_right(images)
    padding = [[0, 0], [LARGEST_SHIFT, LARGEST_SHIFT], [LARGEST_SHIFT, LARGEST_SHIFT], [0, 0]]
    images = tf.image.random_crop(tf.pad(images, padding), [BATCH, dataset.SIDE, dataset.SIDE, 1])
    return images, labels


if __name__ == "__main__":
    main()
