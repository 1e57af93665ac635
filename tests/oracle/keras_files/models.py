"""The models, for any Keras: each function takes the library and gives a model."""
import numpy as np


def branches(keras, *parts):
    """A model with an input, or several, and an output for each layer."""
    inputs, outputs = [], []
    for number, (shapes, layer) in enumerate(parts):
        shapes = shapes if isinstance(shapes, list) else [shapes]
        mine = [keras.Input(shape, name="x%d_%d" % (number, i)) for i, shape in enumerate(shapes)]
        inputs += mine
        outputs.append(layer(mine if len(mine) > 1 else mine[0]))
    return keras.Model(inputs, outputs)


def recurrent(keras):
    L, l2 = keras.layers, keras.regularizers.L2
    return keras.Sequential([
        keras.Input((7, 5)),
        L.LSTM(4, return_sequences=True, dropout=0.1, recurrent_dropout=0.2, kernel_regularizer=l2(0.01), recurrent_constraint="max_norm"),
        L.LSTM(3, return_sequences=True, use_bias=False, unit_forget_bias=False, activation="relu", recurrent_activation="tanh"),
        L.GRU(6, return_sequences=True, reset_after=False),
        L.GRU(5, return_sequences=True, bias_initializer="ones", activity_regularizer=l2(0.1)),
        L.SimpleRNN(4, return_sequences=True, activation="relu", unroll=True),
        L.SimpleRNN(3, go_backwards=True),
    ])  # fmt: skip


def bidirectional(keras):
    L = keras.layers
    inputs = keras.Input((7, 5))
    x = L.Bidirectional(L.LSTM(3, return_sequences=True, dropout=0.1))(inputs)
    y = L.Bidirectional(L.GRU(4, kernel_initializer="he_normal"), merge_mode="sum", name="sums")(x)
    z = L.Bidirectional(L.RNN(L.GRUCell(3)), merge_mode="ave")(x)
    return keras.Model(inputs, [y, z, L.Bidirectional(L.SimpleRNN(2), merge_mode="mul")(inputs)])


def backward(keras):
    L = keras.layers
    both = L.Bidirectional(L.LSTM(4, name="a"), backward_layer=L.GRU(4, go_backwards=True, name="b"), merge_mode="sum")
    return branches(keras, ((7, 5), both))


def cells(keras):
    L = keras.layers
    return branches(
        keras,
        ((7, 5), L.RNN([L.LSTMCell(4), L.LSTMCell(3), L.GRUCell(2)], return_sequences=True)),
        ((6, 4), L.RNN(L.GRUCell(3, reset_after=False), go_backwards=True)),
        ((6, 3), L.RNN(L.SimpleRNNCell(4, activation="relu", kernel_regularizer="l2"))),
    )


def states(keras):
    """An encoder, and decoders that begin with its states."""
    L = keras.layers
    source, target = keras.Input((7, 5), name="source"), keras.Input((6, 4), name="target")
    _, h, c = L.LSTM(3, return_state=True, name="encoder")(source)
    y = L.LSTM(3, return_sequences=True, name="decoder")(target, initial_state=[h, c])
    z = L.GRU(3, name="gru")(y, initial_state=h)
    w = L.Bidirectional(L.GRU(3), name="both")(y, initial_state=[h, c])
    return keras.Model([source, target], [L.Dense(4)(y), z, w])


def stateful(keras):
    L = keras.layers
    inputs = keras.Input(batch_shape=(3, 7, 5)) if keras.__version__ > "3" else keras.Input(batch_size=3, shape=(7, 5))
    x = L.LSTM(4, stateful=True, return_sequences=True)(inputs)
    return keras.Model(inputs, L.GRU(3, stateful=True)(L.Bidirectional(L.SimpleRNN(2, stateful=True, return_sequences=True))(x)))


def conv_lstm(keras):
    L, known = keras.layers, {"recurrent_activation": "sigmoid"}
    return branches(
        keras,
        ((4, 9, 3), L.ConvLSTM1D(4, 3, strides=2, **known)),
        ((4, 7, 6, 3), L.ConvLSTM2D(2, (3, 2), padding="same", return_sequences=True, **known)),
        ((3, 5, 4, 6, 2), L.ConvLSTM3D(3, 2, use_bias=False, dilation_rate=1, **known)),
    )


