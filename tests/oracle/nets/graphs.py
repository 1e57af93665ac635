"""Nets of low-level TensorFlow 1: estimators, tf.layers, slim-like scopes, bare variables, channels first. Each with its training graph."""

from nets import graph_net


def dense_stack(keras, size, units, classes, activation="relu"):
    L = keras.layers
    x = inputs = keras.Input((size,))
    for n in units:
        x = L.Dense(n, activation=activation)(x)
    return inputs, x, L.Dense(classes)(x)


# ---- an estimator's DNN classifier ---------------------------------------------------------------------------------


def dnn_like(keras):
    inputs, _, logits = dense_stack(keras, 9, (12, 7), 4)
    return keras.Model(inputs, [logits, keras.layers.Softmax()(logits)])


@graph_net(like=dnn_like)
def dnn_classifier(tf, training):
    """The graph of DNNClassifier's model function, with its names."""
    x = tf.placeholder(tf.float32, [None, 9], "features")
    with tf.variable_scope("dnn"):
        with tf.variable_scope("input_from_feature_columns"):
            net = tf.identity(x, "input_layer")
        for i, units in enumerate((12, 7)):
            with tf.variable_scope("hiddenlayer_%d" % i):
                w = tf.get_variable("kernel", [net.shape[-1], units])
                b = tf.get_variable("bias", [units], initializer=tf.zeros_initializer())
                net = tf.nn.relu(tf.nn.bias_add(tf.matmul(net, w), b))
            tf.summary.scalar("hiddenlayer_%d/fraction_of_zero_values" % i, tf.nn.zero_fraction(net))
            tf.summary.histogram("hiddenlayer_%d/activation" % i, net)
        with tf.variable_scope("logits"):
            w = tf.get_variable("kernel", [7, 4])
            b = tf.get_variable("bias", [4], initializer=tf.zeros_initializer())
            logits = tf.nn.bias_add(tf.matmul(net, w), b)
    with tf.name_scope("head/predictions"):
        probabilities = tf.nn.softmax(logits, name="probabilities")
        class_ids = tf.expand_dims(tf.argmax(logits, axis=-1), -1, name="class_ids")
        tf.as_string(class_ids, name="str_classes")
    outputs = {"logits": logits, "probabilities": probabilities}
    if not training:
        return {"x": x}, outputs, None
    labels = tf.placeholder(tf.int64, [None], "labels")
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return {"x": x}, outputs, tf.train.AdagradOptimizer(0.05).minimize(loss, tf.train.get_or_create_global_step())


def linear_combined_like(keras):
    L = keras.layers
    deep, wide = keras.Input((8,)), keras.Input((5,))
    x = L.Dense(6, activation="relu")(L.Dense(10, activation="relu")(deep))
    return keras.Model([deep, wide], L.Activation("sigmoid")(L.Add()([L.Dense(1)(x), L.Dense(1)(wide)])))


@graph_net(like=linear_combined_like)
def linear_combined_classifier(tf, training):
    """Wide and deep as an estimator adds their logits; FTRL and Adagrad train a part each."""
    deep, wide = tf.placeholder(tf.float32, [None, 8], "deep"), tf.placeholder(tf.float32, [None, 5], "wide")
    net = deep
    with tf.variable_scope("dnn"):
        for i, units in enumerate((10, 6)):
            net = tf.layers.dense(net, units, activation=tf.nn.relu, name="hiddenlayer_%d" % i)
        dnn_logits = tf.layers.dense(net, 1, name="logits")
    with tf.variable_scope("linear/linear_model"):
        w = tf.get_variable("wide/weights", [5, 1])
        b = tf.get_variable("bias_weights", [1], initializer=tf.zeros_initializer())
        linear_logits = tf.nn.bias_add(tf.matmul(wide, w), b, name="weighted_sum")
    logits = tf.add_n([dnn_logits, linear_logits])
    outputs = {"logistic": tf.sigmoid(logits, name="logistic")}
    if not training:
        return {"deep": deep, "wide": wide}, outputs, None
    labels = tf.placeholder(tf.float32, [None, 1], "labels")
    loss = tf.losses.sigmoid_cross_entropy(labels, logits)
    parts = [v for v in tf.trainable_variables() if v.op.name.startswith("dnn")], [v for v in tf.trainable_variables() if "linear" in v.op.name]
    step = tf.group(tf.train.AdagradOptimizer(0.05).minimize(loss, var_list=parts[0]), tf.train.FtrlOptimizer(0.2).minimize(loss, var_list=parts[1]))
    return {"deep": deep, "wide": wide}, outputs, step


# ---- bare variables ------------------------------------------------------------------------------------------------


