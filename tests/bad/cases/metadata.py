"""L: what Keras noted beside a SavedModel says something that cannot be, or that the graph does not say. The graph wins."""

import json

from tf_bytes import keras_model
from tf_bytes.proto import number, text

from ..case import DONE, Case

TAKEN, GRAPH = "first_of_two", r"\ba0\b"  # layers' names: the author's, or those of the graph's nodes


def built(change=None, **kept):
    def build(folder):
        told, tree = keras_model.notes(), keras_model.objects()
        if change:
            change(told, tree)
        return str(keras_model.write(folder / "model", told, tree, **kept))

    return build


def config(told):
    return told[0]["config"]


def layer(told, index):
    return config(told)["layers"][index]


def inside(levels, model, each=1):
    """The model in a model in a model, `levels` deep, each called `each` times on the one before."""
    for level in range(levels):
        name = "level%d" % level
        source = {"class_name": "InputLayer", "config": {"name": "in" + name, "dtype": "float32", "batch_input_shape": [None, keras_model.SIZE]}, "name": "in" + name, "inbound_nodes": []}  # fmt: skip
        calls = [[["in" + name if i == 0 else name, i, 0, {}]] for i in range(each)]
        outer = {"class_name": "Functional", "config": model, "name": name, "inbound_nodes": calls}
        model = {"name": "out" + name, "layers": [source, outer], "input_layers": [["in" + name, 0, 0]], "output_layers": [[name, each, 0]]}
    return model


def deep(told, levels, each=1):
    told[0]["config"] = inside(levels, config(told), each)


def changes():
    """what is wrong → the change; all end in the graph's way."""

    def set_(name, index, value):
        return lambda told, tree: layer(told, index)["config"].update({name: value})

    yield "units of another number", set_("units", 1, 5)
    yield "units that are none", set_("units", 1, -(2**63))
    yield "units as text", set_("units", 1, "4")
    yield "an activation that is none", set_("activation", 1, "no such")
    yield "an activation with code", set_("activation", 1, {"class_name": "__lambda__", "config": {"code": "4wEAAAA"}})
    yield "no bias", set_("use_bias", 1, False)
    yield "an entry of no meaning", set_("surprise", 1, 3)
    yield "another type", set_("dtype", 1, "float64")
    yield "an input of another size", set_("batch_input_shape", 0, [None, 5])
    yield "an input of another type", set_("dtype", 0, "int32")
    yield "an input of 40 axes", set_("batch_input_shape", 0, [None] * 40)
    yield "an input of negative size", set_("batch_input_shape", 0, [None, -4])
    yield "a Lambda layer", lambda told, tree: layer(told, 2).update(class_name="Lambda")
    yield "a class nobody knows", lambda told, tree: layer(told, 2).update(class_name="Surprise")
    yield "a class with control characters", lambda told, tree: layer(told, 2).update(class_name="a\u001b[2Jb")
    yield "a model nobody knows", lambda told, tree: told[0].update(class_name="Surprise")
    yield "no config", lambda told, tree: told[0].pop("config")
    yield "a config that is a list", lambda told, tree: told[0].update(config=[1])
    yield "no layers", lambda told, tree: config(told).update(layers=[])
    yield "a layer twice", lambda told, tree: config(told)["layers"].append(layer(told, 1))
    yield "a layer that reads itself", lambda told, tree: layer(told, 1).update(inbound_nodes=[[["first_of_two", 0, 0, {}]]])
    yield "a layer that reads none", lambda told, tree: layer(told, 1).update(inbound_nodes=[[["none", 0, 0, {}]]])
    yield "a layer that is never called", lambda told, tree: layer(told, 1).update(inbound_nodes=[])
    yield "another output", lambda told, tree: config(told).update(output_layers=[["first_of_two", 0, 0]])
    yield "two outputs", lambda told, tree: config(told).update(output_layers=[["first_of_two", 0, 0], ["second", 0, 0]])
    yield "no input", lambda told, tree: config(told).update(input_layers=[])
    yield "a tensor of another number", lambda told, tree: config(told).update(output_layers=[["second", 0, 2**40]])
    yield "layers called in another order", lambda told, tree: (
        layer(told, 3).update(inbound_nodes=[[["given", 0, 0, {}]]]),
        layer(told, 1).update(inbound_nodes=[[["second", 0, 0, {}]]]),
        config(told).update(output_layers=[["noise", 0, 0]]),
    )
    yield "names of two layers swapped", lambda told, tree: (told[2].update(name="second"), told[4].update(name="first_of_two"))
    yield "one object for two layers", lambda told, tree: told[4].update(name="first_of_two")
    yield "a layer without a note", lambda told, tree: told.pop(2)
    yield "a layer without variables", lambda told, tree: tree.update({9: {}})
    yield "variables in another order than their names", lambda told, tree: tree.update({9: {"0": 6, "1": 5}})
    yield "a variable that is none", lambda told, tree: (tree.update({9: {"0": 10, "1": 6}}), tree[2].pop("kernel"))
    yield "a variable twice", lambda told, tree: tree.update({10: {"0": 5, "1": 8}})
    yield "a list of itself", lambda told, tree: tree.update({9: {"0": 9, "1": 9}})
    yield "a model in itself", lambda told, tree: (tree[0].update({"layer-9": 0}), told[0].update(name="first_of_two"))
    yield "a step of a step of a step", lambda told, tree: layer(told, 2).update(class_name="TimeDistributed", config=steps(12))


def steps(levels):
    inner = {"class_name": "Flatten", "config": {"name": "end"}}
    for level in range(levels):
        inner = {"class_name": "TimeDistributed", "config": {"name": "step%d" % level, "layer": inner}}
    return inner["config"]


def files():
    """what is wrong → bytes of keras_metadata.pb."""
    yield "no message", b"\xff" * 40
    yield "no JSON", keras_model.metadata({0: "{"})
    yield "JSON that is a number", keras_model.metadata({0: "3"})
    yield "text that is not UTF-8", keras_model.metadata({0: b'{"class_name": "\xff\xfe"}'})
    yield "an object of a huge number", keras_model.metadata({2**40: "{}"})
    yield "only other objects", keras_model.metadata({3: "{}"})
    yield "a note beyond the end", text(1, number(2, 0) + b"\x2a\xff\xff\xff\xff\x0f")
    yield "an empty file", b""


def cases():
    yield Case("L/metadata: nothing", DONE, "", built(), within=TAKEN)
    yield Case("L/metadata: nothing, from before TensorFlow 2.5", DONE, "", built(old=True), within=TAKEN)
    for what, change in changes():
        yield Case("L/metadata: " + what, DONE, "", built(change), within=GRAPH)
    for what, bytes_ in files():
        yield Case("L/metadata: " + what, DONE, "", built(file=bytes_), within=GRAPH)
    for levels in (10, 1000, 100000):
        text_ = '{"config":' * levels + "1" + "}" * levels
        yield Case("L/metadata: %d objects in one another" % levels, DONE, "", built(file=keras_model.metadata({0: text_})), within=GRAPH)
    yield Case("L/metadata: models 40 deep", DONE, "", built(lambda told, tree: deep(told, 40)), within=GRAPH)
    yield Case("L/metadata: models 18 deep, each called twice", DONE, "", built(lambda told, tree: deep(told, 18, 2)), within=GRAPH)
    big = json.dumps({"class_name": "Functional", "config": {"name": "x" * 1000, "layers": [{}] * 100000}})
    yield Case("L/metadata: 100,000 layers", DONE, "", built(file=keras_model.metadata({0: big})), within=GRAPH)
