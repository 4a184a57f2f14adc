"""The reader of numbers in columns under a header of names; an empty field is a gap (nan).

Some names say what a column is:

``sequence``
    The rows of one sequence have the same word here and stand together. Without this column all
    rows are one sequence.
``label``
    A word for the whole sequence; ``tag`` a word for each step.
``target...``
    Every column whose name begins so is a number to be learned at each step.
``date``
    The name of the step.
``part``
    ``train``, ``validation`` or ``test``, for the whole sequence.

Every other column is a number of the input.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rnnviz.document.examples import PARTS, Examples, Labels, Numbers, Tags, Targets
from rnnviz.document.plain import (
    MAX_COLUMNS,
    DataError,
    read_text_lines,
    records_of,
    shown,
)
from rnnviz.document.tokens import Tokens
from rnnviz.engine.arrays import Array

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_WORDS = ("sequence", "part", "date", "label", "tag")
_CONSTANT = ("part", "label")


def read_table(path: Path) -> Examples[Array]:
    """Numbers in columns under a header of names, as the head of this module says.

    Parameters
    ----------
    path
        A UTF-8 file with commas, semicolons or tabs between the columns.

    Returns
    -------
    Examples[Array]
        Sequences [T, I] in the order of the file.

    Raises
    ------
    DataError
        When the file breaks this form.
    """
    records = records_of(path, read_text_lines(path))
    layout = _layout(path, *next(records, (1, [""])))
    sequences: list[_Sequence] = []
    seen: set[str] = set()
    for number, fields in records:
        words = {name: fields[place] for name, place in layout.words.items()}
        identity = words.get("sequence", "")
        if not sequences or sequences[-1].words.get("sequence", "") != identity:
            if identity in seen:
                came = f"sequence {shown(identity)} once more"
                raise DataError(path, number, came, "the rows of a sequence together")
            seen.add(identity)
            sequences.append(_Sequence(words))
        _add_row(path, number, sequences[-1], words, fields, layout)
    if not sequences:
        raise DataError(path, None, "a header and no rows", "at least one row of numbers")
    return _examples(path, sequences, layout)


@dataclass(frozen=True)
class _Layout:
    """Where the words, the inputs and the targets stand in a row."""

    words: dict[str, int]
    inputs: dict[str, int]
    targets: dict[str, int]


@dataclass(frozen=True)
class _Sequence:
    """The rows of one sequence while they are read."""

    words: dict[str, str]
    inputs: list[list[float]] = field(default_factory=list)
    targets: list[list[float]] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def _layout(path: Path, line: int, names: list[str]) -> _Layout:
    if len(names) > MAX_COLUMNS:
        raise DataError(path, line, f"{len(names)} columns", f"at most {MAX_COLUMNS}")
    for place, name in enumerate(names):
        if not name or number_in(name) is not None:
            came = f"{shown(name)} as name of column {place + 1}"
            raise DataError(path, line, came, "a header of names in the first line")
        if name in names[:place]:
            raise DataError(path, line, f"two columns {shown(name)}", "different names")
    places = {name: place for place, name in enumerate(names)}
    words = {name: place for name, place in places.items() if name in _WORDS}
    targets = {name: place for name, place in places.items() if name.startswith("target")}
    inputs = {n: p for n, p in places.items() if n not in words and n not in targets}
    if not inputs:
        raise DataError(path, line, "no column of numbers", "at least one for the input")
    if sum((bool(targets), "label" in words, "tag" in words)) > 1:
        raise DataError(path, line, "several kinds of targets", "one of label, tag, target")
    return _Layout(words, inputs, targets)


def _add_row(
    path: Path,
    line: int,
    sequence: _Sequence,
    words: dict[str, str],
    fields: list[str],
    layout: _Layout,
) -> None:
    for name, word in words.items():
        if not word:
            raise DataError(path, line, f"no {name}", f"a {name} in every row")
    for name in _CONSTANT:
        if words.get(name) != sequence.words.get(name):
            came = f"{name} {shown(words[name])}"
            expected = f"{shown(sequence.words[name])} as in the rows before of this sequence"
            raise DataError(path, line, came, expected)
    if words.get("part", "train") not in PARTS:
        raise DataError(path, line, f"part {shown(words['part'])}", ", ".join(PARTS))
    for rows, columns in ((sequence.inputs, layout.inputs), (sequence.targets, layout.targets)):
        rows.append([_number(path, line, name, fields[p]) for name, p in columns.items()])
    sequence.dates.append(words.get("date", ""))
    sequence.tags.append(words.get("tag", ""))


def number_in(text: str) -> float | None:
    """The finite number that `text` is, else None (``nan``, ``1_000`` and ``1e999`` are none)."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _number(path: Path, line: int, name: str, text: str) -> float:
    number = number_in(text) if text else math.nan
    if number is None:
        came = f"{shown(text)} in column {shown(name)}"
        raise DataError(path, line, came, "a finite number, or nothing for a gap")
    return number


def _examples(path: Path, sequences: list[_Sequence], layout: _Layout) -> Examples[Array]:
    return Examples(
        path.stem,
        tuple(np.array(s.inputs, dtype=np.float64) for s in sequences),
        _targets(sequences, layout),
        columns=tuple(layout.inputs),
        marks=tuple(tuple(s.dates) for s in sequences) if "date" in layout.words else (),
        parts=_of_each(sequences, "part") if "part" in layout.words else (),
    )


def _targets(sequences: list[_Sequence], layout: _Layout) -> Targets:
    if layout.targets:
        arrays = tuple(np.array(s.targets, dtype=np.float64) for s in sequences)
        return Numbers(arrays, tuple(layout.targets))
    if "label" in layout.words:
        return Labels(_of_each(sequences, "label"))
    if "tag" in layout.words:
        return Tags(tuple(tuple(s.tags) for s in sequences))
    return None


def _of_each(sequences: list[_Sequence], name: str) -> Tokens:
    return tuple(s.words[name] for s in sequences)
