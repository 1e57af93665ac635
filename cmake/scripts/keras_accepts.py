#!/usr/bin/env python3
"""Writes src/doctor/accepts.inc: which classes each Keras version has, and which config entries their constructors take.

The sources of the newest release of each minor version come from PyPI and are parsed, never run. A new version is one more line in RELEASES.

    keras_accepts.py [--wheels FOLDER]        FOLDER keeps the downloads
"""

import argparse
import ast
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path

RELEASES = {
    "keras": "2.6.0 2.7.0 2.8.0 2.9.0 2.10.0 2.11.0 2.12.0 2.13.1 2.14.0 2.15.0 3.0.5 3.1.1 3.2.1 3.3.3 3.4.1 3.5.0 3.6.0 3.7.0 3.8.0 3.9.2 "
    "3.10.0 3.11.3 3.12.0 3.13.2 3.14.0 3.15.1",
    "tf_keras": "2.16.0 2.17.0 2.18.0 2.19.0 2.20.1 2.21.0",
}
FAMILIES = "layers|initializers|regularizers|constraints|activations"
# Of files, without being exported.
INTERNAL = ("TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer", "ClassMethod", "InstanceMethod", "InstanceProperty")
SOURCES = re.compile(r"/(layers|initializers|regularizers|constraints|activations|engine|ops)(/|[^/]*\.py$)|legacy_tf_layers|base_layer")
BASE, ANY = "layers/Layer", "*"
DEEPEST = 12


def head(wheel):
    return re.match(r"(?i)(?:tf_)?keras-(\d+)\.(\d+)", wheel.name)


def called_keys(function, names):
    """Texts that are taken out of one of these dicts."""
    for node in ast.walk(function):
        taken = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "pop" and node.args
        if taken and getattr(node.func.value, "id", "") in names and isinstance(node.args[0], ast.Constant):
            yield node.args[0].value
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "allowed_kwargs" for target in node.targets):
            yield from (one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant) and isinstance(one.value, str))


class Release:
    def __init__(self, wheel):
        self.classes, self.imports, self.exports = defaultdict(dict), defaultdict(dict), {}
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith(".py") and "_test" not in name and SOURCES.search(name):
                    self.read(name[:-3].replace("/", "."), ast.parse(archive.read(name).decode()))

    def read(self, module, tree):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                self.imports[module].update({one.asname or one.name: (node.module, one.name) for one in node.names})
        body = list(tree.body)
        for node in body:
            if isinstance(node, (ast.If, ast.Try)):
                body += node.body
            if isinstance(node, ast.ClassDef):
                self.classes[node.name][module] = node
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                self.exports.update({path: (module, node) for path in self.exported(node)})

    @staticmethod
    def exported(node):
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", getattr(decorator.func, "attr", "")) == "keras_export":
                for path in decorator.args:
                    yield from (one.value for one in (path.elts if isinstance(path, (ast.List, ast.Tuple)) else [path]) if isinstance(one, ast.Constant))

    def find(self, module, base):
        """Where the class of an expression after `class X(` stands."""
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", None)
        found = self.classes.get(name, {})
        if isinstance(base, ast.Name) and module in found:
            return module, found[module]
        wanted = self.imports[module].get(name, ("", name)) if isinstance(base, ast.Name) else (getattr(base.value, "attr", getattr(base.value, "id", "")), name)
        found = found or self.classes.get(wanted[1], {})
        best = sorted(found, key=lambda one: (not ("." + one).endswith("." + wanted[0]), "legacy" in one or "v1" in one, len(one)))
        return (best[0], found[best[0]]) if best else None

    def keys(self, module, cls, depth=0):
        methods = {one.name: one for one in cls.body if isinstance(one, ast.FunctionDef)}
        bases = [one for one in (self.find(module, base) for base in cls.bases) if one]
        above = lambda: set().union(*(self.keys(*base, depth + 1) for base in bases if depth < DEEPEST))  # noqa: E731
        taken = {key for name in ("__init__", "from_config") if name in methods for key in called_keys(methods[name], ("kwargs", "config"))}
        if "__init__" not in methods:
            return above() | taken
        init = methods["__init__"]
        mine = {one.arg for one in init.args.args[1:] + init.args.kwonlyargs} | taken
        if init.args.kwarg is None:
            return mine
        rest = init.args.kwarg.arg
        calls = [one for one in ast.walk(init) if isinstance(one, ast.Call)]
        passed_on = [call for call in calls if any(word.arg is None and getattr(word.value, "id", "") == rest for word in call.keywords)]
        if passed_on:
            fixed = {word.arg for call in passed_on if getattr(call.func, "attr", "") == "__init__" for word in call.keywords if word.arg}
            return mine | (above() - (fixed - mine))
        checked = cls.name in ("Layer", "Operation") or any(rest in ast.unparse(one) for one in ast.walk(init) if isinstance(one, ast.Raise))
        return mine if checked else mine | {ANY}

    def table(self):
        out = {}
        for path, (module, node) in self.exports.items():
            found = re.match(r"keras\.(%s)(\.experimental\.preprocessing)?\.(\w+)$" % FAMILIES, path)
            if found and (isinstance(node, ast.ClassDef) or found[1] == "activations") and (not found[2] or "%s/%s" % found.group(1, 3) not in out):
                out["%s/%s" % found.group(1, 3)] = self.keys(module, node) if isinstance(node, ast.ClassDef) else set()
        for name in INTERNAL:
            for module, node in self.classes[name].items():
                out["layers/" + name] = self.keys(module, node)
        for name, places in self.classes.items():
            for module, node in places.items():
                if ".ops." in module and any(getattr(base, "id", "") == "Operation" for base in node.bases):
                    out["ops/%s/%s" % (module.split(".ops.")[1], name)] = self.keys(module, node)
        return out


