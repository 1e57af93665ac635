"""Dense, EinsumDense, Embedding, Masking, Input, Flatten, Reshape, Permute, RepeatVector, and what acts in training only."""

from layers import ints, layer, raw


def dense():
    yield layer("Dense/bias", lambda L: L.Dense(5), [(7,)])
    yield layer("Dense/tanh", lambda L: L.Dense(3, activation="tanh", use_bias=False), [(7,)])
    yield layer("Dense/one_unit", lambda L: L.Dense(1), [(7,)])
    yield layer("Dense/one_feature", lambda L: L.Dense(4), [(1,)])
    yield layer("Dense/rank3", lambda L: L.Dense(5, activation="relu"), [(4, 7)])
    yield layer("Dense/rank3_no_bias", lambda L: L.Dense(5, use_bias=False), [(4, 7)])
    yield layer("Dense/rank3_open", lambda L: L.Dense(5), [(None, 7)], sizes=[(4, 7)])
    yield layer("Dense/rank4", lambda L: L.Dense(6), [(3, 4, 7)])
    yield layer("Dense/rank4_open", lambda L: L.Dense(6), [(None, 4, 7)], sizes=[(3, 4, 7)])
    yield layer("Dense/rank5", lambda L: L.Dense(2, activation="sigmoid"), [(2, 3, 4, 5)])
    yield layer("Dense/rank3_square", lambda L: L.Dense(4), [(4, 4)])
    yield layer("Dense/rank3_length1", lambda L: L.Dense(5), [(1, 7)])
    yield layer("Dense/two", lambda L: (lambda x: L.Dense(3)(L.Dense(6, activation="relu")(x))), [(4, 7)])
    yield layer("Dense/behind_reshape", lambda L: (lambda x: L.Dense(3)(L.Reshape((2, 14))(x))), [(4, 7)])
    yield layer("Dense/before_flatten", lambda L: (lambda x: L.Flatten()(L.Dense(3)(x))), [(4, 7)])

    def matmul(name, shape, make, units=5, bias=True):
        return raw("Dense/" + name, make, [shape], expect=[("Dense", {"units": units, "use_bias": bias})])

    yield matmul("matmul", (7,), lambda tf, var, x: tf.matmul(x, var("kernel", (7, 5))) + var("bias", (5,)))
    yield matmul("matmul_plain", (7,), lambda tf, var, x: tf.matmul(x, var("kernel", (7, 5))), bias=False)
    yield matmul(
        "transpose_b", (7,), lambda tf, var, x: tf.nn.bias_add(tf.matmul(x, var("kernel", (5, 7)), transpose_b=True), var("bias", (5,)))
    )
    yield matmul("transposed", (7,), lambda tf, var, x: tf.matmul(x, tf.transpose(var("kernel", (5, 7)))) + var("bias", (5,)))
    yield matmul("bias_first", (7,), lambda tf, var, x: var("bias", (5,)) + tf.matmul(x, var("kernel", (7, 5))))
    yield matmul("xw_plus_b", (7,), lambda tf, var, x: tf.compat.v1.nn.xw_plus_b(x, var("kernel", (7, 5)), var("bias", (5,))))
    yield matmul("v1_layers", (7,), lambda tf, var, x: tf.matmul(x, var("kernel", (7, 1))) + var("bias", (1,)), units=1)
    yield matmul("batch_matmul", (4, 7), lambda tf, var, x: tf.matmul(x, var("kernel", (7, 5))) + var("bias", (5,)))
    yield matmul("batch_matmul4", (3, 4, 7), lambda tf, var, x: tf.matmul(x, var("kernel", (7, 5))), bias=False)
    yield matmul("batch_matmul_t", (4, 7), lambda tf, var, x: tf.matmul(x, var("kernel", (5, 7)), transpose_b=True), bias=False)
    yield matmul("tensordot", (4, 7), lambda tf, var, x: tf.nn.bias_add(tf.tensordot(x, var("kernel", (7, 5)), [[2], [0]]), var("bias", (5,))))
    yield matmul("tensordot4", (3, 4, 7), lambda tf, var, x: tf.tensordot(x, var("kernel", (7, 5)), 1) + var("bias", (5,)))
    yield matmul("einsum", (4, 7), lambda tf, var, x: tf.einsum("btd,de->bte", x, var("kernel", (7, 5))) + var("bias", (5,)))
    yield matmul("einsum_t", (4, 7), lambda tf, var, x: tf.einsum("btd,ed->bte", x, var("kernel", (5, 7))), bias=False)
    yield matmul("einsum_first", (4, 7), lambda tf, var, x: tf.einsum("de,btd->bte", var("kernel", (7, 5)), x), bias=False)
    yield matmul(
        "by_rows", (4, 7),
        lambda tf, var, x: tf.reshape(tf.matmul(tf.reshape(x, [-1, 7]), var("kernel", (7, 5))) + var("bias", (5,)), [-1, 4, 5]),
    )  # fmt: skip
    yield matmul(
        "by_rows_bias_last", (4, 7),
        lambda tf, var, x: tf.reshape(tf.matmul(tf.reshape(x, [-1, 7]), var("kernel", (7, 5))), [-1, 4, 5]) + var("bias", (5,)),
    )  # fmt: skip
    yield matmul("add_axis", (4, 7), lambda tf, var, x: tf.matmul(x, var("kernel", (7, 5))) + var("bias", (1, 1, 5)))