def mnist_like(keras):
    L = keras.layers
    x = inputs = keras.Input((140,))
    x = L.Reshape((14, 10, 1))(x)
    for filters in (4, 6):
        x = L.MaxPooling2D(2, padding="same")(L.Conv2D(filters, 5, padding="same", activation="relu")(x))
    x = L.Dropout(0.4)(L.Dense(11, activation="relu")(L.Flatten()(x)))
    return keras.Model(inputs, L.Dense(10)(x))


@graph_net(like=mnist_like)
def mnist_tutorial(tf, training):
    """The old tutorial: variables by hand, keep_prob fed, momentum."""

    def weight(name, shape):
        return tf.Variable(tf.truncated_normal(shape, stddev=0.1), name=name)

    x = tf.placeholder(tf.float32, [None, 140], name="x")
    h = tf.reshape(x, [-1, 14, 10, 1])
    for i, (before, filters) in enumerate(((1, 4), (4, 6))):
        with tf.name_scope("conv%d" % (i + 1)):
            conv = tf.nn.conv2d(h, weight("W", [5, 5, before, filters]), strides=[1, 1, 1, 1], padding="SAME")
            h = tf.nn.relu(conv + tf.Variable(tf.constant(0.1, shape=[filters]), name="b"))
            h = tf.nn.max_pool(h, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")
    with tf.name_scope("fc1"):
        h = tf.reshape(h, [-1, 4 * 3 * 6])
        h = tf.nn.relu(tf.matmul(h, weight("W", [72, 11])) + tf.Variable(tf.constant(0.1, shape=[11]), name="b"))
    if training:
        h = tf.nn.dropout(h, rate=0.4)
    with tf.name_scope("fc2"):
        y = tf.add(tf.matmul(h, weight("W", [11, 10])), tf.Variable(tf.constant(0.1, shape=[10]), name="b"), name="y_conv")
    if not training:
        return {"x": x}, {"y": y}, None
    labels = tf.placeholder(tf.float32, [None, 10], name="y_")
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=y))
    correct = tf.equal(tf.argmax(y, 1), tf.argmax(labels, 1))
    tf.reduce_mean(tf.cast(correct, tf.float32), name="accuracy")
    return {"x": x}, {"y": y}, tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)


def autoencoder_like(keras):
    L = keras.layers
    inputs = keras.Input((20,))
    code = L.Dense(6, activation="sigmoid")(L.Dense(11, activation="sigmoid")(inputs))
    return keras.Model(inputs, [L.Dense(20, activation="sigmoid")(L.Dense(11, activation="sigmoid")(code)), code])


@graph_net(like=autoencoder_like)
def bare_autoencoder(tf, training):
    """Dictionaries of weights, RMSProp, the code as a second output."""
    sizes = {"encoder_h1": (20, 11), "encoder_h2": (11, 6), "decoder_h1": (6, 11), "decoder_h2": (11, 20)}
    weights = {name: tf.Variable(tf.random_normal(list(shape)), name=name) for name, shape in sizes.items()}
    biases = {name: tf.Variable(tf.random_normal([shape[1]]), name=name.replace("h", "b")) for name, shape in sizes.items()}
    x = tf.placeholder(tf.float32, [None, 20], "X")

    def layer(h, name):
        return tf.nn.sigmoid(tf.add(tf.matmul(h, weights[name]), biases[name]))

    code = layer(layer(x, "encoder_h1"), "encoder_h2")
    decoded = layer(layer(code, "decoder_h1"), "decoder_h2")
    outputs = {"decoded": decoded, "code": code}
    if not training:
        return {"x": x}, outputs, None
    loss = tf.reduce_mean(tf.pow(x - decoded, 2))
    return {"x": x}, outputs, tf.train.RMSPropOptimizer(0.01).minimize(loss)


# ---- tf.layers -----------------------------------------------------------------------------------------------------


def layers_cnn_like(keras):
    L = keras.layers
    x = inputs = keras.Input((17, 13, 3))
    for filters, stride in ((5, 1), (7, 2)):
        x = L.Conv2D(filters, 3, stride, padding="same", use_bias=False)(x)
        x = L.Activation("relu")(L.BatchNormalization()(x))
    x = L.AveragePooling2D(3, 2)(x)
    x = L.Dropout(0.3)(L.Dense(8, activation="elu")(L.Flatten()(x)))
    return keras.Model(inputs, L.Dense(3)(x))


