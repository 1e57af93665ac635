"""Trains a small network of low-level TensorFlow ops on scikit-learn's digits and writes tests/data/digits.

Run it in the environment tf221:  "$KERAFT_ORACLE_HOME/tf221/bin/python" tests/oracle/digits/train.py [FOLDER]
"""

import shutil
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import writers  # noqa: E402

tf1 = tf.compat.v1
SEED, STEPS, BATCH, HELD_OUT = 7, 2500, 64, 360

README = """# Digits: a small network trained on real scans

Made by `tests/oracle/digits/train.py` (TensorFlow {version}, seed {seed}) and committed, so that the demo and the tests need no Python.

The images are scikit-learn's `load_digits`: {total} scans of handwritten digits, 8 x 8, from the UCI "Optical Recognition of Handwritten
Digits" data (E. Alpaydin, C. Kaynak, 1998, CC BY 4.0). {held_out} of them, chosen by the seed with equal shares of the ten digits, were
kept out of the training.

The network is written with `tf.Variable`, `tf.nn.conv2d`, `tf.nn.max_pool2d`, `tf.matmul` and additions: two convolutions with
max-pooling, two dense layers; input `images` [batch, 8, 8, 1], the scan's 0 to 16 divided by 16; output `probabilities` [batch, 10].

Accuracy: {train:.2%} on the training images, **{test:.2%} on the images kept out**.

| file | what |
|---|---|
| `digits.pb` | frozen GraphDef |
| `saved_model/` | TF1 SavedModel with variables, signature `serving_default` |
| `digits.meta`, `.index`, `.data-*` | the training graph with Adam's ops, and its checkpoint |
| `held_out.npz` | `images`: the {held_out} scans kept out, ready for the network |
| `held_out_labels.npy` | their digits |
"""


def variable(name, *shape):
    deviation = np.sqrt(2 / np.prod(shape[:-1]))
    return tf1.Variable(tf1.truncated_normal(shape, stddev=deviation, seed=SEED), name=name)


def bias(name, size):
    return tf1.Variable(tf1.constant(0.1, shape=[size]), name=name)


def conv_and_pool(x, kernel, bias):
    h = tf1.nn.relu(tf1.nn.conv2d(x, kernel, strides=[1, 1, 1, 1], padding="SAME") + bias)
    return tf1.nn.max_pool2d(h, ksize=2, strides=2, padding="VALID")


def network(images):
    h = conv_and_pool(images, variable("conv1/weights", 3, 3, 1, 12), bias("conv1/biases", 12))
    h = conv_and_pool(h, variable("conv2/weights", 3, 3, 12, 20), bias("conv2/biases", 20))
    h = tf1.reshape(h, [-1, 2 * 2 * 20])
    h = tf1.nn.relu(tf1.matmul(h, variable("hidden/weights", 80, 48)) + bias("hidden/biases", 48))
    return tf1.matmul(h, variable("digit/weights", 48, 10)) + bias("digit/biases", 10)


def load():
    digits = load_digits()
    images = (digits.images / 16).astype(np.float32)[..., None]
    split = train_test_split(images, digits.target, test_size=HELD_OUT, random_state=SEED, stratify=digits.target)
    return split


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    x_train, x_test, y_train, y_test = load()
    with tf1.Graph().as_default(), tf1.Session() as session:
        tf1.set_random_seed(SEED)
        images = tf1.placeholder(tf.float32, [None, 8, 8, 1], "images")
        labels = tf1.placeholder(tf.int64, [None], "labels")
        logits = network(images)
        probabilities = tf1.nn.softmax(logits, name="probabilities")
        loss = tf1.losses.sparse_softmax_cross_entropy(labels, logits)
        train = tf1.train.AdamOptimizer(2e-3).minimize(loss)
        session.run(tf1.global_variables_initializer())

        order = np.random.RandomState(SEED)
        for _ in range(STEPS):
            batch = order.choice(len(x_train), BATCH, replace=False)
            session.run(train, {images: x_train[batch], labels: y_train[batch]})

        def accuracy(x, y):
            return float(np.mean(session.run(probabilities, {images: x}).argmax(1) == y))

        scores = {"train": accuracy(x_train, y_train), "test": accuracy(x_test, y_test)}
        print("accuracy: %(train).4f, on images kept out %(test).4f" % scores)
        if scores["test"] <= 0.97:
            sys.exit("the network must reach more than 97 % on the images kept out")

        inputs, outputs = {"images": images}, {"probabilities": probabilities}
        tf1.train.Saver().save(session, str(folder / "digits"), write_state=False)
        writers.write_frozen_session(tf1, session, outputs, str(folder), name="digits.pb")
        shutil.rmtree(folder / "saved_model", ignore_errors=True)
        writers.write_saved_model_v1(tf1, session, inputs, outputs, str(folder / "saved_model"))
    np.savez_compressed(folder / "held_out.npz", images=x_test)
    np.save(folder / "held_out_labels.npy", y_test.astype(np.int64))
    facts = dict(version=tf.__version__, seed=SEED, total=len(x_train) + len(x_test), held_out=len(x_test), **scores)
    (folder / "README.md").write_text(README.format(**facts))


if __name__ == "__main__":
    data = Path(__file__).resolve().parents[2] / "data/digits"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else data)
