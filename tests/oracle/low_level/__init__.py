"""Compiled models whose low-level TensorFlow code, with its training step, must take the steps that Keras takes."""

LIBRARIES = {"keras3.15": "keras", "tf_keras2.21": "tf_keras"}
ENV = "tf221"
STEPS = 6
