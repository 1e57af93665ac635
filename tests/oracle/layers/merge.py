"""Layers of several inputs."""

from layers import layer, raw

A = (4, 3)


def cases():
    for name in ("Add", "Multiply", "Average", "Maximum", "Minimum"):
        yield layer(name + "/two", lambda L, name=name: getattr(L, name)(), [A, A])
        yield layer(name + "/three", lambda L, name=name: getattr(L, name)(), [A, A, A])
        yield layer(name + "/five", lambda L, name=name: getattr(L, name)(), [(5,)] * 5)
        yield layer(name + "/spread", lambda L, name=name: getattr(L, name)(), [(4, 1), (4, 3)])
    yield layer("Subtract/two", lambda L: L.Subtract(), [A, A])
    yield layer("Subtract/spread", lambda L: L.Subtract(), [(4, 3), (1, 3)])
    yield layer("Concatenate/last", lambda L: L.Concatenate(), [(4, 3), (4, 5)])
    yield layer("Concatenate/axis1", lambda L: L.Concatenate(axis=1), [(4, 3), (2, 3), (1, 3)])
    yield layer("Concatenate/axis2of4", lambda L: L.Concatenate(axis=2), [(4, 3, 2), (4, 1, 2)])
    yield layer("Concatenate/minus2", lambda L: L.Concatenate(axis=-2), [(4, 3, 2), (4, 1, 2)])
    yield layer("Concatenate/open", lambda L: L.Concatenate(axis=1), [(None, 3), (None, 3)], sizes=[(4, 3), (2, 3)])
    for name, axes, shapes in (
        ("vectors", 1, [(5,), (5,)]),
        ("2_2", 2, [(4, 5), (3, 5)]),
        ("2_1", (2, 1), [(4, 5), (5, 3)]),
        ("1_1", 1, [(5, 4), (5, 3)]),
        ("1_2", (1, 2), [(5, 4), (3, 5)]),
        ("vector_matrix", 1, [(5,), (5, 3)]),
        ("matrix_vector", (2, 1), [(3, 5), (5,)]),
        ("minus", -1, [(4, 5), (3, 5)]),
    ):
        rank = [len(s) + 1 for s in shapes]
        both = [a % r for a, r in zip(axes if isinstance(axes, tuple) else (axes, axes), rank)]
        expect = [("Dot", {"axes": both if both[0] != both[1] else both[0]})]
        yield layer("Dot/" + name, lambda L, axes=axes: L.Dot(axes), shapes, expect=expect)
    for name, axes, shapes in (("cosine", 1, [(5,), (5,)]), ("cosine_rows", 2, [(4, 5), (3, 5)]), ("cosine_2_1", (2, 1), [(4, 5), (5, 3)])):
        yield layer("Dot/" + name, lambda L, axes=axes: L.Dot(axes, normalize=True), shapes, expect=[("Dot", {"normalize": True})])
    yield layer(
        "Dot/of_units", lambda L: (lambda a, b: L.Dot(2)([L.UnitNormalization()(a), L.UnitNormalization()(b)])), [(4, 5), (3, 5)],
        expect=[("UnitNormalization", {}), ("UnitNormalization", {}), ("Dot", {"axes": 2, "normalize": False})],
    )  # fmt: skip
    yield layer(
        "Add/of_sums", lambda L: (lambda a, b, c: L.Add()([L.Add()([a, b]), c])), [A, A, A], expect=[("Add", {}), ("Add", {})]
    )
    yield raw("Add/plus", lambda tf, var, a, b: a + b, [A, A], expect=[("Add", {})])
    yield raw("Add/plus_three", lambda tf, var, a, b, c: a + b + c, [A, A, A], expect=[("Add", {})])
    yield raw("Add/add_n", lambda tf, var, a, b, c: tf.add_n([a, b, c]), [A, A, A], expect=[("Add", {})])
    yield raw("Multiply/times", lambda tf, var, a, b: tf.multiply(a, b), [A, A], expect=[("Multiply", {})])
    yield raw("Subtract/minus", lambda tf, var, a, b: a - b, [A, A], expect=[("Subtract", {})])
    yield raw("Average/half", lambda tf, var, a, b: (a + b) * 0.5, [A, A], expect=[("Average", {})])
    yield raw("Average/third", lambda tf, var, a, b, c: (a + b + c) / 3.0, [A, A, A], expect=[("Average", {})])
    yield raw("Average/add_n", lambda tf, var, a, b, c: tf.add_n([a, b, c]) / 3.0, [A, A, A], expect=[("Average", {})])
    yield raw("Maximum/tf", lambda tf, var, a, b: tf.maximum(a, b), [A, A], expect=[("Maximum", {})])
    yield raw("Minimum/three", lambda tf, var, a, b, c: tf.minimum(tf.minimum(a, b), c), [A, A, A], expect=[("Minimum", {})])
    yield raw("Concatenate/tf", lambda tf, var, a, b: tf.concat([a, b], 1), [(4, 3), (2, 3)], expect=[("Concatenate", {"axis": 1})])
    yield raw(
        "Concatenate/v0", lambda tf, var, a, b: tf.raw_ops.Concat(concat_dim=2, values=[a, b]), [(4, 3), (4, 2)],
        expect=[("Concatenate", {"axis": -1})],
    )  # fmt: skip
    yield layer("Dot/normalize", lambda L: L.Dot(1, normalize=True), [(5,), (5,)])
    yield layer("Dot/normalize_rank3", lambda L: L.Dot(2, normalize=True), [(3, 5), (4, 5)])
    yield raw("Dot/matmul", lambda tf, var, a, b: tf.matmul(a, b), [(4, 5), (5, 3)], expect=[("Dot", {"axes": [2, 1]})])
    yield raw("Dot/matmul_t", lambda tf, var, a, b: tf.matmul(a, b, transpose_b=True), [(4, 5), (3, 5)], expect=[("Dot", {"axes": 2})])
    yield raw("Dot/einsum", lambda tf, var, a, b: tf.einsum("bij,bkj->bik", a, b), [(4, 5), (3, 5)], expect=[("Dot", {"axes": 2})])
