"""Dense and its like."""

from layers import layer, raw


def cases():
    yield layer("Dense/bias", lambda L: L.Dense(5), [(7,)])
    yield layer("Dense/tanh", lambda L: L.Dense(3, activation="tanh", use_bias=False), [(7,)])
    yield raw(
        "Dense/matmul",
        lambda tf, var, x: tf.matmul(x, var("kernel", (7, 5))) + var("bias", (5,)),
        [(7,)],
        expect=[("Dense", {"units": 5, "use_bias": True})],
    )
