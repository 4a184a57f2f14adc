"""Weights as plain tables: NumPy's npz, and csv for spreadsheets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.files import FilePath, faults_named, write_atomically
from rnnviz.document.interchange.model import Model
from rnnviz.engine.arrays import Array

_NEWLINE = "\r\n"


def write_npz(model: Model, path: FilePath) -> None:
    """Write every weight under its path, such as `layer0/forward/W_f`, for `numpy.load`.

    Initial states other than zero lie under `initial/`.

    Raises
    ------
    FileError
        It cannot be written.
    """
    with faults_named(path, "it cannot be written"):
        stream = io.BytesIO()
        np.savez(stream, allow_pickle=False, **dict(_arrays(model)))
        write_atomically(path, stream.getvalue())


def write_csv(model: Model, path: FilePath) -> None:
    """Write the weights for a spreadsheet.

    To a path that ends in `.csv`: one long table with the columns path, step, row, column, value.
    To any other: a folder with one file of bare numbers for each weight, rows as in the matrix;
    weights that each step has for itself lie one below the other. No cell can be taken for a
    formula: beside the numbers there are only names of weights, in quotes.

    Raises
    ------
    FileError
        It cannot be written; the folder is there already and is not empty.
    """
    target = Path(path)
    if target.suffix.lower() == ".csv":
        lines = [_row(("path", "step", "row", "column", "value"))]
        for name, array in _arrays(model):
            lines += _long(name, array, _has_steps(model, name))
        write_atomically(path, "".join(lines).encode())
        return
    with faults_named(path, "it cannot be written"):
        if target.is_dir() and any(target.iterdir()):
            raise FileError(path, "it is there already and holds other files")
        target.mkdir(exist_ok=True)
        for name, array in _arrays(model):
            rows = np.atleast_2d(array).reshape(-1, array.shape[-1])
            text = "".join(",".join(map(_number, row)) + _NEWLINE for row in rows)
            write_atomically(target / f"{name.replace('/', '.')}.csv", text.encode())


def _arrays(model: Model) -> Iterator[tuple[str, Array]]:
    yield from model.weights.items()
    for path, value in model.initial.items():
        yield f"initial/{path}", value


def _has_steps(model: Model, name: str) -> bool:
    """Whether each step has such a weight for itself."""
    parts = [f"layer{n}" for n, x in enumerate(model.network.layers) if x.unshared is not None]
    return name.partition("/")[0] in parts


def _long(name: str, array: Array, has_steps: bool) -> Iterator[str]:
    """One line a number; a step or column that there is not stays empty."""
    for index in np.ndindex(array.shape):
        step, rest = (str(index[0]), index[1:]) if has_steps else ("", index)
        column = str(rest[1]) if len(rest) > 1 else ""
        value = _number(array[index])
        yield f"{_quoted(name)},{step},{rest[0]},{column},{value}{_NEWLINE}"


def _row(cells: tuple[str, ...]) -> str:
    return ",".join(map(_quoted, cells)) + _NEWLINE


def _quoted(text: str) -> str:
    """A text in quotes; one that a spreadsheet would take for a formula gets an apostrophe."""
    risky = text[:1] in tuple("=+-@\t\r|")
    return '"' + ("'" if risky else "") + text.replace('"', '""') + '"'


def _number(value: Any) -> str:
    """The shortest decimal that gives the same number back in its precision."""
    return str(value)
