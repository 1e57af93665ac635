"""A net of tf.layers: convolution, flatten, two dense; Adam's training ops lie in the graph."""

SHAPES = [(9, 7, 2)]
EXPECTED = {
    "layers": [
        ("InputLayer", {"shape": [9, 7, 2]}),
        ("Conv2D", {"filters": 5, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "activation": "relu"}),
        ("Flatten", {}),
        ("Dense", {"units": 11, "activation": "tanh"}),
        ("Dense", {"units": 3}),
    ],
    "trainable": (3 * 2 * 2 * 5 + 5) + (5 * 7 * 5 * 11 + 11) + (11 * 3 + 3),
    "non_trainable": 0,
}
GRAPH_KINDS = ["pbtxt", "meta_sharded", "meta_partitioned"]


def graph(tf):
    x = tf.placeholder(tf.float32, [None] + list(SHAPES[0]), "x")
    labels = tf.placeholder(tf.int32, [None], "labels")
    h = tf.layers.conv2d(x, 5, (3, 2), strides=(2, 1), padding="same", activation=tf.nn.relu)
    h = tf.layers.flatten(h)
    h = tf.layers.dense(h, 11, activation=tf.nn.tanh)
    logits = tf.layers.dense(h, 3, name="logits")
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    return {"x": x, "labels": labels}, {"logits": logits}, tf.train.AdamOptimizer(0.01).minimize(loss)
