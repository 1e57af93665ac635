"""Nets that give an image for an image."""

from nets import keras_net


def double_conv(L, x, filters):
    for _ in range(2):
        x = L.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal")(x)
        x = L.BatchNormalization()(x)
        x = L.Activation("relu")(x)
    return x


@keras_net()
def unet(keras):
    L = keras.layers
    x = inputs = keras.Input((32, 24, 3), name="image")
    skips = []
    for filters in (4, 6, 9):
        x = double_conv(L, x, filters)
        skips.append(x)
        x = L.MaxPooling2D(2)(x)
    x = L.Dropout(0.3)(double_conv(L, x, 12))
    for filters in (9, 6, 4):
        x = L.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
        x = L.concatenate([x, skips.pop()])
        x = double_conv(L, x, filters)
    return keras.Model(inputs, L.Conv2D(1, 1, activation="sigmoid", name="mask")(x))


@keras_net()
def unet_upsampling(keras):
    """The other UNet: up-sampling and convolution, ReLU in the convolution, valid padding and cropped skips."""
    L = keras.layers
    inputs = keras.Input((44, 36, 2))
    a = L.Conv2D(4, 3, activation="relu")(inputs)
    b = L.Conv2D(6, 3, activation="relu")(L.MaxPool2D((2, 2))(a))
    up = L.UpSampling2D((2, 2))(b)
    up = L.Conv2D(4, 2, activation="relu", padding="same")(up)
    merged = L.Concatenate(axis=3)([L.Cropping2D(((2, 2), (2, 2)))(a), up])
    return keras.Model(inputs, L.Conv2D(3, 1, activation="softmax")(L.Conv2D(5, 3, activation="elu")(merged)))


@keras_net()
def segnet(keras):
    L = keras.layers
    model = keras.Sequential([keras.Input((24, 32, 3))])
    for filters in (5, 7):
        model.add(L.Conv2D(filters, (3, 3), padding="same"))
        model.add(L.BatchNormalization())
        model.add(L.ReLU())
        model.add(L.MaxPooling2D(pool_size=(2, 2)))
    for filters in (7, 5):
        model.add(L.UpSampling2D(size=(2, 2)))
        model.add(L.Conv2D(filters, (3, 3), padding="same"))
        model.add(L.BatchNormalization())
        model.add(L.ReLU())
    model.add(L.Conv2D(4, (1, 1), padding="valid"))
    model.add(L.Softmax())
    return model


@keras_net()
def deeplab(keras):
    """Atrous spatial pyramid: dilated separable convolutions, image pooling, bilinear up-sampling, a decoder."""
    L = keras.layers

    def block(x, filters, rate, size=3):
        if size == 1:
            x = L.Conv2D(filters, 1, use_bias=False)(x)
        else:
            x = L.DepthwiseConv2D(size, dilation_rate=rate, padding="same", use_bias=False)(x)
            x = L.BatchNormalization(epsilon=1e-5)(x)
            x = L.Conv2D(filters, 1, use_bias=False)(x)
        return L.Activation("relu")(L.BatchNormalization(epsilon=1e-5)(x))

    inputs = keras.Input((32, 48, 3))
    low = L.Conv2D(6, 3, strides=2, padding="same", activation="relu")(inputs)
    x = L.Conv2D(8, 3, strides=2, padding="same", activation="relu")(low)
    pooled = L.AveragePooling2D(pool_size=(8, 12))(x)
    pooled = L.UpSampling2D((8, 12), interpolation="bilinear")(block(pooled, 5, 1, 1))
    x = L.Concatenate()([pooled, block(x, 5, 1, 1), block(x, 5, 2), block(x, 5, 3)])
    x = L.UpSampling2D((2, 2), interpolation="bilinear")(block(x, 7, 1, 1))
    x = L.Concatenate()([x, block(low, 3, 1, 1)])
    x = block(x, 6, 1)
    x = L.Conv2D(4, 1)(x)
    return keras.Model(inputs, L.Resizing(33, 50)(x))


