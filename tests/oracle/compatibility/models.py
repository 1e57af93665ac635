"""Models that keras_files/ has not."""

from keras_files.build import randomise


def quantised(keras):
    L = keras.layers
    model = keras.Sequential([keras.Input((12,)), L.Dense(16, activation="relu"), L.Dense(8), L.Dense(3, activation="softmax")])
    randomise(keras, model, "quantised")
    model.quantize("int8")
    return model


FILLED = ("quantised",)
