"""Real models by others (../shared/models, or $KERAFT_SHARED/models), and what real TensorFlow makes of random inputs."""

import fnmatch
import os
from pathlib import Path

FOLDER = Path(os.environ.get("KERAFT_SHARED") or Path(__file__).resolve().parents[3].parent / "shared") / "models"
ENV = "tf221"

CIFAR = {"inputs": {"Input:0": (32, 32, 3)}, "output": "Output:0"}
CIFAR_NAMED = ["--inputs", "Input", "--outputs", "Output"]

# source, arguments of convert, input tensors with shapes without the batch, output tensor
MODELS = {
    "cifar_cnn/pb": dict(CIFAR, source="cifar_cnn/frozen_model.pb", args=[]),
    "cifar_cnn/pb_unknown_shape": dict(
        CIFAR,
        source="cifar_cnn/frozen_model_variadic_input_shape.pb",
        args=[*CIFAR_NAMED, "--shape", "Input=B,32,32,3"],
    ),
    "cifar_cnn/meta": dict(CIFAR, source="cifar_cnn/model.ckpt.meta", args=CIFAR_NAMED),
    # Grouped convolution as Split, Conv2D and ConcatV2 in channels-first order: no layer has it yet, and every node of it is named.
    "samplenet/pb": {
        "source": "samplenet/samplenet.pb",
        "args": [],
        "refused": ["split", "split_1", "split_2", "split_3", "convolution", "convolution_1", "Add", "Add_1"],
    },
    "mnist_conv/saved_model": {
        "source": "mnist_conv_saved_model",
        "args": [],
        "inputs": {"Features:0": (28, 28, 1)},
        "output": "Prediction:0",
        "range": (0, 0.1),  # outside of it the softmax saturates
    },
    "tiny_kws/saved_model": {
        "source": "tiny_kws_saved_model",
        "args": [],
        "inputs": {"serving_default_input_1:0": (49, 10, 1)},
        "output": "StatefulPartitionedCall:0",
    },
    # Its signatures are a training step and two that only read a weight: keraft must say so, not guess.
    "tf_module_regression/saved_model": {"source": "tf_module_regression", "args": [], "refused": ["train", "w", "b"]},
}


def cases(only="*"):
    return [name for name in MODELS if fnmatch.fnmatch(name, only)]
