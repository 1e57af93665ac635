"""Text, speech and other signals, without recurrence."""

from nets import keras_net


@keras_net(below=50)
def text_cnn(keras):
    L = keras.layers
    inputs = keras.Input((17,), dtype="int32", name="words")
    x = L.SpatialDropout1D(0.2)(L.Embedding(50, 8)(inputs))
    pooled = [L.GlobalMaxPooling1D()(L.Conv1D(5, width, activation="relu")(x)) for width in (2, 3, 4)]
    x = L.Dropout(0.5)(L.Concatenate()(pooled))
    return keras.Model(inputs, L.Dense(3, activation="softmax")(x))


@keras_net(below=50, sizes={"words": (15,)})
def text_cnn_open(keras):
    """Sentences of any length, two embeddings."""
    L = keras.layers
    inputs = keras.Input((None,), dtype="int64", name="words")
    x = L.Concatenate()([L.Embedding(50, 6)(inputs), L.Embedding(50, 4)(inputs)])
    x = L.MaxPooling1D(2)(L.Conv1D(7, 3, padding="same", activation="relu")(x))
    x = L.GlobalMaxPooling1D()(L.Conv1D(6, 5, padding="same", activation="relu")(x))
    return keras.Model(inputs, L.Dense(1, activation="sigmoid")(L.Dense(5, activation="relu")(x)))


@keras_net(below=40)
def bag_of_words(keras):
    L = keras.layers
    inputs = keras.Input((19,), dtype="int32", name="words")
    x = L.GlobalAveragePooling1D()(L.Embedding(40, 7)(inputs))
    return keras.Model(inputs, L.Dense(4)(L.Dense(9, activation="relu")(x)))


