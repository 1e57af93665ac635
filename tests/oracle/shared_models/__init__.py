"""Real models by others (../shared/models, or $KERAFT_SHARED/models), and what real TensorFlow makes of random inputs."""

import fnmatch
import os
from pathlib import Path

FOLDER = Path(os.environ.get("KERAFT_SHARED") or Path(__file__).resolve().parents[3].parent / "shared") / "models"
ENV = "tf221"

CIFAR = {"inputs": {"Input:0": (32, 32, 3)}, "output": "Output:0"}
CIFAR_NAMED = ["--inputs", "Input", "--outputs", "Output"]
GENERATED = {"keras": "3", "h5": "3"}  # a generated layer in it: its code is for Keras 3
WITH_OPS = {"keras": "3", "h5": "2"}  # which Keras opens which file with nodes of keras.ops in it
SOUND = ["DecodeWav", "AudioSpectrogram", "Mfcc"]  # decoding and filters in front of the nets that spot keywords
FRAMES = {"inputs": {"ExpandDims_4:0": (101, 40)}, "output": "conv1d_2/proj_layer/BiasAdd:0"}
# Features that a dataset hands out: integers for tables of 10 to 1010 rows (-1: missing, too large: row 0), and three numbers.
TAXI_NUMBERS = (5, 11, 12)
TAXI = {
    "source": "chicago_taxi_estimator/model.ckpt-1000.meta",
    "inputs": {"IteratorGetNext:%d" % i: () if i in TAXI_NUMBERS else ((), 30) for i in (0, 3, 4, 5, 6, *range(9, 16))},
    "batches": (40,),  # written in the graph
    "lines": GENERATED,
}


def keywords(net, frames):
    return {
        "source": "keyword_spotting/%s.pb" % net,
        "args": ["--inputs", "Mfcc", "--shape", "Mfcc=B,%d,10" % frames],
        "inputs": {"Mfcc:0": (frames, 10)},
        "output": "labels_softmax:0",
        "range": (-3, 3),  # further out the softmax of CNN_S saturates
    }


def recurrent(net, loop, frames):
    """TF1's loops are no layers yet: every op of the loop is named."""
    named = [loop + op for op in ("/while/Enter", "/while/Merge", "/while/LoopCond", "/while/Exit", "/TensorArray")]
    return {
        "source": "keyword_spotting/%s.pb" % net,
        "args": ["--inputs", "Mfcc", "--shape", "Mfcc=B,%d,10" % frames],
        "refused": named,
    }


def sound(net):
    return {"source": "keyword_spotting/%s.pb" % net, "args": [], "refused": SOUND}


# source; arguments of convert; input tensors with shapes behind the batch (a pair with a number n: integers from -1 to n);
# output tensor; batches. "refused": what keraft must name. "keras_file": read and run only.
MODELS = {
    "cifar_cnn/pb": dict(CIFAR, source="cifar_cnn/frozen_model.pb", args=[]),
    "cifar_cnn/pb_unknown_shape": dict(
        CIFAR,
        source="cifar_cnn/frozen_model_variadic_input_shape.pb",
        args=[*CIFAR_NAMED, "--shape", "Input=B,32,32,3"],
    ),
    "cifar_cnn/meta": dict(CIFAR, source="cifar_cnn/model.ckpt.meta", args=CIFAR_NAMED),
    # Grouped convolution as Split, Conv2D and ConcatV2 in channels-first order, as ONNX exporters write it.
    "samplenet/pb": {
        "source": "samplenet/samplenet.pb",
        "args": [],
        "inputs": {"data:0": (3, 32, 32)},
        "output": "add_4:0",
        "batches": (1,),  # written in the graph
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
    # The serving function parses examples; no Keras model does, so the parsed features are the inputs.
    "penguin/saved_model": {
        "source": "penguin_keras_saved_model",
        "args": [],
        "inputs": {name: (1,) for name in ("body_mass_g", "culmen_depth_mm", "culmen_length_mm", "flipper_length_mm")},
        "examples": "serving_default_examples:0",
        "output": "StatefulPartitionedCall:0",
    },
    "dnn_keywords/pb": keywords("DNN_S", 25),
    "cnn_keywords/pb": keywords("CNN_S", 49),
    "ds_cnn_keywords/pb": keywords("DS_CNN_S", 49),
    "chicago_taxi/meta": dict(TAXI, args=["--outputs", "head/predictions/probabilities"], output="head/predictions/probabilities:0"),
    "chicago_taxi/meta_logits": dict(TAXI, args=["--outputs", "add_2"], output="add_2:0"),
    # Strings: examples are parsed into sparse tensors of words, and words are looked up in tables.
    "chicago_taxi/saved_model": {
        "source": "chicago_taxi_estimator/export/chicago-taxi/1646034756",
        "args": [],
        "refused": ["ParseExampleV2", "HashTableV2", "AsString"],
    },
    # The same graph as text, without a checkpoint beside it.
    "chicago_taxi/pbtxt": {
        "source": "chicago_taxi_estimator/graph.pbtxt",
        "args": ["--outputs", "head/predictions/probabilities"],
        "refused": ["dnn/hiddenlayer_0/kernel", "--checkpoint"],
    },
    # Frames are rows of a matrix, so the first axis is time and no batch: nothing to fit.
    "wake_word/pb": {
        "source": "wake_word/hey_snips_3.pb",
        "args": ["--shape", "inputs=T,40"],
        "inputs": {"inputs:0": (40,)},
        "output": "logits:0",
        "batches": (64, 101),
        "lines": WITH_OPS,
        "fit": False,
    },
    "wake_word/pb_batches": dict(
        FRAMES,
        source="wake_word/hey_snips_3.pb",
        args=["--inputs", "ExpandDims_4", "--outputs", "conv1d_2/proj_layer/BiasAdd", "--shape", "ExpandDims_4=B,T,40"],
    ),
    # Three signatures: a training step, and two that only read a weight. keraft must say so, not guess.
    "tf_module_regression/saved_model": {"source": "tf_module_regression", "args": [], "refused": ["train", "w", "b"]},
    "tf_module_regression/loss": {
        "source": "tf_module_regression",
        "args": ["--signature", "train"],
        "inputs": {"train_x:0": (), "train_y:0": ()},
        "output": "StatefulPartitionedCall_1:0",
        "fit": False,  # a number for a batch
        "lines": GENERATED,
    },
    "tiny_resnet8/h5": {"source": "tiny_resnet8/pretrainedResnet.h5", "keras_file": True, "inputs": {"input_1": (32, 32, 3)}},
    "mini_xception/hdf5": {
        "source": "mini_xception/fer2013_mini_XCEPTION.119-0.65.hdf5",
        "keras_file": True,
        "inputs": {"input_1": (48, 48, 1)},
    },
    # Not feed-forward: the loops of TF1, and the sound in front of the nets.
    "crnn_keywords/pb": recurrent("CRNN_S", "rnn", 49),
    "gru_keywords/pb": recurrent("GRU_S", "rnn", 25),
    "lstm_keywords/pb": recurrent("LSTM_S", "LSTM-Layer/lstm/rnn", 49),
    "basic_lstm_keywords/pb": recurrent("Basic_LSTM_S", "LSTM-Layer/lstm/rnn", 49),
    "dnn_keywords/pb_sound": sound("DNN_S"),
    "cnn_keywords/pb_sound": sound("CNN_S"),
    "ds_cnn_keywords/pb_sound": sound("DS_CNN_S"),
}


def cases(only="*"):
    return [name for name in MODELS if fnmatch.fnmatch(name, only)]
