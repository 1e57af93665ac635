"""Makes tests/data/former: python build.py FOLDER [NAME…], in Python 3.7 with

    keras==1.2.2 tensorflow==1.15.5 Theano==1.0.5 protobuf==3.20.3 numpy==1.18.5 h5py==2.10.0 pyyaml==5.4.1 scipy==1.4.1

and tf_ops in Python 3.8 with

    tensorflow==2.3.4 protobuf==3.20.3 h5py==2.10.0

A folder for each model: model.h5, and io.npz with inputs and outputs of batches of 1 and 3. Models of Theano are made in a process with
KERAS_BACKEND=theano. All weights are random, variances positive.
"""

import os
import subprocess
import sys

import numpy as np

THEANO = ("theano", "theano_steps")
BATCHES = (1, 3)


def layers():
    from keras import layers as L

    return L


def sequential(*all_layers):
    from keras.models import Sequential

    return Sequential(list(all_layers))


def stack():
    L = layers()
    return sequential(
        L.Convolution2D(4, 3, 2, border_mode="same", activation="relu", input_shape=(8, 9, 2)),
        L.BatchNormalization(epsilon=0.002),
        L.MaxPooling2D((2, 3)),
        L.Convolution2D(3, 2, 2, subsample=(2, 1), bias=False, init="uniform"),
        L.Activation("tanh"),
        L.Flatten(),
        L.Dropout(0.3),
        L.Dense(5, activation="softmax"),
    )


def channels_first():
    L = layers()
    th = {"dim_ordering": "th"}
    return sequential(
        L.ZeroPadding2D((1, 2), input_shape=(2, 8, 7), **th),
        L.Convolution2D(4, 3, 2, activation="relu", **th),
        L.BatchNormalization(axis=1),
        L.AtrousConvolution2D(3, 2, 3, atrous_rate=(2, 2), **th),
        L.MaxPooling2D((2, 3), **th),
        L.UpSampling2D((2, 3), **th),
        L.AveragePooling2D((3, 2), strides=(1, 2), border_mode="same", **th),
        L.SpatialDropout2D(0.2, **th),
        L.Flatten(),
        L.Dense(5),
    )


def theano():
    L = layers()
    return sequential(
        L.Convolution2D(4, 3, 2, activation="relu", input_shape=(2, 8, 7), dim_ordering="th"),
        L.MaxPooling2D((2, 2), dim_ordering="th"),
        L.Convolution2D(3, 2, 3, dim_ordering="th"),
        L.Flatten(),
        L.Dense(5),
    )


def theano_steps():
    L = layers()
    return sequential(L.Convolution1D(4, 3, activation="relu", input_shape=(9, 2)), L.Convolution1D(3, 2), L.Flatten(), L.Dense(5))


def steps():
    L = layers()
    return sequential(
        L.ZeroPadding1D(2, input_shape=(11, 3)),
        L.Convolution1D(4, 3, border_mode="same", activation="relu"),
        L.AtrousConvolution1D(5, 2, atrous_rate=2),
        L.MaxPooling1D(2, stride=1),
        L.UpSampling1D(3),
        L.Cropping1D((2, 1)),
        L.Convolution1D(3, 4, subsample_length=2, bias=False),
        L.AveragePooling1D(3, border_mode="same"),
        L.TimeDistributed(L.Dense(6)),
        L.GlobalMaxPooling1D(),
    )


def images():
    L = layers()
    return sequential(
        L.ZeroPadding2D((1, 0, 2, 1), input_shape=(9, 8, 2)),
        L.SeparableConvolution2D(5, 3, 2, depth_multiplier=2, border_mode="same", subsample=(2, 2)),
        L.ZeroPadding2D({"top_pad": 1, "right_pad": 2}),
        L.Cropping2D(((1, 0), (0, 2))),
        L.UpSampling2D((2, 1)),
        L.AtrousConvolution2D(4, 2, 2, atrous_rate=(2, 2), activation="elu"),
        L.PReLU(shared_axes=[1, 2]),
        L.AveragePooling2D((2, 3), strides=(1, 1)),
        L.SpatialDropout2D(0.25),
        L.GlobalAveragePooling2D(),
    )


def volumes():
    L = layers()
    return sequential(
        L.ZeroPadding3D((1, 0, 2), input_shape=(5, 6, 4, 2)),
        L.Convolution3D(3, 2, 3, 2, activation="relu"),
        L.MaxPooling3D((2, 1, 2)),
        L.UpSampling3D((1, 2, 1)),
        L.Cropping3D(((1, 0), (0, 2), (1, 1))),
        L.Convolution3D(4, 1, 2, 1, bias=False),
        L.GlobalAveragePooling3D(),
    )


