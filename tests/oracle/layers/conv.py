"""Convolutions over one, two and three axes, their transposes, depthwise and separable ones."""

from layers import layer, raw

FIRST = "channels_first"


def plain(name, shape):
    """The arguments that every convolution has, one at a time, in sizes that are all different."""
    n = len(shape) - 1
    kernel, other, first, many = (3, 2, 4)[:n], (2, 5, 3)[:n], (shape[-1], *shape[:-1]), (None,) * n + shape[-1:]

    def made(*args, **config):
        return lambda L: getattr(L, name)(*args, **config)

    yield layer(name + "/default", made(5, kernel), [shape])
    yield layer(name + "/no_bias", made(5, kernel, use_bias=False), [shape])
    yield layer(name + "/relu", made(4, other, activation="relu"), [shape])
    yield layer(name + "/same", made(5, other, padding="same"), [shape])
    yield layer(name + "/strides", made(5, kernel, strides=(2, 3, 1)[:n]), [shape])
    yield layer(name + "/strides_same", made(3, kernel, strides=2, padding="same", activation="tanh"), [shape])
    yield layer(name + "/size1", made(6, 1), [shape])
    yield layer(name + "/first", made(5, kernel, data_format=FIRST), [first])
    yield layer(name + "/first_same", made(5, kernel, strides=2, padding="same", use_bias=False, data_format=FIRST), [first])
    yield layer(name + "/open", made(5, kernel, padding="same"), [many], sizes=[shape])
    yield layer(name + "/dilated", made(5, kernel, dilation_rate=(2, 3, 2)[:n]), [shape])
    yield layer(name + "/dilated_same", made(5, kernel, dilation_rate=2, padding="same"), [shape])
    yield layer(name + "/dilated_open", made(5, kernel, dilation_rate=2, padding="same"), [many], sizes=[shape])
    yield layer(name + "/groups", made(6, 3, groups=2), [shape])
    yield layer(name + "/groups_strides", made(8, 2, strides=2, groups=4, use_bias=False), [shape])


def others():
    yield layer("Conv1D/causal", lambda L: L.Conv1D(5, 3, padding="causal"), [(11, 4)])
    yield layer("Conv1D/causal_dilated", lambda L: L.Conv1D(5, 3, padding="causal", dilation_rate=2), [(11, 4)])
    yield layer("Conv1D/causal_strides", lambda L: L.Conv1D(5, 4, strides=3, padding="causal", activation="relu"), [(11, 4)])
    yield layer("Conv1D/causal_open", lambda L: L.Conv1D(5, 3, padding="causal", dilation_rate=4), [(None, 4)], sizes=[(11, 4)])
    yield layer("Conv1D/causal_no_bias", lambda L: L.Conv1D(3, 2, padding="causal", use_bias=False), [(7, 3)])
    yield layer("Conv1D/causal_groups", lambda L: L.Conv1D(4, 3, padding="causal", groups=2), [(7, 2)])
    yield layer("Conv1D/dilated_valid_open", lambda L: L.Conv1D(5, 3, dilation_rate=2), [(None, 4)], sizes=[(11, 4)])
    yield layer("Conv2D/groups_dilated", lambda L: L.Conv2D(6, 3, groups=2, dilation_rate=2), [(11, 9, 4)])
    yield layer("Conv2D/first_dilated", lambda L: L.Conv2D(6, 3, dilation_rate=2, data_format=FIRST), [(4, 11, 9)])


def transposes(name, shape):
    n = len(shape) - 1
    kernel, strides, first, many = (3, 2, 4)[:n], (2, 3, 2)[:n], (shape[-1], *shape[:-1]), (None,) * n + shape[-1:]

    def made(*args, **config):
        return lambda L: getattr(L, name)(5, *args, **config)

    yield layer(name + "/default", made(kernel), [shape])
    yield layer(name + "/no_bias", made(kernel, use_bias=False, activation="relu"), [shape])
    yield layer(name + "/strides", made(kernel, strides=strides), [shape])
    yield layer(name + "/strides_same", made(kernel, strides=strides, padding="same"), [shape])
    yield layer(name + "/wide_strides", made(2, strides=3), [shape])
    yield layer(name + "/output_padding", made(3, strides=3, output_padding=1), [shape])
    yield layer(name + "/output_padding_same", made(3, strides=3, padding="same", output_padding=1), [shape])
    yield layer(name + "/open", made(kernel, strides=2, padding="same"), [many], sizes=[shape])
    yield layer(name + "/open_valid", made(kernel, strides=2), [many], sizes=[shape])
    yield layer(name + "/first", made(kernel, strides=2, padding="same", data_format=FIRST), [first])


