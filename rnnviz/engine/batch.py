"""Sequences of unequal length side by side, with what they should give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnnviz.engine.arrays import AnyArray, Array, Integers, frozen
from rnnviz.engine.errors import EngineError, ShapeError, as_array, instance
from rnnviz.engine.losses import NO_TARGET


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows of a batch, padded to the longest.

    Attributes
    ----------
    inputs : integers `[time, batch]` or array `[time, batch, inputs]`
        Token numbers or vectors; 0 at the padding.
    lengths : integers `[batch]` or None
        Row lengths; None where all are equal.
    targets : integers `[time, batch]`, array `[time, batch, outputs]` or None
        Classes (-1: none) or numbers (nan: none); time is 1 where a row has one answer.
    initial : mapping
        Path of a state, such as `layer0/forward/h` -> `[batch, hidden]`.
    source : Batch or None
        What the encoder reads, where there is one; all else is then the decoder's.
    """

    inputs: Any
    lengths: Integers | None = None
    targets: Any = None
    initial: Mapping[str, Array] = field(default_factory=dict)
    source: Batch | None = None

    @property
    def steps(self) -> int:
        """The number of time steps of the longest row."""
        return int(self.inputs.shape[0])

    @property
    def rows(self) -> int:
        """The number of rows."""
        return int(self.inputs.shape[1])

    @property
    def all_lengths(self) -> Integers:
        """The length of every row."""
        return np.full(self.rows, self.steps) if self.lengths is None else self.lengths


def check_batch(batch: Any, rng: Any, source: bool) -> None:
    """Raise an EngineError for what is no batch with or without a source, or no generator."""
    instance("batch", batch, Batch, "what Network.batch makes")
    if (batch.source is not None) != source:
        came = "has no" if source else "has a"
        raise EngineError(f"batch: it {came} source; make it with the method batch of the network")
    if rng is not None:
        instance("rng", rng, np.random.Generator, "np.random.default_rng(seed) or None")


def depth(value: Any) -> int:
    """How many lists stand in each other: 1 for a row, 2 for several rows, 0 for a number."""
    if isinstance(value, np.ndarray):
        return value.ndim
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return 0
    return 1 + (depth(value[0]) if len(value) else 0)


def _listed(argument: str, value: Any) -> Any:
    if not depth(value):
        raise EngineError(f"{argument}: {type(value).__name__} came, expected a list or an array")
    return value


def token_rows(argument: str, rows: Any, vocabulary: int) -> list[Integers]:
    """One integer array a row from one sequence of tokens or several.

    Raises
    ------
    EngineError
        An empty sequence, a token that is not a whole number of the vocabulary.
    """
    found: list[Integers] = []
    for row in [rows] if depth(_listed(argument, rows)) == 1 else rows:
        array = as_array(argument, row)
        _check_steps(argument, array)
        if array.ndim != 1:
            raise ShapeError(argument, array.shape, "(time,)")
        if array.dtype.kind not in "iu":
            raise EngineError(f"{argument}: {array.dtype} came, expected whole token numbers")
        check_tokens(argument, array, vocabulary)
        found.append(array.astype(np.intp))
    return found


def _check_steps(argument: str, row: AnyArray) -> None:
    if not row.size:
        raise EngineError(f"{argument}: an empty sequence came, expected at least one step")


def check_tokens(argument: str, tokens: Integers, vocabulary: int) -> None:
    """Raise an EngineError for a token that is not in the vocabulary."""
    if tokens.min() < 0 or tokens.max() >= vocabulary:
        outside = int(tokens.min()) if tokens.min() < 0 else int(tokens.max())
        raise EngineError(
            f"{argument}: the token {outside} came, expected 0 <= token < {vocabulary}"
        )


def vector_rows(argument: str, rows: Any, size: int) -> list[Array]:
    """One array `[time, size]` a row from one sequence of vectors or several.

    Raises
    ------
    ShapeError
        Another number of units, or an empty sequence.
    """
    found = []
    for row in [rows] if depth(_listed(argument, rows)) <= 2 else rows:
        array = as_array(argument, row)
        _check_steps(argument, array)
        if array.dtype.kind not in "fiub":
            raise EngineError(f"{argument}: {array.dtype} came, expected numbers")
        if array.ndim != 2 or array.shape[1] != size:
            raise ShapeError(argument, array.shape, f"(time, {size})")
        found.append(array)
    return found


def pad(rows: Sequence[Any], filler: float, dtype: Any) -> tuple[Any, Integers | None]:
    """`[time, batch, ...]` from rows `[time, ...]`, and their lengths (None: all are equal)."""
    lengths = np.array([len(row) for row in rows])
    padded = np.full((lengths.max(), len(rows), *rows[0].shape[1:]), filler, dtype)
    for position, row in enumerate(rows):
        padded[: len(row), position] = row
    return frozen(padded), None if (lengths == lengths[0]).all() else frozen(lengths)


def class_targets(targets: Any, rows: Sequence[Any], classes: int, single: bool) -> Integers:
    """Class targets as `[time, batch]` (`[1, batch]` with `single`), -1 where there is none."""
    if single:
        answers = np.atleast_1d(as_array("targets", targets))
        if answers.ndim > 1:
            raise ShapeError("targets", answers.shape, f"({len(rows)},): one class a row")
        listed = [answers[i : i + 1] for i in range(len(answers))]
    else:
        several = depth(_listed("targets", targets)) > 1
        listed = [as_array("targets", t) for t in (targets if several else [targets])]
    _check_rows(listed, rows, single, "(time,)")
    for answer in listed:
        if answer.dtype.kind not in "iu":
            raise EngineError(f"targets: {answer.dtype} came, expected whole class numbers")
        if answer.min() < NO_TARGET or answer.max() >= classes:
            raise EngineError(
                f"targets: {answer.tolist()} came, expected classes 0 to {classes - 1} "
                f"or {NO_TARGET} for none"
            )
    padded, _ = pad(listed, NO_TARGET, np.intp)
    return padded  # type: ignore[no-any-return]


def number_targets(targets: Any, rows: Sequence[Any], size: int, single: bool, dtype: Any) -> Array:
    """Numeric targets as `[time, batch, outputs]` (`[1, ...]` with `single`), nan for none."""
    if single:
        one = len(rows) == 1 and depth(targets) <= 1
        listed = [targets] if one else _listed("targets", targets)
        listed = [as_array("targets", t, dtype).reshape(1, -1) for t in listed]
    else:
        first = depth(_listed("targets", targets)) - 1
        one = len(rows) == 1 and len(targets) == len(rows[0])
        several = first > 1 or (first == 1 and not one)
        listed = [as_array("targets", t, dtype) for t in (targets if several else [targets])]
        listed = [t[:, None] if t.ndim == 1 else t for t in listed]
    _check_rows(listed, rows, single, f"(time, {size})", size)
    padded, _ = pad(listed, np.nan, dtype)
    return padded  # type: ignore[no-any-return]


def _check_rows(
    answers: Sequence[Any], rows: Sequence[Any], single: bool, expected: str, size: int = 0
) -> None:
    if len(answers) != len(rows):
        raise EngineError(f"targets: {len(answers)} rows came, the inputs have {len(rows)}")
    for position, (answer, row) in enumerate(zip(answers, rows, strict=True)):
        if answer.ndim != (2 if size else 1) or answer.shape[1:] != ((size,) if size else ()):
            raise ShapeError("targets", answer.shape, expected)
        if not single and len(answer) != len(row):
            raise EngineError(
                f"targets: row {position} has {len(answer)} steps, its input has {len(row)}"
            )