@graph_net(like=layers_cnn_like)
def layers_cnn(tf, training):
    """tf.layers with a training flag that is fed in the training graph, L2 terms and decayed Adam."""
    x = tf.placeholder(tf.float32, [None, 17, 13, 3], "images")
    flag = tf.placeholder_with_default(False, [], "is_training") if training else False
    h = x
    for i, (filters, stride) in enumerate(((5, 1), (7, 2))):
        h = tf.layers.conv2d(h, filters, 3, stride, "same", use_bias=False, name="conv%d" % i)
        h = tf.nn.relu(tf.layers.batch_normalization(h, training=flag, name="bn%d" % i))
    h = tf.layers.average_pooling2d(h, 3, 2)
    h = tf.layers.dense(tf.layers.flatten(h), 8, activation=tf.nn.elu, name="fc")
    h = tf.layers.dropout(h, 0.3, training=flag)
    logits = tf.layers.dense(h, 3, name="logits")
    if not training:
        return {"images": x}, {"logits": logits}, None
    labels = tf.placeholder(tf.int32, [None], "labels")
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    loss += 1e-4 * tf.add_n([tf.nn.l2_loss(v) for v in tf.trainable_variables() if "kernel" in v.op.name])
    step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.01, step, 100, 0.9)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        return {"images": x}, {"logits": logits}, tf.train.AdamOptimizer(rate).minimize(loss, step)


def generator_like(keras):
    L = keras.layers
    inputs = keras.Input((7,))
    x = L.BatchNormalization(epsilon=1e-5)(L.Dense(3 * 4 * 6)(inputs))
    x = L.Reshape((3, 4, 6))(L.LeakyReLU(0.2)(x))
    x = L.LeakyReLU(0.2)(L.BatchNormalization(epsilon=1e-5)(L.Conv2DTranspose(5, 5, 2, padding="same")(x)))
    return keras.Model(inputs, L.Conv2DTranspose(2, 4, 2, padding="same", activation="tanh")(x))


@graph_net(like=generator_like)
def layers_generator(tf, training):
    z = tf.placeholder(tf.float32, [None, 7], "z")
    with tf.variable_scope("generator"):
        h = tf.layers.dense(z, 3 * 4 * 6)
        h = tf.nn.leaky_relu(tf.layers.batch_normalization(h, epsilon=1e-5, training=training), 0.2)
        h = tf.reshape(h, [-1, 3, 4, 6])
        h = tf.layers.conv2d_transpose(h, 5, 5, 2, "same")
        h = tf.nn.leaky_relu(tf.layers.batch_normalization(h, epsilon=1e-5, training=training), 0.2)
        image = tf.tanh(tf.layers.conv2d_transpose(h, 2, 4, 2, "same"), name="image")
    if not training:
        return {"z": z}, {"image": image}, None
    with tf.variable_scope("discriminator"):
        d = tf.layers.dense(tf.layers.flatten(image), 1)
    loss = tf.losses.sigmoid_cross_entropy(tf.ones_like(d), d)
    mine = [v for v in tf.trainable_variables() if v.op.name.startswith("generator")]
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        return {"z": z}, {"image": image}, tf.train.AdamOptimizer(2e-4, beta1=0.5).minimize(loss, var_list=mine)


# ---- slim's names --------------------------------------------------------------------------------------------------


def inception_like(keras):
    L = keras.layers

    def conv(x, filters, size, stride=1, padding="same"):
        x = L.Conv2D(filters, size, stride, padding=padding, use_bias=False)(x)
        return L.Activation("relu")(L.BatchNormalization(epsilon=0.001, scale=False)(x))

    inputs = keras.Input((27, 31, 3))
    x = conv(inputs, 5, 3, 2, "valid")
    x = L.MaxPooling2D(3, 2)(x)
    for _ in range(2):
        x = L.Concatenate()([
            conv(x, 3, 1), conv(conv(x, 2, 1), 4, 3), conv(conv(conv(x, 2, 1), 3, (1, 5)), 3, (5, 1)),
            conv(L.AveragePooling2D(3, 1, padding="same")(x), 2, 1),
        ])  # fmt: skip
    x = L.Dropout(0.2)(L.GlobalAveragePooling2D(keepdims=True)(x))
    x = L.Conv2D(6, 1, padding="same")(x)
    return keras.Model(inputs, L.Activation("softmax")(L.Flatten()(x)))


