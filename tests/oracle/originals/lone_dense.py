"""A dense kernel and nothing else."""

SHAPES = [(9,)]
EXPECTED = {
    "layers": [("InputLayer", {"shape": [9]}), ("Dense", {"units": 4, "use_bias": False})],
    "trainable": 36,
    "non_trainable": 0,
}


def graph(tf):
    x = tf.placeholder(tf.float32, [None, 9], "x")
    kernel = tf.get_variable("kernel", [9, 4])
    return {"x": x}, {"y": tf.matmul(x, kernel, name="y")}, None


def model(keras):
    return keras.Sequential([keras.layers.Dense(4, use_bias=False, input_shape=(9,))])
