"""The cases of run.py: where each source lies, how keraft is called, and what must come out."""

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

import envs
import former
import nets
import originals
import shared_models
import zoo
from nets.__main__ import generate as generate_nets
from originals.__main__ import generate as generate_originals
from zoo.__main__ import generate as generate_zoo

SUITES = ("originals", "zoo", "nets", "models", "former")
NOT_MADE = "its source could not be generated"
TOLERANCE = 1e-4
# How far float32 itself is off, measured for issue 3, as a part of the largest output.
FLOAT64_FLOOR = {"mobilenet_v2": 5e-6}
FLOAT64_FLOOR_OF_OTHERS = 3e-5
ONLY_KERAS3 = ("mobilenet_v3_small/k3", "mobilenet_v3_large/k3")  # hard_silu, which no Keras 2 has
ORIGINAL_KERAS = {"k3": "keras3.15", "tfk": "tf_keras2.21", "tf1": "keras3.15"}


@dataclass
class Case:
    name: str
    source: Path
    args: list
    io: Optional[Path] = None
    keras: str = "2 3"
    lines: dict = field(default_factory=dict)  # kind of file → which of them open it, where not all do
    few_h5: bool = False  # .h5 files are opened in the oldest Keras of each line only, but with --all
    tolerance: float = TOLERANCE
    float64_floor: float = FLOAT64_FLOOR_OF_OTHERS
    only_layers: bool = True
    expected: list = field(default_factory=list)
    original: Optional[Path] = None
    original_keras: str = ""
    counts: Optional[Path] = None
    refused: list = field(default_factory=list)
    run_source: bool = False  # the source itself is run too
    runs: bool = True  # what becomes of it is run by keraft
    own: tuple = ()  # Keras versions that cannot load what they save of it themselves
    converts: bool = True
    fits: bool = True
    note: str = ""
    left: str = ""  # why it may be refused, or become other layers


def keraft(program, *args):
    return subprocess.run([str(program), *map(str, args)], capture_output=True, text=True)


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)


def groups(suite, only, everything):
    """The cases of a suite in groups that are converted together: a net's with --all, as the files are large."""
    if suite == "originals":
        return [originals.cases(only)]
    if suite == "nets":
        return [nets.cases(only, everything or only != "*")]
    if suite == "models":
        return [shared_models.cases(only)]
    if suite == "former":
        return [former.cases(only)]
    wanted = zoo.cases(only)
    if everything:
        names = sorted({case[0] for case in wanted})
        return [[case for case in wanted if case[0] == name] for name in names]
    exact = [case for case in wanted if "/".join(case) in zoo.SPREAD or only == "/".join(case)]
    return [exact] if exact else []


def prepare(suite, wanted):
    """Generates what is missing. Returns the cases that can run, and (name, reason) of those that cannot."""
    makers = {"originals": prepare_originals, "zoo": prepare_zoo, "nets": prepare_nets, "models": prepare_models, "former": prepare_former}
    return makers[suite](wanted)


def missing(name, env):
    return name, NOT_MADE if envs.python(env) else "no environment " + env


def prepare_originals(wanted):
    cases, skipped = [], []
    for (name, producer, kind), folder in generate_originals(wanted).items():
        full = "originals/%s/%s/%s" % (name, producer, kind)
        if folder is None:
            skipped.append(missing(full, originals.PRODUCERS[producer][0]))
            continue
        told, expected = envs.read_json(folder / "case.json"), envs.read_json(folder / "expected.json")
        only_layers = not any(layer[0] == "<custom>" for layer in expected[0]["layers"])
        cases.append(
            Case(
                full,
                folder / told["source"],
                [],  # keraft finds inputs and outputs by itself, in a training graph too
                io=folder / "io.npz",
                keras=told["keras"],
                expected=expected[:1],  # a frozen variable is a variable
                only_layers=only_layers,
            )
        )
    return cases, skipped


def prepare_zoo(wanted):
    cases, skipped = [], []
    for (net, producer, kind), folder in generate_zoo(wanted).items():
        full = "zoo/%s/%s/%s" % (net, producer, kind)
        if folder is None:
            skipped.append(missing(full, zoo.PRODUCERS[producer][0]))
            continue
        told = envs.read_json(folder / "case.json")
        original = folder.parent / "original.json"
        keras3 = "%s/%s" % (net, producer) in ONLY_KERAS3
        cases.append(
            Case(
                full,
                folder / told["source"],
                told["args"],
                io=folder.parent / "io.npz",
                float64_floor=FLOAT64_FLOOR.get(net, FLOAT64_FLOOR_OF_OTHERS),
                lines=dict.fromkeys(("keras", "h5"), "3") if keras3 else {},
                original=original if producer in ORIGINAL_KERAS else None,
                original_keras=ORIGINAL_KERAS.get(producer, ""),
                counts=None if producer in ORIGINAL_KERAS else original,
            )
        )
    return cases, skipped


def prepare_nets(wanted):
    cases, skipped = [], []
    for case, folder in generate_nets(wanted).items():
        full, net, producer = "nets/" + "/".join(case), nets.all_nets()[case[0]], case[1]
        if folder is None:
            skipped.append(missing(full, nets.ENV))
            continue
        told = envs.read_json(folder / "case.json")
        cases.append(
            Case(
                full,
                folder / told["source"],
                told["args"],
                io=folder / "io.npz",
                lines={kind: net.lines(kind) for kind in ("keras", "h5")},
                few_h5=True,
                only_layers=not (net.operations or net.custom),
                original=folder / "original.json",
                original_keras=ORIGINAL_KERAS[producer if "2" in net.opens else "k3"],
                left=nets.left(case),
            )
        )
    return cases, skipped


def needs_outputs(name):
    """Does TensorFlow compute what the model must give?"""
    model = shared_models.MODELS[name]
    return "refused" not in model and (shared_models.FOLDER / model["source"]).exists()


def prepare_models(wanted):
    cases, skipped = [], []
    root = envs.models_folder("shared_models")
    unmade = [name for name in wanted if needs_outputs(name) and not (root / name / "io.npz").exists()]
    if unmade:
        envs.run(shared_models.ENV, "-m", "shared_models.build", root, *unmade, check=False)
    for name in wanted:
        model = shared_models.MODELS[name]
        source, io = shared_models.FOLDER / model["source"], root / name / "io.npz"
        if not source.exists():
            skipped.append(("models/" + name, "no %s; $KERAFT_SHARED says where the models are" % source))
            continue
        case = Case("models/" + name, source, model.get("args", []), io=io, only_layers=False)
        case.lines = model.get("lines", {})
        case.fits, case.run_source, case.converts = model.get("fit", True), "refused" not in model, "keras_file" not in model
        if "refused" in model:
            case.refused, case.note = model["refused"], "refused, naming " + ", ".join(model["refused"])
        elif not io.exists():
            skipped.append(("models/" + name, NOT_MADE))
            continue
        cases.append(case)
    return cases, skipped


def prepare_former(wanted):
    cases = []
    for name in wanted:
        told, folder = former.MODELS[name], former.FOLDER / name
        case = Case("former/" + name, folder / "model.h5", told.get("args", []), io=folder / "io.npz")
        case.lines, case.fits, case.runs = told.get("lines", {}), told.get("fit", True), told.get("runs", True)
        case.run_source, case.own = case.runs, told.get("own", ())
        case.only_layers = not told.get("operations")
        cases.append(case)
    return cases, []