@graph_net(like=inception_like)
def slim_like_inception(tf, training):
    """Inception blocks under slim's scopes: weights, BatchNorm/beta, moving_mean; fused norm without gamma."""

    def conv(x, filters, size, scope, stride=1, padding="SAME"):
        with tf.variable_scope(scope):
            w = tf.get_variable("weights", [*size, x.shape[-1], filters])
            x = tf.nn.conv2d(x, w, [1, stride, stride, 1], padding)
            with tf.variable_scope("BatchNorm"):
                beta = tf.get_variable("beta", [filters], initializer=tf.zeros_initializer())
                mean = tf.get_variable("moving_mean", [filters], initializer=tf.zeros_initializer(), trainable=False)
                variance = tf.get_variable("moving_variance", [filters], initializer=tf.ones_initializer(), trainable=False)
                ones = tf.constant(1.0, shape=[filters])
                if training:
                    x, m, v = tf.nn.fused_batch_norm(x, ones, beta, epsilon=0.001, is_training=True)
                    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign_sub(mean, 0.01 * (mean - m)))
                    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign_sub(variance, 0.01 * (variance - v)))
                else:
                    x, _, _ = tf.nn.fused_batch_norm(x, ones, beta, mean, variance, 0.001, is_training=False)
            return tf.nn.relu(x)

    images = tf.placeholder(tf.float32, [None, 27, 31, 3], "images")
    with tf.variable_scope("Inception"):
        x = conv(images, 5, (3, 3), "Conv2d_1a_3x3", 2, "VALID")
        x = tf.nn.max_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], "VALID", name="MaxPool_2a_3x3")
        for block in ("Mixed_3b", "Mixed_3c"):
            with tf.variable_scope(block):
                with tf.variable_scope("Branch_0"):
                    a = conv(x, 3, (1, 1), "Conv2d_0a_1x1")
                with tf.variable_scope("Branch_1"):
                    b = conv(conv(x, 2, (1, 1), "Conv2d_0a_1x1"), 4, (3, 3), "Conv2d_0b_3x3")
                with tf.variable_scope("Branch_2"):
                    c = conv(conv(conv(x, 2, (1, 1), "Conv2d_0a_1x1"), 3, (1, 5), "Conv2d_0b_1x5"), 3, (5, 1), "Conv2d_0c_5x1")
                with tf.variable_scope("Branch_3"):
                    d = conv(tf.nn.avg_pool(x, [1, 3, 3, 1], [1, 1, 1, 1], "SAME", name="AvgPool_0a_3x3"), 2, (1, 1), "Conv2d_0b_1x1")
                x = tf.concat([a, b, c, d], 3)
        with tf.variable_scope("Logits"):
            x = tf.reduce_mean(x, [1, 2], keepdims=True, name="global_pool")
            x = tf.nn.dropout(x, rate=0.2) if training else x
            with tf.variable_scope("Conv2d_1c_1x1"):
                w = tf.get_variable("weights", [1, 1, x.shape[-1], 6])
                biases = tf.get_variable("biases", [6], initializer=tf.zeros_initializer())
                x = tf.nn.bias_add(tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME"), biases)
            logits = tf.squeeze(x, [1, 2], name="SpatialSqueeze")
        predictions = tf.nn.softmax(logits, name="Predictions")
    if not training:
        return {"images": images}, {"predictions": predictions}, None
    labels = tf.placeholder(tf.float32, [None, 6], "labels")
    loss = tf.losses.softmax_cross_entropy(labels, logits, label_smoothing=0.1)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        return {"images": images}, {"predictions": predictions}, tf.train.RMSPropOptimizer(0.01, 0.9, momentum=0.9, epsilon=1.0).minimize(loss)


# ---- embeddings and interactions -----------------------------------------------------------------------------------


def ranker_like(keras):
    L = keras.layers
    items, dense = keras.Input((5,), dtype="int32"), keras.Input((6,))
    x = L.GlobalAveragePooling1D()(L.Embedding(40, 7)(items))
    x = L.Concatenate()([x, dense])
    return keras.Model([items, dense], L.Dense(1, activation="sigmoid")(L.Dense(9, activation="relu")(x)))


@graph_net(like=ranker_like, below=40)
def embedding_ranker(tf, training):
    """embedding_lookup, reduce_mean over the items, concat, two layers."""
    items, dense = tf.placeholder(tf.int32, [None, 5], "items"), tf.placeholder(tf.float32, [None, 6], "profile")
    table = tf.get_variable("item_embeddings", [40, 7])
    x = tf.reduce_mean(tf.nn.embedding_lookup(table, items), axis=1)
    x = tf.layers.dense(tf.concat([x, dense], axis=1), 9, tf.nn.relu, name="hidden")
    logit = tf.layers.dense(x, 1, name="score")
    outputs = {"score": tf.sigmoid(logit)}
    if not training:
        return {"items": items, "profile": dense}, outputs, None
    clicks = tf.placeholder(tf.float32, [None, 1], "clicks")
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=clicks, logits=logit))
    return {"items": items, "profile": dense}, outputs, tf.train.AdagradOptimizer(0.1).minimize(loss)


