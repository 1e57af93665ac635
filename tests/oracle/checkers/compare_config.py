"""Compares two models as told by describe.py, layer by layer: python compare_config.py FOUND.json WANTED.json

The order of layers in the file and their names do not matter, how they are connected does. What counts as equal besides equality is the
list EQUIVALENCES; nothing else does.
"""

import hashlib
import json
import math
import sys
from collections import Counter
from fnmatch import fnmatch

EQUIVALENCES = """
1. Names of layers and inputs; a plain stack may be Sequential or Functional.
2. What inference does not show: initializers, regularizers, constraints, seeds, the momentum of BatchNormalization, and IGNORED below.
3. An axis counted from the end or from the start; one axis as number or list; data_format left out or "channels_last".
4. ReLU(), ReLU(max_value=6) and Softmax() are Activation("relu"), ("relu6"), ("softmax").
5. A data type as name or as policy.
6. The order of inputs of Add, Multiply, Average, Maximum, Minimum.
7. Numbers that are equal to six digits: graphs hold them as float32. Keras 2 keeps some as arrays, which are told as text.
8. A function by its name or as Keras 2 tells those of TensorFlow ("log_softmax_v2").
9. Layers that do nothing at inference (VANISHING, Activation("linear")), and the dropout of attention, leave no trace in a graph that was
   written for inference.
10. A layer without weights that is called several times is as many layers.
11. The adapted statistics of Normalization are constants in a graph that Keras writes: config then, in place of three weights.
12. Reshape to one axis is Flatten.
"""

IGNORED = (
    "name", "trainable", "*_initializer", "*_regularizer", "*_constraint", "seed", "momentum", "renorm*", "synchronized",
    "quantization_config", "lora_*", "sparse", "ragged", "optional",
)  # fmt: skip
VANISHING = (
    "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
    "ActivityRegularization", "StochasticDepth",
)  # fmt: skip
COMMUTATIVE = ("Add", "Multiply", "Average", "Maximum", "Minimum")


def plain(value):
    if isinstance(value, dict) and value.get("class_name") == "function":
        return value["config"].removesuffix("_v2")
    if isinstance(value, dict) and value.get("class_name") == "DTypePolicy":
        return value["config"]["name"]
    if isinstance(value, dict) and isinstance(value.get("config"), dict):  # a layer inside
        return {"class_name": value["class_name"], "config": visible(value["config"])}
    if isinstance(value, list):
        return [plain(item) for item in value]
    try:
        return float("%.6g" % float(value)) if isinstance(value, (float, str)) else value
    except ValueError:
        return value


def visible(config):
    """The part of a config that counts, its numbers rounded."""
    return {k: plain(v) for k, v in config.items() if not any(fnmatch(k, pattern) for pattern in IGNORED)}


def normal(layer):
    """(class, config) in the one form that all equivalent layers share."""
    name, rank, config = layer["class_name"], layer.get("rank"), visible(layer["config"])
    if name == "InputLayer":
        shape = config.get("batch_shape") or config.get("batch_input_shape")
        return name, {"shape": list(shape[1:]), "dtype": config["dtype"]}
    if "data_format" in config and config["data_format"] is None:
        config["data_format"] = "channels_last"
    axis = config.get("axis")
    if isinstance(axis, list) and len(axis) == 1:
        axis = config["axis"] = axis[0]
    if isinstance(axis, int) and axis >= 0 and rank:
        config["axis"] = axis - rank
    if name == "ReLU" and config.get("negative_slope") == 0 == config.get("threshold"):
        if config["max_value"] in (None, 6):
            name, config = "Activation", {"activation": "relu6" if config["max_value"] else "relu", "dtype": config["dtype"]}
    elif name == "Softmax" and config["axis"] == -1:
        name, config = "Activation", {"activation": "softmax", "dtype": config["dtype"]}
    elif name == "Reshape" and len(config["target_shape"]) == 1:
        name, config = "Flatten", {"data_format": "channels_last", "dtype": config["dtype"]}
    return ("<custom>", {}) if layer.get("kind") == "custom" else (name, config)


