"""Configs of the same layers in two versions of Keras, key by key.

What counts as equal besides equality: a type as name or policy; functions by name, or as Keras tells those of its own; numbers equal to
seven digits; entries that one version does not have, at the value that they stand for there (ABSENT); names inside of layers; a scalar for
as many equal numbers, as Keras 3 normalises some; an axis counted from either end.
"""

from fnmatch import fnmatch

ABSENT = {
    "time_major": (False,), "zero_output_for_mask": (False,), "data_format": ("channels_last", None), "value_range": ([0, 255],),
    "groups": (1,), "oov_method": ("floormod",), "sparse": (False,), "ragged": (False,), "renorm": (False,), "synchronized": (False,),
    "tie_weights": (True,), "use_gate": (False,), "flash_attention": (None, False), "rms_scaling": (False,), "antialias": (False,),
    "pad_to_aspect_ratio": (False,), "fill_mode": ("constant",), "fill_value": (0.0,), "softmax_robust_masking": (False,),
    "robust_masking": (False,), "crop_to_aspect_ratio": (False,), "dilation_rate": (1, [1, 1], [1, 1, 1]),
}  # fmt: skip
# How a version computes, or what follows from the rest.
ANYTHING = (
    "implementation", "rng_type", "vocabulary_size", "input_length", "build_config", "shared_object_id", "registered_name", "module", "name",
    "trainable", "renorm_*", "fused", "use_cudnn", "batch_input_shape", "query_shape", "key_shape", "value_shape",
)  # fmt: skip
OLD_NAMES = {"negative_slope": "alpha"}  # of LeakyReLU
SAME = {"silu": "swish"}
# Their versions differ in the type of whole numbers.
TABLES = ("IntegerLookup", "StringLookup", "TextVectorization", "Discretization", "Hashing", "HashedCrossing")


def normal(value, key=""):
    if isinstance(value, dict) and isinstance(value.get("config"), dict) and "class_name" in value:
        inner = {k: v for k, v in value["config"].items() if v is not None}
        if key == "dtype":
            return inner.get("name")
        entries = config(value["class_name"], inner)
        entries.pop("dtype", None) if "initializer" in key else None
        return [plain_class(value["class_name"]), entries]
    if isinstance(value, dict) and value.get("class_name") == "function":
        return value["config"].removesuffix("_v2")
    if isinstance(value, str) and ("initializer" in key):
        return [plain_class(value), {}]
    if key.endswith("factor") and isinstance(value, list) and len(value) == 2 and value[0] in (0, -value[1]):
        return normal(value[1])
    if isinstance(value, str) and key.endswith("activation"):
        return SAME.get(value, value)
    if isinstance(value, list):
        items = [normal(item) for item in value]
        return items[0] if len(items) == 1 else items
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
        return float("%.7g" % value)
    return value


def plain_class(name):
    name = name.removesuffix("Initializer").replace("_", "").lower()
    return name.removesuffix("v2")


def config(cls, entries):
    out = {}
    for key, value in entries.items():
        if key == "dtype" and cls in TABLES:
            continue
        if any(fnmatch(key, pattern) for pattern in ANYTHING) or value is None:
            continue
        if cls == "Normalization" and key in ("mean", "variance"):
            continue  # or weights: the outputs tell
        if cls == "LeakyReLU":
            key = OLD_NAMES.get(key, key)
        out[key] = normal(value, key)
    back, forth = out.get("backward_layer"), out.get("layer")
    if cls == "Bidirectional":  # sets it to return_sequences in what it holds
        for held in (back, forth):
            (held or [cls, {}])[1].pop("zero_output_for_mask", None)
    if cls.startswith("Separable"):
        out.pop("kernel_initializer", None)  # of a convolution, whose kernel it has not
    if cls == "Bidirectional" and back and dict(back[1], go_backwards=forth[1]["go_backwards"]) == forth[1]:
        del out["backward_layer"]
    return out


def differences(found, wanted):
    """Sentences about what two models (told.py) say of the layers of one name."""
    out = []
    if sorted(found) != sorted(wanted):
        return ["layers %s, not %s" % (sorted(set(found) - set(wanted)), sorted(set(wanted) - set(found)))]
    for name, b in wanted.items():
        a = found[name]
        if a["class"] != b["class"]:
            out.append("%s is a %s, not %s" % (name, a["class"], b["class"]))
        if a["trainable"] != b["trainable"] and b["weights"]:
            out.append("%s: trainable %s" % (name, a["trainable"]))
        out += ["%s: %s" % (name, one) for one in entries(config(a["class"], a["config"]), config(b["class"], b["config"]))]
    return out


def entries(a, b):
    for key in sorted({*a, *b}):
        if key == "dtype" and (key not in a or key not in b):
            continue
        if key not in a or key not in b:
            value = a.get(key, b.get(key))
            if value not in [normal(one) for one in ABSENT.get(key, ())] and value not in ([], {}):
                yield "%s is %r in one of them" % (key, value)
        elif isinstance(a[key], list) and isinstance(b[key], list) and all(len(x) == 2 and isinstance(x[1], dict) for x in (a[key], b[key])):
            if a[key][0] != b[key][0]:
                yield "%s is %s, not %s" % (key, a[key][0], b[key][0])
            yield from ("%s: %s" % (key, one) for one in entries(a[key][1], b[key][1]))
        elif key == "axis" and all(isinstance(one[key], float) for one in (a, b)) and min(a[key], b[key]) < 0 <= max(a[key], b[key]):
            continue  # counted from the end, or from the start
        elif a[key] != b[key]:
            yield "%s is %r, not %r" % (key, a[key], b[key])