# ---- channels first ------------------------------------------------------------------------------------------------


def channels_first_like(keras):
    L = keras.layers
    inputs = keras.Input((3, 24, 20))
    x = L.Permute((2, 3, 1))(inputs)
    x = L.Conv2D(5, 3, 2, padding="same", use_bias=False)(x)
    x = L.Activation("relu")(L.BatchNormalization()(x))
    x = L.MaxPooling2D(2)(x)
    y = L.Conv2D(5, 3, padding="same", activation="relu")(x)
    x = L.Concatenate()([L.Add()([x, y]), L.Conv2D(3, 1, padding="same")(x)])
    return keras.Model(inputs, L.Dense(4)(L.GlobalAveragePooling2D()(x)))


def images_of(tf, x, first):
    return x if first else tf.transpose(x, [0, 2, 3, 1])


@graph_net(like=channels_first_like, channels_first=True)
def channels_first_cnn(tf, training, first=True):
    """NCHW, as trained on a GPU; this machine's kernels compute the same net channels last."""
    form, axis = ("NCHW", 1) if first else ("NHWC", 3)

    def window(h, w):
        return [1, 1, h, w] if first else [1, h, w, 1]

    def conv(x, filters, size, stride, name, bias=True):
        with tf.variable_scope(name):
            w = tf.get_variable("kernel", [size, size, x.shape[axis], filters])
            x = tf.nn.conv2d(x, w, window(stride, stride), "SAME", data_format=form)
            if not bias:
                return x
            return tf.nn.bias_add(x, tf.get_variable("bias", [filters], initializer=tf.zeros_initializer()), data_format=form)

    images = tf.placeholder(tf.float32, [None, 3, 24, 20], "images")
    x = conv(images_of(tf, images, first), 5, 3, 2, "conv1", bias=False)
    with tf.variable_scope("bn1"):
        parts = [tf.get_variable(n, [5], trainable="moving" not in n) for n in ("gamma", "beta", "moving_mean", "moving_variance")]
    x = tf.nn.relu(tf.nn.fused_batch_norm(x, *parts, 0.001, form, is_training=False)[0])
    x = tf.nn.max_pool(x, window(2, 2), window(2, 2), "VALID", data_format=form)
    y = tf.nn.relu(conv(x, 5, 3, 1, "conv2"))
    x = tf.concat([x + y, conv(x, 3, 1, 1, "side")], axis)
    x = tf.reduce_mean(x, [2, 3] if first else [1, 2])
    with tf.variable_scope("logits"):
        w, b = tf.get_variable("kernel", [8, 4]), tf.get_variable("bias", [4], initializer=tf.zeros_initializer())
        logits = tf.nn.bias_add(tf.matmul(x, w), b)
    if not training:
        return {"images": images}, {"logits": logits}, None
    labels = tf.placeholder(tf.float32, [None, 4], "labels")
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits))
    return {"images": images}, {"logits": logits}, tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)


# ---- tutorials and papers ------------------------------------------------------------------------------------------


def sentence_cnn_like(keras):
    L = keras.layers
    inputs = keras.Input((14,), dtype="int32")
    x = L.Reshape((14, 9, 1))(L.Embedding(50, 9)(inputs))
    pooled = [L.MaxPooling2D((14 - n + 1, 1), 1)(L.Conv2D(4, (n, 9), activation="relu")(x)) for n in (2, 3, 5)]
    x = L.Dropout(0.5)(L.Flatten()(L.Concatenate()(pooled)))
    return keras.Model(inputs, L.Dense(3)(x))


