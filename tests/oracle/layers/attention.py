"""Attention, as Keras 2 and 3 build it and as transformers write it by hand."""

from layers import ints, layer, raw

Q, V = (5, 6), (4, 6)


def heads(name, make, shapes, expect=None, causal=False, **more):
    wanted = [("MultiHeadAttention", expect or {})]
    return layer("MultiHeadAttention/" + name, make, shapes, opens="3", expect=wanted, **more)


def multi_head():
    yield heads("cross", lambda L: (lambda q, v: L.MultiHeadAttention(2, 3)(q, v)), [Q, V], {"num_heads": 2, "key_dim": 3})
    yield heads("self", lambda L: (lambda x: L.MultiHeadAttention(2, 3)(x, x)), [Q], {"num_heads": 2, "key_dim": 3})
    yield heads("three", lambda L: (lambda q, v, k: L.MultiHeadAttention(2, 3)(q, v, k)), [Q, V, V], {"num_heads": 2, "key_dim": 3})
    yield heads("no_bias", lambda L: (lambda q, v: L.MultiHeadAttention(3, 2, use_bias=False)(q, v)), [Q, V], {"use_bias": False})
    yield heads("value_dim", lambda L: (lambda q, v: L.MultiHeadAttention(2, 3, value_dim=4)(q, v)), [Q, V], {"key_dim": 3, "value_dim": 4})
    yield heads("output_shape", lambda L: (lambda q, v: L.MultiHeadAttention(2, 3, output_shape=(9,))(q, v)), [Q, V], {"output_shape": [9]})
    yield heads("one_head", lambda L: (lambda q, v: L.MultiHeadAttention(1, 3)(q, v)), [Q, V], {"num_heads": 1, "key_dim": 3})
    yield heads("widths", lambda L: (lambda q, v: L.MultiHeadAttention(2, 3)(q, v)), [(5, 6), (4, 8)], {"num_heads": 2})
    yield heads("dropout", lambda L: (lambda q, v: L.MultiHeadAttention(2, 3, dropout=0.2)(q, v)), [Q, V], {"num_heads": 2, "key_dim": 3})
    yield heads("same_sizes", lambda L: (lambda q, v: L.MultiHeadAttention(4, 4)(q, v)), [(4, 4), (4, 4)], {"num_heads": 4})
    yield heads("axis", lambda L: (lambda q, v: L.MultiHeadAttention(2, 3, attention_axes=(2,))(q, v)), [(3, 5, 6), (3, 4, 6)], {"attention_axes": [2]})
    yield heads("axis1", lambda L: (lambda q, v: L.MultiHeadAttention(2, 3, attention_axes=(1,))(q, v)), [(5, 3, 6), (4, 3, 6)], {"attention_axes": [1]})
    yield heads("open", lambda L: (lambda x: L.MultiHeadAttention(2, 3)(x, x)), [(None, 6)], {"num_heads": 2}, sizes=[(5, 6)])
    yield heads("causal", lambda L: (lambda x: L.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True)), [Q], {"num_heads": 2})
    yield heads("causal_dropout", lambda L: (lambda x: L.MultiHeadAttention(2, 3, dropout=0.1)(x, x, use_causal_mask=True)), [Q], {"num_heads": 2})
    yield heads("causal_cross", lambda L: (lambda q, v: L.MultiHeadAttention(2, 3)(q, v, use_causal_mask=True)), [Q, V], {"num_heads": 2})

    def block(L):
        def call(x):
            x = L.Add()([x, L.MultiHeadAttention(2, 3)(x, x)])
            return L.Add()([x, L.Dense(6)(L.Dense(8, activation="relu")(x))])

        return call

    yield layer("MultiHeadAttention/block", block, [Q], opens="3",
                expect=[("MultiHeadAttention", {}), ("Add", {}), ("Dense", {}), ("Dense", {}), ("Add", {})])  # fmt: skip


def grouped():
    def case(name, make, shapes, expect=None):
        return layer("GroupQueryAttention/" + name, make, shapes, keras="3", expect=[("GroupedQueryAttention", expect or {})])

    yield case("4_2", lambda L: (lambda q, v: L.GroupQueryAttention(3, 4, 2)(q, v)), [Q, V], {"num_query_heads": 4, "num_key_value_heads": 2})
    yield case("6_2", lambda L: (lambda x: L.GroupQueryAttention(3, 6, 2)(x, x)), [Q], {"num_query_heads": 6, "num_key_value_heads": 2})
    yield case("4_1", lambda L: (lambda q, v: L.GroupQueryAttention(3, 4, 1, use_bias=False)(q, v)), [Q, V], {"num_key_value_heads": 1})
    yield case("dropout", lambda L: (lambda q, v: L.GroupQueryAttention(3, 4, 2, dropout=0.2)(q, v)), [Q, V])
    yield case("causal", lambda L: (lambda x: L.GroupQueryAttention(3, 4, 2)(x, x, use_causal_mask=True)), [Q])


