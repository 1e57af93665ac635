"""Weights and images for the zoo: random, reproducible, and such that signals neither vanish nor explode.

Kernels are He-scaled; gammas lie in 0.5 … 1.5; moving statistics are those of a batch of images, then disturbed. The classifier is scaled
so that its logits spread by about two.
"""

import zlib

import numpy as np

from zoo import TAKE_PIXELS


def generator(*key):
    return np.random.RandomState(zlib.crc32("/".join(map(str, key)).encode()))


def random_weight(rng, role, shape, calm=False):
    """`calm` keeps units where their functions are nearly linear: a deep random net of smooth functions and gates is chaotic, and float32
    itself is off by a tenth in it."""
    if calm and role == "gamma":
        return rng.uniform(0.2, 0.5, shape)
    if calm and role == "beta":
        return rng.normal(1, 0.2, shape)
    if role in ("kernel", "pointwise_kernel"):
        return rng.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape)
    if role == "depthwise_kernel":
        return rng.normal(0, np.sqrt(2 / np.prod(shape[:2])), shape)
    if role == "gamma":
        return rng.uniform(0.5, 1.5, shape)
    if role in ("beta", "bias"):
        return rng.normal(0, 0.2, shape)
    if role == "mean":
        return rng.normal(0, 0.2, shape)
    if role == "variance":
        return rng.uniform(0.5, 1.5, shape)
    return np.full(shape, {"moving_mean": 0.0, "moving_variance": 1.0, "count": 0}[role])


def disturbed(rng, mean, variance):
    """Moving statistics that are near those of the images, but not equal to them."""
    deviation = np.sqrt(variance)
    return mean + 0.2 * deviation * rng.normal(size=mean.shape), variance * rng.uniform(0.5, 1.5, variance.shape)


def images(net, size, batch):
    """Images in -1 … 1, or 0 … 255 for nets that scale them: coarse patches under fine noise, so that the outputs differ from image to image."""
    rng = generator(net, "images", batch)
    patches = -(-size // 8)
    coarse = np.kron(rng.uniform(-0.7, 0.7, (batch, 8, 8, 3)), np.ones((1, patches, patches, 1)))[:, :size, :size]
    found = coarse + rng.uniform(-0.3, 0.3, coarse.shape)
    return (found * 127.5 + 127.5 if net in TAKE_PIXELS else found).astype(np.float32)
