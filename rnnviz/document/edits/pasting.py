"""Numbers from a spreadsheet: a line is a row, tabs stand between the columns."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from rnnviz.document.edits.base import EditError, shortened
from rnnviz.engine.arrays import Array

MINUS = "\N{MINUS SIGN}"
CELLS = 4_194_304
"""How many numbers a paste may have."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


def numbers_from_text(text: str) -> Array:
    """The rows and columns of a text that was copied from a spreadsheet.

    Decimal point and decimal comma are both understood; thousands may not be marked.

    Returns
    -------
    array `[rows, columns]`

    Raises
    ------
    EditError
        Names the line and the column of what is blank or no number, and a line of another length.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip(" "):
        lines.pop()
    if not lines:
        raise EditError("text: nothing came, expected rows of numbers with tabs between them")
    if text.count("\t") + len(lines) > CELLS:
        raise EditError(f"text: too many numbers came, expected at most {CELLS}")
    rows: list[list[float]] = []
    for line, content in enumerate(lines, 1):
        cells = content.split("\t")
        if rows and len(cells) != len(rows[0]):
            came = f"line {line} has {len(cells)} columns, line 1 has {len(rows[0])}"
            raise EditError(f"text: {came}; expected the same in each")
        rows.append([_number(cell, line, column) for column, cell in enumerate(cells, 1)])
    return np.array(rows)


def _number(cell: str, line: int, column: int) -> float:
    plain = cell.strip(" \u00a0").replace(MINUS, "-")
    if not plain:
        raise EditError(f"text: line {line}, column {column} is blank, expected a number")
    value = float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else np.nan
    if not np.isfinite(value):
        came = repr(shortened(cell))
        raise EditError(
            f"text: line {line}, column {column} is {came}, expected a finite number such as 0.5 "
            "or 0,5"
        )
    return value


def check_finite(argument: str, values: npt.ArrayLike) -> None:
    """Raise an EditError where a value is inf or nan."""
    array = np.asarray(values)
    bad = array[~np.isfinite(array)]
    if bad.size:
        raise EditError(f"{argument}: {bad.flat[0]} came, expected finite numbers")
