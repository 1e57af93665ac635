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


class Adam(tf.Module):
    """m, v: moving averages of gradient and square; step m · lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) / (√v + ε)."""

    def __init__(self, weights):
        super().__init__()
        self.learning_rate = tf.Variable(0.01, trainable=False, name="learning_rate")
        self.beta_1 = 0.9
        self.beta_2 = 0.999
        self.epsilon = 1e-07
        self.iterations = tf.Variable(
            0, trainable=False, dtype=tf.int64, name="iterations"
        )
        self.momentums = slots(weights, "momentum")
        self.velocities = slots(weights, "velocity")

    def apply(self, weights, gradients):
        self.iterations.assign_add(1)
        t = tf.cast(self.iterations, tf.float32)
        rate = self.learning_rate * tf.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)
        for weight, gradient, momentum, velocity in zip(
            weights, gradients, self.momentums, self.velocities
        ):
            momentum.assign(self.beta_1 * momentum + (1 - self.beta_1) * gradient)
            velocity.assign(
                self.beta_2 * velocity + (1 - self.beta_2) * tf.square(gradient)
            )
            weight.assign_sub(rate * momentum / (tf.sqrt(velocity) + self.epsilon))


class TwoLayers(tf.Module):
    """pixels float32 [batch, 12] → float32 [batch, 4]"""

    def __init__(self):
        super().__init__()
        self.hidden_kernel = tf.Variable(glorot_uniform([12, 9]), name="hidden/kernel")
        self.hidden_bias = tf.Variable(tf.zeros([9]), name="hidden/bias")
        self.digits_kernel = tf.Variable(glorot_uniform([9, 4]), name="digits/kernel")
        self.digits_bias = tf.Variable(tf.zeros([4]), name="digits/bias")
        self.optimizer = Adam(self.trainable_variables)

    def logits(self, pixels):
        """The outputs before their last activation."""
        x = tf.nn.relu(tf.matmul(pixels, self.hidden_kernel) + self.hidden_bias)

        return tf.matmul(x, self.digits_kernel) + self.digits_bias

    def __call__(self, pixels):
        return tf.nn.softmax(self.logits(pixels))

    @tf.function
    def train_step(self, x, y):
        """Takes a step of Adam on a batch; its loss before the step."""
        with tf.GradientTape() as tape:
            logits = self.logits(x)
            loss = tf.reduce_mean(
                tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits)
            )
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(self.trainable_variables, gradients)
        return loss


def build_model():
    return TwoLayers()


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