def functions():
    from keras.constraints import maxnorm, nonneg, unitnorm
    from keras.regularizers import activity_l2, l1, l1l2, l2

    L = layers()
    return sequential(
        L.Dense(
            7, W_regularizer=l2(0.01), b_regularizer=l1(0.02), W_constraint=maxnorm(2), b_constraint=nonneg(), init="normal", input_dim=4
        ),
        L.LeakyReLU(0.15),
        L.Dense(6, activity_regularizer=activity_l2(0.01), W_constraint=unitnorm(), W_regularizer=l1l2(0.01, 0.02), activation="softsign"),
        L.PReLU(),
        L.GaussianNoise(0.1),
        L.RepeatVector(3),
        L.TimeDistributedDense(5, activation="sigmoid"),
        L.Permute((2, 1)),
        L.ELU(0.7),
        L.GaussianDropout(0.2),
        L.Reshape((3, 5)),
        L.SpatialDropout1D(0.1),
        L.ActivityRegularization(l2=0.01),
    )


def keras2():
    L = layers()
    return sequential(L.Dense(6, activation="hard_sigmoid", input_dim=4), L.Dense(5), L.ThresholdedReLU(0.4), L.Dense(3))


def merges():
    from keras.models import Model

    L = layers()
    a, b = L.Input((4, 3), name="a"), L.Input((4, 3), name="b")
    x, y = L.Dense(5, name="x")(a), L.TimeDistributed(L.Dense(5), name="y")(b)
    shared = L.Dense(3, name="shared")
    made = [L.merge([x, y], mode=mode, name=mode) for mode in ("sum", "mul", "ave", "max")]
    made.append(L.merge([x, y], mode="concat", concat_axis=1, name="concat"))
    made.append(L.merge([x, y], mode="dot", dot_axes=(2, 2), name="dot"))
    made += [shared(made[0]), shared(made[3])]
    return Model([a, b], made)


def nested():
    from keras.models import Model

    L = layers()
    inner = sequential(
        L.Convolution2D(3, 2, 2, input_shape=(6, 5, 2), name="c"), L.BatchNormalization(name="n"), L.Convolution2D(2, 3, 1, name="d")
    )
    x = L.Input((6, 5, 2), name="in")
    return Model(x, L.Dense(4, name="out")(L.Flatten(name="f")(inner(x))))


def recurrent():
    L = layers()
    return sequential(
        L.Embedding(11, 4, input_length=7, W_regularizer="l2"),
        L.LSTM(5, return_sequences=True, consume_less="cpu", dropout_W=0.1, dropout_U=0.2),
        L.Bidirectional(L.GRU(3, return_sequences=True), merge_mode="concat"),
        L.LSTM(4, return_sequences=True, consume_less="gpu", forget_bias_init="zero"),
        L.GRU(6, consume_less="gpu", go_backwards=True),
    )


def gates():
    L = layers()
    known = {"inner_activation": "sigmoid"}
    return sequential(
        L.Masking(0.5, input_shape=(6, 3)),
        L.SimpleRNN(4, return_sequences=True, activation="relu"),
        L.LSTM(5, return_sequences=True, **known),
        L.Bidirectional(L.LSTM(3, return_sequences=True, **known), merge_mode="ave"),
        L.GRU(4, return_sequences=True, consume_less="mem", **known),
        L.TimeDistributed(L.Dense(2)),
    )


def conv_lstm():
    L = layers()
    return sequential(
        L.ConvLSTM2D(
            3, 2, 3, border_mode="same", inner_activation="sigmoid", return_sequences=True, input_shape=(4, 6, 5, 2), dim_ordering="tf"
        ),
        L.ConvLSTM2D(2, 3, 3, border_mode="same", inner_activation="sigmoid", dim_ordering="tf"),
    )


def randomised(model):
    """Random values in every weight; variances positive."""
    from keras import backend

    random = np.random.RandomState(5)
    for layer in model.layers:
        for weight in layer.weights:
            shape = backend.get_value(weight).shape
            scale = 1.5 / np.sqrt(max(np.prod(shape[:-1]), 1)) if len(shape) > 1 else 0.5
            value = random.normal(0, scale, shape).astype("float32")
            backend.set_value(weight, np.abs(value) + 0.3 if "running" in weight.name or "gamma" in weight.name else value)


def save(folder, model, inputs, predict):
    model.save(os.path.join(folder, "model.h5"))
    out = {}
    for batch in BATCHES:
        some = inputs(batch)
        made = predict(some if len(some) > 1 else some[0])
        for kind, tensors in (("in", some), ("out", made if isinstance(made, list) else [made])):
            out.update({"b%d/%s%d" % (batch, kind, i): tensor for i, tensor in enumerate(tensors)})
    np.savez(os.path.join(folder, "io.npz"), **out)