def depthwise(name, shape):
    n = len(shape) - 1
    kernel, filters = (3, 2)[:n], () if name.startswith("Depthwise") else (6,)

    def made(*args, **config):
        return lambda L: getattr(L, name)(*filters, *args, **config)

    yield layer(name + "/default", made(kernel), [shape])
    yield layer(name + "/multiplier", made(kernel, depth_multiplier=3), [shape])
    yield layer(name + "/no_bias", made(kernel, use_bias=False, activation="relu"), [shape])
    yield layer(name + "/same", made(kernel, padding="same"), [shape])
    yield layer(name + "/strides", made(kernel, strides=2, padding="same", depth_multiplier=2), [shape])
    yield layer(name + "/dilated", made(kernel, dilation_rate=2), [shape])
    yield layer(name + "/dilated_same", made(3, dilation_rate=2, padding="same"), [shape])
    yield layer(name + "/open", made(3), [(None,) * n + shape[-1:]], sizes=[shape])


def conv(rank, bias=True, **config):
    return [("Conv%dD" % rank, {"use_bias": bias, **config})]


def raw_convolutions():
    x1, x2, x3 = [(11, 4)], [(11, 9, 4)], [(7, 6, 8, 2)]
    yield raw(
        "Conv1D/nn",
        lambda tf, var, x: tf.nn.bias_add(tf.nn.conv1d(x, var("kernel", (3, 4, 5)), 2, "SAME"), var("bias", (5,))),
        x1,
        expect=conv(1, filters=5, kernel_size=[3], strides=[2], padding="same"),
    )
    yield raw(
        "Conv1D/nn_dilated",
        lambda tf, var, x: tf.nn.conv1d(x, var("kernel", (3, 4, 5)), 1, "VALID", dilations=2) + var("bias", (5,)),
        x1,
        expect=conv(1, filters=5, dilation_rate=[2], padding="valid"),
    )
    yield raw(
        "Conv1D/nn_convolution",
        lambda tf, var, x: tf.nn.convolution(x, var("kernel", (3, 4, 5)), padding="SAME", dilations=[2]),
        x1,
        expect=conv(1, False, filters=5, dilation_rate=[2], padding="same"),
    )
    yield raw(
        "Conv1D/first",
        lambda tf, var, x: tf.nn.conv1d(x, var("kernel", (3, 4, 5)), 2, "VALID", data_format="NCW"),
        [(4, 11)],
        expect=conv(1, False, filters=5, strides=[2], data_format=FIRST),
    )
    yield raw(
        "Conv1D/by_hand",
        lambda tf, var, x: tf.squeeze(tf.nn.conv2d(tf.expand_dims(x, 1), var("kernel", (1, 3, 4, 5)), [1, 1, 2, 1], "SAME"), [1]),
        x1,
        expect=conv(1, False, filters=5, kernel_size=[3], strides=[2]),
    )
    yield raw(
        "Conv1D/causal",
        lambda tf, var, x: tf.nn.relu(
            tf.nn.conv1d(tf.pad(x, [[0, 0], [4, 0], [0, 0]]), var("kernel", (3, 4, 5)), 1, "VALID", dilations=2) + var("bias", (5,))
        ),
        x1,
        expect=conv(1, padding="causal", dilation_rate=[2], activation="relu"),
    )
    yield raw(
        "Conv1D/padded",
        lambda tf, var, x: tf.nn.conv1d(tf.pad(x, [[0, 0], [1, 2], [0, 0]]), var("kernel", (3, 4, 5)), 1, "VALID"),
        x1,
        expect=[("ZeroPadding1D", {"padding": [1, 2]}), ("Conv1D", {"padding": "valid", "filters": 5})],
    )
    yield raw(
        "Conv2D/nn",
        lambda tf, var, x: tf.nn.bias_add(tf.nn.conv2d(x, var("kernel", (3, 2, 4, 5)), [1, 2, 2, 1], "SAME"), var("bias", (5,))),
        x2,
        expect=conv(2, filters=5, kernel_size=[3, 2], strides=[2, 2], padding="same"),
    )
    yield raw(
        "Conv2D/add_broadcast",
        lambda tf, var, x: tf.nn.conv2d(x, var("kernel", (3, 2, 4, 5)), 1, "VALID") + var("bias", (1, 1, 1, 5)),
        x2,
        expect=conv(2, filters=5),
    )
    yield raw(
        "Conv2D/add_v1",
        lambda tf, var, x: tf.raw_ops.Add(x=var("bias", (5,)), y=tf.nn.conv2d(x, var("kernel", (3, 2, 4, 5)), 1, "VALID")),
        x2,
        expect=conv(2, filters=5),
    )
    yield raw(
        "Conv2D/first_bias_add",
        lambda tf, var, x: tf.nn.bias_add(
            tf.nn.conv2d(x, var("kernel", (3, 2, 4, 5)), 1, "SAME", data_format="NCHW"), var("bias", (5,)), data_format="NCHW"
        ),
        [(4, 11, 9)],
        expect=conv(2, data_format=FIRST, padding="same"),
    )
    yield raw(
        "Conv2D/first_add",
        lambda tf, var, x: (
            tf.nn.conv2d(x, var("kernel", (3, 2, 4, 5)), 1, "SAME", data_format="NCHW") + tf.reshape(var("bias", (5,)), [1, 5, 1, 1])
        ),
        [(4, 11, 9)],
        expect=conv(2, data_format=FIRST),
    )
    yield raw(
        "Conv2D/first_add_var",
        lambda tf, var, x: tf.nn.conv2d(x, var("kernel", (3, 2, 4, 5)), 1, "SAME", data_format="NCHW") + var("bias", (5, 1, 1)),
        [(4, 11, 9)],
        expect=conv(2, data_format=FIRST),
    )
    yield raw(
        "Conv2D/explicit",
        lambda tf, var, x: tf.nn.conv2d(x, var("kernel", (3, 3, 4, 5)), 2, [[0, 0], [1, 0], [2, 1], [0, 0]]),
        x2,
        expect=[("ZeroPadding2D", {"padding": [[1, 0], [2, 1]]}), ("Conv2D", {"padding": "valid", "strides": [2, 2]})],
    )
    yield raw(
        "Conv2D/dilations",
        lambda tf, var, x: tf.nn.conv2d(x, var("kernel", (3, 3, 4, 5)), 1, "SAME", dilations=[1, 2, 3, 1]),
        x2,
        expect=conv(2, False, dilation_rate=[2, 3], padding="same"),
    )
    yield raw(
        "Conv2D/atrous",
        lambda tf, var, x: tf.nn.atrous_conv2d(x, var("kernel", (3, 3, 4, 5)), 2, "SAME"),
        x2,
        expect=conv(2, False, dilation_rate=[2, 2], padding="same"),
    )
    yield raw(
        "Conv2D/atrous_open",
        lambda tf, var, x: tf.nn.atrous_conv2d(x, var("kernel", (3, 3, 4, 5)), 2, "VALID"),
        [(None, None, 4)],
        sizes=x2,
        expect=conv(2, False, dilation_rate=[2, 2], padding="valid"),
    )
    yield raw("Conv2D/split", split_groups, x2, expect=conv(2, filters=6, groups=2, padding="same"))
    yield raw("Conv2D/split_kernel", split_kernel, x2, expect=conv(2, filters=6, groups=2))
    yield raw("Conv2D/split_first", split_first, [(4, 11, 9)], expect=conv(2, filters=6, groups=2, data_format=FIRST))
    yield raw(
        "Conv2D/grouped",
        lambda tf, var, x: tf.nn.conv2d(x, var("kernel", (3, 3, 2, 6)), 1, "SAME"),
        x2,
        expect=conv(2, False, groups=2, filters=6),
    )
    yield raw(
        "Conv3D/nn",
        lambda tf, var, x: tf.nn.bias_add(tf.nn.conv3d(x, var("kernel", (3, 2, 1, 2, 5)), [1, 2, 1, 2, 1], "SAME"), var("bias", (5,))),
        x3,
        expect=conv(3, filters=5, kernel_size=[3, 2, 1], strides=[2, 1, 2], padding="same"),
    )
    yield raw(
        "Conv3D/add",
        lambda tf, var, x: tf.nn.conv3d(x, var("kernel", (3, 2, 1, 2, 5)), [1, 1, 1, 1, 1], "VALID") + var("bias", (1, 1, 1, 1, 5)),
        x3,
        expect=conv(3),
    )