def plain():
    yield layer("Attention/dot", lambda L: L.Attention(), [Q, V])
    yield layer("Attention/three", lambda L: L.Attention(), [Q, V, V])
    yield layer("Attention/scale", lambda L: L.Attention(use_scale=True), [Q, V])
    yield layer("Attention/concat", lambda L: L.Attention(score_mode="concat"), [Q, V])
    yield layer("Attention/concat_scale", lambda L: L.Attention(score_mode="concat", use_scale=True), [Q, V])
    yield layer("Attention/dropout", lambda L: L.Attention(dropout=0.3), [Q, V], expect=[("Attention", {"score_mode": "dot"})])
    yield layer("Attention/causal", lambda L: (lambda q, v: L.Attention()([q, v], use_causal_mask=True)), [Q, V])
    yield layer("Attention/self", lambda L: (lambda x: L.Attention()([x, x])), [Q])
    masked = "NotEqual Embedding Embedding LogicalNot Dot Reshape Rescaling Where NotEqual Activation Reshape Dot Where".split()
    yield layer(
        "Attention/masked", lambda L: (lambda q, v: L.Attention()([L.Embedding(11, 3, mask_zero=True)(q), L.Embedding(11, 3, mask_zero=True)(v)])),
        [ints((5,), 11), ints((4,), 11)], keras="3", expect=[(cls, {}) for cls in masked], custom=True, writers=["keras3"],
    )  # fmt: skip
    yield layer("AdditiveAttention/scale", lambda L: L.AdditiveAttention(), [Q, V])
    yield layer("AdditiveAttention/plain", lambda L: L.AdditiveAttention(use_scale=False), [Q, V])
    yield layer("AdditiveAttention/three", lambda L: L.AdditiveAttention(), [Q, V, V])
    yield layer("AdditiveAttention/causal", lambda L: (lambda q, v: L.AdditiveAttention()([q, v], use_causal_mask=True)), [Q, V])
    yield raw("Attention/matmul", lambda tf, var, q, v: tf.matmul(tf.nn.softmax(tf.matmul(q, v, transpose_b=True)), v), [Q, V], expect=[("Attention", {})])
    yield raw(
        "Attention/einsum", lambda tf, var, q, v: tf.einsum("bts,bsd->btd", tf.nn.softmax(tf.einsum("btd,bsd->bts", q, v)), v), [Q, V],
        expect=[("Attention", {})],
    )  # fmt: skip


def by_hand():
    wanted = [("MultiHeadAttention", {"num_heads": 2, "key_dim": 3})]

    def bert(tf, var, x):
        """Projections as matrices, heads by reshape and transpose."""

        def part(name, y, size):
            rows = tf.matmul(tf.reshape(y, [-1, 6]), var(name + "/kernel", (6, size))) + var(name + "/bias", (size,))
            return tf.transpose(tf.reshape(rows, [-1, 5, 2, size // 2]), [0, 2, 1, 3])

        q, k, v = part("q", x, 6), part("k", x, 6), part("v", x, 6)
        weights = tf.nn.softmax(tf.matmul(q, k, transpose_b=True) * (1 / 3**0.5))
        context = tf.reshape(tf.transpose(tf.matmul(weights, v), [0, 2, 1, 3]), [-1, 5, 6])
        return tf.tensordot(context, var("o/kernel", (6, 6)), 1) + var("o/bias", (6,))

    def scaled_query(tf, var, q, v):
        def part(name, y):
            return tf.einsum("btd,dnh->btnh", y, var(name, (6, 2, 3)))

        scores = tf.einsum("btnh,bsnh->bnts", part("q", q) / 3**0.5, part("k", v))
        context = tf.einsum("bnts,bsnh->btnh", tf.nn.softmax(scores), part("v", v))
        return tf.einsum("btnh,nhd->btd", context, var("o", (2, 3, 6)))

    def causal(tf, var, x):
        def part(name):
            return tf.einsum("btd,dnh->bnth", x, var(name, (6, 2, 3)))

        scores = tf.matmul(part("q"), part("k"), transpose_b=True) / 3**0.5
        allowed = tf.linalg.band_part(tf.ones((5, 5)), -1, 0)
        weights = tf.nn.softmax(scores + (1.0 - allowed) * -1e9)
        return tf.einsum("bnth,nhd->btd", tf.matmul(weights, part("v")), var("o", (2, 3, 6)))

    yield raw("MultiHeadAttention/bert", bert, [Q], opens="3", expect=wanted)
    yield raw("MultiHeadAttention/scaled_query", scaled_query, [Q, V], opens="3", expect=[("MultiHeadAttention", {"use_bias": False})])
    yield raw("MultiHeadAttention/causal_by_hand", causal, [Q], opens="3", expect=[("MultiHeadAttention", {"use_bias": False})])


def cases():
    for family in (multi_head, grouped, plain, by_hand):
        yield from family()
