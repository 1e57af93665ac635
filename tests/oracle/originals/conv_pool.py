"""Convolution, max-pooling, flatten, dense."""

SHAPES = [(11, 9, 3)]
EXPECTED = {
    "layers": [
        ("InputLayer", {"shape": [11, 9, 3]}),
        ("Conv2D", {"filters": 7, "kernel_size": [3, 3], "activation": "relu"}),
        ("MaxPooling2D", {"pool_size": [2, 2]}),
        ("Flatten", {}),
        ("Dense", {"units": 5, "activation": "softmax"}),
    ],
    "trainable": (3 * 3 * 3 * 7 + 7) + (4 * 3 * 7 * 5 + 5),
    "non_trainable": 0,
}


def graph(tf):
    x = tf.placeholder(tf.float32, [None, 11, 9, 3], "x")
    kernel = tf.Variable(tf.truncated_normal([3, 3, 3, 7], stddev=0.1), name="conv_w")
    bias = tf.Variable(tf.constant(0.1, shape=[7]), name="conv_b")
    dense = tf.Variable(tf.truncated_normal([4 * 3 * 7, 5], stddev=0.1), name="fc_w")
    dense_bias = tf.Variable(tf.constant(0.1, shape=[5]), name="fc_b")
    h = tf.nn.relu(tf.nn.conv2d(x, kernel, strides=[1, 1, 1, 1], padding="VALID") + bias)
    h = tf.nn.max_pool(h, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="VALID")
    h = tf.reshape(h, [-1, 4 * 3 * 7])
    y = tf.nn.softmax(tf.nn.bias_add(tf.matmul(h, dense), dense_bias), name="y")
    return {"x": x}, {"y": y}, None


def model(keras):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Conv2D(7, 3, activation="relu", input_shape=(11, 9, 3)),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(5, activation="softmax"),
        ]
    )