def einsum_dense():
    def case(name, equation, output_shape, shape, bias_axes=None, **more):
        make = lambda L: L.EinsumDense(equation, output_shape=output_shape, bias_axes=bias_axes)  # noqa: E731
        return layer("EinsumDense/" + name, make, [shape], **more)

    yield case("heads", "abc,cde->abde", (None, 3, 5), (4, 7), "de")
    yield case("heads_bias_e", "abc,cde->abde", (None, 3, 5), (4, 7), "e")
    plain = ["keras3", "tf_keras", "tf_keras_meta"]  # Grappler leaves a matrix product and a reshape: Dense, Reshape
    yield case("heads_plain", "abc,cde->abde", (None, 3, 5), (4, 7), writers=plain)
    yield case("join", "abcd,cde->abe", (None, 5), (4, 3, 7), "e", writers=plain)
    yield case("as_dense", "ab,bc->ac", (5,), (7,), "c", expect=[("Dense", {"units": 5})])
    yield case("as_dense3", "abc,cd->abd", (None, 5), (4, 7), "d", expect=[("Dense", {"units": 5})])
    yield case("middle", "abc,bd->adc", (5, None), (4, 7), "d", expect=[("EinsumDense", {})])
    yield case("all", "abc,bcd->ad", (5,), (4, 7), "d")
    scale = [("EinsumDense", {"equation": "...c,c->...c", "output_shape": [5]})]
    for name, shape, own in (("vector", (5,), (5,)), ("image", (4, 7, 5), (5,)), ("row", (6, 5), (1, 5))):
        # Grappler leaves a constant, which is no weight.
        yield raw("EinsumDense/scale_of_" + name, lambda tf, var, x, s=own: x * var("scale", s), [shape], scale, writers=["tf", "tf_meta"])
    yield raw(
        "EinsumDense/raw", lambda tf, var, x: tf.einsum("abc,cde->abde", x, var("kernel", (7, 3, 5))) + var("bias", (3, 5)), [(4, 7)],
        expect=[("EinsumDense", {"equation": "abc,cde->abde", "output_shape": [None, 3, 5], "bias_axes": "de"})],
    )  # fmt: skip
    yield raw(
        "EinsumDense/raw_letters", lambda tf, var, x: tf.einsum("btnh,nhd->btd", x, var("kernel", (3, 5, 6))), [(4, 3, 5)],
        expect=[("EinsumDense", {"equation": "abcd,cde->abe", "output_shape": [None, 6]})],
    )  # fmt: skip


