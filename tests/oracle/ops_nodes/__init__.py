"""Graphs of ops that no layer is, and what Keras must compute from them: operation nodes, generated layers."""

import numpy as np


def cases(tf):
    """(name, function of the inputs, shapes without batch or (shape, below) for integers)."""
    rng = np.random.RandomState(7)

    def const(*shape, low=-1.0, high=1.0, dtype=np.float32):
        return tf.constant(rng.uniform(low, high, shape).astype(dtype))

    def sparse_rows(ids, combiner, change=tf.identity):
        picked = tf.sparse.from_dense(tf.cast(ids, tf.int64))
        picked = tf.sparse.SparseTensor(picked.indices, change(picked.values), picked.dense_shape)
        return tf.nn.safe_embedding_lookup_sparse(const(9, 5), picked, combiner=combiner)

    def space_and_back(x):
        blocks = tf.sin(tf.space_to_batch(x, [2, 3], [[1, 0], [0, 2]]))
        return tf.batch_to_space(blocks, [2, 3], [[0, 1], [1, 0]])

    yield "cumsum", lambda x: tf.raw_ops.Cumsum(x=tf.sin(x), axis=1), [(5, 3)]
    yield "cumsum_reverse", lambda x: tf.cumsum(x * x, axis=-1, reverse=True), [(5, 3)]
    yield "cumsum_exclusive", lambda x: tf.cumsum(x * x, axis=1, exclusive=True), [(5, 3)]
    yield "cumsum_both", lambda x: tf.cumsum(x * x, axis=-2, exclusive=True, reverse=True), [(5, 3)]
    yield "cumprod", lambda x: [tf.math.cumprod(tf.sin(x), 1), tf.math.cumprod(tf.sin(x), -1, exclusive=True)], [(5, 3)]
    yield "where", lambda x, z: tf.where(x > z, x * z, tf.cos(z)), [(4, 3), (4, 3)]
    yield "where_constant", lambda x: tf.where(tf.greater(x, 0.25), tf.zeros_like(x), tf.exp(x)), [(4, 3)]
    yield "where_broadcast", lambda x: tf.where(tf.constant([True, False, True]), x, const(3)), [(4, 3)]
    yield "top_k", lambda x: list(tf.math.top_k(tf.sin(x), 3)), [(7,)]
    yield "top_k_values", lambda x: tf.math.top_k(tf.sin(x), 2, sorted=True)[0], [(7,)]
    yield "top_k_indices", lambda x: tf.cast(tf.math.top_k(tf.sin(x), 4)[1], tf.float32) * 0.5, [(3, 7)]
    yield "gather", lambda x: tf.gather(tf.sin(x), [2, 0, 0], axis=1), [(4, 3)]
    yield "gather_table", lambda i: tf.gather(const(9, 5), i), [((6,), 9)]
    yield "gather_blocks", lambda i: tf.gather(const(9, 3, 2), i), [((4,), 9)]
    for combiner in ("sum", "mean", "sqrtn"):  # rows of the table that the elements beside 0 name, zeros where there is none
        yield "sparse_columns_" + combiner, lambda i, c=combiner: sparse_rows(i, c), [((3,), 4)]
    yield "sparse_columns_one", lambda i: sparse_rows(i, "mean"), [((1,), 3)]
    yield "sparse_columns_shifted", lambda i: sparse_rows(i, "sum", lambda v: tf.where(v > 4, tf.zeros_like(v), v * 2 - 4)), [((2,), 7)]
    yield "gather_scalar", lambda x: tf.gather(tf.sin(x), 2, axis=1), [(4, 3)]
    yield "einsum", lambda x, z: tf.einsum("bij,bkj->bik", x, z), [(4, 3), (5, 3)]
    yield "einsum_outer", lambda x, z: tf.einsum("bi,bjk->bkij", tf.sin(x), z), [(4,), (5, 3)]
    yield "einsum_one", lambda x: tf.einsum("bijk->bki", tf.sin(x)), [(4, 5, 3)]
    yield "clip", lambda x: tf.clip_by_value(tf.sin(x), -0.5, 0.25), [(4, 3)]
    yield "clip_tensors", lambda x, z: tf.clip_by_value(x, tf.minimum(z, 0.0), tf.maximum(z, 0.0)), [(4,), (4,)]
    yield "one_hot", lambda i: tf.one_hot(i, 7), [((5,), 9)]
    yield "one_hot_axis", lambda i: tf.one_hot(i, 7, axis=1, dtype=tf.float32), [((5,), 9)]
    yield "reduce", lambda x: [tf.reduce_max(x, 1), tf.reduce_min(x, [1, 2]), tf.reduce_prod(x, -1, True)], [(4, 3)]
    yield "reduce_mean", lambda x: x - tf.reduce_mean(x * x, [1], keepdims=True), [(4, 3)]
    yield "reduce_sum_int", lambda i: tf.reduce_sum(i * 3, 1), [((5, 2), 9)]
    yield "reduce_bool", lambda x: tf.cast(tf.reduce_any(x > 0.5, 1) | tf.reduce_all(x < 0.5, 1), tf.float32), [(4, 3)]
    yield "arg_max", lambda x: tf.argmax(tf.sin(x), 1), [(5, 3)]
    yield "arg_min_i32", lambda x: tf.argmin(tf.sin(x), -1, output_type=tf.int32), [(5, 3)]
    for name in ("greater", "greater_equal", "less", "less_equal", "equal", "not_equal"):
        compare = getattr(tf, name)
        yield name, lambda x, z, f=compare: tf.cast(f(tf.round(x), tf.round(z)), tf.float32), [(4, 3), (4, 3)]
    yield "logical", lambda x: tf.cast(tf.logical_and(x > 0.0, tf.logical_not(x > 0.5)), tf.float32), [(4, 3)]
    yield "near", lambda x, z: tf.cast(tf.raw_ops.ApproximateEqual(x=x, y=z, tolerance=0.3), tf.float32), [(4, 3), (4, 3)]
    yield "guarded", lambda x, z: [f(tf.nn.relu(x), z * z) for f in (tf.math.xlogy, tf.math.xdivy, tf.math.xlog1py)], [(4,), (4,)]
    yield "guarded_product", lambda x, z: tf.math.multiply_no_nan(1.0 / x, tf.nn.relu(z)), [(4, 3), (4, 3)]
    yield "euclid", lambda x: tf.raw_ops.EuclideanNorm(input=x, axis=[1, 2], keep_dims=True) + x, [(4, 3, 2)]
    yield "depth_to_space", lambda x: tf.nn.depth_to_space(tf.sin(x), 2), [(3, 4, 12)]
    yield "space_to_depth", lambda x: tf.nn.space_to_depth(tf.sin(x), 3), [(3, 6, 2)]
    yield "fake_quant", lambda x: tf.quantization.fake_quant_with_min_max_args(x * 3.0, -1.25, 2.5, 5), [(4, 3)]
    yield "bicubic", lambda x: tf.sin(tf.compat.v1.image.resize_bicubic(x, [7, 9], half_pixel_centers=True)), [(3, 4, 2)]
    yield "split", lambda x: tf.split(tf.sin(x), 3, axis=1), [(6, 2)]
    yield "split_join", lambda x: tf.concat(tf.split(tf.sin(x), [1, 2, 3], axis=1)[::-1], 1), [(6, 2)]
    yield "split_one", lambda x: tf.split(tf.sin(x), 2, axis=2)[1], [(6, 2)]
    yield "unstack", lambda x: tf.add(*tf.unstack(tf.sin(x), axis=1)), [(2, 3)]
    yield "stack", lambda x, z: tf.stack([x, tf.sin(z), x], axis=1), [(4,), (4,)]
    yield "concat_constant", lambda x: tf.concat([x, tf.square(x), tf.ones_like(x)], -1), [(4,)]
    yield "slice", lambda x: tf.sin(x)[:, 1:3], [(5, 2)]
    yield "slice_first", lambda x: tf.sin(x)[:, 0], [(5, 2)]
    yield "slice_last", lambda x: tf.sin(x)[:, -1, :], [(5, 2)]
    yield "slice_steps", lambda x: tf.sin(x)[:, ::2, ::-1], [(5, 3)]
    yield "slice_new_axis", lambda x: tf.sin(x)[:, tf.newaxis, 1:, 0], [(5, 3)]
    yield "slice_op", lambda x: tf.slice(tf.sin(x), [0, 1, 0], [-1, 3, 2]), [(5, 3)]
    yield "slice_both", lambda x: tf.sin(x)[:, 1:-1, 2:], [(5, 4)]
    yield "cast", lambda x: tf.cast(tf.cast(x * 10.0, tf.int32), tf.float32), [(5, 3)]
    yield "int_math", lambda i: tf.math.floormod(i * 7 - 3, 5) + i // 2, [((5,), 9)]
    yield "float_mod", lambda x: tf.math.floormod(x, 0.3), [(5,)]
    yield "pad", lambda x: tf.pad(tf.sin(x), [[0, 0], [1, 2], [0, 1]]), [(5, 3)]
    yield "pad_value", lambda x: tf.pad(tf.sin(x), [[0, 0], [1, 2], [0, 1]], constant_values=0.5), [(5, 3)]
    yield "pad_reflect", lambda x: tf.pad(tf.sin(x), [[0, 0], [1, 2], [0, 1]], "REFLECT"), [(5, 3)]
    yield "pad_symmetric", lambda x: tf.pad(tf.sin(x), [[0, 0], [1, 2], [0, 1]], "SYMMETRIC"), [(5, 3)]
    yield "tile", lambda x: tf.tile(tf.sin(x), [1, 2, 3]), [(5, 3)]
    yield "transpose", lambda x: tf.transpose(tf.sin(x), [0, 2, 1]), [(5, 3)]
    yield "reshape", lambda x: tf.reshape(tf.sin(x), [-1, 5]), [(5, 3)]
    yield "squeeze", lambda x: tf.squeeze(tf.sin(x), [1, 3]), [(1, 3, 1)]
    yield "squeeze_one", lambda x: tf.squeeze(tf.sin(x), 2), [(5, 1)]
    yield "expand", lambda x: tf.expand_dims(tf.sin(x), 1), [(5, 3)]
    yield "matmul", lambda x, z: tf.matmul(x, z, transpose_b=True), [(4, 3), (5, 3)]
    yield "matmul_both", lambda x, z: tf.matmul(x, z, transpose_a=True, transpose_b=True), [(3, 4), (5, 3)]
    yield "norm", lambda x: x / tf.sqrt(tf.reduce_sum(tf.square(x), -1, keepdims=True) + 1e-6), [(5, 3)]
    yield "constant_first", lambda x: 1.0 / (2.0 - tf.sin(x)), [(5,)]
    yield "constant_vector", lambda x: tf.pow(tf.abs(x) + 0.5, const(5, low=0.5, high=2)) * const(5), [(5,)]
    yield "constant_vector_first", lambda x: const(3, 5) - tf.sin(x), [(3, 5)]
    yield "functions", lambda x: [tf.math.erf(x), tf.math.expm1(x), tf.math.log1p(tf.abs(x)), tf.math.rsqrt(x * x + 1.0)], [(5,)]
    yield "functions_2", lambda x: [tf.floor(x * 3.0), tf.math.ceil(x * 3.0), tf.round(x * 5.0), tf.sign(x), tf.abs(x)], [(5,)]
    yield "difference", lambda x, z: tf.math.squared_difference(x, z), [(5, 3), (5, 3)]
    yield "double", lambda x: tf.cast(tf.cast(x, tf.float64) * 0.1 + tf.constant([0.3, 0.7, 0.1], tf.float64), tf.float32), [(3,)]
    yield "resize", lambda x: tf.image.resize(tf.sin(x), [7, 9]), [(3, 4, 2)]
    yield "pools", lambda x: tf.nn.max_pool2d(tf.sin(x), 2, 2, "SAME") * 2.0, [(5, 7, 2)]
    yield "max_pool_v2", lambda x: tf.raw_ops.MaxPoolV2(input=tf.sin(x), ksize=[1, 3, 2, 1], strides=[1, 2, 1, 1], padding="SAME"), [(5, 7, 2)]
    yield "band_part", lambda x: tf.linalg.band_part(tf.sin(x), 1, 2), [(5, 7)]
    yield "band_part_lower", lambda x: [tf.linalg.band_part(tf.sin(x), -1, 0), tf.linalg.band_part(x * x, 0, -1)], [(4, 4)]
    yield "segments", lambda x: tf.math.unsorted_segment_sum(tf.transpose(tf.sin(x)), [2, 0, 2, 1, 0], 4)[:3], [(5,)]
    yield "segments_max", lambda x: tf.math.unsorted_segment_max(tf.transpose(tf.sin(x)), [1, 0, 1, 1, 0], 2), [(5,)]
    yield "segments_min", lambda x: tf.math.unsorted_segment_min(tf.transpose(tf.sin(x)), [1, 0, 1, 1, 0], 2), [(5,)]
    yield "segments_min_int", lambda i: tf.math.unsorted_segment_min(tf.transpose(i - 4), [1, 0, 2, 1, 0], 4)[:3], [((5,), 9)]
    yield "segments_product", lambda x: tf.math.unsorted_segment_prod(tf.transpose(tf.sin(x), [1, 0, 2]), [2, 0, 2, 1, 0], 4), [(5, 3)]
    yield "cut_mod", lambda i: tf.raw_ops.TruncateMod(x=i * 7 - 30, y=tf.constant([4, -3, 5, -7, 2])), [((5,), 9)]
    yield "cut_mod_by", lambda i: tf.raw_ops.Mod(x=-17, y=i * 2 - 9), [((5,), 9)]
    yield "cut_mod_float", lambda x: tf.raw_ops.Mod(x=x * 5.0, y=-0.75), [(5,)]
    yield "cut_div", lambda i: [tf.raw_ops.TruncateDiv(x=i * 7 - 30, y=4), tf.raw_ops.Div(x=i * 7 - 30, y=-5)], [((5,), 9)]
    yield "flip_marked", lambda x: tf.raw_ops.Reverse(tensor=tf.sin(x), dims=[False, True, False, True]), [(4, 3, 2)]
    yield "diag", lambda x: tf.raw_ops.MatrixDiag(diagonal=tf.sin(x)), [(4,)]
    yield "diag_above", lambda x: tf.linalg.diag(tf.sin(x), k=2, padding_value=0.5), [(3, 4)]
    yield "diag_below", lambda x: tf.linalg.diag(tf.sin(x), k=-1), [(4,)]
    yield "diag_part", lambda x: [tf.linalg.diag_part(tf.sin(x), k=k) for k in (0, 1, -1, -2, 3)], [(4, 5)]
    yield "diag_part_int", lambda i: tf.raw_ops.MatrixDiagPart(input=i), [((5, 3), 9)]
    yield "set_diag", lambda x, z: tf.linalg.set_diag(tf.sin(x), z), [(4, 3), (3,)]
    yield "set_diag_beside", lambda x, z: [tf.linalg.set_diag(tf.sin(x), z, k=k) for k in (1, -2)], [(5, 4), (3,)]
    yield "undo_permutation", lambda x: tf.gather(tf.sin(x), tf.raw_ops.InvertPermutation(x=tf.argsort(x[0])), axis=1), [(5,)]
    yield "gather_nd", lambda x: tf.gather_nd(tf.transpose(tf.sin(x), [1, 2, 0]), [[0, 2], [3, 1], [0, 0]]), [(4, 3)]
    yield "gather_nd_table", lambda i: tf.gather_nd(const(4, 3, 2), tf.stack([i, tf.math.floormod(i, 3)], -1)), [((5,), 4)]
    yield "gather_nd_rows", lambda i: tf.gather_nd(const(6, 2), i[:, :, tf.newaxis]), [((5,), 6)]
    yield "space_to_batch", lambda x: tf.sin(tf.space_to_batch(tf.sin(x), [2, 3], [[1, 0], [0, 2]])), [(3, 4, 2)]
    yield "batch_to_space", space_and_back, [(3, 4, 2)]
    yield "lrn", lambda x: tf.nn.local_response_normalization(x * 3.0, 2, 1.5, 0.3, 0.75), [(3, 4, 7)]
    yield "lrn_wide", lambda x: tf.nn.local_response_normalization(x, 5, 1.0, 0.1, 0.5), [(2, 3, 4)]
    yield "colors", lambda x: [tf.image.rgb_to_hsv(tf.abs(x)), tf.image.hsv_to_rgb(tf.abs(x))], [(4, 5, 3)]
    yield "saturation", lambda x: [tf.image.adjust_saturation(tf.abs(x), 0.4), tf.image.adjust_saturation(tf.abs(x), 3.0)], [(4, 5, 3)]
    yield "hue", lambda x: [tf.image.adjust_hue(tf.abs(x), 0.3), tf.image.adjust_hue(tf.abs(x), -0.7)], [(4, 5, 3)]
    yield "contrast", lambda x: tf.image.adjust_contrast(x, 1.7), [(4, 5, 3)]
    yield "where_rows", lambda x, z: tf.where(tf.reduce_any(z > 0.0, 2)[:, tf.newaxis], tf.sin(x), -1.0), [(4, 3), (3, 5)]
    yield "softmax_scaled", lambda x, z: tf.nn.softmax(tf.matmul(x, z, transpose_b=True) / 1.7320508), [(4, 3), (5, 3)]