def steps(keras):
    L = keras.layers
    return branches(
        keras,
        ((3, 6, 4), L.TimeDistributed(L.LSTM(5))),
        ((3, 6, 4), L.TimeDistributed(L.Bidirectional(L.GRU(2)))),
        ((5, 4), L.TimeDistributed(L.BatchNormalization())),
        ((3, 8, 7, 2), L.TimeDistributed(L.Conv2D(3, 3, activation="relu", kernel_regularizer="l1"))),
    )


def masked(keras):
    L = keras.layers
    words = keras.Input((6,), dtype="int32")
    x = L.LSTM(3, return_sequences=True)(L.Embedding(5, 4, mask_zero=True)(words))
    steps = keras.Input((6, 4))
    y = L.GRU(3)(L.Masking(0.5)(steps))
    return keras.Model([words, steps], [L.Bidirectional(L.GRU(2))(x), y])


def hard(keras):
    """Keras 2 has a hard_sigmoid of its own, and it is the default of ConvLSTM there."""
    L = keras.layers
    return branches(keras, ((4, 7, 6, 3), L.ConvLSTM2D(2, 3)), ((7, 5), L.LSTM(3, recurrent_activation="hard_sigmoid")))


def hard_dense(keras):
    L = keras.layers
    return branches(keras, ((5,), L.Dense(4, activation="hard_sigmoid")), ((5,), L.Activation("hard_sigmoid")))


hard_dense3 = hard_dense


def old(keras):
    L = keras.layers
    return branches(
        keras,
        ((5, 3), L.ThresholdedReLU(0.4)),
        ((9, 3), L.LocallyConnected1D(4, 3, strides=2, activation="tanh")),
        ((7, 6, 2), L.LocallyConnected2D(3, (3, 2), use_bias=False)),
        ((7, 6, 2), L.LocallyConnected2D(3, (3, 2), implementation=2)),
        ((7, 6, 2), L.RandomHeight(0.2)),
        ((7, 6, 2), L.RandomWidth((0.1, 0.2), interpolation="nearest")),
    )


def augmentation(keras):
    L, image = keras.layers, (8, 7, 3)
    return branches(
        keras,
        (image, L.RandomFlip("horizontal", seed=3)),
        (image, L.RandomRotation(0.2, fill_mode="constant", interpolation="nearest")),
        (image, L.RandomTranslation(0.2, (-0.1, 0.1))),
        (image, L.RandomZoom(0.2, 0.1)),
        (image, L.RandomContrast(0.2)),
        (image, L.RandomBrightness(0.2, value_range=(0, 1))),
    )


def augmentation3(keras):
    L, image = keras.layers, (8, 7, 3)
    layers = [
        L.AugMix(num_chains=2), L.CutMix(), L.MixUp(0.3), L.RandAugment(), L.RandomColorDegeneration(0.5), L.RandomColorJitter(hue_factor=0.1),
        L.RandomElasticTransform(), L.RandomErasing(), L.RandomGaussianBlur(), L.RandomGrayscale(), L.RandomHue(0.2), L.RandomInvert(),
        L.RandomPerspective(), L.RandomPosterization(4), L.RandomSaturation(0.2), L.RandomSharpness(0.2), L.RandomShear(0.2), L.Solarization(),
        L.Pipeline([L.RandomFlip(), L.Rescaling(0.5)]),
    ]  # fmt: skip
    return branches(keras, *[(image, layer) for layer in layers])


def images3(keras):
    """What acts at inference too. Keras 3.15 cannot load an Equalization that is called on an input."""
    L, image = keras.layers, (8, 8, 3)
    layers = [L.AutoContrast(), L.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(2, 2)), L.RandomCrop(4, 5)]
    return branches(keras, *[(image, layer) for layer in layers])


def adapted(keras):
    """Statistics that are weights."""
    L = keras.layers
    parts = [((6, 3), L.Normalization()), ((5, 4), L.Normalization(axis=1)), ((7,), L.Normalization(axis=None))]
    for number, (shape, layer) in enumerate(parts):
        layer.adapt(np.random.RandomState(number).uniform(-2, 5, (40, *shape)).astype("float32"))
    return branches(keras, *parts)