@keras_net()
def pspnet(keras):
    L = keras.layers
    inputs = keras.Input((24, 36, 3))
    x = L.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(inputs)
    x = L.LeakyReLU(0.1)(L.BatchNormalization()(x))
    branches = [x]
    for size in ((12, 18), (6, 9), (4, 6), (2, 3)):
        y = L.AveragePooling2D(size)(x)
        y = L.Conv2D(2, 1, activation="relu")(y)
        branches.append(L.UpSampling2D(size, interpolation="bilinear")(y))
    x = L.Concatenate()(branches)
    x = L.Conv2D(6, 3, padding="same", activation="relu")(x)
    x = L.SpatialDropout2D(0.1)(x)
    x = L.UpSampling2D(2, interpolation="bilinear")(L.Conv2D(5, 1)(x))
    return keras.Model(inputs, L.Softmax(axis=-1)(x))


@keras_net()
def feature_pyramid(keras):
    """Top-down sums and three outputs."""
    L = keras.layers
    x = inputs = keras.Input((32, 48, 3))
    levels = []
    for i, filters in enumerate((4, 6, 8)):
        x = L.Conv2D(filters, 3, 2, "same", activation="relu", name="c%d" % (i + 2))(x)
        levels.append(L.Conv2D(5, 1, name="lateral%d" % (i + 2))(x))
    p4 = levels[2]
    p3 = L.Add(name="merge3")([L.UpSampling2D(2)(p4), levels[1]])
    p2 = L.Add(name="merge2")([L.UpSampling2D(2)(p3), levels[0]])
    outputs = [L.Conv2D(4, 3, padding="same", name=name)(p) for name, p in (("p2", p2), ("p3", p3), ("p4", p4))]
    return keras.Model(inputs, outputs)


@keras_net(sizes={"image": (32, 24, 3)})
def ssd_heads(keras):
    """Images of any size. Boxes and classes of two levels; a hidden stack of darknet blocks."""
    L = keras.layers

    def dark(x, filters, stride=1):
        x = L.Conv2D(filters, 3, stride, "same", use_bias=False)(L.ZeroPadding2D(((1, 0), (1, 0)))(x) if stride == 2 else x)
        return L.LeakyReLU(0.1)(L.BatchNormalization(epsilon=1e-4)(x))

    inputs = keras.Input((None, None, 3), name="image")
    x = dark(inputs, 5)
    x = dark(x, 6, 2)
    first = x = L.Add()([x, dark(dark(x, 3), 6)])
    second = dark(x, 8, 2)
    boxes, classes = [], []
    for level in (first, second):
        boxes.append(L.Reshape((-1, 4))(L.Conv2D(2 * 4, 3, padding="same")(level)))
        classes.append(L.Reshape((-1, 5))(L.Conv2D(2 * 5, 3, padding="same")(level)))
    boxes = L.Concatenate(axis=1, name="boxes")(boxes)
    classes = L.Softmax(name="classes")(L.Concatenate(axis=1)(classes))
    return keras.Model(inputs, [boxes, classes])


@keras_net(sizes={"image": (16, 24, 2)})
def unet_open(keras):
    """Images of any size that is a multiple of four."""
    L = keras.layers
    inputs = keras.Input((None, None, 2), name="image")
    a = double_conv(L, inputs, 4)
    b = double_conv(L, L.MaxPooling2D()(a), 5)
    c = double_conv(L, L.MaxPooling2D()(b), 6)
    x = double_conv(L, L.Concatenate()([L.Conv2DTranspose(5, 3, strides=2, padding="same")(c), b]), 5)
    x = double_conv(L, L.Concatenate()([L.UpSampling2D()(x), a]), 4)
    return keras.Model(inputs, L.Conv2D(3, 1, activation="softmax")(x))
