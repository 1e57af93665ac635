"""A tf.Module with one weight and a matmul."""

SHAPES = [(5,)]
EXPECTED = {
    "layers": [("InputLayer", {"shape": [5]}), ("Dense", {"units": 3, "use_bias": False})],
    "trainable": 15,
    "non_trainable": 0,
}


def module(tf, init):
    class Net(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable(init(0, (5, 3)), name="w")

        @tf.function(input_signature=[tf.TensorSpec([None, 5], tf.float32, "x")])
        def __call__(self, x):
            return tf.matmul(x, self.w)

    return Net()
