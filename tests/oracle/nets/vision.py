"""Classifiers of images, and nets that tell images apart."""

from nets import keras_net


def norm_relu(L, x):
    return L.ReLU()(L.BatchNormalization()(x))


@keras_net()
def se_resnet(keras):
    L = keras.layers

    def block(x, filters, stride):
        y = norm_relu(L, L.Conv2D(filters, 3, stride, padding="same", use_bias=False)(x))
        y = L.BatchNormalization()(L.Conv2D(filters, 3, padding="same", use_bias=False)(y))
        s = L.GlobalAveragePooling2D()(y)
        s = L.Dense(filters // 3, activation="relu")(s)
        s = L.Reshape((1, 1, filters))(L.Dense(filters, activation="sigmoid")(s))
        y = L.Multiply()([y, s])
        if stride != 1 or x.shape[-1] != filters:
            x = L.BatchNormalization()(L.Conv2D(filters, 1, stride, use_bias=False)(x))
        return L.Activation("relu")(L.Add()([x, y]))

    inputs = keras.Input((24, 32, 3))
    x = L.MaxPooling2D(3, 2, padding="same")(norm_relu(L, L.Conv2D(6, 7, 2, padding="same", use_bias=False)(inputs)))
    x = block(block(x, 6, 1), 9, 2)
    x = L.Dropout(0.2)(L.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, L.Dense(7, activation="softmax", name="predictions")(x))


@keras_net()
def dense_block(keras):
    L = keras.layers

    def dense(x):
        y = L.Conv2D(8, 1, use_bias=False)(L.Activation("relu")(L.BatchNormalization(axis=3, epsilon=1.001e-5)(x)))
        y = L.Conv2D(3, 3, padding="same", use_bias=False)(L.Activation("relu")(L.BatchNormalization(axis=3, epsilon=1.001e-5)(y)))
        return L.Concatenate(axis=3)([x, y])

    inputs = keras.Input((20, 28, 3))
    x = L.Conv2D(6, 3, padding="same", use_bias=False)(inputs)
    for i in range(2):
        x = dense(dense(dense(x)))
        if i == 0:
            x = L.Activation("relu")(L.BatchNormalization(axis=3)(x))
            x = L.AveragePooling2D(2, strides=2)(L.Conv2D(7, 1, use_bias=False)(x))
    x = L.GlobalAveragePooling2D()(L.Activation("relu")(L.BatchNormalization()(x)))
    return keras.Model(inputs, L.Dense(5, activation="softmax")(x))


@keras_net()
def squeezenet(keras):
    L = keras.layers

    def fire(x, squeeze, expand):
        x = L.Conv2D(squeeze, 1, activation="relu")(x)
        return L.concatenate([L.Conv2D(expand, 1, activation="relu")(x), L.Conv2D(expand, 3, activation="relu", padding="same")(x)])

    inputs = keras.Input((39, 33, 3))
    x = L.Conv2D(6, 3, strides=2, activation="relu", padding="valid")(L.Rescaling(1.0 / 0.7, offset=-0.1)(inputs))
    x = fire(fire(L.MaxPooling2D(3, 2)(x), 3, 4), 3, 5)
    x = fire(L.MaxPooling2D(3, 2)(x), 4, 6)
    x = L.Conv2D(7, 1, padding="valid", activation="relu")(L.Dropout(0.5)(x))
    return keras.Model(inputs, L.Activation("softmax")(L.GlobalAveragePooling2D()(x)))


@keras_net()
def inverted_residuals(keras):
    """MobileNet-like blocks with swish and grouped convolution."""
    L = keras.layers

    def block(x, expand, filters, stride):
        y = L.Conv2D(expand, 1, padding="same", use_bias=False)(x)
        y = L.Activation("relu6")(L.BatchNormalization(epsilon=1e-3, momentum=0.999)(y))
        y = L.ZeroPadding2D(((0, 1), (0, 1)))(y) if stride == 2 else y
        y = L.DepthwiseConv2D(3, strides=stride, use_bias=False, padding="same" if stride == 1 else "valid")(y)
        y = L.ReLU(6.0)(L.BatchNormalization(epsilon=1e-3, momentum=0.999)(y))
        y = L.BatchNormalization()(L.Conv2D(filters, 1, padding="same", use_bias=False)(y))
        return L.Add()([x, y]) if stride == 1 and x.shape[-1] == filters else y

    inputs = keras.Input((24, 36, 3))
    x = L.Conv2D(8, 3, 2, padding="same", use_bias=False)(inputs)
    x = L.Activation("swish")(L.BatchNormalization()(x))
    x = block(block(x, 12, 8, 1), 12, 10, 2)
    x = L.Conv2D(12, 3, groups=2, padding="same", activation="elu")(x)
    x = L.SeparableConv2D(9, 3, strides=2, padding="same", depth_multiplier=2)(x)
    return keras.Model(inputs, L.Dense(6)(L.GlobalMaxPooling2D()(x)))


@keras_net()
def video3d(keras):
    L = keras.layers
    inputs = keras.Input((9, 16, 12, 2))
    x = L.Conv3D(5, 3, padding="same", activation="relu")(inputs)
    x = L.BatchNormalization()(L.MaxPool3D((1, 2, 2))(x))
    x = L.Conv3D(6, (3, 3, 2), strides=(2, 1, 1), activation="relu")(x)
    x = L.AveragePooling3D(2, padding="same")(x)
    x = L.BatchNormalization()(x)
    x = L.Dense(8, activation="relu")(L.GlobalAveragePooling3D()(x))
    return keras.Model(inputs, L.Dense(4, activation="softmax")(L.Dropout(0.3)(x)))


@keras_net(opens="3")
def vision_transformer(keras):
    """Patches by a strided convolution, pre-norm encoder blocks, average of the tokens."""
    L = keras.layers
    inputs = keras.Input((24, 16, 3))
    x = L.Conv2D(10, 4, strides=4, padding="valid", name="patches")(inputs)
    x = L.Reshape((24, 10))(x)
    for _ in range(2):
        y = L.LayerNormalization(epsilon=1e-6)(x)
        x = L.Add()([L.MultiHeadAttention(num_heads=2, key_dim=5, dropout=0.1)(y, y), x])
        y = L.LayerNormalization(epsilon=1e-6)(x)
        y = L.Dense(20, activation="gelu")(y)
        x = L.Add()([L.Dropout(0.1)(L.Dense(10)(L.Dropout(0.1)(y))), x])
    x = L.GlobalAveragePooling1D()(L.LayerNormalization(epsilon=1e-6)(x))
    return keras.Model(inputs, L.Dense(6, name="head")(x))


@keras_net()
def mlp_mixer(keras):
    L = keras.layers
    inputs = keras.Input((20, 16, 3))
    x = L.Reshape((20, 9))(L.Conv2D(9, 4, strides=4)(inputs))
    for _ in range(2):
        y = L.Permute((2, 1))(L.LayerNormalization()(x))
        y = L.Dense(20)(L.Dense(14, activation="gelu")(y))
        x = L.Add()([x, L.Permute((2, 1))(y)])
        y = L.LayerNormalization()(x)
        x = L.Add()([x, L.Dense(9)(L.Dense(17, activation="gelu")(y))])
    return keras.Model(inputs, L.Dense(4)(L.GlobalAveragePooling1D()(L.LayerNormalization()(x))))


@keras_net()
def conv_mixer(keras):
    L = keras.layers
    inputs = keras.Input((20, 24, 3))
    x = L.BatchNormalization()(L.Conv2D(8, 2, strides=2, activation="gelu")(inputs))
    for _ in range(2):
        y = L.BatchNormalization()(L.Activation("gelu")(L.DepthwiseConv2D(5, padding="same")(x)))
        x = L.Add()([y, x])
        x = L.BatchNormalization()(L.Activation("gelu")(L.Conv2D(8, 1)(x)))
    return keras.Model(inputs, L.Dense(5, activation="softmax")(L.GlobalAvgPool2D()(x)))


@keras_net("k3 tfk", operations="the author takes |a − b| himself", opens="3")
def siamese_l1(keras):
    """Two inputs through the same branch, their L1 distance, the probability that they are the same."""
    L = keras.layers
    branch = [
        L.Conv2D(4, 5, activation="relu", name="conv1"), L.MaxPooling2D(), L.Conv2D(6, 3, activation="relu", name="conv2"), L.MaxPooling2D(),
        L.Flatten(), L.Dense(9, activation="sigmoid", name="embedding"),
    ]  # fmt: skip

    def through(x):
        for layer in branch:
            x = layer(x)
        return x

    left, right = keras.Input((20, 24, 1), name="left"), keras.Input((20, 24, 1), name="right")
    difference = L.Subtract()([through(left), through(right)])
    distance = keras.ops.absolute(difference) if hasattr(keras, "ops") else abs(difference)
    return keras.Model([left, right], L.Dense(1, activation="sigmoid", name="same")(distance))


@keras_net()
def siamese_cosine(keras):
    L = keras.layers
    conv, norm, dense = L.Conv2D(4, 3, strides=2, use_bias=False), L.BatchNormalization(), L.Dense(7)

    def through(x):
        return dense(L.Flatten()(L.Activation("relu")(norm(conv(x)))))

    left, right = keras.Input((12, 9, 2), name="left"), keras.Input((12, 9, 2), name="right")
    return keras.Model([left, right], L.Dot(axes=1, normalize=True)([through(left), through(right)]))


@keras_net()
def multi_task(keras):
    """Face attributes: a shared trunk, then age, gender and identity."""
    L = keras.layers
    x = inputs = keras.Input((32, 28, 3), name="face")
    for filters in (4, 6, 8):
        x = L.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = L.MaxPooling2D()(L.BatchNormalization()(x))
    x = L.Flatten()(x)
    age = L.Dense(1, name="age")(L.Dense(7, activation="relu")(x))
    gender = L.Dense(1, activation="sigmoid", name="gender")(L.Dropout(0.3)(L.Dense(6, activation="relu")(x)))
    identity = L.Dense(11, activation="softmax", name="identity")(L.Dense(9, activation="relu")(x))
    return keras.Model(inputs, [age, gender, identity])


@keras_net(kinds=("saved_model",))
def fine_tuned(keras):
    """A fixed trunk under a new head. A frozen graph does not tell what was trained."""
    L = keras.layers
    inputs = keras.Input((20, 14, 3))
    trunk = [L.Conv2D(5, 3, activation="relu"), L.BatchNormalization(), L.Conv2D(6, 3, 2, use_bias=False), L.BatchNormalization()]
    x = inputs
    for layer in trunk:
        layer.trainable = False
        x = layer(x)
    x = L.GlobalAveragePooling2D()(L.ReLU()(x))
    return keras.Model(inputs, L.Dense(4, activation="softmax")(x))


def patch_transformer(keras, tokens, first=lambda x: x[:, 0]):
    L = keras.layers
    inputs = keras.Input((16, 16, 3))
    x = tokens(L.Reshape((16, 8))(L.Conv2D(8, 4, 4)(inputs)))
    y = L.LayerNormalization()(x)
    x = L.Add()([x, L.MultiHeadAttention(2, 4)(y, y)])
    y = L.Dense(8)(L.Dense(13, activation="gelu")(L.LayerNormalization()(x)))
    x = L.LayerNormalization()(L.Add()([x, y]))
    return keras.Model(inputs, L.Dense(5)(first(x)))


def tokens_apart(keras):
    """The author's layer as what it is made of: a weight over the batch, layers, a weight that is added."""
    ops, L = keras.ops, keras.layers

    class Token(L.Layer):
        def build(self, shape):
            self.token = self.add_weight(name="token", shape=(1, 1, shape[-1]))

        def call(self, x):
            return ops.broadcast_to(self.token, (ops.shape(x)[0], 1, x.shape[-1]))

    class Positions(L.Layer):
        def build(self, shape):
            self.positions = self.add_weight(name="positions", shape=(1, *shape[1:]))

        def call(self, x):
            return x + self.positions

    joined = lambda x: Positions()(L.Concatenate(axis=1)([Token()(x), x]))  # noqa: E731
    return patch_transformer(keras, joined, lambda x: ops.take(x, 0, axis=1))


@keras_net("k3", opens="3", custom="the class token and the positions are weights of the author's own layer", like=tokens_apart)
def class_token_transformer(keras):
    """A vision transformer with a token of its own and learned positions, by a layer of the author's."""
    ops = keras.ops

    class Tokens(keras.layers.Layer):
        def build(self, shape):
            self.token = self.add_weight(name="token", shape=(1, 1, shape[-1]))
            self.positions = self.add_weight(name="positions", shape=(1, shape[1] + 1, shape[-1]))

        def call(self, x):
            token = ops.broadcast_to(self.token, (ops.shape(x)[0], 1, x.shape[-1]))
            return ops.concatenate([token, x], axis=1) + self.positions

    return patch_transformer(keras, Tokens())


@keras_net()
def point_net(keras):
    """Clouds of points, turned by a small net of their own."""
    L = keras.layers

    def conv(x, filters):
        return L.Activation("relu")(L.BatchNormalization(momentum=0.0)(L.Conv1D(filters, 1, padding="valid")(x)))

    def dense(x, filters):
        return L.Activation("relu")(L.BatchNormalization(momentum=0.0)(L.Dense(filters)(x)))

    def turned(x, size):
        y = L.GlobalMaxPooling1D()(conv(conv(x, 6), 9))
        y = L.Dense(size * size, kernel_initializer="zeros")(dense(y, 7))
        return L.Dot(axes=(2, 1))([x, L.Reshape((size, size))(y)])

    inputs = keras.Input((20, 3))
    x = turned(conv(turned(inputs, 3), 5), 5)
    x = L.Dropout(0.3)(dense(L.GlobalMaxPooling1D()(conv(x, 11)), 8))
    return keras.Model(inputs, L.Dense(4, activation="softmax")(x))


@keras_net()
def preprocessed(keras):
    """Layers of preprocessing before a small net; augmentation does nothing at inference."""
    L = keras.layers
    inputs = keras.Input((30, 34, 3))
    x = L.Resizing(22, 20)(L.Cropping2D((2, 3))(inputs))
    x = L.Rescaling(2.0, offset=-0.5)(x)
    x = L.GaussianNoise(0.1)(x)
    x = L.SeparableConv2D(6, 3, activation="relu")(x)
    x = L.AveragePooling2D(2)(L.ZeroPadding2D((1, 2))(x))
    return keras.Model(inputs, L.Dense(3)(L.Flatten()(x)))


def residual_like(keras):
    L = keras.layers
    inputs = keras.Input((18, 14, 3))
    x = L.Activation("relu")(L.BatchNormalization()(L.Conv2D(5, 3, padding="same", use_bias=False)(inputs)))
    for filters, stride in ((5, 1), (7, 2)):
        y = L.Activation("relu")(L.BatchNormalization()(L.Conv2D(filters, 3, stride, padding="same")(x)))
        y = L.BatchNormalization()(L.Conv2D(filters, 3, padding="same")(y))
        x = L.Activation("relu")(L.Add()([y, x if stride == 1 else L.Conv2D(filters, 2, stride, padding="same")(x)]))
    return keras.Model(inputs, L.Dense(4)(L.GlobalAveragePooling2D()(x)))


@keras_net("k3", like=residual_like)
def subclassed_resnet(keras):
    """A subclass of Model, made of subclasses of Layer. (A shortcut of one by one here ends TensorFlow itself, in its gradient.)"""
    L = keras.layers

    class Block(L.Layer):
        def __init__(self, filters, stride):
            super().__init__()
            self.conv1, self.conv2 = L.Conv2D(filters, 3, stride, padding="same"), L.Conv2D(filters, 3, padding="same")
            self.bn1, self.bn2 = L.BatchNormalization(), L.BatchNormalization()
            self.relu, self.add = L.Activation("relu"), L.Add()
            self.shortcut = L.Conv2D(filters, 2, stride, padding="same") if stride > 1 else None

        def call(self, x, training=None):
            y = self.relu(self.bn1(self.conv1(x), training=training))
            y = self.bn2(self.conv2(y), training=training)
            return self.relu(self.add([y, self.shortcut(x) if self.shortcut else x]))

    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.stem, self.norm = L.Conv2D(5, 3, padding="same", use_bias=False), L.BatchNormalization()
            self.relu, self.pool, self.head = L.Activation("relu"), L.GlobalAveragePooling2D(), L.Dense(4)
            self.blocks = [Block(5, 1), Block(7, 2)]

        def call(self, x, training=None):
            x = self.relu(self.norm(self.stem(x), training=training))
            for block in self.blocks:
                x = block(x, training=training)
            return self.head(self.pool(x))

    model = Net()
    model(keras.ops.zeros((1, 18, 14, 3)) if hasattr(keras, "ops") else keras.backend.zeros((1, 18, 14, 3)))
    return model