def numbers(keras):
    L = keras.layers
    whole = {"shape": (3,), "dtype": "int64"}
    inputs = [keras.Input(**whole), keras.Input(**whole), keras.Input((3,)), keras.Input(shape=(1,), dtype="int64"), keras.Input(**whole)]
    layers = [
        L.IntegerLookup(vocabulary=[3, 1, 2], num_oov_indices=2),
        L.IntegerLookup(vocabulary=[3, 1, 2], mask_token=0, oov_token=-2),
        L.Discretization(bin_boundaries=[-0.5, 0.0, 0.5]),
        L.CategoryEncoding(num_tokens=5),
        L.CategoryEncoding(num_tokens=5, output_mode="count"),
    ]
    return keras.Model(inputs, [layer(x) for layer, x in zip(layers, inputs)])


def texts(keras):
    L = keras.layers
    inputs = [keras.Input(shape=(2,), dtype="string", name="words%d" % i) for i in range(3)]
    text = keras.Input(shape=(1,), dtype="string", name="text")
    layers = [L.StringLookup(vocabulary=["a", "b"]), L.StringLookup(vocabulary=["b", "c"], output_mode="count"), L.Hashing(7)]
    outputs = [layer(x) for layer, x in zip(layers, inputs)]
    outputs.append(L.TextVectorization(vocabulary=["a", "b", "c"], output_sequence_length=4)(text))
    outputs.append(L.TextVectorization(vocabulary=["a", "b"], output_mode="count", ngrams=2, standardize="lower")(text))
    return keras.Model([*inputs, text], outputs)


def sound(keras):
    L = keras.layers
    mel = L.MelSpectrogram(fft_length=16, sequence_stride=8, num_mel_bins=5)
    return branches(keras, ((80,), mel), ((80, 1), L.STFTSpectrogram(frame_length=16)), ((80, 1), L.STFTSpectrogram("real", frame_length=16)))


def pooled(keras):
    L = keras.layers
    parts = []
    for kind in ("Average", "Max"):
        for n, shape in ((1, (9, 3)), (2, (9, 7, 3)), (3, (9, 7, 5, 3))):
            parts.append((shape, getattr(L, "Adaptive%sPooling%dD" % (kind, n))((4, 3, 2)[:n] if n > 1 else 4)))
    return branches(keras, *parts, ((7, 9, 3), L.AdaptiveMaxPooling2D(5)))


def reversible(keras):
    L = keras.layers
    words = keras.Input((6,), dtype="int32")
    tied, free = L.ReversibleEmbedding(9, 4, logit_soft_cap=3.0), L.ReversibleEmbedding(9, 4, tie_weights=False)
    return keras.Model(words, [tied(L.Dense(4)(tied(words)), reverse=True), free(L.Dense(4)(free(words)), reverse=True)])


def spectral(keras):
    L, N = keras.layers, keras.layers.SpectralNormalization
    return branches(keras, ((8, 7, 3), N(L.Conv2D(4, 3, strides=2))), ((5,), N(L.Dense(3, use_bias=False), power_iterations=2)))


def convolutions(keras):
    L = keras.layers
    return branches(
        keras,
        ((9, 4), L.Conv1D(5, 3, strides=2, padding="causal")),
        ((9, 8, 4), L.Conv2D(6, (3, 2), padding="same", groups=2, activation="relu")),
        ((7, 6, 5, 2), L.Conv3D(3, 2, use_bias=False, dilation_rate=2)),
        ((9, 4), L.Conv1DTranspose(5, 3, strides=2)),
        ((7, 6, 4), L.Conv2DTranspose(3, 3, strides=2, padding="same")),
        ((5, 4, 3, 2), L.Conv3DTranspose(3, 2)),
        ((9, 4), L.DepthwiseConv1D(3, depth_multiplier=2)),
        ((9, 8, 4), L.DepthwiseConv2D(3, strides=2, depthwise_regularizer="l2")),
        ((9, 4), L.SeparableConv1D(5, 3, depth_multiplier=2)),
        ((9, 8, 4), L.SeparableConv2D(5, 3, pointwise_initializer="he_uniform")),
        ((6,), L.Dense(4, activation="softmax")),
        ((6, 5), L.EinsumDense("abc,cd->abd", output_shape=(None, 7), bias_axes="d", activation="tanh")),
    )


