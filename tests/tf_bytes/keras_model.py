"""A SavedModel as Keras 2 leaves it: two Dense layers of one size, their notes, objects and checkpoint; each part open to changes."""

import copy
import json
import random

from .checkpoint import Writer
from .proto import FLOAT, attr, floats, graph, meta_graph, node, number, placeholder, saved_model, shape, signature, tensor_info, text, type_attr, unary

SIZE = 4
KEY = "layer_with_weights-%d/%s/.ATTRIBUTES/VARIABLE_VALUE"


def dense(name, activation, units=SIZE):
    function = {"class_name": "GlorotUniform", "config": {"seed": None}, "shared_object_id": 1}
    return {
        "class_name": "Dense",
        "config": {"name": name, "trainable": True, "dtype": "float32", "units": units, "activation": activation, "use_bias": True,
                   "kernel_initializer": function, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}}},
        "name": name,
    }  # fmt: skip


def notes():
    """The notes of Keras by object: the model and its layers."""
    shape_ = {"class_name": "__tuple__", "items": [None, SIZE]}
    source = {"class_name": "InputLayer", "config": {"name": "given", "dtype": "float32", "batch_input_shape": shape_}, "name": "given"}
    noise = {"class_name": "GaussianNoise", "config": {"name": "noise", "trainable": True, "dtype": "float32", "stddev": 0.25}, "name": "noise"}
    layers = [source, dense("first_of_two", "relu"), noise, dense("second", "linear")]
    for before, layer in zip([None, *layers], layers):
        layer["inbound_nodes"] = [[[before["name"], 0, 0, {}]]] if before else []
    config = {"name": "by_hand", "layers": layers, "input_layers": [["given", 0, 0]], "output_layers": [["second", 0, 0]]}
    out = {0: {"class_name": "Functional", "name": "by_hand", "config": config}}
    out.update({i + 1: copy.deepcopy(layer) for i, layer in enumerate(layers)})
    return out


def objects():
    """Children by object: 0 the model, 1 … 4 its layers, 5 … 8 variables, 9 and 10 lists of them."""
    return {
        0: {"layer-0": 1, "layer_with_weights-0": 2, "layer-1": 2, "layer-2": 3, "layer_with_weights-1": 4, "layer-3": 4},
        2: {"kernel": 5, "bias": 6, "variables": 9},
        4: {"kernel": 7, "bias": 8, "variables": 10},
        9: {"0": 5, "1": 6},
        10: {"0": 7, "1": 8},
    }


VARIABLES = {5: (0, "kernel"), 6: (0, "bias"), 7: (1, "kernel"), 8: (1, "bias")}


def children(of):
    return b"".join(text(1, (number(1, to) if to else b"") + text(2, name)) for name, to in of.items())


def object_graph(tree, inside=None):
    """SavedObjectGraph; `inside`: notes that TensorFlow before 2.5 keeps in it."""
    out = b""
    for i in range(11):
        one = children(tree.get(i, {}))
        if i in VARIABLES:
            layer, slot = VARIABLES[i]
            dims = [SIZE, SIZE] if slot == "kernel" else [SIZE]
            one += text(7, number(1, FLOAT) + text(2, shape(dims)) + number(3, 1) + text(6, "dense_%d/%s" % (layer, slot)))
        elif inside and i in inside:
            one += text(4, text(1, "_tf_keras_layer") + text(3, inside[i]))
        out += text(1, one)
    return out


def stored_objects():
    out = b""
    for i in range(11):
        one = children(objects().get(i, {}))
        if i in VARIABLES:
            one += text(2, text(1, "VARIABLE_VALUE") + text(2, "full") + text(3, KEY % VARIABLES[i]))
        out += text(1, one)
    return out


def metadata(told):
    """keras_metadata.pb; notes are dicts or text."""
    out = b""
    for i, note in told.items():
        note = note if isinstance(note, (str, bytes)) else json.dumps(note)
        out += text(1, (number(2, i) if i else b"") + text(3, "root") + text(4, "_tf_keras_layer") + text(5, note))
    return out


def handle(name, key, dims):
    read = node(name + "/read", "ReadVariableOp", [name], type_attr("dtype", FLOAT))
    made = node(name, "VarHandleOp", (), type_attr("dtype", FLOAT) + attr("shape", text(7, shape(dims))) + attr("shared_name", text(2, key)))
    return [made, read]


def write(home, told=None, tree=None, old=False, file=None):
    """Writes the folder. `told`: notes(); `tree`: objects(); `old`: notes as before TensorFlow 2.5; `file`: bytes of keras_metadata.pb."""
    told, tree = notes() if told is None else told, objects() if tree is None else tree
    nodes, values, writer = [placeholder("given", [-1, SIZE])], random.Random(5), Writer()
    at = "given"
    for layer, activation in enumerate(("Relu", None)):
        for slot, dims in (("kernel", [SIZE, SIZE]), ("bias", [SIZE])):
            nodes += handle("v%d_%s" % (layer, slot), KEY % (layer, slot), dims)
            count = SIZE if slot == "bias" else SIZE * SIZE
            writer.add(KEY % (layer, slot), FLOAT, dims, floats([values.uniform(-1, 1) for _ in range(count)]))
        nodes.append(node("m%d" % layer, "MatMul", [at, "v%d_kernel/read" % layer], type_attr("T", FLOAT)))
        nodes.append(node("b%d" % layer, "BiasAdd", ["m%d" % layer, "v%d_bias/read" % layer], type_attr("T", FLOAT)))
        at = "b%d" % layer
        if activation:
            nodes.append(unary("a%d" % layer, activation, at))
            at = "a%d" % layer
    writer.add_string("_CHECKPOINTABLE_OBJECT_GRAPH", stored_objects())
    inside = {i: json.dumps(note) for i, note in told.items()} if old else None
    signed = signature("serving_default", {"given": tensor_info("given:0", FLOAT, [-1, SIZE])}, {"second": tensor_info(at + ":0", FLOAT)})
    home.mkdir()
    (home / "variables").mkdir()
    (home / "saved_model.pb").write_bytes(saved_model(meta_graph(graph(nodes), rest=signed + text(7, object_graph(tree, inside)))))
    if not old:
        (home / "keras_metadata.pb").write_bytes(metadata(told) if file is None else file)
    writer.write(str(home / "variables/variables"))
    return home
