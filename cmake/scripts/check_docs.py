#!/usr/bin/env python3
"""Examples in the documentation are files that the tests run: a fenced block below "<!-- path -->" is that file.

    check_docs.py [--fix]      --fix copies the files into the pages
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = re.compile(r"(<!-- (\S+) -->\n```(\w*)\n)(.*?)(```\n)", re.S)


def refreshed(page):
    def block(found):
        return found.group(1) + (ROOT / found.group(2)).read_text() + found.group(5)

    return EXAMPLE.sub(block, page)


def main():
    stale, examples = [], 0
    for path in sorted((ROOT / "docs").rglob("*.md")):
        page = path.read_text()
        examples += len(EXAMPLE.findall(page))
        if refreshed(page) == page:
            continue
        if "--fix" in sys.argv[1:]:
            path.write_text(refreshed(page))
        else:
            stale.append(path.relative_to(ROOT).as_posix())
    if stale:
        print("examples that are not the files they name: %s; cmake/scripts/check_docs.py --fix" % ", ".join(stale))
    if not examples:
        print("no page has an example: the check checks nothing")
    return 1 if stale or not examples else 0


if __name__ == "__main__":
    sys.exit(main())