def embedding():
    yield layer("Embedding/plain", lambda L: L.Embedding(11, 3), [ints((4,), 11)])
    yield layer("Embedding/one", lambda L: L.Embedding(11, 3), [ints((1,), 11)])
    yield layer("Embedding/int64", lambda L: L.Embedding(11, 3), [ints((4,), 11, "int64")])
    yield layer("Embedding/float", lambda L: L.Embedding(11, 3), [ints((4,), 11, "float32")])
    yield layer("Embedding/uint8", lambda L: L.Embedding(11, 3), [ints((4,), 11, "uint8")])
    yield layer("Embedding/rank3", lambda L: L.Embedding(11, 3), [ints((4, 2), 11)])
    yield layer("Embedding/open", lambda L: L.Embedding(11, 3), [ints((None,), 11)], sizes=[(4,)])
    yield layer("Embedding/dense", lambda L: (lambda x: L.Dense(2)(L.Flatten()(L.Embedding(11, 3)(x)))), [ints((4,), 11)])
    wanted = [("Embedding", {"input_dim": 11, "output_dim": 3})]
    yield raw("Embedding/lookup", lambda tf, var, x: tf.nn.embedding_lookup(var("table", (11, 3)), x), [ints((4,), 11)], expect=wanted)
    yield raw("Embedding/gather", lambda tf, var, x: tf.gather(var("table", (11, 3)), x), [ints((4,), 11)], expect=wanted)
    yield raw(
        "Embedding/gather_cast", lambda tf, var, x: tf.gather(var("table", (11, 3)), tf.cast(x, tf.int32)), [ints((4,), 11, "float32")],
        expect=wanted,
    )  # fmt: skip


def shapes():
    yield layer("Masking/zero", lambda L: L.Masking(), [(4, 3)])
    yield layer("Masking/value", lambda L: L.Masking(mask_value=-1.5), [(4, 3)])
    yield layer("Flatten/rank3", lambda L: L.Flatten(), [(4, 3)])
    yield layer("Flatten/rank5", lambda L: L.Flatten(), [(2, 3, 4, 5)])
    yield layer("Flatten/channels_first", lambda L: L.Flatten(data_format="channels_first"), [(4, 3, 2)])
    yield layer("Reshape/split", lambda L: L.Reshape((2, 6)), [(12,)])
    yield layer("Reshape/join", lambda L: L.Reshape((6, 4)), [(2, 3, 4)])
    yield layer("Reshape/open", lambda L: L.Reshape((-1, 4)), [(2, 3, 4)], expect=[("Reshape", {"target_shape": [6, 4]})])
    yield layer("Reshape/open_sizes", lambda L: L.Reshape((-1, 4)), [(None, None, 8)], sizes=[(3, 5, 8)])
    yield layer("Reshape/axis", lambda L: L.Reshape((12, 1)), [(12,)])
    yield layer("Permute/21", lambda L: L.Permute((2, 1)), [(4, 3)])
    yield layer("Permute/312", lambda L: L.Permute((3, 1, 2)), [(4, 3, 2)])
    yield layer("Permute/4321", lambda L: L.Permute((4, 3, 2, 1)), [(4, 3, 2, 5)])
    yield layer("RepeatVector/3", lambda L: L.RepeatVector(3), [(5,)])
    yield layer("RepeatVector/1", lambda L: L.RepeatVector(1), [(5,)], expect=[("Reshape", {"target_shape": [1, 5]})])
    yield raw("Flatten/minus_one", lambda tf, var, x: tf.reshape(x, [-1, 12]), [(4, 3)], expect=[("Flatten", {})])
    yield raw(
        "Flatten/by_shape", lambda tf, var, x: tf.reshape(x, tf.stack([tf.shape(x)[0], 12])), [(4, 3)], expect=[("Flatten", {})]
    )
    steps = [("Reshape", {"target_shape": [5, 3, 2, 2, 3]}), ("Permute", {"dims": [1, 3, 2, 4, 5]}), ("Reshape", {"target_shape": [10, 6, 3]})]
    yield raw("Reshape/depth_to_space", lambda tf, var, x: tf.nn.depth_to_space(x, 2), [(5, 3, 12)], expect=steps)
    steps = [("Reshape", {"target_shape": [2, 3, 3, 3, 2]}), ("Permute", {"dims": [1, 3, 2, 4, 5]}), ("Reshape", {"target_shape": [2, 3, 18]})]
    yield raw("Reshape/space_to_depth", lambda tf, var, x: tf.nn.space_to_depth(x, 3), [(6, 9, 2)], expect=steps)
    yield raw("Reshape/expand", lambda tf, var, x: tf.expand_dims(x, 1), [(4, 3)], expect=[("Reshape", {"target_shape": [1, 4, 3]})])
    yield raw("Reshape/squeeze", lambda tf, var, x: tf.squeeze(x, [2]), [(4, 1, 3)], expect=[("Reshape", {"target_shape": [4, 3]})])
    yield raw("Permute/transpose", lambda tf, var, x: tf.transpose(x, [0, 3, 1, 2]), [(4, 3, 2)], expect=[("Permute", {"dims": [3, 1, 2]})])
    yield raw(
        "RepeatVector/tile", lambda tf, var, x: tf.tile(tf.expand_dims(x, 1), [1, 4, 1]), [(5,)], expect=[("RepeatVector", {"n": 4})]
    )


