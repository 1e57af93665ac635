"""Pooling, padding, cropping and upsampling."""

from layers import layer, raw

FIRST = "channels_first"
SHAPES = {1: (13, 3), 2: (9, 8, 3), 3: (6, 7, 5, 2)}


def pools(name, n):
    shape = SHAPES[n]
    sizes, strides, first, many = (3, 2, 2)[:n], (2, 1, 3)[:n], (shape[-1], *shape[:-1]), (None,) * n + shape[-1:]

    def made(*args, **config):
        return lambda L: getattr(L, name)(*args, **config)

    if name.startswith("Global"):
        yield layer(name + "/default", made(), [shape])
        yield layer(name + "/keepdims", made(keepdims=True), [shape])
        yield layer(name + "/first", made(data_format=FIRST), [first])
        yield layer(name + "/first_keepdims", made(data_format=FIRST, keepdims=True), [first])
        yield layer(name + "/open", made(), [many], sizes=[shape])
        return
    yield layer(name + "/default", made(2), [shape])
    yield layer(name + "/strides", made(sizes, strides=strides), [shape])
    yield layer(name + "/same", made(sizes, strides=2, padding="same"), [shape])
    yield layer(name + "/overlap_same", made(3, strides=1, padding="same"), [shape])
    yield layer(name + "/first", made(2, data_format=FIRST), [first])
    yield layer(name + "/open", made(2), [many], sizes=[shape])


def edges():
    yield layer("ZeroPadding1D/default", lambda L: L.ZeroPadding1D(), [(7, 3)])
    yield layer("ZeroPadding1D/uneven", lambda L: L.ZeroPadding1D((0, 3)), [(7, 3)])
    yield layer("ZeroPadding1D/open", lambda L: L.ZeroPadding1D((2, 1)), [(None, 3)], sizes=[(7, 3)])
    yield layer("ZeroPadding1D/first", lambda L: L.ZeroPadding1D((2, 1), data_format=FIRST), [(3, 7)], keras="3")
    yield layer("ZeroPadding1D/first_open", lambda L: L.ZeroPadding1D((0, 1), data_format=FIRST), [(3, None)], sizes=[(3, 7)], keras="3")
    yield layer("ZeroPadding2D/default", lambda L: L.ZeroPadding2D(), [(7, 6, 3)])
    yield layer("ZeroPadding2D/pairs", lambda L: L.ZeroPadding2D(((1, 0), (2, 3))), [(7, 6, 3)])
    yield layer("ZeroPadding2D/symmetric", lambda L: L.ZeroPadding2D((2, 1)), [(7, 6, 3)])
    yield layer("ZeroPadding2D/first", lambda L: L.ZeroPadding2D(((1, 0), (2, 3)), data_format=FIRST), [(3, 7, 6)])
    yield layer("ZeroPadding3D/default", lambda L: L.ZeroPadding3D(), [(4, 5, 6, 2)])
    yield layer("ZeroPadding3D/pairs", lambda L: L.ZeroPadding3D(((1, 0), (2, 3), (0, 1))), [(4, 5, 6, 2)])
    yield layer("ZeroPadding3D/first", lambda L: L.ZeroPadding3D(((1, 0), (2, 3), (0, 1)), data_format=FIRST), [(2, 4, 5, 6)])
    yield layer("Cropping1D/default", lambda L: L.Cropping1D(), [(7, 3)])
    yield layer("Cropping1D/front", lambda L: L.Cropping1D((2, 0)), [(7, 3)])
    yield layer("Cropping1D/behind", lambda L: L.Cropping1D((0, 3)), [(7, 3)])
    yield layer("Cropping1D/open", lambda L: L.Cropping1D((2, 1)), [(None, 3)], sizes=[(7, 3)])
    yield layer("Cropping2D/pairs", lambda L: L.Cropping2D(((1, 0), (2, 3))), [(7, 8, 3)])
    yield layer("Cropping2D/even", lambda L: L.Cropping2D(1), [(7, 8, 3)])
    yield layer("Cropping2D/behind", lambda L: L.Cropping2D(((0, 2), (0, 3))), [(7, 8, 3)])
    yield layer("Cropping2D/first", lambda L: L.Cropping2D(((1, 0), (2, 3)), data_format=FIRST), [(3, 7, 8)])
    yield layer("Cropping2D/open", lambda L: L.Cropping2D(((1, 2), (0, 3))), [(None, None, 3)], sizes=[(7, 8, 3)])
    yield layer("Cropping3D/default", lambda L: L.Cropping3D(), [(4, 5, 6, 2)])
    yield layer("Cropping3D/pairs", lambda L: L.Cropping3D(((1, 0), (2, 1), (0, 1))), [(4, 5, 6, 2)])
    yield layer("Cropping3D/first", lambda L: L.Cropping3D(((1, 0), (2, 1), (0, 1)), data_format=FIRST), [(2, 4, 5, 6)])


