"""Nets that TensorFlow trains for some steps in graph mode; keraft converts them with --train, and Keras goes on."""

PRODUCERS = {"tf115": "tf115", "tf221": "tf221"}
STEPS = 7  # taken before the checkpoint
NEXT = 3  # taken after it, by both