def training_only():
    def gone(name, make, shape):
        return layer(name, lambda L: (lambda x: L.Activation("tanh")(make(L)(x))), [shape], expect=[("Activation", {"activation": "tanh"})])

    yield gone("Dropout/inference", lambda L: L.Dropout(0.3), (4, 3))
    yield gone("SpatialDropout1D/inference", lambda L: L.SpatialDropout1D(0.3), (4, 3))
    yield gone("SpatialDropout2D/inference", lambda L: L.SpatialDropout2D(0.3), (4, 3, 2))
    yield gone("SpatialDropout3D/inference", lambda L: L.SpatialDropout3D(0.3), (4, 3, 2, 2))
    yield gone("GaussianNoise/inference", lambda L: L.GaussianNoise(0.3), (4, 3))
    yield gone("GaussianDropout/inference", lambda L: L.GaussianDropout(0.3), (4, 3))
    yield gone("AlphaDropout/inference", lambda L: L.AlphaDropout(0.3), (4, 3))
    yield gone("ActivityRegularization/inference", lambda L: L.ActivityRegularization(l1=0.1, l2=0.2), (4, 3))


def noises():
    """In the graph of the training script, where the learning phase is a placeholder."""

    def kept(name, make, shape, **config):
        cls = name.split("/")[0]
        return layer(name, lambda L: make(L), [shape], writers=["tf_keras_phase"], expect=[(cls, config)])

    yield kept("Dropout/phase", lambda L: L.Dropout(0.3), (4, 3), rate=0.3, noise_shape=None)
    yield kept("Dropout/phase_one_step", lambda L: L.Dropout(0.3), (1, 3), rate=0.3, noise_shape=None)
    yield kept("Dropout/phase_noise_shape", lambda L: L.Dropout(0.3, noise_shape=(None, 4, 1, 3)), (4, 5, 3), rate=0.3, noise_shape=[None, None, 1, None])
    yield kept("SpatialDropout1D/phase", lambda L: L.SpatialDropout1D(0.3), (4, 3), rate=0.3)
    yield kept("SpatialDropout1D/phase_open", lambda L: L.SpatialDropout1D(0.2), (4, 3), rate=0.2)
    yield kept("SpatialDropout2D/phase", lambda L: L.SpatialDropout2D(0.3), (4, 3, 2), rate=0.3)
    yield kept("SpatialDropout3D/phase", lambda L: L.SpatialDropout3D(0.4), (4, 3, 2, 5), rate=0.4)
    yield kept("GaussianNoise/phase", lambda L: L.GaussianNoise(0.3), (4, 3), stddev=0.3)
    yield kept("GaussianDropout/phase", lambda L: L.GaussianDropout(0.3), (4, 3), rate=0.3)
    yield kept("AlphaDropout/phase", lambda L: L.AlphaDropout(0.3), (4, 3), rate=0.3)
    stack = [("Dense", {"units": 5}), ("GaussianNoise", {"stddev": 0.25}), ("Dense", {"units": 2})]
    yield layer(
        "GaussianNoise/phase_between", lambda L: (lambda x: L.Dense(2)(L.GaussianNoise(0.25)(L.Dense(5)(x)))), [(4,)],
        writers=["tf_keras_phase"], expect=stack,
    )  # fmt: skip
    # tf.random.normal is noise of no layer where it is scaled by what the net computes.
    def drop(tf, x, noise):
        phase = tf.compat.v1.placeholder_with_default(False, (), "phase")
        return tf.cond(phase, lambda: noise(x), lambda: x) * 2.0

    wanted = [("GaussianNoise", {"stddev": 0.5}), ("Rescaling", {"scale": 2.0})]
    yield raw(
        "GaussianNoise/cond", lambda tf, var, x: drop(tf, x, lambda x: x + tf.random.normal(tf.shape(x), stddev=0.5)), [(4, 3)], expect=wanted
    )
    wanted = [("SpatialDropout2D", {"rate": 0.25}), ("Rescaling", {"scale": 2.0})]
    yield raw(
        "SpatialDropout2D/cond",
        lambda tf, var, x: drop(tf, x, lambda x: tf.nn.dropout(x, rate=0.25, noise_shape=[tf.shape(x)[0], 1, 1, 2])), [(4, 3, 2)], expect=wanted,
    )  # fmt: skip