def shapes(keras):
    L = keras.layers
    return branches(
        keras,
        ((4, 3), L.Flatten()),
        ((4, 3), L.Reshape((2, -1))),
        ((4, 3), L.Permute((2, 1))),
        ((4,), L.RepeatVector(3)),
        ((9, 3), L.Cropping1D((1, 2))),
        ((9, 8, 3), L.Cropping2D(((1, 2), (0, 3)))),
        ((9, 8, 7, 3), L.Cropping3D(1)),
        ((5, 3), L.ZeroPadding1D(2)),
        ((5, 4, 3), L.ZeroPadding2D(((1, 2), (0, 3)))),
        ((5, 4, 3, 2), L.ZeroPadding3D((1, 0, 2))),
        ((5, 3), L.UpSampling1D(2)),
        ((5, 4, 3), L.UpSampling2D((2, 3), interpolation="bilinear")),
        ((3, 4, 3, 2), L.UpSampling3D(2)),
        ((9, 8, 3), L.CenterCrop(4, 5)),
        ((9, 8, 3), L.Resizing(6, 5)),
        ((9, 8, 3), L.Rescaling(0.5, -1.0)),
        ((5, 3), L.Identity() if hasattr(L, "Identity") else L.Activation("linear")),
    )


def pools(keras):
    L = keras.layers
    parts = []
    for n, shape in ((1, (9, 3)), (2, (9, 8, 3)), (3, (7, 6, 8, 3))):
        for name in ("MaxPooling", "AveragePooling"):
            parts.append((shape, getattr(L, "%s%dD" % (name, n))(3, strides=2, padding="same")))
        for name in ("GlobalMaxPooling", "GlobalAveragePooling"):
            parts.append((shape, getattr(L, "%s%dD" % (name, n))(keepdims=n == 2)))
    return branches(keras, *parts)


def norms(keras):
    L = keras.layers
    return branches(
        keras,
        ((9, 3), L.BatchNormalization(scale=False, momentum=0.9)),
        ((9, 8, 3), L.BatchNormalization(axis=1, beta_constraint="non_neg")),
        ((9, 3), L.LayerNormalization(axis=[1, 2], epsilon=0.01)),
        ((9, 6), L.GroupNormalization(3)),
        ((9, 6), L.UnitNormalization()),
        ((4,), L.Normalization(mean=[1.0, 2.0, 3.0, 4.0], variance=[1.0, 4.0, 9.0, 16.0])),
    )


def functions(keras):
    L = keras.layers
    parts = [((5, 3), L.Activation(name)) for name in ("relu", "gelu", "selu", "softplus", "swish", "tanh", "elu")]
    layers = [L.ReLU(6.0, 0.1, 0.2), L.LeakyReLU(0.25), L.PReLU(shared_axes=[1]), L.ELU(0.5), L.Softmax(axis=1)]
    return branches(keras, *parts, *[((5, 3), layer) for layer in layers])


def merges(keras):
    L, pair = keras.layers, [(5, 3), (5, 3)]
    layers = [L.Add(), L.Subtract(), L.Multiply(), L.Average(), L.Maximum(), L.Minimum(), L.Concatenate(axis=1), L.Dot(axes=(2, 2))]
    return branches(keras, *[(pair, layer) for layer in layers])


def noise(keras):
    L = keras.layers
    layers = [
        L.Dropout(0.3, noise_shape=(None, 1, 3), seed=4), L.GaussianNoise(0.1), L.GaussianDropout(0.2), L.AlphaDropout(0.1),
        L.SpatialDropout1D(0.2), L.ActivityRegularization(0.1, 0.2),
    ]  # fmt: skip
    parts = [((5, 3), layer) for layer in layers]
    return branches(keras, *parts, ((6, 5, 3), L.SpatialDropout2D(0.2)), ((6, 5, 4, 3), L.SpatialDropout3D(0.2)))


