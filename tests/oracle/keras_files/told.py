"""A model of any Keras as plain data, and its calls."""

import numpy as np

from checkers.describe import flat


def weights_of(layer):
    """Without the tables that Keras 2 counts among them, and without statistics, which may stand in the config as well."""
    if layer.__class__.__name__ == "Normalization":
        return []
    return [weight for weight in layer.weights if getattr(weight.shape, "rank", 0) is not None and None not in tuple(weight.shape)]


def values_of(layer):
    """In the order of files: a layer's own list is ordered otherwise in some versions."""
    weights = [*layer.trainable_weights, *layer.non_trainable_weights]
    return [np.array(weight) for weight in weights if any(weight is one for one in weights_of(layer))]


def is_model(cls):
    return cls in ("Functional", "Sequential", "Model")


def leaves(model):
    """The layers of a model and of the models inside it, which keraft makes layers of the model."""
    for layer in model.layers:
        if is_model(layer.__class__.__name__):
            yield from leaves(layer)
        elif layer.__class__.__name__ != "InputLayer":
            yield layer


def layers_of(model):
    """The layers that hold weights, by name: the order of model.layers is each line's own."""
    return sorted((layer for layer in leaves(model) if weights_of(layer)), key=lambda layer: layer.name)


def configs(model):
    """Of the layers, by name, out of a model's config."""
    for layer in model["layers"]:
        if is_model(layer["class_name"]):
            yield from configs(layer["config"])
        else:
            yield layer["config"].get("name"), layer["config"]


def plain(value):
    """What json writes, with tuples and numbers of NumPy as Keras reads them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def penalty_of(layer):
    """Keras 3.0 keeps what it read of this, and neither tells nor saves it."""
    penalty = getattr(layer, "activity_regularizer", None)
    told_otherwise = layer.__class__.__name__ == "ActivityRegularization"
    return {} if told_otherwise or not penalty else {"activity_regularizer": {"class_name": penalty.__class__.__name__, "config": penalty.get_config()}}


def told(model, loaded=False):
    """Class, config and trainability of each layer by its name, as the model's own config tells it; of a loaded one also what it hides."""
    kept = dict(configs(model.get_config()))
    return {
        layer.name: {
            "class": layer.__class__.__name__,
            "config": plain({**(penalty_of(layer) if loaded else {}), **kept[layer.name]}),
            "trainable": bool(layer.trainable),
            "weights": [[int(n) for n in w.shape] for w in weights_of(layer)],
        }
        for layer in leaves(model)
    }


def calls_with(model, inputs):
    import tensorflow as tf

    tensors = [tf.constant(x) if x.dtype.kind in "US" else tf.convert_to_tensor(x) for x in inputs]
    outputs = model(tensors if len(tensors) > 1 else tensors[0], training=False)
    return [np.asarray(output) for output in flat(outputs)]
