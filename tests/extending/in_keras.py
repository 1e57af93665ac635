"""Real Keras loads what was written with a user's rules: in_keras.py KERAFT

Once in each environment of the oracle; exit 77 where there is none.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "oracle"))

import envs  # noqa: E402

# In the environment: python -c CHECK FOLDER FILE…, with acme_layers.py on the path.
CHECK = """
import sys
import numpy as np
import keras
import acme_layers
folder = sys.argv[1]
x, wanted = np.load(folder + "/x.npy"), np.load(folder + "/y.npy")
for file in sys.argv[2:]:
    model = keras.models.load_model(folder + "/" + file)
    assert type(model.layers[-1]) is acme_layers.Gate and model.layers[-1].sharpness == 1.5, (file, model.layers)
    found = np.asarray(model(x))
    assert np.abs(found - wanted).max() < 1e-6 * np.abs(wanted).max(), (file, found, wanted)
"""
WRITE = "import sys, numpy as np; np.save(sys.argv[1], np.random.default_rng(3).normal(size=(5, 4)).astype('float32'))"
ENVS = ("k305", "tf215", "tf221")
FILES = ("out.keras", "out.h5")


def main(keraft):
    found = [env for env in ENVS if envs.python(env)]
    if not found:
        return 77
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        rules = ["--rules", str(HERE / "acme.rules"), "--quiet"]
        for file in FILES:
            subprocess.run([keraft, "convert", str(HERE / "acme.pbtxt"), folder + "/" + file, *rules], check=True)
        envs.run(found[0], "-c", WRITE, folder + "/x.npy")
        arrays = ["-i", folder + "/x.npy", "-o", folder + "/y.npy"]
        subprocess.run([keraft, "run", str(HERE / "acme.pbtxt"), *arrays, *rules], check=True)
        for env in found:
            done = envs.run(env, "-c", "import sys; sys.path.insert(0, %r)" % str(HERE) + CHECK, folder, *FILES, check=False)
            if done.returncode:
                print("%s: %s" % (env, done.stderr.strip()[-600:]))
                failures += 1
    print("%d environments, %d failures" % (len(found), failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
