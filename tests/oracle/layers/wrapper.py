"""TimeDistributed. Keras 2 reshapes to one long batch and back, Keras 3 calls the layer on each step."""

from layers import layer, raw

STEPS = "TimeDistributed"


def cases():
    wrapped = {
        "dense": (lambda L: L.Dense(5), (4, 7)),
        "dense_relu": (lambda L: L.Dense(5, activation="relu"), (4, 7)),
        "dense_plain": (lambda L: L.Dense(3, use_bias=False), (4, 7)),
        "conv1d": (lambda L: L.Conv1D(5, 3, padding="same", activation="tanh"), (3, 7, 4)),
        "conv2d": (lambda L: L.Conv2D(4, 3, strides=2, padding="same"), (3, 7, 5, 2)),
        "max_pool": (lambda L: L.MaxPooling2D(2, 1, "same"), (3, 7, 5, 2)),
        "average_pool": (lambda L: L.AveragePooling1D(2), (3, 7, 4)),
        "norm": (lambda L: L.BatchNormalization(), (3, 7, 4)),
        "nested": (lambda L: L.TimeDistributed(L.Conv1D(3, 2)), (3, 2, 7, 4)),
        "nested_dense": (lambda L: L.TimeDistributed(L.Dense(6, activation="relu")), (3, 4, 5)),
    }
    for name, (make, shape) in wrapped.items():
        yield layer("TimeDistributed/" + name, lambda L, m=make: L.TimeDistributed(m(L)), [shape], expect=[(STEPS, {})])

    def chain(L):
        def call(x):
            x = L.TimeDistributed(L.Conv2D(4, 3, activation="relu"))(x)
            x = L.TimeDistributed(L.Flatten())(L.TimeDistributed(L.MaxPooling2D(2))(x))
            return L.TimeDistributed(L.Dense(5))(x)

        return call

    yield layer("TimeDistributed/chain", chain, [(3, 7, 6, 2)], expect=[(STEPS, {})] * 4)

    # Rows that are no steps.
    def regrouped(tf, var, x):
        y = tf.matmul(tf.reshape(x, [-1, 4]), var("kernel", (4, 5)))
        return tf.reshape(y, [-1, 6, 5])

    yield raw("TimeDistributed/regrouped", regrouped, [(3, 8)], expect=[("Dense", {"units": 5})], keras="3", custom=True)