def inputs_of(model):
    random = np.random.RandomState(7)
    table = model.layers[0].__class__.__name__ == "Embedding"
    shapes = [[int(size) for size in x.shape[1:]] if hasattr(x.shape, "as_list") else list(x._keras_shape[1:]) for x in model.inputs]

    def make(batch):
        if table:
            return [random.randint(0, 11, [batch] + shapes[0]).astype("float32")]
        return [random.normal(0, 1, [batch] + shape).astype("float32") for shape in shapes]

    return make


def build_cudnn(folder):
    """tf.keras of TensorFlow 1.15: layers that only a graphics card runs, and the same in plain layers for the outputs."""
    import tensorflow
    from tensorflow import keras

    tensorflow.compat.v1.enable_eager_execution()  # else variables come with the whole graph, which no processor runs

    def made(of):
        x = keras.layers.Input((7, 3))
        lstm, gru = (keras.layers.CuDNNLSTM, keras.layers.CuDNNGRU) if of else (plain_lstm, plain_gru)
        y = lstm(5, return_sequences=True, name="lstm")(x)
        y = keras.layers.Bidirectional(gru(4, return_sequences=True), name="both")(y)
        return keras.models.Model(x, gru(6, name="gru")(y))

    def plain_lstm(units, **more):
        return keras.layers.LSTM(units, recurrent_activation="sigmoid", **more)

    def plain_gru(units, **more):
        return keras.layers.GRU(units, recurrent_activation="sigmoid", reset_after=True, **more)

    model = made(True)
    random = np.random.RandomState(5)
    model.set_weights([random.normal(0, 0.4, value.shape).astype("float32") for value in model.get_weights()])
    path = os.path.join(folder, "model.h5")
    model.save(path)
    twin = made(False)
    twin.load_weights(path)
    random = np.random.RandomState(7)
    save(folder, model, lambda batch: [random.normal(0, 1, (batch, 7, 3)).astype("float32")], twin.predict)


def build_tf_ops(folder):
    """tf.keras of TensorFlow 2.3: ops called on Keras tensors, as MobileNetV3 and EfficientNet did then."""
    import tensorflow as tf

    keras = tf.keras
    x = keras.Input((8, 9, 3), name="image")
    a = keras.layers.Conv2D(6, 3, strides=2, padding="same", name="conv")(x)
    a = a * tf.nn.relu6(a + 3.0) / 6.0
    b = tf.nn.bias_add(tf.transpose(a, [0, 2, 1, 3]), np.arange(6, dtype="float32") * 0.1)
    c = 1.5 - tf.reduce_mean(b, axis=[1, 2], keepdims=True)
    d = tf.reshape(tf.concat([b[:, 1:, ::2, :], tf.tile(c, [1, 4, 2, 1])], axis=-1), [-1, 8, 12])
    e = tf.squeeze(tf.expand_dims(tf.math.sigmoid(d), 1), [1])
    f, g = tf.split(e, 2, axis=1)
    y = keras.layers.Dense(5, name="scores")(tf.reduce_max(tf.maximum(f, g) - g * f, axis=1))
    model = keras.Model(x, [y, tf.cast(y > 0.5, tf.float32)])
    random = np.random.RandomState(5)
    model.set_weights([random.normal(0, 0.5, value.shape).astype("float32") for value in model.get_weights()])
    random = np.random.RandomState(7)
    save(folder, model, lambda batch: [random.normal(0, 1, (batch, 8, 9, 3)).astype("float32")], model.predict)


def main(folder, *names):
    makers = {
        f.__name__: f
        for f in (
            stack,
            channels_first,
            theano,
            theano_steps,
            steps,
            images,
            volumes,
            functions,
            keras2,
            merges,
            nested,
            recurrent,
            gates,
            conv_lstm,
        )
    }
    of_tf_keras = {"cudnn": build_cudnn, "tf_ops": build_tf_ops}
    wanted = names or [*makers, "cudnn"]
    for name in wanted:
        place = os.path.join(folder, name)
        os.makedirs(place, exist_ok=True)
        if name in of_tf_keras:
            of_tf_keras[name](place)
        elif (name in THEANO) != (os.environ.get("KERAS_BACKEND") == "theano"):
            subprocess.run([sys.executable, __file__, folder, name], env=dict(os.environ, KERAS_BACKEND="theano"), check=True)
        else:
            model = makers[name]()
            randomised(model)
            if name in ("stack", "functions"):
                model.compile("adam", "mse")
            save(place, model, inputs_of(model), model.predict)
        print(name, os.path.getsize(os.path.join(place, "model.h5")), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
