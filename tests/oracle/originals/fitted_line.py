"""Linear regression trained by Keras's own `fit`."""

SHAPES = [(3,)]
EXPECTED = {
    "layers": [("InputLayer", {"shape": [3]}), ("Dense", {"units": 1})],
    "trainable": 4,
    "non_trainable": 0,
}
FITTED = True


def model(keras):
    import numpy as np

    net = keras.Sequential([keras.layers.Dense(1, input_shape=(3,))])
    net.compile(optimizer="sgd", loss="mse")
    x = np.random.RandomState(1).normal(size=(64, 3)).astype(np.float32)
    y = x @ np.array([[2.0], [-3.0], [0.7]], np.float32) + 0.5
    net.fit(x, y, epochs=5, verbose=0)
    return net
