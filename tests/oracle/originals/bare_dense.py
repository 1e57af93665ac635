"""Two dense layers from bare tf.Variables, matmul and add."""

SHAPES = [(7,)]
EXPECTED = {
    "layers": [
        ("InputLayer", {"shape": [7]}),
        ("Dense", {"units": 13, "activation": "relu"}),
        ("Dense", {"units": 3, "activation": "softmax"}),
    ],
    "trainable": 7 * 13 + 13 + 13 * 3 + 3,
    "non_trainable": 0,
}
GRAPH_KINDS = ["pbtxt"]


def graph(tf):
    x = tf.placeholder(tf.float32, [None, 7], "x")
    w1 = tf.Variable(tf.random_normal([7, 13]))
    b1 = tf.Variable(tf.zeros([13]))
    w2 = tf.Variable(tf.random_normal([13, 3]))
    b2 = tf.Variable(tf.zeros([3]))
    h = tf.nn.relu(tf.matmul(x, w1) + b1)
    y = tf.nn.softmax(tf.add(tf.matmul(h, w2), b2), name="y")
    return {"x": x}, {"y": y}, None


def module(tf, init):
    class Net(tf.Module):
        def __init__(self):
            super().__init__()
            self.w1, self.b1 = tf.Variable(init(0, (7, 13))), tf.Variable(init(1, (13,)))
            self.w2, self.b2 = tf.Variable(init(2, (13, 3))), tf.Variable(init(3, (3,)))

        @tf.function(input_signature=[tf.TensorSpec([None, 7], tf.float32, "x")])
        def __call__(self, x):
            return tf.nn.softmax(tf.nn.relu(x @ self.w1 + self.b1) @ self.w2 + self.b2)

    return Net()
