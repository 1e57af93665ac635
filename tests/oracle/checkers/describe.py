"""A Keras model told as plain data: the same form for Keras 3, tf_keras and Keras 2."""


def count(weights):
    total = 0
    for weight in weights:
        size = 1
        for n in weight.shape:
            size *= int(n)
        total += size
    return total


def flat(value):
    if isinstance(value, dict):
        value = list(value.values())
    return [x for item in value for x in flat(item)] if isinstance(value, (list, tuple)) else [value]


def history(tensor):
    """[layer that made the tensor, its call, its output]."""
    layer, call, output = tensor._keras_history
    return [layer.name, call, output]


def calls(layer, names):
    """The inputs of each call of a layer that lies inside the model."""
    found = []
    for node in layer._inbound_nodes:
        tensors = flat(node.input_tensors if hasattr(node, "input_tensors") else node.keras_inputs)
        # Keras 2 counts a constant in the first place among them.
        parents = [history(tensor) for tensor in tensors if hasattr(tensor, "_keras_history")]
        if parents and all(parent[0] in names for parent in parents) and parents[0][0] != layer.name:
            found.append(parents)
    return found


def kind(layer):
    """A layer of Keras, an operation that stands among the layers, or a class from elsewhere."""
    if layer.__class__.__module__.split(".")[0] not in ("keras", "tf_keras", "tensorflow"):
        return "custom"
    is_operation = not hasattr(layer, "weights") or layer.__class__.__name__ in ("TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer")
    return "operation" if is_operation else "layer"


def rank(layer):
    node = layer._inbound_nodes[-1]
    return len(flat(node.output_tensors if hasattr(node, "output_tensors") else node.outputs)[0].shape)


def layer_of(layer, inputs):
    weights = [{"shape": [int(n) for n in w.shape], "trainable": bool(w.trainable)} for w in getattr(layer, "weights", [])]
    return {
        "name": layer.name,
        "class_name": layer.__class__.__name__,
        "kind": kind(layer),
        "config": layer.get_config(),
        "weights": weights,
        "rank": rank(layer),
        "inputs": inputs,
    }


def describe(model):
    """{model, layers: [{name, class_name, kind, config, weights, rank, inputs}], inputs, outputs, trainable, non_trainable}.

    `inputs` of a layer holds one list per call, of [layer, call, output]. A Sequential is told as the chain that it is.
    """
    if model.__class__.__name__ == "Sequential":
        shape = [None if n is None else int(n) for n in model.inputs[0].shape]
        dtype = getattr(model.inputs[0].dtype, "name", model.inputs[0].dtype)
        source = {"name": "input", "class_name": "InputLayer", "kind": "layer", "weights": [], "inputs": []}
        layers = [dict(source, rank=len(shape), config={"batch_shape": shape, "dtype": dtype})]
        for layer in model.layers:
            layers.append(layer_of(layer, [[[layers[-1]["name"], 0, 0]]]))
        ends = [["input", 0, 0]], [[layers[-1]["name"], 0, 0]]
    else:
        nodes = getattr(model, "operations", None) or model.layers
        names = {node.name for node in nodes}
        layers = [layer_of(node, calls(node, names)) for node in nodes]
        ends = [history(t) for t in model.inputs], [history(t) for t in model.outputs]
    return {
        "model": model.__class__.__name__,
        "layers": layers,
        "inputs": ends[0],
        "outputs": ends[1],
        "trainable": count(model.trainable_weights),
        "non_trainable": count(model.non_trainable_weights),
    }