def upsampling():
    yield layer("UpSampling1D/default", lambda L: L.UpSampling1D(), [(7, 3)])
    yield layer("UpSampling1D/three", lambda L: L.UpSampling1D(3), [(5, 4)])
    yield layer("UpSampling1D/open", lambda L: L.UpSampling1D(2), [(None, 3)], sizes=[(7, 3)])
    yield layer("UpSampling2D/default", lambda L: L.UpSampling2D(), [(5, 4, 3)])
    yield layer("UpSampling2D/uneven", lambda L: L.UpSampling2D((3, 2)), [(5, 4, 3)])
    yield layer("UpSampling2D/one_axis", lambda L: L.UpSampling2D((1, 2)), [(5, 4, 3)])
    yield layer("UpSampling2D/bilinear", lambda L: L.UpSampling2D((3, 2), interpolation="bilinear"), [(5, 4, 3)])
    for method in ("bicubic", "lanczos3"):  # of images of one size, a multiple is a size
        wanted = [("Resizing", {"height": 15, "width": 8, "interpolation": method})]
        yield layer("UpSampling2D/" + method, lambda L, m=method: L.UpSampling2D((3, 2), interpolation=m), [(5, 4, 3)], expect=wanted)
    yield layer("UpSampling2D/first", lambda L: L.UpSampling2D((3, 2), data_format=FIRST), [(3, 5, 4)])
    yield layer("UpSampling2D/first_bilinear", lambda L: L.UpSampling2D(2, data_format=FIRST, interpolation="bilinear"), [(3, 5, 4)])
    yield layer("UpSampling2D/open", lambda L: L.UpSampling2D(2), [(None, None, 3)], sizes=[(5, 4, 3)])
    yield layer(
        "UpSampling2D/open_bilinear", lambda L: L.UpSampling2D(2, interpolation="bilinear"), [(None, None, 3)], sizes=[(5, 4, 3)], keras="2"
    )
    for method in ("bicubic", "area"):
        yield layer(
            "UpSampling2D/open_" + method, lambda L, m=method: L.UpSampling2D((3, 2), interpolation=m), [(None, None, 3)], sizes=[(5, 4, 3)], keras="2"
        )
    yield layer("UpSampling3D/default", lambda L: L.UpSampling3D(), [(3, 4, 5, 2)])
    yield layer("UpSampling3D/uneven", lambda L: L.UpSampling3D((1, 2, 3)), [(3, 4, 5, 2)])
    yield layer("UpSampling3D/first", lambda L: L.UpSampling3D((3, 2, 2), data_format=FIRST), [(2, 3, 4, 5)])
    yield layer("UpSampling3D/open", lambda L: L.UpSampling3D(2), [(None, None, None, 2)], sizes=[(3, 4, 5, 2)])


def global_pool(name, **config):
    return [(name, {"keepdims": False, **config})]


