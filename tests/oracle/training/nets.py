"""The nets. A function takes tf (tf.compat.v1 of any TensorFlow) and returns (inputs, targets, loss, train_op, feeds).

`feeds` holds what is fed while training beside the data. Data: inputs by shape, targets by kind.
"""


def dense(tf, x, units, name, activation=None, **more):
    return tf.layers.dense(x, units, activation, name=name, **more)


def variable(tf, name, shape):
    return tf.get_variable(name, shape, initializer=tf.random_normal_initializer(stddev=0.4))


def affine(tf, x, units, name):
    with tf.variable_scope(name):
        kernel = variable(tf, "kernel", [int(x.shape[-1]), units])
        bias = variable(tf, "bias", [units])
    return tf.nn.bias_add(tf.matmul(x, kernel), bias)


def one_hot(tf, classes):
    return tf.placeholder(tf.float32, [None, classes], "labels")


def mlp(tf):
    x = tf.placeholder(tf.float32, [None, 6], "x")
    h = tf.nn.relu(affine(tf, x, 9, "hidden"))
    return x, h


def adam(tf):
    x, h = mlp(tf)
    logits = affine(tf, h, 4, "logits")
    tf.nn.softmax(logits, name="probabilities")
    y = one_hot(tf, 4)
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))
    step = tf.train.get_or_create_global_step()
    return [x], y, loss, tf.train.AdamOptimizer(0.02, 0.8, 0.99, 1e-3).minimize(loss, step), {}


def momentum(tf, nesterov=False):
    x = tf.placeholder(tf.float32, [None, 9, 8, 3], "x")
    with tf.variable_scope("conv"):
        kernel, bias = variable(tf, "kernel", [3, 2, 3, 5]), variable(tf, "bias", [5])
    h = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, [1, 2, 2, 1], "SAME"), bias))
    h = tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    logits = affine(tf, tf.reshape(h, [-1, 2 * 2 * 5]), 4, "logits")
    y = tf.placeholder(tf.int64, [None], "labels")
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    optimizer = tf.train.MomentumOptimizer(0.03, 0.9, use_nesterov=nesterov)
    return [x], y, loss, optimizer.minimize(loss), {}


def nesterov(tf):
    return momentum(tf, True)


def regularized(tf):
    x, h = mlp(tf)
    with tf.variable_scope("logits"):
        kernel, bias = variable(tf, "kernel", [9, 4]), variable(tf, "bias", [4])
    logits = tf.nn.bias_add(tf.matmul(h, kernel), bias)
    y = one_hot(tf, 4)
    tf.losses.softmax_cross_entropy(y, logits)
    hidden = [v for v in tf.trainable_variables() if v.op.name == "hidden/kernel"][0]
    penalty = 0.03 * tf.nn.l2_loss(kernel) + 0.01 * tf.reduce_sum(tf.abs(hidden)) + 0.002 * tf.reduce_sum(tf.square(hidden))
    loss = tf.losses.get_total_loss() + penalty
    return [x], y, loss, tf.train.GradientDescentOptimizer(0.1).minimize(loss), {}


def rmsprop(tf, **options):
    x, h = mlp(tf)
    out = affine(tf, h, 3, "out")
    y = tf.placeholder(tf.float32, [None, 3], "targets")
    loss = tf.losses.mean_squared_error(y, out)
    return [x], y, loss, tf.train.RMSPropOptimizer(0.01, **options).minimize(loss), {}


def rmsprop_centered(tf):
    return rmsprop(tf, decay=0.8, momentum=0.7, epsilon=1e-3, centered=True)


def adagrad(tf):
    x, h = mlp(tf)
    out = affine(tf, h, 3, "out")
    y = tf.placeholder(tf.float32, [None, 3], "flags")
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=out))
    return [x], y, loss, tf.train.AdagradOptimizer(0.1).minimize(loss), {}


def absolute(tf):
    x, h = mlp(tf)
    out = affine(tf, h, 1, "out")
    y = tf.placeholder(tf.float32, [None, 1], "targets")
    loss = tf.reduce_mean(tf.abs(y - out))
    return [x], y, loss, tf.train.GradientDescentOptimizer(0.02).minimize(loss), {}


def written_out(tf):
    """Losses as they are written by hand."""
    x, h = mlp(tf)
    probabilities = tf.nn.softmax(affine(tf, h, 4, "logits"))
    y = one_hot(tf, 4)
    loss = tf.reduce_mean(-tf.reduce_sum(y * tf.log(probabilities), axis=1))
    return [x], y, loss, tf.train.AdamOptimizer(0.01).minimize(loss), {}


def batch_norm(tf):
    x = tf.placeholder(tf.float32, [None, 7, 6, 2], "x")
    training = tf.placeholder_with_default(False, [], "is_training")
    h = tf.layers.conv2d(x, 5, 3, use_bias=False, name="conv")
    h = tf.nn.relu(tf.layers.batch_normalization(h, momentum=0.9, epsilon=2e-3, training=training, name="norm"))
    logits = dense(tf, tf.reduce_mean(h, [1, 2]), 4, "logits")
    y = tf.placeholder(tf.int32, [None], "labels")
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = tf.train.AdamOptimizer(0.02).minimize(loss)
    return [x], y, loss, train, {training: True}


def batch_norm_always(tf):
    """Built for training alone: nothing in the graph reads the averages."""
    x = tf.placeholder(tf.float32, [None, 7, 6, 2], "x")
    h = tf.layers.conv2d(x, 5, 3, use_bias=False, name="conv")
    h = tf.nn.relu(tf.layers.batch_normalization(h, momentum=0.8, training=True, name="norm"))
    logits = dense(tf, tf.reduce_mean(h, [1, 2]), 4, "logits")
    y = tf.placeholder(tf.int32, [None], "labels")
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = tf.train.MomentumOptimizer(0.02, 0.9).minimize(loss)
    return [x], y, loss, train, {}


def schedule(tf):
    x, h = mlp(tf)
    out = affine(tf, h, 2, "out")
    y = tf.placeholder(tf.float32, [None, 2], "targets")
    loss = tf.reduce_mean(tf.squared_difference(out, y))
    step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.02, step, 1000, 0.9, staircase=True)
    return [x], y, loss, tf.train.AdamOptimizer(rate).minimize(loss, step), {}


def layers(tf):
    """tf.layers with regularizers."""
    x = tf.placeholder(tf.float32, [None, 6], "x")
    l2 = tf.keras.regularizers.l2(0.02)
    h = dense(tf, x, 9, "hidden", tf.nn.tanh, kernel_regularizer=l2)
    logits = dense(tf, h, 4, "logits", kernel_regularizer=l2, bias_regularizer=l2)
    y = one_hot(tf, 4)
    loss = tf.losses.softmax_cross_entropy(y, logits) + tf.losses.get_regularization_loss()
    return [x], y, loss, tf.train.AdamOptimizer(0.01).minimize(loss), {}


def resource(tf):
    with tf.variable_scope("", use_resource=True):
        return adam(tf)


def resource_momentum(tf):
    with tf.variable_scope("", use_resource=True):
        return momentum(tf, True)


NETS = {
    f.__name__: f
    for f in (
        adam,
        momentum,
        nesterov,
        regularized,
        rmsprop,
        rmsprop_centered,
        adagrad,
        absolute,
        written_out,
        batch_norm,
        batch_norm_always,
        schedule,
        layers,
        resource,
        resource_momentum,
    )
}