@graph_net(like=sentence_cnn_like, below=50)
def sentence_cnn(tf, training):
    """Convolutions over words as images of one channel, each pooled over the whole sentence; L2 terms by hand."""
    words = tf.placeholder(tf.int32, [None, 14], name="input_x")
    with tf.name_scope("embedding"):
        table = tf.Variable(tf.random_uniform([50, 9], -1.0, 1.0), name="W")
        x = tf.expand_dims(tf.nn.embedding_lookup(table, words), -1)
    pooled = []
    for size in (2, 3, 5):
        with tf.name_scope("conv-maxpool-%s" % size):
            w = tf.Variable(tf.truncated_normal([size, 9, 1, 4], stddev=0.1), name="W")
            b = tf.Variable(tf.constant(0.1, shape=[4]), name="b")
            conv = tf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding="VALID", name="conv")
            h = tf.nn.relu(tf.nn.bias_add(conv, b), name="relu")
            pooled.append(tf.nn.max_pool(h, ksize=[1, 14 - size + 1, 1, 1], strides=[1, 1, 1, 1], padding="VALID", name="pool"))
    h = tf.reshape(tf.concat(pooled, 3), [-1, 12])
    if training:
        keep = tf.placeholder_with_default(1.0, [], name="dropout_keep_prob")
        with tf.name_scope("dropout"):
            h = tf.nn.dropout(h, keep_prob=keep)
    with tf.name_scope("output"):
        w = tf.get_variable("W", shape=[12, 3])
        b = tf.Variable(tf.constant(0.1, shape=[3]), name="b")
        scores = tf.nn.xw_plus_b(h, w, b, name="scores")
    if not training:
        return {"words": words}, {"scores": scores}, None
    labels = tf.placeholder(tf.float32, [None, 3], name="input_y")
    losses = tf.nn.softmax_cross_entropy_with_logits_v2(logits=scores, labels=labels)
    loss = tf.reduce_mean(losses) + 0.01 * (tf.nn.l2_loss(w) + tf.nn.l2_loss(b))
    optimizer = tf.train.AdamOptimizer(1e-3)
    step = optimizer.apply_gradients(optimizer.compute_gradients(loss), tf.train.get_or_create_global_step())
    return {"words": words}, {"scores": scores}, step


def mobile_like(keras):
    L = keras.layers
    x = inputs = keras.Input((24, 28, 3))
    x = L.ReLU(6.0)(L.BatchNormalization()(L.Conv2D(6, 3, 2, padding="same", use_bias=False)(x)))
    for filters, stride in ((8, 1), (10, 2)):
        x = L.ReLU(6.0)(L.BatchNormalization()(L.DepthwiseConv2D(3, stride, padding="same", use_bias=False)(x)))
        x = L.ReLU(6.0)(L.BatchNormalization()(L.Conv2D(filters, 1, padding="same", use_bias=False)(x)))
    x = L.Flatten()(L.AveragePooling2D((6, 7), 1)(x))
    return keras.Model(inputs, L.Dense(5, activation="softmax")(x))


@graph_net(like=mobile_like)
def mobile_graph(tf, training):
    """Depthwise separable, with moments and batch_normalization by hand in training."""

    def norm(x, name):
        with tf.variable_scope(name):
            n = x.shape[-1]
            gamma, beta = tf.get_variable("gamma", [n]), tf.get_variable("beta", [n])
            mean, variance = tf.get_variable("moving_mean", [n], trainable=False), tf.get_variable("moving_variance", [n], trainable=False)
            if not training:
                return tf.nn.relu6(tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-3))
            m, v = tf.nn.moments(x, [0, 1, 2])
            updates = [tf.assign(mean, mean * 0.99 + m * 0.01), tf.assign(variance, variance * 0.99 + v * 0.01)]
            with tf.control_dependencies(updates):
                return tf.nn.relu6(tf.nn.batch_normalization(x, tf.identity(m), tf.identity(v), beta, gamma, 1e-3))

    images = tf.placeholder(tf.float32, [None, 24, 28, 3], "images")
    x = norm(tf.nn.conv2d(images, tf.get_variable("conv0/w", [3, 3, 3, 6]), [1, 2, 2, 1], "SAME"), "conv0")
    for i, (filters, stride) in enumerate(((8, 1), (10, 2))):
        with tf.variable_scope("separable%d" % i):
            w = tf.get_variable("depthwise_weights", [3, 3, x.shape[-1], 1])
            x = norm(tf.nn.depthwise_conv2d(x, w, [1, stride, stride, 1], "SAME"), "depthwise_norm")
            x = norm(tf.nn.conv2d(x, tf.get_variable("pointwise", [1, 1, x.shape[-1], filters]), [1, 1, 1, 1], "SAME"), "pointwise_norm")
    x = tf.reshape(tf.nn.avg_pool(x, [1, 6, 7, 1], [1, 1, 1, 1], "VALID"), [-1, 10])
    logits = tf.matmul(x, tf.get_variable("fc/w", [10, 5])) + tf.get_variable("fc/b", [5])
    outputs = {"probabilities": tf.nn.softmax(logits)}
    if not training:
        return {"images": images}, outputs, None
    labels = tf.placeholder(tf.int64, [None], "labels")
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    return {"images": images}, outputs, tf.train.GradientDescentOptimizer(0.1).minimize(loss)


def bert_like(keras):
    L = keras.layers
    inputs = keras.Input((7, 8))
    x = inputs
    for _ in range(2):
        x = L.LayerNormalization(epsilon=1e-12)(L.Add()([L.MultiHeadAttention(2, 4)(x, x), x]))
        y = L.Dense(8)(L.Activation("gelu")(L.Dense(15)(x)))
        x = L.LayerNormalization(epsilon=1e-12)(L.Add()([y, x]))
    return keras.Model(inputs, L.Dense(5, activation="tanh")(L.GlobalAveragePooling1D()(x)))


