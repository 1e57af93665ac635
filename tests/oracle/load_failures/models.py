"""The models, for the Keras that is given."""


def image_net(keras):
    L = keras.layers
    return keras.Sequential([
        keras.Input((9, 7, 3)),
        L.Conv2D(5, 3, strides=2, padding="same", activation="relu"),
        L.DepthwiseConv2D(3, depth_multiplier=2),
        L.BatchNormalization(),
        L.GlobalAveragePooling2D(),
        L.Dense(4, activation="softmax"),
    ])  # fmt: skip


def two_inputs(keras):
    L = keras.layers
    a, b = keras.Input((6,), name="a"), keras.Input((5,), name="b")
    joined = L.Concatenate()([L.Dense(4, activation="relu")(a), L.Dense(3)(b)])
    return keras.Model([a, b], L.Dense(2)(L.LayerNormalization()(joined)))


def sequence_net(keras):
    L = keras.layers
    return keras.Sequential([keras.Input((6, 5)), L.LSTM(4, return_sequences=True), L.GRU(3), L.Dense(2)])


def half_precision(keras):
    L = keras.layers
    inputs = keras.Input((6,))
    return keras.Model(inputs, L.Dense(3, dtype="float32")(L.Dense(5, activation="relu", dtype="mixed_float16")(inputs)))


def arithmetic(keras):
    import tensorflow as tf

    L = keras.layers
    inputs = keras.Input((6, 5))
    x = L.Dense(4)(inputs)
    return keras.Model(inputs, L.Dense(3)(tf.nn.relu(x) * 2.0 + tf.reduce_mean(x, axis=1, keepdims=True)))


def sliced(keras):
    L = keras.layers
    inputs = keras.Input((6, 5))
    return keras.Model(inputs, L.Dense(3)(L.Dense(4)(inputs)[:, -1, :]))


def scoped(keras):
    L = keras.layers
    inputs = keras.Input((6,))
    x = L.Dense(5, activation="relu", name="tower/dense_1")(inputs)
    return keras.Model(inputs, L.Dense(3, name="tower/dense_2")(x))


def attention(keras):
    L = keras.layers
    query, value = keras.Input((4, 6)), keras.Input((5, 6))
    return keras.Model([query, value], L.Dense(3)(L.MultiHeadAttention(2, 3)(query, value)))


def tuned(keras):
    """A feature extractor as one layer, a new head on it."""
    L = keras.layers
    inputs = keras.Input((9, 7, 3))
    base = keras.Model(inputs, L.GlobalMaxPooling2D()(L.Conv2D(4, 3, activation="relu")(inputs)), name="base")
    inputs = keras.Input((9, 7, 3))
    return keras.Model(inputs, L.Dense(3)(L.Dropout(0.3)(base(inputs))))


def tuned_stack(keras):
    L = keras.layers
    base = keras.Sequential([keras.Input((9, 7, 3)), L.Conv2D(4, 3), L.BatchNormalization(), L.GlobalMaxPooling2D()], name="base")
    return keras.Sequential([keras.Input((9, 7, 3)), base, L.Dense(3)])


OF_FAILURE = {
    "input_shape": image_net,
    "old_axis": image_net,
    "groups": image_net,
    "time_major": sequence_net,
    "orthogonal": sequence_net,
    "functional_module": two_inputs,
    "old_functional_module": two_inputs,
    "policy": half_precision,
    "op_lambda": arithmetic,
    "slicing": sliced,
    "slashes": scoped,
    "quantization_config": image_net,
    "new_arguments": attention,
    "named_inputs": attention,
    "nested": tuned,
    "nested_axis": tuned_stack,
    "weight_groups": image_net,
    "keras3_sequence": sequence_net,
    "keras3_calls": two_inputs,
}