def ranges(some, of):
    """Runs of neighbours in `of`, "2.6-2.21,3.2-3.15"."""
    out = []
    for i, one in enumerate(of):
        if one in some:
            if i and of[i - 1] in some and of[i - 1][0] == one[0] and out:
                out[-1][1] = one
            else:
                out.append([one, one])
    spelled = lambda one: "%d.%d" % one  # noqa: E731
    return ",".join(spelled(a) if a == b else "%s-%s" % (spelled(a), spelled(b)) for a, b in out)


def lines(tables):
    versions = sorted(tables)
    for symbol in sorted({symbol for table in tables.values() for symbol in table}):
        there = [version for version in versions if symbol in tables[version]]
        keys = {version: set(tables[version][symbol]) for version in there}
        for version in there:
            base = tables[version].get(BASE, set())
            if symbol != BASE and base and keys[version] >= base:
                keys[version] = keys[version] - base | {"+"}
        words = []
        for key in sorted(set().union(*keys.values())):
            some = [version for version in there if key in keys[version]]
            words.append(key if some == there else "%s:%s" % (key, ranges(some, there)))
        yield '{"%s", "%s", "%s"},' % (symbol, ranges(there, versions), " ".join(words))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.wheels or Path(made)
        for package, releases in RELEASES.items():
            for release in releases.split():
                if not any(re.match(r"(?i)%s-%s-" % (package, re.escape(release)), one.name) for one in folder.glob("*.whl")):
                    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "%s==%s" % (package, release)]
                    subprocess.run(command, check=True)
        tables = {tuple(map(int, head(wheel).groups())): Release(wheel).table() for wheel in folder.glob("*.whl") if head(wheel)}
    target = Path(__file__).resolve().parents[2] / "src/doctor/accepts.inc"
    text = "// Made by cmake/scripts/keras_accepts.py from the sources of Keras: class, versions, config entries with the versions that take them.\n"
    target.write_text(text + "// clang-format off\n" + "\n".join(lines(tables)) + "\n")


if __name__ == "__main__":
    main()