def fake_quant(tf, var):
    def made(x):
        low, high = -var("low", ()), var("high", (3,))
        one = tf.quantization.fake_quant_with_min_max_vars(x * 2.0, low, var("top", ()), 6, narrow_range=True)
        return one + tf.quantization.fake_quant_with_min_max_vars_per_channel(x * 2.0, -var("bottom", (3,)), high)

    return made


def variable_cases(tf, var):
    """The same with variables, which become weights of generated layers."""
    yield "scale", lambda x: tf.sin(x) * var("scale", (5, 1)) + tf.square(var("shift", (3,))), [(5, 3)]
    yield "two_results", lambda x: (lambda h: [tf.sin(h), tf.reduce_sum(h * var("b", (5, 1)), 1)])(x * var("a", (5, 1))), [(5, 3)]
    yield "split_scaled", lambda x: [p * var("s%d" % i, ()) for i, p in enumerate(tf.split(x, 2, 1))], [(6, 2)]
    yield "table", lambda i: tf.gather(var("table", (9, 3, 2)).read_value(), i), [((4,), 9)]
    yield "fake_quant_learned", fake_quant(tf, var), [(4, 3)]
    yield "big_constant", lambda x: x * tf.constant(np.linspace(-1, 1, 2000, dtype=np.float32)), [(2000,)]
    yield "between", lambda x: tf.nn.relu(tf.sin(x * var("u", (5, 1)))) * var("v", (5, 1)), [(5, 3)]
    yield "buckets", lambda x: tf.cast(tf.raw_ops.Bucketize(input=x * var("by", (5,)), boundaries=[-0.5, 0.0, 0.75]), tf.float32), [(5,)]
    yield "conv3d", lambda x: tf.nn.conv3d(x, var("k3", (2, 1, 3, 2, 4)) * tf.reduce_max(x), [1, 1, 2, 1, 1], "SAME"), [(4, 5, 3, 2)]
    yield "depthwise", lambda x: tf.nn.depthwise_conv2d(x, var("kd", (3, 2, 2, 3)) * tf.reduce_max(x), [1, 2, 2, 1], "VALID"), [(5, 7, 2)]
    yield "depthwise_dilated", lambda x: tf.nn.depthwise_conv2d(x, var("kl", (2, 3, 2, 1)) * tf.reduce_max(x), [1, 1, 1, 1], "SAME", dilations=[2, 2]), [(5, 7, 2)]
    # Sizes that are open: those of the batch.
    yield "token", lambda x: tf.concat([tf.broadcast_to(var("token", (1, 1, 3)), [tf.shape(x)[0], 1, 3]), x], 1) + var("at", (1, 6, 3)), [(5, 3)]
    yield "token_tiled", lambda x: tf.concat([tf.tile(var("tiled", (1, 1, 3)), [tf.shape(x)[0], 1, 1]), x], 1), [(5, 3)]
    yield "filled", lambda x: tf.concat([tf.fill([tf.shape(x)[0], 2, 3], 0.5), x * var("f", (5, 1))], 1), [(5, 3)]
    yield "numbered", lambda x: x * var("n", (1,)) + tf.cast(tf.range(tf.shape(x)[0]), tf.float32)[:, tf.newaxis], [(5,)]
