"""Resizing and CenterCrop."""

from layers import layer, raw

IMAGE = (6, 9, 2)


def cases():
    for method in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"):
        for size in ((5, 7), (8, 13), (3, 10)):
            k3 = "2 3" if method in ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5") else "2"
            opens = "2" if k3 == "2" else None
            yield layer(
                "Resizing/%s_%dx%d" % (method, *size), lambda L, m=method, s=size: L.Resizing(*s, interpolation=m), [IMAGE],
                keras=k3, opens=opens, expect=[("Resizing", {"height": size[0], "width": size[1], "interpolation": method})],
            )  # fmt: skip
    # The border and the resizing are two layers, which every Keras has.
    padded = [("ZeroPadding2D", {"padding": [[1, 1], [0, 0]]}), ("Resizing", {"height": 5, "width": 5})]
    yield layer("Resizing/pad", lambda L: L.Resizing(5, 5, pad_to_aspect_ratio=True), [IMAGE], keras="3", opens="2 3", expect=padded)
    yield layer("Resizing/pad_nothing", lambda L: L.Resizing(6, 9, pad_to_aspect_ratio=True), [(12, 18, 2)], keras="3", expect=[("Resizing", {"height": 6, "width": 9})])
    wanted = [("Resizing", {"height": 5, "width": 8}), ("ZeroPadding2D", {"padding": [[1, 2], [0, 0]]})]
    yield raw("Resizing/with_pad", lambda tf, var, x: tf.image.resize_with_pad(x, 8, 8), [IMAGE], expect=wanted)
    yield layer("Resizing/default", lambda L: L.Resizing(5, 7), [IMAGE])
    for name, shape, size in (("wide", (6, 9, 2), (5, 5)), ("tall", (9, 6, 2), (4, 7))):
        yield layer("Resizing/crop_" + name, lambda L, s=size: L.Resizing(*s, crop_to_aspect_ratio=True), [shape])
    # What is cut off evenly is said as well by Cropping2D.
    even = [("Cropping2D", {"cropping": [[1, 1], [2, 2]]})]
    yield layer("CenterCrop/even", lambda L: L.CenterCrop(4, 5), [(6, 9, 2)], expect=even)
    yield layer("CenterCrop/odd", lambda L: L.CenterCrop(3, 4), [(6, 9, 2)])
    wanted = [("Resizing", {"height": 5, "width": 7})]
    yield raw("Resizing/image_resize", lambda tf, var, x: tf.image.resize(x, [5, 7]), [IMAGE], expect=wanted)
    yield raw(
        "Resizing/half_pixels", lambda tf, var, x: tf.raw_ops.ResizeNearestNeighbor(images=x, size=[5, 7], half_pixel_centers=True), [IMAGE],
        expect=[("Resizing", {"interpolation": "nearest"})],
    )  # fmt: skip
    yield raw("Resizing/bicubic", lambda tf, var, x: tf.image.resize(x, [5, 7], "bicubic"), [IMAGE], expect=[("Resizing", {"interpolation": "bicubic"})])
