"""What one does with series of numbers before learning: fill gaps, cut windows, look ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.document.examples import Examples, Numbers, Tags
from rnnviz.document.tokens import Tokens
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError, UnknownError


def filled(examples: Examples[Array]) -> Examples[Array]:
    """Every gap (nan) closed by a straight line between its neighbours.

    Before the first and after the last number the nearest one is repeated.

    Raises
    ------
    EngineError
        When a column of a sequence has no number at all.
    """
    return replace(
        examples, sequences=tuple(_filled(s, examples.columns) for s in examples.sequences)
    )


def _filled(sequence: Array, columns: Tokens) -> Array:
    out = sequence.copy()
    steps = np.arange(len(out))
    for column, name in enumerate(columns):
        known = np.isfinite(out[:, column])
        if not known.any():
            raise EngineError(
                f"{name}: a sequence of {len(out)} steps has no number in this column"
            )
        out[:, column] = np.interp(steps, steps[known], out[known, column])
    return out


def windows(examples: Examples[Array], length: int, stride: int) -> Examples[Array]:
    """Pieces of `length` steps, a new one every `stride` steps; a shorter rest is left out.

    Tags, numbers, marks, scores and parts come along.

    Raises
    ------
    EngineError
        When `length` or `stride` is below 1, or no sequence is that long.
    """
    if length < 1 or stride < 1:
        raise EngineError(f"windows: length {length} and stride {stride} came, expected 1 or more")
    places = [
        (number, slice(start, start + length))
        for number, steps in enumerate(examples.lengths)
        for start in range(0, steps - length + 1, stride)
    ]
    if not places:
        raise EngineError(
            f"windows: no sequence has {length} steps, the longest {_longest(examples)}"
        )
    whole = examples.take(number for number, _ in places)
    cuts = [cut for _, cut in places]
    return replace(
        whole,
        sequences=_cut(whole.sequences, cuts),
        marks=tuple(m[c] for m, c in zip(whole.marks, cuts, strict=False)),
        targets=_cut_targets(whole, cuts),
    )


def _longest(examples: Examples[Array]) -> int:
    return max(examples.lengths, default=0)


def _cut(arrays: tuple[Array, ...], cuts: list[slice]) -> tuple[Array, ...]:
    return tuple(array[cut] for array, cut in zip(arrays, cuts, strict=True))


def _cut_targets(examples: Examples[Array], cuts: list[slice]) -> Tags | Numbers | None:
    match examples.targets:
        case Numbers(values=values) as numbers:
            return replace(numbers, values=_cut(values, cuts))
        case Tags(values=tags):
            return Tags(tuple(t[c] for t, c in zip(tags, cuts, strict=True)))
        case None:
            return None
        case other:
            raise EngineError(f"windows: targets are {type(other).__name__}, expected one a step")


def forecast(examples: Examples[Array], columns: Tokens, horizon: int = 1) -> Examples[Array]:
    """The target of each step is what some columns hold `horizon` steps later.

    Parameters
    ----------
    examples
        Sequences [T, I].
    columns
        K names out of `examples.columns`.
    horizon
        How many steps ahead, 1 or more.

    Returns
    -------
    Examples[Array]
        Sequences [T - horizon, I] with targets [T - horizon, K]; shorter sequences are left out.

    Raises
    ------
    EngineError
        When a column is unknown, the horizon is below 1, or no sequence is longer than it.
    """
    for name in columns:
        if name not in examples.columns:
            raise UnknownError("columns", name, examples.columns)
    if not 1 <= horizon < _longest(examples):
        raise EngineError(f"horizon: {horizon} came, expected 1 to {_longest(examples) - 1} steps")
    long = examples.take(i for i, steps in enumerate(examples.lengths) if steps > horizon)
    where = [examples.columns.index(name) for name in columns]
    ahead = tuple(sequence[horizon:, where] for sequence in long.sequences)
    return replace(
        long,
        sequences=tuple(sequence[:-horizon] for sequence in long.sequences),
        marks=tuple(marks[:-horizon] for marks in long.marks),
        targets=Numbers(ahead, columns),
    )