@graph_net(like=bert_like, opens="3")
def bert_encoder(tf, training):
    """A post-norm encoder as BERT's first code wrote it: matrices, heads by reshape, gelu by erf, norm by moments."""
    import math

    def dense(x, size, name):
        with tf.variable_scope(name):
            w = tf.get_variable("kernel", [x.shape[-1], size])
            return tf.nn.bias_add(tf.matmul(x, w), tf.get_variable("bias", [size]))

    def norm(x, name):
        with tf.variable_scope(name):
            m, v = tf.nn.moments(x, [-1], keepdims=True)
            return tf.nn.batch_normalization(x, m, v, tf.get_variable("beta", [8]), tf.get_variable("gamma", [8]), 1e-12)

    tokens = tf.placeholder(tf.float32, [None, 7, 8], "tokens")
    x = tf.reshape(tokens, [-1, 8])
    for i in range(2):
        with tf.variable_scope("bert/encoder/layer_%d" % i):
            q, k, v = (
                tf.transpose(tf.reshape(dense(x, 8, "attention/self/" + n), [-1, 7, 2, 4]), [0, 2, 1, 3]) for n in ("query", "key", "value")
            )
            scores = tf.multiply(tf.matmul(q, k, transpose_b=True), 1.0 / math.sqrt(4.0))
            context = tf.reshape(tf.transpose(tf.matmul(tf.nn.softmax(scores), v), [0, 2, 1, 3]), [-1, 8])
            x = norm(dense(context, 8, "attention/output/dense") + x, "attention/output/LayerNorm")
            y = dense(x, 15, "intermediate/dense")
            y = y * 0.5 * (1.0 + tf.math.erf(y / math.sqrt(2.0)))
            x = norm(dense(y, 8, "output/dense") + x, "output/LayerNorm")
    sentence = tf.reduce_mean(tf.reshape(x, [-1, 7, 8]), axis=1)
    pooled = tf.tanh(dense(sentence, 5, "bert/pooler/dense"), name="pooled")
    if not training:
        return {"tokens": tokens}, {"pooled": pooled}, None
    targets = tf.placeholder(tf.float32, [None, 5], "targets")
    loss = tf.reduce_mean(tf.square(pooled - targets))
    return {"tokens": tokens}, {"pooled": pooled}, tf.train.AdamOptimizer(1e-3).minimize(loss)


def dueling_like(keras):
    L = keras.layers
    x = inputs = keras.Input((6,))
    x = L.Dense(10, activation="relu")(L.Dense(12, activation="relu")(x))
    value, advantage = L.Dense(1)(x), L.Dense(4)(x)
    mean = keras.ops.mean(advantage, axis=1, keepdims=True)
    return keras.Model(inputs, L.Add()([value, L.Subtract()([advantage, mean])]))


@graph_net(like=dueling_like, operations="the mean over the actions", opens="3")
def dueling_q_net(tf, training):
    """Online and target net with the same variables in two scopes; the target's are copied."""
    state = tf.placeholder(tf.float32, [None, 6], "state")

    def net(x, scope):
        with tf.variable_scope(scope):
            for i, units in enumerate((12, 10)):
                x = tf.layers.dense(x, units, tf.nn.relu, name="fc%d" % i)
            value, advantage = tf.layers.dense(x, 1, name="value"), tf.layers.dense(x, 4, name="advantage")
            return value + (advantage - tf.reduce_mean(advantage, axis=1, keepdims=True))

    q = net(state, "online")
    if not training:
        return {"state": state}, {"q": q}, None
    after = tf.placeholder(tf.float32, [None, 6], "next_state")
    target = net(after, "target")
    action, reward = tf.placeholder(tf.int32, [None], "action"), tf.placeholder(tf.float32, [None], "reward")
    chosen = tf.reduce_sum(q * tf.one_hot(action, 4), axis=1)
    goal = tf.stop_gradient(reward + 0.99 * tf.reduce_max(target, axis=1))
    mine = [v for v in tf.trainable_variables() if v.op.name.startswith("online")]
    theirs = [v for v in tf.trainable_variables() if v.op.name.startswith("target")]
    for a, b in zip(theirs, mine):
        tf.assign(a, b)
    return {"state": state}, {"q": q}, tf.train.AdamOptimizer(1e-3).minimize(tf.reduce_mean(tf.square(goal - chosen)), var_list=mine)