class Net:
    def __init__(self, told):
        self.layers = {layer["name"]: layer for layer in told["layers"]}
        self.outputs = told["outputs"]
        self.digests = {}

    def parents(self, made):
        calls = self.layers[made[0]]["inputs"]
        # A layer's calls may be counted from another number than 0: in order, they are those of this model.
        return calls[made[1]] if made[1] < len(calls) else calls[-1] if calls else []

    def digest(self, made):
        """A number for everything that leads to this output."""
        key = tuple(made)
        if key not in self.digests:
            layer = self.layers[made[0]]
            parents = [self.digest(parent) for parent in self.parents(made)]
            if layer["class_name"] in COMMUTATIVE:
                parents.sort()
            shapes = [weight["shape"] for weight in layer["weights"]]
            text = json.dumps([normal(layer), shapes, parents, made[2]], sort_keys=True)
            self.digests[key] = hashlib.sha1(text.encode()).hexdigest()
        return self.digests[key]


def layer_differences(found, wanted):
    (class_a, config_a), (class_b, config_b) = normal(found), normal(wanted)
    if class_a != class_b:
        return ["%s is %s, not %s" % (found.get("name", class_a), class_a, class_b)]
    keys = [k for k in sorted({*config_a, *config_b}) if config_a.get(k) != config_b.get(k) and config_b.get(k) != "*"]
    return ["%s (%s): %s is %r, not %r" % (found.get("name"), class_a, k, config_a.get(k), config_b.get(k)) for k in keys]


def take_match(a, b, candidates, wanted):
    """Removes and returns the candidate that is equal to `wanted`, or at least of its class, or the first."""

    def likeness(made):
        return a.digest(made) == b.digest(wanted), a.layers[made[0]]["class_name"] == b.layers[wanted[0]]["class_name"]

    best = max(candidates, key=likeness)
    candidates.remove(best)
    return best


def pairs(a, b, made_a, made_b, seen):
    """Walks both nets from a pair of outputs towards the inputs and yields the pairs of layers met."""
    if (tuple(made_a), tuple(made_b)) in seen:
        return
    seen.add((tuple(made_a), tuple(made_b)))
    layer_a, layer_b = a.layers[made_a[0]], b.layers[made_b[0]]
    yield layer_a, layer_b
    parents_a, parents_b = list(a.parents(made_a)), list(b.parents(made_b))
    if layer_a["class_name"] in COMMUTATIVE and len(parents_a) == len(parents_b):
        parents_a = [take_match(a, b, parents_a, parent) for parent in parents_b]
    for parent_a, parent_b in zip(parents_a, parents_b):
        yield from pairs(a, b, parent_a, parent_b, seen)


def without_dropout(layer, kept):
    """The config of an attention layer as inference shows it."""
    dropped = layer["class_name"].endswith("Attention") and layer["config"].get("dropout") and "Dropout" not in kept
    return dict(layer["config"], dropout=0.0) if dropped else layer["config"]


def number_of_layers(told):
    return sum(1 if layer["weights"] else max(1, len(layer["inputs"])) for layer in told["layers"])


def vanishing(layer):
    """What kind of layer that does nothing at inference; None for others."""
    name = layer["class_name"]
    if name == "Activation" and layer["config"]["activation"] == "linear":
        return "linear"
    return name if name in VANISHING else None


def without_vanishing(told, kept):
    """The model without the layers that do nothing at inference, but for kinds in `kept`."""
    gone = {x["name"]: x for x in told["layers"] if vanishing(x) and vanishing(x) not in kept}

    def source(made):
        while made[0] in gone:
            calls = gone[made[0]]["inputs"]
            made = (calls[made[1]] if made[1] < len(calls) else calls[-1])[0]
        return made

    layers = [
        dict(x, inputs=[[source(made) for made in call] for call in x["inputs"]], config=without_dropout(x, kept))
        for x in told["layers"]
        if x["name"] not in gone
    ]
    return dict(told, layers=layers, outputs=[source(made) for made in told["outputs"]])


