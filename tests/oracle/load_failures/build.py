"""Makes the kept files that the given Keras is to have written: python -m load_failures.build keras|tf_keras FOLDER [NAME…]

FOLDER/NAME is as keras_files/build.py makes it, with a file of one kind. Other versions of Keras than this is, are left out."""

import importlib
import os
import shutil
import sys

from keras_files.build import save
from load_failures import FAILURES
from load_failures.models import OF_FAILURE


def build(library, folder, names):
    keras = importlib.import_module(library)
    me = "%s %s" % (library, keras.__version__)
    for name, (writer, kind, _, _, _) in FAILURES.items():
        if writer == me and name in (names or FAILURES):
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
            save(keras, OF_FAILURE[name], name, os.path.join(folder, name), [kind])
            os.remove(os.path.join(folder, name, "done"))


if __name__ == "__main__":
    build(sys.argv[1], sys.argv[2], sys.argv[3:])
