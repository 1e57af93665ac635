"""TensorFlow files written byte by byte, without TensorFlow: for bad inputs, for fuzz seeds and for benchmarks."""