def raw_pools():
    x1, x2, x3 = [(13, 3)], [(9, 8, 3)], [(6, 7, 5, 2)]
    yield raw(
        "MaxPooling2D/nn",
        lambda tf, var, x: tf.nn.max_pool2d(x, [3, 2], [2, 1], "SAME"),
        x2,
        expect=[("MaxPooling2D", {"pool_size": [3, 2], "strides": [2, 1], "padding": "same"})],
    )
    yield raw(
        "AveragePooling2D/nn",
        lambda tf, var, x: tf.nn.avg_pool2d(x, 2, 2, "VALID"),
        x2,
        expect=[("AveragePooling2D", {"pool_size": [2, 2], "strides": [2, 2], "padding": "valid"})],
    )
    yield raw(
        "MaxPooling2D/first",
        lambda tf, var, x: tf.nn.max_pool2d(x, 2, 2, "VALID", data_format="NCHW"),
        [(3, 9, 8)],
        expect=[("MaxPooling2D", {"pool_size": [2, 2], "data_format": FIRST})],
    )
    yield raw(
        "MaxPooling1D/nn",
        lambda tf, var, x: tf.nn.max_pool1d(x, 3, 2, "SAME"),
        x1,
        expect=[("MaxPooling1D", {"pool_size": [3], "strides": [2], "padding": "same"})],
    )
    yield raw(
        "AveragePooling1D/nn",
        lambda tf, var, x: tf.nn.avg_pool1d(x, 3, 3, "VALID"),
        x1,
        expect=[("AveragePooling1D", {"pool_size": [3], "padding": "valid"})],
    )
    yield raw(
        "MaxPooling1D/by_hand",
        lambda tf, var, x: tf.squeeze(tf.nn.max_pool2d(tf.expand_dims(x, 2), [3, 1], [2, 1], "VALID"), 2),
        x1,
        expect=[("MaxPooling1D", {"pool_size": [3], "strides": [2]})],
    )
    yield raw(
        "MaxPooling3D/nn",
        lambda tf, var, x: tf.nn.max_pool3d(x, [2, 3, 1], [2, 2, 1], "SAME"),
        x3,
        expect=[("MaxPooling3D", {"pool_size": [2, 3, 1], "strides": [2, 2, 1], "padding": "same"})],
    )
    yield raw(
        "AveragePooling3D/nn",
        lambda tf, var, x: tf.nn.avg_pool3d(x, [2, 3, 2], [2, 3, 2], "SAME"),
        x3,
        expect=[("AveragePooling3D", {"pool_size": [2, 3, 2], "padding": "same"})],
    )
    yield raw(
        "GlobalAveragePooling2D/mean",
        lambda tf, var, x: tf.reduce_mean(x, [1, 2]),
        x2,
        expect=global_pool("GlobalAveragePooling2D"),
    )
    yield raw(
        "GlobalAveragePooling2D/negative",
        lambda tf, var, x: tf.reduce_mean(x, [-3, -2], keepdims=True),
        x2,
        expect=[("GlobalAveragePooling2D", {"keepdims": True})],
    )
    yield raw(
        "GlobalAveragePooling2D/first",
        lambda tf, var, x: tf.reduce_mean(x, [2, 3]),
        [(3, 9, 8)],
        expect=global_pool("GlobalAveragePooling2D", data_format=FIRST),
    )
    yield raw(
        "GlobalAveragePooling2D/full_window",
        lambda tf, var, x: tf.squeeze(tf.nn.avg_pool2d(x, [9, 8], 1, "VALID"), [1, 2]),
        x2,
        expect=global_pool("GlobalAveragePooling2D"),
    )
    yield raw(
        "GlobalMaxPooling2D/full_window",
        lambda tf, var, x: tf.squeeze(tf.nn.max_pool2d(x, [9, 8], [2, 2], "VALID"), [1, 2]),
        x2,
        expect=global_pool("GlobalMaxPooling2D"),
    )
    yield raw(
        "GlobalAveragePooling2D/sum",
        lambda tf, var, x: tf.reduce_sum(x, [1, 2]) / 72.0,
        x2,
        expect=global_pool("GlobalAveragePooling2D"),
    )
    yield raw(
        "GlobalAveragePooling2D/sum_times",
        lambda tf, var, x: tf.reduce_sum(x, [1, 2]) * (1 / 72.0),
        x2,
        expect=global_pool("GlobalAveragePooling2D"),
    )
    yield raw("GlobalMaxPooling2D/max", lambda tf, var, x: tf.reduce_max(x, [1, 2]), x2, expect=global_pool("GlobalMaxPooling2D"))
    yield raw("GlobalAveragePooling1D/mean", lambda tf, var, x: tf.reduce_mean(x, 1), x1, expect=global_pool("GlobalAveragePooling1D"))
    yield raw("GlobalMaxPooling1D/max", lambda tf, var, x: tf.reduce_max(x, 1), x1, expect=global_pool("GlobalMaxPooling1D"))
    yield raw(
        "GlobalAveragePooling3D/mean", lambda tf, var, x: tf.reduce_mean(x, [1, 2, 3]), x3, expect=global_pool("GlobalAveragePooling3D")
    )
    yield raw("GlobalMaxPooling3D/max", lambda tf, var, x: tf.reduce_max(x, [1, 2, 3]), x3, expect=global_pool("GlobalMaxPooling3D"))
    yield raw("MaxPooling1D/tf_layers", legacy("max_pooling1d", 2, 2), x1, expect=[("MaxPooling1D", {"pool_size": [2]})])
    yield raw(
        "AveragePooling2D/tf_layers",
        legacy("average_pooling2d", 3, 2, padding="same"),
        x2,
        expect=[("AveragePooling2D", {"pool_size": [3, 3], "strides": [2, 2]})],
    )
    yield raw("MaxPooling3D/tf_layers", legacy("max_pooling3d", 2, 2), x3, expect=[("MaxPooling3D", {"pool_size": [2, 2, 2]})])


