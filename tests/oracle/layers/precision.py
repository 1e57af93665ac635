"""Half precision: weights, mixed policies, weights stored as half."""

from layers import layer, raw


def cases():
    # Grappler computes the casts of frozen weights, and the policy with them.
    unfolded = ["keras3", "tf_keras", "tf_keras_meta"]
    for policy, writers in (("float16", None), ("mixed_float16", unfolded), ("float64", None)):
        yield layer("Dense/" + policy, lambda L, p=policy: L.Dense(5, activation="relu", dtype=p), [(7,)], writers=writers)
        yield layer("Conv2D/" + policy, lambda L, p=policy: L.Conv2D(5, 3, strides=2, dtype=p), [(9, 8, 3)], writers=writers)
    yield raw(
        "Dense/stored_as_half",
        lambda tf, var, x: tf.matmul(x, tf.cast(tf.cast(var("kernel", (7, 5)), tf.float16), tf.float32)),
        [(7,)],
        expect=[("Dense", {"units": 5, "use_bias": False})],
        writers=["tf_grappler"],
    )
    yield raw(
        "Dense/computed_kernel",
        lambda tf, var, x: tf.matmul(x, tf.exp(var("kernel", (7, 5))) * 0.25) + var("bias", (5,)),
        [(7,)],
        expect=[("Dense", {"units": 5, "use_bias": True})],
    )
