"""Recommenders and nets for tables."""

from nets import keras_net


@keras_net()
def wide_and_deep(keras):
    L = keras.layers
    wide, deep = keras.Input((5,), name="wide"), keras.Input((9,), name="deep")
    x = L.Dense(12, activation="relu")(L.BatchNormalization()(deep))
    x = L.Dense(7, activation="relu")(x)
    out = L.Dense(1, name="out")(L.concatenate([wide, x]))
    return keras.Model([deep, wide], [out, L.Dense(2, activation="softmax", name="side")(x)])


@keras_net(below={"user": 40, "item": 60, "genre": 7})
def two_tower(keras):
    L = keras.layers
    user = keras.Input((1,), dtype="int32", name="user")
    item, genre = keras.Input((1,), dtype="int32", name="item"), keras.Input((1,), dtype="int32", name="genre")
    u = L.Flatten()(L.Embedding(40, 6, name="user_embedding")(user))
    u = L.Dense(8)(L.Dense(10, activation="relu")(u))
    i = L.Concatenate()([
        L.Flatten()(L.Embedding(60, 5, name="item_embedding")(item)), L.Flatten()(L.Embedding(7, 3, name="genre_embedding")(genre)),
    ])  # fmt: skip
    i = L.Dense(8)(L.Dense(11, activation="relu")(i))
    return keras.Model([genre, item, user], L.Dot(axes=1, normalize=True)([u, i]))


@keras_net(below={"user": 31, "item": 43})
def neural_collaborative_filtering(keras):
    L = keras.layers
    item, user = keras.Input((1,), dtype="int64", name="item"), keras.Input((1,), dtype="int64", name="user")

    def pair(width):
        return [L.Flatten()(L.Embedding(n, width)(x)) for n, x in ((43, item), (31, user))]

    factors = L.Multiply()(pair(6))
    x = L.Concatenate()(pair(4))
    for units in (9, 5):
        x = L.Dropout(0.2)(L.Dense(units, activation="relu")(x))
    return keras.Model([item, user], L.Dense(1, activation="sigmoid", name="rating")(L.Concatenate()([factors, x])))


@keras_net(below={"fields": 70})
def factorization_machine(keras):
    """Linear part by an embedding of one, interactions of all pairs of fields by Dot."""
    L = keras.layers
    fields = keras.Input((4,), dtype="int32", name="fields")
    factors = L.Embedding(70, 6, name="factors")(fields)
    pairs = L.Flatten()(L.Dot(axes=2)([factors, factors]))
    linear = L.Flatten()(L.Embedding(70, 1, name="linear")(fields))
    return keras.Model(fields, L.Dense(1, activation="sigmoid")(L.Concatenate()([linear, pairs])))


@keras_net()
def deep_and_cross(keras):
    L = keras.layers
    x0 = inputs = keras.Input((10,))
    x = x0
    for _ in range(3):
        x = L.Add()([L.Multiply()([x0, L.Dense(10)(x)]), x])
    deep = L.Dense(6, activation="relu")(L.Dense(12, activation="relu")(inputs))
    return keras.Model(inputs, L.Dense(1, activation="sigmoid")(L.Concatenate()([x, deep])))


@keras_net()
def mixture_of_experts(keras):
    """A softmax gate weighs the experts; two tasks share them."""
    L = keras.layers
    inputs = keras.Input((8,))
    experts = L.Concatenate(axis=1)([L.Reshape((1, 5))(L.Dense(5, activation="relu")(inputs)) for _ in range(3)])
    towers = []
    for name in ("click", "like"):
        gate = L.Dense(3, activation="softmax", name=name + "_gate")(inputs)
        mixed = L.Dot(axes=1)([gate, experts])
        towers.append(L.Dense(1, activation="sigmoid", name=name)(L.Dense(4, activation="relu")(mixed)))
    return keras.Model(inputs, towers)


@keras_net()
def self_normalising(keras):
    """SELU, alpha dropout, max-norm; a residual and the average and the maximum of branches."""
    L = keras.layers
    inputs = keras.Input((12,))
    x = L.AlphaDropout(0.1)(L.Dense(9, activation="selu", kernel_initializer="lecun_normal")(inputs))
    branches = [L.Dense(7, activation=name)(x) for name in ("softsign", "elu", "exponential")]
    x = L.Average()(branches)
    y = L.Maximum()([x, L.Dense(7)(inputs), branches[0]])
    z = L.Minimum()([y, L.PReLU()(L.Dense(7)(x))])
    return keras.Model(inputs, L.Dense(2)(L.UnitNormalization()(L.Subtract()([y, z]))))
