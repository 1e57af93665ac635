"""G: the folder of a SavedModel."""

import os
import shutil

from tf_bytes.checkpoint import Writer
from tf_bytes.proto import FLOAT, floats, graph, meta_graph, node, number, placeholder, saved_model, shape_attr, signature, tensor_info, text, type_attr, unary

from ..case import DONE, REFUSED, Case

X = placeholder("x", [-1, 4])
SIGNED = signature("serving_default", {"x": tensor_info("x:0", FLOAT, [-1, 4])}, {"y": tensor_info("y:0", FLOAT)})
VARIABLE = node("w", "VariableV2", (), type_attr("dtype", FLOAT) + shape_attr("shape", [4]))
ADDS = graph([X, VARIABLE, node("y", "AddV2", ["x", "w"], type_attr("T", FLOAT))])
PLAIN = graph([X, unary("y", "Relu", "x")])
TEXT = """saved_model_schema_version: 1 meta_graphs { meta_info_def { tags: "serve" } graph_def {
  node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
    attr { key: "shape" value { shape { dim { size: -1 } dim { size: 4 } } } } }
  node { name: "y" op: "Relu" input: "x" attr { key: "T" value { type: DT_FLOAT } } } } }
"""


def model(folder, of=ADDS, variables=True, rest=b""):
    home = folder / "model"
    home.mkdir()
    (home / "saved_model.pb").write_bytes(saved_model(meta_graph(of, rest=SIGNED + rest)))
    if variables:
        (home / "variables").mkdir()
        Writer().add("w", FLOAT, [4], floats([1, 2, 3, 4])).write(str(home / "variables/variables"))
    return home


def built(change=None, **kept):
    def build(folder):
        home = model(folder, **kept)
        if change:
            change(home)
        return str(home)

    return build


def move_out(*names):
    """The files lie outside, and links lead to them."""

    def change(home):
        outside = home.parent / "outside"
        outside.mkdir()
        for name in names:
            shutil.move(home / name, outside / os.path.basename(name))
            (home / name).symlink_to(outside / os.path.basename(name))

    return change


def linked_inside(home):
    for name in ("variables.index", "variables.data-00000-of-00001"):
        (home / "variables" / name).rename(home / f"real-{name}")
        (home / "variables" / name).symlink_to(f"../real-{name}")


def hard_linked(home):
    data = home / "variables/variables.data-00000-of-00001"
    os.link(data, home.parent / "another name")


def circle(home):
    shutil.rmtree(home / "variables")
    (home / "variables").symlink_to("other")
    (home / "other").symlink_to("variables")


def chain(home):
    (home / "saved_model.pb").rename(home / "end")
    last = "end"
    for i in range(60):
        (home / f"link{i}").symlink_to(last)
        last = f"link{i}"
    (home / "saved_model.pb").symlink_to(last)


def many_entries(home):
    assets = home / "assets"
    assets.mkdir()
    for i in range(5000):
        (assets / f"{i}.txt").touch()


def deep_folders(home):
    here = home / "assets"
    here.mkdir()
    for _ in range(200):
        here = here / "d"
        here.mkdir()


def asset(name):
    return text(6, text(1, text(1, "x:0")) + text(2, name))


def through_link(folder):
    home = model(folder)
    link = folder / "link"
    link.symlink_to(home)
    return str(link)


def cases():
    data, index = "variables/variables.data-00000-of-00001", "variables/variables.index"
    yield Case("G1/right", DONE, "", built())
    yield Case("G1/no saved_model.pb", REFUSED, "saved_model.pb", built(lambda home: (home / "saved_model.pb").unlink()))
    yield Case("G1/binary and text", REFUSED, "both", built(lambda home: (home / "saved_model.pbtxt").write_text(TEXT)))

    def text_alone(home):
        (home / "saved_model.pb").unlink()
        (home / "saved_model.pbtxt").write_text(TEXT)

    yield Case("G1/text alone", DONE, "", built(text_alone))
    yield Case("G1/an empty folder", REFUSED, "saved_model.pb", built(lambda home: (shutil.rmtree(home), home.mkdir())))
    yield Case("G1/a folder of that name", REFUSED, "saved_model.pb", built(lambda home: ((home / "saved_model.pb").unlink(), (home / "saved_model.pb").mkdir())))
    yield Case("G1/a pipe of that name", REFUSED, "saved_model.pb", built(lambda home: ((home / "saved_model.pb").unlink(), os.mkfifo(home / "saved_model.pb"))))
    yield Case("G2/no variables though the graph has some", REFUSED, "checkpoint is missing", built(variables=False))
    yield Case("G2/variables though the graph has none", DONE, "", built(of=PLAIN))
    yield Case("G2/an index without data", REFUSED, "data file", built(lambda home: (home / data).unlink()))
    yield Case("G2/data without an index", REFUSED, "checkpoint is missing", built(lambda home: (home / index).unlink()))
    for what, names in {"saved_model.pb": ["saved_model.pb"], "the variables' folder": ["variables"], "the index": [index], "the data": [data], "all of them": ["saved_model.pb", index, data]}.items():
        yield Case(f"G3/{what} outside, behind a link", REFUSED, "outside", built(move_out(*names)))
        yield Case(f"G3/{what} outside, and links are followed", DONE, "", built(move_out(*names)), ["--follow-links"])
    yield Case("G3/an absolute link to a file inside", REFUSED, "outside", built(lambda home: ((home / "saved_model.pb").rename(home / "real"), (home / "saved_model.pb").symlink_to(home / "real"))))
    yield Case("G3/links inside", DONE, "", built(linked_inside))
    yield Case("G3/the folder itself behind a link", DONE, "", through_link)
    yield Case("G4/a hard link", DONE, "", built(hard_linked))
    for name in ("../../x", "/etc/passwd", "C:\\x", b"a\0b", "..", "a/../../b"):
        yield Case(f"G5/the asset {name!r}", REFUSED, "asset", built(rest=asset(name)))
    yield Case("G5/an asset that is a name", DONE, "", built(rest=asset("vocabulary.txt")))
    yield Case("G6/links in a circle", REFUSED, "", built(circle))
    yield Case("G6/60 links to saved_model.pb", REFUSED, "", built(chain))
    yield Case("G6/thousands of assets", DONE, "", built(many_entries))
    yield Case("G6/folders 200 deep", DONE, "", built(deep_folders))
    yield Case("G8/a fingerprint of something else", DONE, "", built(lambda home: (home / "fingerprint.pb").write_bytes(number(1, 12345))))
    yield Case("G8/a fingerprint that is none", DONE, "", built(lambda home: (home / "fingerprint.pb").write_bytes(b"\xff" * 100)))

    def elsewhere(home):
        nodes = [
            node("save/Const", "Const", (), type_attr("dtype", 7) + text(5, text(1, "value") + text(2, text(8, number(1, 7) + text(2, b"") + text(8, "/etc/passwd"))))),
            X,
            VARIABLE,
            node("y", "AddV2", ["x", "w"], type_attr("T", FLOAT)),
        ]
        saver = text(3, text(1, "save/Const:0") + text(3, "save/restore_all") + number(7, 2))
        (home / "saved_model.pb").write_bytes(saved_model(meta_graph(graph(nodes), rest=SIGNED + saver)))

    yield Case("G9/a graph that restores from another place", DONE, "", built(elsewhere))


