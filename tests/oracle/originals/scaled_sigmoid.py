"""sigmoid(x · w) with one trainable scalar: no Keras layer does this, a generated one must."""

SHAPES = [(6,)]
EXPECTED = {
    "layers": [("InputLayer", {"shape": [6]}), ("<custom>", {})],
    "trainable": 1,
    "non_trainable": 0,
}
# A frozen scalar is a number like any other: Rescaling says the same.
FROZEN_MAY_BE = {
    "layers": [("InputLayer", {"shape": [6]}), ("Rescaling", {"scale": "*"}), ("Activation", {"activation": "sigmoid"})],
    "trainable": 0,
    "non_trainable": 0,
}
KERAS = "3"


def graph(tf):
    x = tf.placeholder(tf.float32, [None, 6], "x")
    w = tf.Variable(1.0, name="w")
    return {"x": x}, {"y": tf.sigmoid(x * w, name="y")}, None


def module(tf, init):
    class Net(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable(init(0, ()), name="w")

        @tf.function(input_signature=[tf.TensorSpec([None, 6], tf.float32, "x")])
        def __call__(self, x):
            return tf.sigmoid(x * self.w)

    return Net()