def raw_edges():
    yield raw(
        "ZeroPadding1D/pad",
        lambda tf, var, x: tf.pad(x, [[0, 0], [2, 1], [0, 0]]),
        [(7, 3)],
        expect=[("ZeroPadding1D", {"padding": [2, 1]})],
    )
    yield raw(
        "ZeroPadding2D/pad_v2",
        lambda tf, var, x: tf.raw_ops.PadV2(input=x, paddings=[[0, 0], [2, 1], [0, 3], [0, 0]], constant_values=0.0),
        [(7, 6, 3)],
        expect=[("ZeroPadding2D", {"padding": [[2, 1], [0, 3]]})],
    )
    yield raw(
        "ZeroPadding3D/pad",
        lambda tf, var, x: tf.pad(x, [[0, 0], [2, 1], [0, 3], [1, 1], [0, 0]]),
        [(4, 5, 3, 2)],
        expect=[("ZeroPadding3D", {"padding": [[2, 1], [0, 3], [1, 1]]})],
    )
    yield raw("Cropping1D/slice", lambda tf, var, x: x[:, 2:-1], [(7, 3)], expect=[("Cropping1D", {"cropping": [2, 1]})])
    yield raw("Cropping1D/ellipsis", lambda tf, var, x: x[:, 1:5, ...], [(7, 3)], expect=[("Cropping1D", {"cropping": [1, 2]})])
    yield raw(
        "Cropping2D/slice", lambda tf, var, x: x[:, 1:-2, 3:, :], [(7, 8, 3)], expect=[("Cropping2D", {"cropping": [[1, 2], [3, 0]]})]
    )
    yield raw(
        "Cropping2D/first",
        lambda tf, var, x: x[:, :, 1:-2, 3:-1],
        [(3, 7, 8)],
        expect=[("Cropping2D", {"cropping": [[1, 2], [3, 1]], "data_format": FIRST})],
    )
    yield raw(
        "UpSampling2D/resize",
        lambda tf, var, x: tf.compat.v1.image.resize_nearest_neighbor(x, [10, 12]),
        [(5, 4, 3)],
        expect=[("UpSampling2D", {"size": [2, 3], "interpolation": "nearest"})],
    )
    yield raw(
        "UpSampling2D/resize_open",
        lambda tf, var, x: tf.compat.v1.image.resize_nearest_neighbor(x, tf.shape(x)[1:3] * 2),
        [(None, None, 3)],
        sizes=[(5, 4, 3)],
        expect=[("UpSampling2D", {"size": [2, 2], "interpolation": "nearest"})],
    )
    yield raw(
        "UpSampling2D/bilinear",
        lambda tf, var, x: tf.image.resize(x, [10, 12]),
        [(5, 4, 3)],
        expect=[("UpSampling2D", {"size": [2, 3], "interpolation": "bilinear"})],
    )
    yield raw("UpSampling1D/repeat", lambda tf, var, x: tf.repeat(x, 3, axis=1), [(5, 4)], expect=[("UpSampling1D", {"size": 3})])
    yield raw(
        "UpSampling1D/gather",
        lambda tf, var, x: tf.gather(x, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4], axis=1),
        [(5, 4)],
        expect=[("UpSampling1D", {"size": 2})],
    )


def in_a_row():
    """Two layers of windows along one axis, with nothing between them."""
    yield layer("MaxPooling1D/before_conv", lambda L: (lambda x: L.Conv1D(5, 3)(L.MaxPooling1D(2)(x))), [(12, 4)])
    yield layer("AveragePooling1D/behind_conv", lambda L: (lambda x: L.AveragePooling1D(3)(L.Conv1D(5, 2, use_bias=False)(x))), [(12, 4)])
    yield layer("MaxPooling1D/open_before_conv", lambda L: (lambda x: L.Conv1D(5, 3)(L.MaxPooling1D(2)(x))), [(None, 4)], sizes=[(12, 4)])


def legacy(function, *args, **config):
    def make(tf, var, x):
        from tf_keras.src.legacy_tf_layers import pooling

        return getattr(pooling, function)(x, *args, **config)

    return make


def all_cases():
    for n in SHAPES:
        for kind in ("MaxPooling", "AveragePooling", "GlobalMaxPooling", "GlobalAveragePooling"):
            yield from pools("%s%dD" % (kind, n), n)
    for part in (edges, upsampling, raw_pools, raw_edges, in_a_row):
        yield from part()


def cases():
    for case in all_cases():
        if "/first" in case.name or case.name.endswith("_first"):
            case.args = ["--data-format", "keep"]
        yield case
