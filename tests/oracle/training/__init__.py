"""Nets that TensorFlow trains for some steps in graph mode; keraft converts them with --train, and Keras goes on."""

PRODUCERS = {"tf115": "tf115", "tf221": "tf221"}
# Keras 2 that saves with its metadata
SAVING = {"saved215": "tf215", "saved221": "tf221", "saved115": "tf115"}
STEPS = 7  # taken before the checkpoint
NEXT = 3  # taken after it, by both