def encoder_block(L, x, heads, width):
    y = L.MultiHeadAttention(num_heads=heads, key_dim=x.shape[-1] // heads)(x, x)
    x = L.LayerNormalization(epsilon=1e-6)(L.Add()([x, L.Dropout(0.1)(y)]))
    y = L.Dense(x.shape[-1])(L.Dense(width, activation="relu")(x))
    return L.LayerNormalization(epsilon=1e-6)(L.Add()([x, L.Dropout(0.1)(y)]))


@keras_net(below={"words": 30, "positions": 12}, opens="3")
def text_transformer(keras):
    """Post-norm encoder; the positions are a second input."""
    L = keras.layers
    words, positions = keras.Input((12,), dtype="int32", name="words"), keras.Input((12,), dtype="int32", name="positions")
    x = L.Add()([L.Embedding(30, 8, name="token")(words), L.Embedding(12, 8, name="position")(positions)])
    x = encoder_block(L, encoder_block(L, x, 2, 14), 4, 11)
    x = L.Dense(9, activation="relu")(L.GlobalAveragePooling1D()(x))
    return keras.Model([positions, words], L.Dense(2, activation="softmax")(x))


@keras_net(opens="3")
def series_transformer(keras):
    """Pre-norm encoder of a series: position-wise convolutions instead of Dense, causal attention in one block."""
    L = keras.layers
    x = inputs = keras.Input((21, 6))
    for causal in (False, True):
        y = L.LayerNormalization(epsilon=1e-6)(x)
        y = L.MultiHeadAttention(key_dim=4, num_heads=3, dropout=0.25)(y, y, use_causal_mask=causal)
        shortcut = L.Add()([L.Dropout(0.25)(y), x])
        y = L.LayerNormalization(epsilon=1e-6)(shortcut)
        y = L.Conv1D(filters=5, kernel_size=1, activation="relu")(y)
        x = L.Add()([L.Conv1D(filters=6, kernel_size=1)(y), shortcut])
    x = L.GlobalAveragePooling1D()(x)
    x = L.Dropout(0.4)(L.Dense(10, activation="relu")(x))
    return keras.Model(inputs, L.Dense(3, activation="softmax")(x))


@keras_net(told="the last sum of the residuals leads nowhere")
def wavenet(keras):
    """Causal dilated gated convolutions, skip sums; two stacks."""
    L = keras.layers
    inputs = keras.Input((40, 3))
    x, skips = L.Conv1D(6, 2, padding="causal")(inputs), []
    for dilation in (1, 2, 4, 1, 2, 4):
        gate = L.Multiply()([
            L.Conv1D(6, 2, padding="causal", dilation_rate=dilation, activation="tanh")(x),
            L.Conv1D(6, 2, padding="causal", dilation_rate=dilation, activation="sigmoid")(x),
        ])  # fmt: skip
        skips.append(L.Conv1D(5, 1)(gate))
        x = L.Add()([x, L.Conv1D(6, 1)(gate)])
    x = L.Activation("relu")(L.Add()(skips))
    x = L.Conv1D(8, 1, activation="relu")(x)
    return keras.Model(inputs, L.Conv1D(9, 1, activation="softmax")(x))


@keras_net(sizes={"series": (27, 4)})
def temporal_conv_net(keras):
    """Open length; the shortcut by a convolution of one."""
    L = keras.layers
    x = inputs = keras.Input((None, 4), name="series")
    for filters, dilation in ((6, 1), (6, 2), (8, 4)):
        y = x
        for _ in range(2):
            y = L.Conv1D(filters, 3, padding="causal", dilation_rate=dilation)(y)
            y = L.SpatialDropout1D(0.1)(L.Activation("relu")(L.LayerNormalization()(y)))
        shortcut = x if x.shape[-1] == filters else L.Conv1D(filters, 1, padding="same")(x)
        x = L.Activation("relu")(L.Add()([shortcut, y]))
    return keras.Model(inputs, L.Dense(2)(x))


@keras_net()
def ecg_resnet(keras):
    """Residual 1D convolutions with pooling in the shortcut."""
    L = keras.layers
    inputs = keras.Input((70, 2))
    x = L.Activation("relu")(L.BatchNormalization()(L.Conv1D(6, 7, padding="same", use_bias=False)(inputs)))
    for filters in (6, 10):
        y = L.Conv1D(filters, 5, strides=2, padding="same")(x)
        y = L.Activation("relu")(L.BatchNormalization()(y))
        y = L.BatchNormalization()(L.Conv1D(filters, 5, padding="same")(L.Dropout(0.2)(y)))
        s = L.Conv1D(filters, 1, use_bias=False)(L.MaxPooling1D(2, padding="same")(x))
        x = L.Activation("relu")(L.Add()([s, y]))
    x = L.AveragePooling1D(3)(x)
    return keras.Model(inputs, L.Dense(5, activation="softmax")(L.Flatten()(x)))


@keras_net()
def keyword_spotting(keras):
    """DS-CNN over a spectrogram: normalised input, a channel added, depthwise separable stack."""
    L = keras.layers
    inputs = keras.Input((49, 10), name="mfcc")
    x = L.Reshape((49, 10, 1))(L.BatchNormalization()(inputs))
    x = L.Conv2D(8, (10, 4), strides=(2, 2), padding="same")(x)
    x = L.Activation("relu")(L.BatchNormalization()(x))
    for _ in range(2):
        x = L.Activation("relu")(L.BatchNormalization()(L.DepthwiseConv2D(3, padding="same")(x)))
        x = L.Activation("relu")(L.BatchNormalization()(L.Conv2D(8, 1, padding="same")(x)))
    x = L.Flatten()(L.AveragePooling2D((25, 5))(L.Dropout(0.4)(x)))
    return keras.Model(inputs, L.Dense(12, activation="softmax")(x))


@keras_net()
def attention_pooling(keras):
    """Weights over the frames from a small net; their mean frame."""
    L = keras.layers
    inputs = keras.Input((14, 5))
    frames = L.Dense(9, activation="tanh")(inputs)
    score = L.Dense(1, use_bias=False)(L.Dense(6, activation="tanh")(frames))
    weights = L.Softmax(axis=1)(score)
    mean = L.Flatten()(L.Dot(axes=1)([weights, frames]))
    return keras.Model(inputs, L.Dense(4, activation="softmax")(mean))


@keras_net()
def highway(keras):
    """The carry gate 1 − T as a Rescaling."""
    L = keras.layers
    inputs = keras.Input((11,))
    x = L.Dense(8)(inputs)
    for _ in range(3):
        gate = L.Dense(8, activation="sigmoid")(x)
        hidden = L.Dense(8, activation="relu")(x)
        carry = L.Rescaling(-1.0, 1.0)(gate)
        x = L.Add()([L.Multiply()([gate, hidden]), L.Multiply()([carry, x])])
    return keras.Model(inputs, L.Dense(3, activation="softmax")(x))


@keras_net(told="TimeDistributed of Keras 2 leaves reshapes that nothing reads")
def frames_apart(keras):
    """The same small net for every frame, by TimeDistributed; then convolutions over time."""
    L = keras.layers
    inputs = keras.Input((6, 12, 10, 2))
    x = L.TimeDistributed(L.Conv2D(4, 3, activation="relu"))(inputs)
    x = L.TimeDistributed(L.MaxPooling2D(2))(x)
    x = L.TimeDistributed(L.Flatten())(x)
    x = L.Conv1D(5, 3, activation="relu")(L.TimeDistributed(L.Dense(7, activation="tanh"))(x))
    return keras.Model(inputs, L.Dense(3)(L.GlobalMaxPooling1D()(x)))