def split_groups(tf, var, x):
    parts = tf.split(x, 2, axis=3)
    made = [
        tf.nn.bias_add(tf.nn.conv2d(part, var("kernel_%d" % i, (3, 3, 2, 3)), 1, "SAME"), var("bias_%d" % i, (3,)))
        for i, part in enumerate(parts)
    ]
    return tf.concat(made, 3)


def split_kernel(tf, var, x):
    kernels = tf.split(var("kernel", (3, 3, 2, 6)), 2, axis=3)
    made = [tf.nn.conv2d(part, kernel, 2, "VALID") for part, kernel in zip(tf.split(x, 2, axis=-1), kernels)]
    return tf.nn.relu(tf.nn.bias_add(tf.concat(made, -1), var("bias", (6,))))


def split_first(tf, var, x):
    parts = tf.split(x, 2, axis=1)
    made = [tf.nn.conv2d(part, var("kernel_%d" % i, (3, 3, 2, 3)), 1, "SAME", data_format="NCHW") for i, part in enumerate(parts)]
    return tf.nn.bias_add(tf.concat(made, 1), var("bias", (6,)), data_format="NCHW")


def raw_others():
    x1, x2, x3 = [(7, 4)], [(6, 5, 4)], [(4, 3, 5, 2)]
    yield raw(
        "Conv2DTranspose/constant",
        lambda tf, var, x: tf.nn.conv2d_transpose(x, var("kernel", (3, 3, 5, 4)), [tf.shape(x)[0], 12, 10, 5], 2, "SAME"),
        x2,
        expect=[("Conv2DTranspose", {"filters": 5, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same", "use_bias": False})],
    )
    yield raw(
        "Conv2DTranspose/smaller",
        lambda tf, var, x: (
            tf.nn.conv2d_transpose(x, var("kernel", (3, 3, 5, 4)), [tf.shape(x)[0], 11, 9, 5], 2, "SAME") + var("bias", (5,))
        ),
        x2,
        expect=[("Conv2DTranspose", {"strides": [2, 2], "padding": "same", "output_padding": [0, 0], "use_bias": True})],
    )
    yield raw(
        "Conv2DTranspose/computed",
        lambda tf, var, x: tf.nn.bias_add(
            tf.nn.conv2d_transpose(
                x, var("kernel", (2, 2, 5, 4)), tf.stack([tf.shape(x)[0], tf.shape(x)[1] * 2, tf.shape(x)[2] * 2, 5]), 2, "VALID"
            ),
            var("bias", (5,)),
        ),
        [(None, None, 4)],
        sizes=x2,
        expect=[("Conv2DTranspose", {"strides": [2, 2], "padding": "valid", "kernel_size": [2, 2]})],
    )
    yield raw(
        "Conv1DTranspose/nn",
        lambda tf, var, x: tf.nn.conv1d_transpose(x, var("kernel", (3, 5, 4)), [tf.shape(x)[0], 14, 5], 2, "SAME"),
        x1,
        expect=[("Conv1DTranspose", {"filters": 5, "kernel_size": [3], "strides": [2], "padding": "same"})],
    )
    yield raw(
        "Conv3DTranspose/nn",
        lambda tf, var, x: (
            tf.nn.conv3d_transpose(x, var("kernel", (3, 2, 2, 5, 2)), [tf.shape(x)[0], 8, 6, 10, 5], 2, "SAME") + var("bias", (5,))
        ),
        x3,
        expect=[("Conv3DTranspose", {"filters": 5, "strides": [2, 2, 2], "padding": "same"})],
    )
    yield raw(
        "DepthwiseConv2D/nn",
        lambda tf, var, x: tf.nn.bias_add(tf.nn.depthwise_conv2d(x, var("kernel", (3, 2, 4, 2)), [1, 2, 2, 1], "SAME"), var("bias", (8,))),
        x2,
        expect=[("DepthwiseConv2D", {"kernel_size": [3, 2], "strides": [2, 2], "depth_multiplier": 2, "padding": "same"})],
    )
    yield raw(
        "DepthwiseConv2D/dilated",
        lambda tf, var, x: tf.nn.depthwise_conv2d(x, var("kernel", (3, 3, 4, 1)), [1, 1, 1, 1], "SAME", dilations=[2, 2]),
        x2,
        expect=[("DepthwiseConv2D", {"kernel_size": [3, 3], "dilation_rate": [2, 2], "padding": "same", "use_bias": False})],
    )
    yield raw(
        "SeparableConv2D/nn",
        lambda tf, var, x: tf.nn.separable_conv2d(x, var("depthwise", (3, 3, 4, 2)), var("pointwise", (1, 1, 8, 5)), [1, 1, 1, 1], "VALID"),
        x2,
        expect=[("SeparableConv2D", {"filters": 5, "kernel_size": [3, 3], "depth_multiplier": 2, "use_bias": False})],
    )
    yield raw("Conv1D/tf_layers", legacy("conv1d", 5, 3, dilation_rate=2), [(11, 4)], expect=conv(1, filters=5, dilation_rate=[2]))
    yield raw(
        "Conv2D/tf_layers", legacy("conv2d", 5, 3, strides=2, padding="same"), [(11, 9, 4)], expect=conv(2, filters=5, strides=[2, 2])
    )
    yield raw(
        "Conv2D/tf_layers_dilated",
        legacy("conv2d", 5, 3, dilation_rate=2, padding="same"),
        [(11, 9, 4)],
        expect=conv(2, dilation_rate=[2, 2]),
    )
    yield raw("Conv3D/tf_layers", legacy("conv3d", 5, (3, 2, 1)), [(7, 6, 8, 2)], expect=conv(3, filters=5))
    yield raw(
        "Conv2DTranspose/tf_layers",
        legacy("conv2d_transpose", 5, 3, strides=2, padding="same"),
        [(6, 5, 4)],
        expect=[("Conv2DTranspose", {"filters": 5, "strides": [2, 2], "padding": "same"})],
    )
    yield raw(
        "Conv3DTranspose/tf_layers",
        legacy("conv3d_transpose", 5, 2, strides=2),
        [(4, 3, 5, 2)],
        expect=[("Conv3DTranspose", {"filters": 5, "strides": [2, 2, 2]})],
    )
    yield raw(
        "SeparableConv1D/tf_layers",
        legacy("separable_conv1d", 5, 3),
        [(11, 4)],
        expect=[("SeparableConv1D", {"filters": 5, "kernel_size": [3]})],
    )
    yield raw(
        "SeparableConv2D/tf_layers",
        legacy("separable_conv2d", 5, 3, depth_multiplier=2),
        [(11, 9, 4)],
        expect=[("SeparableConv2D", {"filters": 5, "depth_multiplier": 2})],
    )


def legacy(function, *args, **config):
    """A function of tf.layers, biases not zero."""

    def make(tf, var, x):
        from tf_keras.src.legacy_tf_layers import convolutional

        bias = tf.compat.v1.random_uniform_initializer(0.2, 0.7, seed=5)
        return getattr(convolutional, function)(x, *args, bias_initializer=bias, **config)

    return make


SHAPES = {"Conv1D": (13, 4), "Conv2D": (11, 9, 4), "Conv3D": (9, 8, 10, 4)}
SMALL = {"Conv1DTranspose": (6, 3), "Conv2DTranspose": (5, 6, 3), "Conv3DTranspose": (4, 5, 3, 2)}


def all_cases():
    for name, shape in SHAPES.items():
        yield from plain(name, shape)
    yield from others()
    for name, shape in SMALL.items():
        yield from transposes(name, shape)
    for name in ("DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"):
        yield from depthwise(name, (11, 4) if name.endswith("1D") else (11, 9, 4))
    yield from raw_convolutions()
    yield from raw_others()


def transposed_groups():
    """No layer is a transposed convolution in groups: each group is a layer."""

    def grouped(bias):
        def make(tf, var, x):
            parts = [
                tf.nn.conv2d_transpose(part, var("kernel%d" % i, (3, 2, 4, 3)), [tf.shape(x)[0], 10, 8, 4], [1, 2, 2, 1], "SAME")
                for i, part in enumerate(tf.split(x, 2, 3))
            ]
            return bias(tf, tf.concat(parts, -1), var("bias", (8,)))

        return make

    one = ("Conv2DTranspose", {"filters": 4, "kernel_size": [3, 2], "strides": [2, 2], "use_bias": True})
    for name, bias in (("bias_add", lambda tf, y, b: tf.nn.bias_add(y, b)), ("add", lambda tf, y, b: b + y)):
        yield raw("Conv2DTranspose/groups_" + name, grouped(bias), [(5, 4, 6)], expect=[("Split", {}), one, one, ("Concatenate", {})], opens="3", custom=True)


def cases():
    yield from transposed_groups()
    for case in all_cases():
        if "/first" in case.name or case.name.endswith("_first"):
            case.args = ["--data-format", "keep"]
        yield case
