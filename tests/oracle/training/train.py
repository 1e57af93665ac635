"""Trains nets and saves them: python -m training.train FOLDER [NET…]; names of nets that others train are passed over

FOLDER/NET: model.meta with its checkpoint, data.npz (x, y of the next steps, their losses).
"""

import os
import sys
import zlib

import numpy as np
import tensorflow.compat.v1 as tf

from training import NEXT, STEPS
from training.keras_nets import KERAS_NETS
from training.nets import NETS

BATCH = 12


def batch(tensor, rng, classes):
    shape = [BATCH if d is None else int(d) for d in tensor.shape.as_list()]
    if tensor.dtype.is_integer:
        return rng.randint(0, classes, shape)
    if tensor.op.name == "labels":
        return np.eye(shape[1], dtype=np.float32)[rng.randint(0, shape[1], BATCH)]
    if tensor.op.name == "flags":
        return rng.randint(0, 2, shape).astype(np.float32)
    return rng.uniform(-1, 1, shape).astype(np.float32)


def train(name, folder):
    tf.reset_default_graph()
    tf.set_random_seed(zlib.crc32(name.encode()) % 1000)
    rng = np.random.RandomState(zlib.crc32(name.encode()) % 1000)
    inputs, target, loss, step, feeds = NETS[name](tf)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        data = [[batch(t, rng, 4) for t in (inputs[0], target)] for _ in range(STEPS + NEXT)]
        fed = [dict(feeds, **{}) for _ in data]
        for feed, (x, y) in zip(fed, data):
            feed.update({inputs[0]: x, target: y})
        for feed in fed[:STEPS]:
            session.run(step, feed)
        os.makedirs(folder)
        tf.train.Saver().save(session, os.path.join(folder, "model"))
        losses = []
        for feed in fed[STEPS:]:
            losses.append(session.run(loss, feed))  # apart from the step: a variable may change while it is read
            session.run(step, feed)
    x, y = (np.stack([d[i] for d in data[STEPS:]]) for i in (0, 1))
    np.savez(os.path.join(folder, "data.npz"), x=x, y=y, losses=np.array(losses, np.float64))


def main(root, *names):
    tf.disable_eager_execution()
    for name in [name for name in (*NETS, *KERAS_NETS) if not names or name in names]:
        folder = os.path.join(root, name)
        if os.path.exists(os.path.join(folder, "data.npz")):
            continue
        if name in KERAS_NETS:
            KERAS_NETS[name](tf, folder, batch, STEPS, NEXT)
        else:
            train(name, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