def without_statistics(found, wanted):
    """Both models without the statistics of Normalization, where `found` has constants in place of the weights of `wanted`."""

    def adapted(told):
        return [x for x in told["layers"] if x["class_name"] == "Normalization" and x["weights"]]

    if adapted(found):
        return found, wanted
    gone = sum(math.prod(weight["shape"]) for layer in adapted(wanted) for weight in layer["weights"])

    def without(told):
        names = ("mean", "variance") if gone else ()
        bare = {x["name"]: {k: v for k, v in x["config"].items() if k not in names} for x in told["layers"] if x["class_name"] == "Normalization"}
        return [dict(x, weights=[], config=bare[x["name"]]) if x["name"] in bare else x for x in told["layers"]]

    return dict(found, layers=without(found)), dict(wanted, layers=without(wanted), non_trainable=wanted["non_trainable"] - gone)


def parameter_differences(found, wanted):
    kinds = [kind for kind in ("trainable", "non_trainable") if found[kind] != wanted[kind]]
    return ["%s parameters: %d, not %d" % (kind, found[kind], wanted[kind]) for kind in kinds]


def compare(found, wanted):
    """Differences of two described models, as a list of sentences; empty where they are the same."""
    sys.setrecursionlimit(20000)
    dropping = {"Dropout" for layer in found["layers"] if layer["class_name"].endswith("Attention") and layer["config"].get("dropout")}
    wanted = without_vanishing(wanted, {vanishing(layer) for layer in found["layers"]} | dropping)
    found, wanted = without_statistics(found, wanted)
    differences = parameter_differences(found, wanted)
    counts = number_of_layers(found), number_of_layers(wanted)
    if counts[0] != counts[1]:
        differences.append("%d layers, not %d" % counts)
    a, b = Net(found), Net(wanted)
    if [a.digest(made) for made in a.outputs] == [b.digest(made) for made in b.outputs]:
        return differences
    seen = set()
    for made_a, made_b in zip(a.outputs, b.outputs):
        for layer_a, layer_b in pairs(a, b, made_a, made_b, seen):
            more = layer_differences(layer_a, layer_b)
            differences += [line for line in more if line not in differences]
    return differences or ["the layers are connected in another way"]


def compare_stack(found, wanted):
    """Differences of a described model and an expected stack (load_check.full_layers)."""
    differences = [] if found["model"] == "Sequential" else ["the model is %s, not Sequential" % found["model"]]
    classes = [[normal(layer)[0] for layer in model["layers"]] for model in (found, wanted)]
    if classes[0] != classes[1]:
        differences.append("layers: %s, not %s" % tuple(", ".join(names) for names in classes))
    else:
        for pair in zip(found["layers"], wanted["layers"]):
            differences += layer_differences(*pair)
    return differences + parameter_differences(found, wanted)


def compare_counts(found, wanted):
    """Differences in the numbers of layers by class and of parameters; pooling over a whole image goes by either name."""
    merged = {"GlobalAveragePooling2D": "AveragePooling2D"}
    counts = [Counter(), Counter()]
    for layer in found["layers"]:
        counts[0][merged.get(layer["class_name"], layer["class_name"])] += 1
    for name, number in wanted["classes"].items():
        counts[1][merged.get(name, name)] += number
    differences = ["%d %s, not %d" % (counts[0][k], k, n) for k, n in counts[1].items() if counts[0][k] != n]
    return differences + parameter_differences(found, wanted)


if __name__ == "__main__":
    result = compare(*(json.load(open(path)) for path in sys.argv[1:3]))
    print("\n".join(result) or "equal")
    sys.exit(bool(result))