def fcn_like(keras):
    L = keras.layers
    x = inputs = keras.Input((24, 32, 3))
    x = low = L.MaxPooling2D(2, padding="same")(L.Conv2D(5, 3, padding="same", activation="relu")(x))
    x = L.MaxPooling2D(2, padding="same")(L.Conv2D(7, 3, padding="same", activation="relu")(x))
    score = L.Conv2DTranspose(4, 4, 2, padding="same", use_bias=False)(L.Conv2D(4, 1, padding="same")(x))
    score = L.Add()([score, L.Conv2D(4, 1, padding="same")(low)])
    return keras.Model(inputs, L.Conv2DTranspose(4, 4, 2, padding="same", use_bias=False)(score))


@graph_net(like=fcn_like)
def fcn(tf, training):
    """Fully convolutional, with conv2d_transpose to sizes asked of other tensors."""
    images = tf.placeholder(tf.float32, [None, 24, 32, 3], "images")

    def conv(x, size, filters, name, active=True):
        with tf.variable_scope(name):
            x = tf.nn.conv2d(x, tf.get_variable("weights", [size, size, x.shape[-1], filters]), [1, 1, 1, 1], "SAME")
            x = tf.nn.bias_add(x, tf.get_variable("biases", [filters]))
            return tf.nn.relu(x) if active else x

    def up(x, shape, name):
        with tf.variable_scope(name):
            return tf.nn.conv2d_transpose(x, tf.get_variable("up_filter", [4, 4, 4, 4]), shape, [1, 2, 2, 1], "SAME")

    low = tf.nn.max_pool(conv(images, 3, 5, "conv1"), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    x = tf.nn.max_pool(conv(low, 3, 7, "conv2"), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    side = conv(low, 1, 4, "score_pool1", active=False)
    x = up(conv(x, 1, 4, "score_fr", active=False), tf.shape(side), "upscore2") + side
    size = tf.shape(images)
    logits = up(x, tf.stack([size[0], size[1], size[2], 4]), "upscore4")
    if not training:
        return {"images": images}, {"logits": logits}, None
    labels = tf.placeholder(tf.int32, [None, 24, 32], "labels")
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    return {"images": images}, {"logits": logits}, tf.train.AdamOptimizer(1e-4).minimize(loss)


def alexnet_like(keras):
    L = keras.layers
    x = inputs = keras.Input((35, 31, 3))
    x = L.MaxPooling2D(3, 2)(L.Conv2D(6, 5, 2, activation="relu")(x))
    x = L.Conv2D(8, 3, padding="same", groups=2, activation="relu")(x)
    x = L.Dense(9, activation="relu")(L.Flatten()(L.MaxPooling2D(3, 2)(x)))
    return keras.Model(inputs, L.Dense(4)(L.Dropout(0.5)(x)))


@graph_net(like=alexnet_like)
def grouped_alexnet(tf, training):
    """AlexNet's halves: split, two convolutions, concat."""
    images = tf.placeholder(tf.float32, [None, 35, 31, 3], "images")
    with tf.variable_scope("conv1"):
        x = tf.nn.conv2d(images, tf.get_variable("weights", [5, 5, 3, 6]), [1, 2, 2, 1], "VALID")
        x = tf.nn.relu(tf.nn.bias_add(x, tf.get_variable("biases", [6])))
    x = tf.nn.max_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], "VALID")
    with tf.variable_scope("conv2"):
        weights, biases = tf.get_variable("weights", [3, 3, 3, 8]), tf.get_variable("biases", [8])
        halves = zip(tf.split(x, 2, axis=3), tf.split(weights, 2, axis=3))
        x = tf.concat([tf.nn.conv2d(i, k, [1, 1, 1, 1], "SAME") for i, k in halves], axis=3)
        x = tf.nn.relu(tf.reshape(tf.nn.bias_add(x, biases), tf.shape(x)))
    x = tf.nn.max_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], "VALID")
    x = tf.reshape(x, [-1, int(x.shape[1] * x.shape[2] * x.shape[3])])
    with tf.variable_scope("fc6"):
        x = tf.nn.relu(tf.nn.xw_plus_b(x, tf.get_variable("weights", [x.shape[-1], 9]), tf.get_variable("biases", [9])))
    x = tf.nn.dropout(x, rate=0.5) if training else x
    with tf.variable_scope("fc8"):
        logits = tf.nn.xw_plus_b(x, tf.get_variable("weights", [9, 4]), tf.get_variable("biases", [4]))
    if not training:
        return {"images": images}, {"logits": logits}, None
    labels = tf.placeholder(tf.float32, [None, 4], "labels")
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits))
    step = tf.train.MomentumOptimizer(0.01, 0.9, use_nesterov=True).minimize(loss)
    return {"images": images}, {"logits": logits}, step
