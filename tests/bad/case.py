"""One wrong file, and the answer that it must get."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

# Exit codes of the command.
DONE, DIFFERS, USAGE, REFUSED, UNSUPPORTED, OUTPUT, LIMIT = 0, 1, 2, 3, 4, 5, 6


@dataclass
class Case:
    name: str  # "B1/varint of 11 bytes": the class, then what is wrong
    answer: int | tuple
    pattern: str  # what the message must say, a regular expression
    build: Callable[[Path], str]  # writes the files into a folder and says which is IN
    options: list = field(default_factory=list)
    within: str = ""  # text that `keraft inspect` of what was written must show
    command: str = "convert"

    @property
    def answers(self):
        return self.answer if isinstance(self.answer, tuple) else (self.answer,)


def file(name, contents):
    """A single file; `contents` may be a list of pieces, of which an int is a hole of that many bytes."""

    def build(folder):
        path = folder / name
        with open(path, "wb") as out:
            for piece in contents if isinstance(contents, list) else [contents]:
                if isinstance(piece, int):
                    out.truncate(out.seek(piece, 1))
                else:
                    out.write(piece.encode() if isinstance(piece, str) else piece)
        return str(path)

    return build


def pb(contents):
    return file("in.pb", contents)


def pbtxt(contents):
    return file("in.pbtxt", contents)
