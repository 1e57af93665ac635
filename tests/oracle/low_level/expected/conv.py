"""Written by keraft from model.keras."""

import math
import pathlib

import numpy as np
import tensorflow as tf


def glorot_uniform(shape):
    """What a kernel starts with: random, smaller the more inputs and outputs it joins."""
    limit = (6 / (math.prod(shape[:-2]) * (shape[-2] + shape[-1]))) ** 0.5
    return tf.random.uniform(shape, -limit, limit)


def slots(weights, name):
    """A variable for each of the weights, in which an optimizer keeps what it has seen."""
    return [
        tf.Variable(tf.zeros_like(w), trainable=False, name=f"{w.name[:-2]}/{name}")
        for w in weights
    ]


class SGD(tf.Module):
    """step lr · gradient, with momentum: the sum of all before."""

    def __init__(self, weights):
        super().__init__()
        self.learning_rate = tf.Variable(0.05, trainable=False, name="learning_rate")
        self.momentum = 0.9
        self.iterations = tf.Variable(
            0, trainable=False, dtype=tf.int64, name="iterations"
        )
        self.momentums = slots(weights, "momentum")

    def apply(self, weights, gradients):
        self.iterations.assign_add(1)
        for weight, gradient, momentum in zip(weights, gradients, self.momentums):
            momentum.assign(self.momentum * momentum - self.learning_rate * gradient)
            weight.assign_add(self.momentum * momentum - self.learning_rate * gradient)


class SmallConvNet(tf.Module):
    """image float32 [batch, 10, 8, 2] → float32 [batch, 4]"""

    def __init__(self):
        super().__init__()
        self.conv_kernel = tf.Variable(glorot_uniform([3, 3, 2, 5]), name="conv/kernel")
        self.conv_bias = tf.Variable(tf.zeros([5]), name="conv/bias")
        self.digits_kernel = tf.Variable(glorot_uniform([100, 4]), name="digits/kernel")
        self.digits_bias = tf.Variable(tf.zeros([4]), name="digits/bias")
        self.optimizer = SGD(self.trainable_variables)

    def logits(self, image):
        """The outputs before their last activation."""
        x = tf.nn.conv2d(image, self.conv_kernel, strides=1, padding="SAME")
        x = tf.nn.relu(x + self.conv_bias)
        x = tf.nn.max_pool2d(x, ksize=2, strides=2, padding="VALID")
        x = tf.reshape(x, [-1, 100])

        return tf.matmul(x, self.digits_kernel) + self.digits_bias

    def __call__(self, image):
        return tf.nn.softmax(self.logits(image))

    @tf.function
    def train_step(self, x, y):
        """Takes a step of SGD on a batch; its loss before the step."""
        with tf.GradientTape() as tape:
            logits = self.logits(x)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
            )
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(self.trainable_variables, gradients)
        return loss


def build_model():
    return SmallConvNet()


def load(path=None):
    """The model with its weights, from the .npz beside this file or `path`."""
    model = build_model()
    variables = {variable.name: variable for variable in model.variables}
    with np.load(path or pathlib.Path(__file__).with_suffix(".npz")) as weights:
        for name in weights:
            variables[name + ":0"].assign(weights[name])
    return model


if __name__ == "__main__":
    for variable in load().variables:
        print(variable.name, variable.dtype.name, variable.shape)
