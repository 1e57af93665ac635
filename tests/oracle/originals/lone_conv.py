"""A convolution kernel with its bias and nothing else."""

SHAPES = [(8, 13, 3)]
EXPECTED = {
    "layers": [
        ("InputLayer", {"shape": [8, 13, 3]}),
        ("Conv2D", {"filters": 5, "kernel_size": [2, 3], "strides": [1, 2], "padding": "same"}),
    ],
    "trainable": 2 * 3 * 3 * 5 + 5,
    "non_trainable": 0,
}


def graph(tf):
    x = tf.placeholder(tf.float32, [None, 8, 13, 3], "x")
    kernel = tf.get_variable("kernel", [2, 3, 3, 5])
    bias = tf.get_variable("bias", [5])
    h = tf.nn.conv2d(x, kernel, strides=[1, 1, 2, 1], padding="SAME")
    return {"x": x}, {"y": tf.nn.bias_add(h, bias, name="y")}, None


def module(tf, init):
    class Net(tf.Module):
        def __init__(self):
            super().__init__()
            self.kernel, self.bias = tf.Variable(init(0, (2, 3, 3, 5))), tf.Variable(init(1, (5,)))

        @tf.function(input_signature=[tf.TensorSpec([None, 8, 13, 3], tf.float32, "x")])
        def __call__(self, x):
            return tf.nn.conv2d(x, self.kernel, strides=[1, 1, 2, 1], padding="SAME") + self.bias

    return Net()


def model(keras):
    layer = keras.layers.Conv2D(5, (2, 3), strides=(1, 2), padding="same", input_shape=(8, 13, 3))
    return keras.Sequential([layer])