def patches():
    """Images cut into patches, each of them projected."""
    yield layer("Conv2D/patches", lambda L: (lambda x: L.Reshape((12, 5))(L.Conv2D(5, (4, 3), strides=(4, 3))(x))), [(16, 9, 3)])

    def tokens(tf, var, x):
        patches = tf.nn.conv2d(x, var("kernel", (4, 3, 3, 5)), [1, 4, 3, 1], "VALID") + var("bias", (5,))
        return tf.reshape(patches, [tf.shape(x)[0], 12, 5])

    yield raw("Conv2D/patches_nn", tokens, [(16, 9, 3)], expect=[("Conv2D", {"kernel_size": [4, 3], "strides": [4, 3]}), ("Reshape", {"target_shape": [12, 5]})])


def class_tokens():
    """A weight that is spread over the batch."""

    def with_token(spread):
        return lambda tf, var, x: tf.concat([spread(tf, var("token", (1, 1, 3)), tf.shape(x)[0]), x], 1) + var("positions", (1, 5, 3))

    for name, spread in (
        ("broadcast", lambda tf, token, batch: tf.broadcast_to(token, [batch, 1, 3])),
        ("tile", lambda tf, token, batch: tf.tile(token, [batch, 1, 1])),
        ("product", lambda tf, token, batch: tf.ones([batch, 1, 1]) * token),
    ):
        # Grappler leaves constants where weights were.
        yield raw(
            "ClassToken/" + name, with_token(spread), [(4, 3)], expect=[("<custom>", {}), ("Concatenate", {"axis": 1}), ("<custom>", {})], opens="3",
            custom=True, writers=["tf", "tf_meta"],
        )  # fmt: skip


def open_lengths():
    """Sizes that only the data tells are those of a tensor, in a generated layer."""

    def case(name, make, expect):
        return raw(
            "OpenLength/" + name, make, [(None, 3)], sizes=[(5, 3)], expect=[(cls, {}) for cls in expect.split()], opens="3", custom=True, writers=["tf", "tf_meta"]
        )

    yield case("mean", lambda tf, var, x: tf.reduce_sum(x, 1) / tf.cast(tf.shape(x)[1], tf.float32), "Sum <custom> Divide")
    yield case("positions", lambda tf, var, x: x + tf.gather(var("table", (9, 3)), tf.range(tf.shape(x)[1])), "<custom> Embedding Add")
    yield case("filled", lambda tf, var, x: tf.concat([x, tf.fill(tf.shape(x), 0.25)], 2), "Pad")


def masks():
    """Masks that Keras hands on from layer to layer become what they compute."""

    def case(name, make, shapes, expect, **more):
        return layer("Masking/" + name, make, shapes, keras="3", expect=[(cls, {}) for cls in expect.split()], custom=True, **more)

    words = ints((5,), 11)
    yield case(
        "pooled_embedding", lambda L: (lambda x: L.GlobalAveragePooling1D()(L.Embedding(11, 3, mask_zero=True)(x))), [words],
        "NotEqual Reshape Embedding Where Cast Sum Sum Divide",
    )  # fmt: skip
    yield case(
        "pooled", lambda L: (lambda x: L.GlobalAveragePooling1D()(L.Masking()(x))), [(5, 3)],
        "NotEqual Any Reshape Masking Where Cast Sum Sum Divide",
    )  # fmt: skip
    yield layer("Masking/dense", lambda L: (lambda x: L.Dense(2)(L.Masking()(x))), [(5, 3)])


def cases():
    for family in (dense, einsum_dense, embedding, shapes, training_only, noises, patches, class_tokens, open_lengths, masks):
        yield from family()
