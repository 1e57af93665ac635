#!/usr/bin/env python3
"""Describes the C ABI: exported symbols, sizes and offsets of structs, constants; and compares it with the golden list.

    abi.py LIBRARY [--update]

Sizes are taken from a program that is generated from keraft.h and compiled by $CC, so that nothing in the header can be forgotten.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "capi/include/keraft.h"
GOLDEN = ROOT / "capi/abi/keraft-0.txt"
NOT_ABI = re.compile(r"_INIT$|^KERAFT_(API|OWN|H)$|^KERAFT_VERSION_")


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def structs(text):
    """Name and members of every struct whose members are public."""
    for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\} \1;", text, flags=re.S):
        members = []
        for line in body.split(";"):
            pointer = re.search(r"\(\*(\w+)\)", line)
            plain = re.search(r"(\w+)\s*$", line)
            members += [pointer.group(1) if pointer else plain.group(1)] if line.strip() else []
        yield name, members


def constants(text):
    names = re.findall(r"^\s*(KERAFT_\w+)\s*=", text, flags=re.M) + re.findall(r"[{,]\s*(KERAFT_\w+)\s*=", text)
    names += re.findall(r"^#define (KERAFT_\w+) \S", text, flags=re.M)
    return sorted({name for name in names if not NOT_ABI.search(name)})


def program(text):
    lines = ['#include "keraft.h"', "#include <stdio.h>", "int main(void) {"]
    for name, members in structs(text):
        lines.append('printf("struct %s %%zu\\n", sizeof(%s));' % (name, name))
        for member in members:
            lines.append(
                'printf("  %s at %%zu, %%zu bytes\\n", offsetof(%s, %s), sizeof(((%s *)0)->%s));'
                % (member, name, member, name, member)
            )
    for name in constants(text):
        lines.append('printf("constant %s %%llu\\n", (unsigned long long)%s);' % (name, name))
    return "\n".join([*lines, "return 0;", "}", ""])


def layout(text):
    with tempfile.TemporaryDirectory() as folder:
        source, binary = Path(folder, "layout.c"), Path(folder, "layout")
        source.write_text(program(text))
        subprocess.run([os.environ.get("CC", "cc"), "-std=c99", "-I", HEADER.parent, source, "-o", binary], check=True)
        return subprocess.run([binary], check=True, capture_output=True, text=True).stdout


def symbols(library):
    listing = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    found = [line.split() for line in listing.splitlines()]
    return sorted(name.split("@")[0] for *_, kind, name in found if kind != "A")


def main():
    library, *options = sys.argv[1:]
    text = without_comments(HEADER.read_text())
    exported = symbols(library)
    declared = sorted(re.findall(r"(keraft_\w+)\(", "\n".join(re.findall(r"KERAFT_API[^;]*;", text))))
    if exported != declared:
        print("declared but not exported: %s" % sorted(set(declared) - set(exported)))
        print("exported but not declared: %s" % sorted(set(exported) - set(declared)))
        return 1
    now = "".join("symbol %s\n" % name for name in exported) + layout(text)
    if "--update" in options:
        GOLDEN.write_text(now)
        return 0
    golden = GOLDEN.read_text()
    if now == golden:
        return 0
    old, new = set(golden.splitlines()), set(now.splitlines())
    print("the ABI is not that of %s" % GOLDEN.relative_to(ROOT))
    print("\n".join(["  gone: " + line for line in sorted(old - new)] + ["  new:  " + line for line in sorted(new - old)]))
    print("where only things were added: cmake/scripts/abi.py LIBRARY --update")
    return 1


if __name__ == "__main__":
    sys.exit(main())
