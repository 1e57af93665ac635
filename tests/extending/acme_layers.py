"""Acme's Keras layer; import it before a model that uses it is loaded."""

import keras


@keras.saving.register_keras_serializable(package="acme")
class Gate(keras.layers.Layer):
    def __init__(self, sharpness=1.0, **kwargs):
        super().__init__(**kwargs)
        self.sharpness = sharpness

    def build(self, input_shape):
        self.gate = self.add_weight(name="gate", shape=(input_shape[-1],), initializer="ones")
        self.built = True

    def call(self, x):
        return x * keras.activations.sigmoid(self.sharpness * self.gate * x)

    def get_config(self):
        return {**super().get_config(), "sharpness": self.sharpness}