def attention(keras):
    L = keras.layers
    x, y = keras.Input((5, 8), name="x"), keras.Input((6, 8), name="y")
    heads = L.MultiHeadAttention(2, 3, value_dim=4, dropout=0.1)
    return keras.Model([x, y], [heads(x, y), L.Attention(use_scale=True)([x, y]), L.AdditiveAttention()([x, y])])


def shared(keras):
    """Layers with several calls, several inputs and outputs, an output that is used further."""
    L = keras.layers
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    tower, other = L.Dense(6, activation="relu", name="tower"), L.Dense(6, name="other")
    a, b = other(tower(left)), other(tower(tower(right)))
    difference = L.Subtract(name="difference")([a, b])
    return keras.Model([right, left], [L.Dense(1, name="score")(difference), difference, a])


def nested(keras):
    """A Sequential model with another inside, and a Functional one of several results that is called twice."""
    L = keras.layers
    block = keras.Sequential([L.Dense(6, name="up"), L.BatchNormalization(name="bn")], name="block")
    front = keras.Sequential([keras.Input((5,)), L.Dense(4, activation="relu", name="first"), block], name="front")
    x = keras.Input((6,), name="inner")
    a = L.Dense(6, name="a")(x)
    body = keras.Model(x, [L.Add(name="sum")([a, x]), L.Dense(3, name="b")(a)], name="body")
    cold = keras.Sequential([keras.Input((3,)), L.Dense(4, name="cold"), L.BatchNormalization(name="cold_bn")], name="frozen")
    cold.trainable = False
    source = keras.Input((5,), name="source")
    y, one = body(front(source))
    z, two = body(y)
    return keras.Model(source, [L.Dense(2, name="last")(z), cold(one), two])


def frozen(keras):
    L = keras.layers
    x = keras.Input((7, 5))
    layers = [L.Dense(4, name="cold"), L.BatchNormalization(), L.LSTM(3, return_sequences=True), L.Bidirectional(L.GRU(2)), L.Dense(3, name="warm")]
    y = x
    for layer in layers:
        y = layer(y)
        layer.trainable = layer.name == "warm"
    return keras.Model(x, y)


def options(keras):
    L, init, penalty, bound = keras.layers, keras.initializers, keras.regularizers, keras.constraints
    initializers = [
        init.RandomNormal(0.1, 0.2, seed=3), init.RandomUniform(-0.1, 0.3), init.TruncatedNormal(0.0, 0.5), init.Constant(0.5), "ones", "zeros",
        init.VarianceScaling(2.0, "fan_out", "uniform", seed=5), "glorot_normal", "he_uniform", "lecun_normal", init.Orthogonal(),
    ]  # fmt: skip
    parts = [((6,), L.Dense(4, kernel_initializer=one)) for one in initializers]
    regularizers = [penalty.L1(0.1), penalty.L2(0.2), penalty.L1L2(0.1, 0.2), penalty.OrthogonalRegularizer(0.1)]
    parts += [((6,), L.Dense(4, kernel_regularizer=one, bias_regularizer="l2", activity_regularizer="l1")) for one in regularizers]
    constraints = [bound.MaxNorm(3.0, axis=1), bound.NonNeg(), bound.UnitNorm(axis=0), bound.MinMaxNorm(0.1, 2.0, 0.5)]
    parts += [((6,), L.Dense(4, kernel_constraint=one)) for one in constraints]
    return branches(keras, *parts)


def policies(keras):
    L = keras.layers
    x = keras.Input((6, 5, 4))
    y = L.Conv2D(3, 3, dtype="mixed_float16")(x)
    y = L.BatchNormalization(dtype="mixed_float16")(y)
    z = L.Dense(4, dtype="float64")(L.GlobalAveragePooling2D(dtype="float32")(y))
    return keras.Model(x, [z, L.Flatten(dtype="float32")(y), L.TimeDistributed(L.Dense(2, dtype="mixed_float16"), dtype="mixed_float16")(x)])


def stack(keras):
    L = keras.layers
    layers = [L.Conv2D(4, 3), L.MaxPooling2D(), L.Flatten(), L.Dropout(0.5), L.Dense(3, activation="softmax", name="probabilities")]
    return keras.Sequential([keras.Input((9, 8, 3)), *layers], name="net")
