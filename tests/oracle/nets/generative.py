"""Generators, autoencoders and nets that paint."""

from nets import graph_net, keras_net


@keras_net()
def dcgan_generator(keras):
    L = keras.layers
    return keras.Sequential([
        keras.Input((13,), name="noise"),
        L.Dense(4 * 3 * 8, use_bias=False),
        L.BatchNormalization(),
        L.LeakyReLU(0.2),
        L.Reshape((4, 3, 8)),
        L.Conv2DTranspose(6, 5, strides=1, padding="same", use_bias=False),
        L.BatchNormalization(),
        L.LeakyReLU(0.2),
        L.Conv2DTranspose(5, 5, strides=2, padding="same", use_bias=False),
        L.BatchNormalization(),
        L.LeakyReLU(0.2),
        L.Conv2DTranspose(3, 5, strides=2, padding="same", use_bias=False, activation="tanh"),
    ])  # fmt: skip


@keras_net()
def dcgan_discriminator(keras):
    L = keras.layers
    return keras.Sequential([
        keras.Input((28, 20, 1)),
        L.Conv2D(4, 5, strides=2, padding="same"),
        L.LeakyReLU(0.2),
        L.Dropout(0.3),
        L.Conv2D(6, 5, strides=2, padding="same"),
        L.LeakyReLU(0.2),
        L.Dropout(0.3),
        L.Flatten(),
        L.Dense(1),
    ])  # fmt: skip


@keras_net()
def autoencoder(keras):
    L = keras.layers
    x = inputs = keras.Input((30,))
    for units in (19, 11, 5):
        x = L.Dense(units, activation="relu")(x)
    for units in (11, 19):
        x = L.Dense(units, activation="relu")(x)
    return keras.Model(inputs, L.Dense(30, activation="sigmoid")(x))


@keras_net()
def conv_autoencoder(keras):
    """With an odd size, cropped at the end."""
    L = keras.layers
    x = inputs = keras.Input((26, 18, 2))
    for filters in (4, 6, 8):
        x = L.Conv2D(filters, 3, strides=2, padding="same", activation="selu")(x)
    for filters in (6, 4):
        x = L.Conv2DTranspose(filters, 3, strides=2, padding="same", activation="selu")(x)
    x = L.Conv2DTranspose(2, 3, strides=2, padding="same")(x)
    x = L.Cropping2D(((2, 4), (3, 3)))(x)
    return keras.Model(inputs, L.Activation("tanh")(x))


@keras_net()
def variational_encoder(keras):
    L = keras.layers
    inputs = keras.Input((20, 16, 1))
    x = L.Conv2D(4, 3, activation="relu", strides=2, padding="same")(inputs)
    x = L.Conv2D(6, 3, activation="relu", strides=2, padding="same")(x)
    x = L.Dense(9, activation="softplus")(L.Flatten()(x))
    return keras.Model(inputs, [L.Dense(3, name="z_mean")(x), L.Dense(3, name="z_log_var")(x)])


@keras_net()
def pixel_shuffle(keras):
    """Super-resolution; the shuffle is spelled as Reshape and Permute."""
    L = keras.layers
    inputs = keras.Input((9, 7, 3))
    x = L.Conv2D(8, 5, padding="same", activation="relu")(inputs)
    x = L.Conv2D(6, 3, padding="same", activation="relu")(x)
    x = L.Conv2D(3 * 4, 3, padding="same")(x)
    x = L.Reshape((9, 7, 2, 2, 3))(x)
    x = L.Permute((1, 3, 2, 4, 5))(x)
    return keras.Model(inputs, L.Reshape((18, 14, 3))(x))


@keras_net("k3", operations="ops.pad reflects", opens="3")
def style_transfer(keras):
    """Instance normalisation, reflected borders, nearest up-sampling."""
    L = keras.layers

    def conv(x, filters, size, stride=1, active=True):
        edge = size // 2
        x = keras.ops.pad(x, ((0, 0), (edge, edge), (edge, edge), (0, 0)), mode="reflect")
        x = L.Conv2D(filters, size, stride)(x)
        x = L.GroupNormalization(groups=-1, epsilon=1e-5)(x)
        return L.Activation("relu")(x) if active else x

    inputs = keras.Input((32, 24, 3))
    x = conv(conv(inputs, 4, 9), 6, 3, 2)
    for _ in range(2):
        x = L.Add()([x, conv(conv(x, 6, 3), 6, 3, active=False)])
    x = conv(L.UpSampling2D(2)(x), 4, 3)
    return keras.Model(inputs, L.Activation("tanh")(conv(x, 3, 9, active=False)))


@keras_net("k3", opens="3")
def pixel_normalised(keras):
    """Group normalisation and SiLU, as diffusion nets stack them, with attention over the pixels."""
    L = keras.layers

    def residual(x, filters):
        shortcut = x if x.shape[-1] == filters else L.Conv2D(filters, 1)(x)
        for _ in range(2):
            x = L.Conv2D(filters, 3, padding="same")(L.Activation("swish")(L.GroupNormalization(3)(x)))
        return L.Add()([shortcut, x])

    inputs = keras.Input((12, 8, 3))
    x = L.Conv2D(6, 3, padding="same")(inputs)
    skip = residual(x, 6)
    x = residual(L.Conv2D(9, 3, 2, padding="same")(skip), 9)
    flat = L.Reshape((6 * 4, 9))(L.GroupNormalization(3)(x))
    x = L.Add()([x, L.Reshape((6, 4, 9))(L.MultiHeadAttention(3, 3)(flat, flat))])
    x = residual(L.Concatenate()([L.UpSampling2D(2)(x), skip]), 6)
    return keras.Model(inputs, L.Conv2D(3, 3, padding="same")(L.Activation("swish")(L.GroupNormalization(2)(x))))


def espcn_like(keras):
    L = keras.layers
    x = inputs = keras.Input((9, 7, 1))
    x = L.Conv2D(8, 5, padding="same", activation="tanh")(x)
    x = L.Conv2D(6, 3, padding="same", activation="tanh")(x)
    x = L.Conv2D(9, 3, padding="same")(x)
    return keras.Model(inputs, L.Reshape((27, 21, 1))(L.Permute((1, 3, 2, 4, 5))(L.Reshape((9, 7, 3, 3, 1))(x))))


@graph_net(like=espcn_like)
def espcn(tf, training):
    """Super-resolution with depth_to_space, of bare variables."""
    image = tf.placeholder(tf.float32, [None, 9, 7, 1], "image")
    x = image
    for i, (size, filters) in enumerate(((5, 8), (3, 6), (3, 9))):
        with tf.variable_scope("conv%d" % (i + 1)):
            w = tf.get_variable("w", [size, size, x.shape[-1], filters])
            b = tf.get_variable("b", [filters], initializer=tf.zeros_initializer())
            x = tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME") + b
            x = tf.tanh(x) if i < 2 else x
    big = tf.depth_to_space(x, 3, name="high_resolution")
    if not training:
        return {"image": image}, {"big": big}, None
    target = tf.placeholder(tf.float32, [None, 27, 21, 1], "target")
    loss = tf.reduce_mean(tf.square(big - target))
    return {"image": image}, {"big": big}, tf.train.AdamOptimizer(1e-3).minimize(loss)
