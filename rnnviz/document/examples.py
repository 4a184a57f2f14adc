"""Sets of examples to learn from: sequences of tokens or vectors and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeGuard, TypeVar, final

import numpy as np

from rnnviz.document.tokens import Tokens
from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError

PARTS = ("train", "validation", "test")
_MATRIX = 2


@final
@dataclass(frozen=True)
class Labels:
    """One word for each sequence (many to one)."""

    values: tuple[str, ...]

    @property
    def names(self) -> Tokens:
        """Every label once, in the order of the alphabet."""
        return tuple(sorted(set(self.values)))


@final
@dataclass(frozen=True)
class Tags:
    """One word for each step of each sequence (many to many, same length)."""

    values: tuple[Tokens, ...]

    @property
    def names(self) -> Tokens:
        """Every tag once, in the order of the alphabet."""
        return tuple(sorted({tag for tags in self.values for tag in tags}))


@final
@dataclass(frozen=True)
class Outputs:
    """One sequence of tokens for each sequence, of any length (many to many)."""

    values: tuple[Tokens, ...]


@final
@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers for each step of each sequence: read-only arrays [T, K], K named columns."""

    values: tuple[Array, ...]
    columns: Tokens

    def __post_init__(self) -> None:
        """Make the arrays read-only and compare their widths with the names."""
        object.__setattr__(self, "values", _read_only("targets", self.values, self.columns))


Targets: TypeAlias = Labels | Tags | Outputs | Numbers | None

S = TypeVar("S", Tokens, Array)


@final
@dataclass(frozen=True, eq=False)
class Examples(Generic[S]):
    """Sequences and what belongs to them.

    Attributes
    ----------
    name
        What people call this set.
    sequences
        Tuples of tokens, or read-only float arrays [T, I] (nan where nothing was measured). No
        sequence is empty.
    targets
        What to learn; None for text that is only to be continued.
    columns
        The names of the I numbers of a step; empty for tokens.
    marks
        A name for each step of each sequence, such as its date; may be empty.
    scores
        One number for each sequence, such as people's mean judgement; may be empty.
    parts
        ``train``, ``validation`` or ``test`` for each sequence, where the source decides; may be
        empty.

    Raises
    ------
    EngineError
        When the parts do not fit together.
    """

    name: str
    sequences: tuple[S, ...]
    targets: Targets = None
    columns: Tokens = ()
    marks: tuple[Tokens, ...] = ()
    scores: tuple[float, ...] = ()
    parts: Tokens = ()

    def __post_init__(self) -> None:
        """Make the arrays read-only and compare all lengths."""
        if has_vectors(self):
            arrays = _read_only("sequences", self.sequences, self.columns)
            object.__setattr__(self, "sequences", arrays)
        if not all(self.lengths):
            raise EngineError(f"sequences: number {self.lengths.index(0)} is empty")
        for name in ("marks", "scores", "parts"):
            _same_count(name, getattr(self, name), len(self), may_be_empty=True)
        if self.targets is not None:
            _same_count("targets", self.targets.values, len(self))
        _same_lengths("marks", self.marks, self.lengths)
        if isinstance(self.targets, Tags | Numbers):
            _same_lengths("targets", self.targets.values, self.lengths)
        if unknown := set(self.parts) - set(PARTS):
            raise UnknownError("parts", min(unknown), PARTS)

    def __len__(self) -> int:
        return len(self.sequences)

    @property
    def lengths(self) -> tuple[int, ...]:
        """The number of steps of each sequence."""
        return tuple(len(sequence) for sequence in self.sequences)

    def take(self, indices: Iterable[int]) -> Examples[S]:
        """The examples at `indices` (0 to N-1), in that order."""
        chosen = tuple(indices)
        return replace(
            self,
            sequences=_at(self.sequences, chosen),
            targets=_take_targets(self.targets, chosen),
            marks=_at(self.marks, chosen),
            scores=_at(self.scores, chosen),
            parts=_at(self.parts, chosen),
        )


AnyExamples: TypeAlias = Examples[Tokens] | Examples[Array]


def has_tokens(examples: AnyExamples) -> TypeGuard[Examples[Tokens]]:
    """Whether the sequences are tokens."""
    return not has_vectors(examples)


def has_vectors(examples: AnyExamples) -> TypeGuard[Examples[Array]]:
    """Whether the sequences are arrays of numbers."""
    return any(isinstance(sequence, np.ndarray) for sequence in examples.sequences[:1])


@final
@dataclass(frozen=True)
class Split:
    """Indices of examples: to learn from, to know when to stop, to be kept for the end."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]


def split(
    examples: AnyExamples,
    *,
    validation: float = 0.1,
    test: float = 0.1,
    seed: int = 0,
    shuffled: bool = True,
) -> Split:
    """Divide the examples in three, every label in the same proportion.

    Where the source has decided (`examples.parts`), its test and validation sets are taken.

    Parameters
    ----------
    examples
        N of them.
    validation, test
        The share of each, 0 to 1, together below 1.
    seed
        Of the shuffling; the same seed gives the same split.
    shuffled
        False leaves the order, with the test set at the end: for windows of one series.

    Raises
    ------
    EngineError
        When a share is out of range, or nothing is to learn from.
    """
    _check_shares(validation, test)
    given = _given(examples)
    rest = given["train"]
    given["train"] = _spread(examples, rest, seed) if shuffled else rest
    for part, share in (("test", test), ("validation", validation)):
        if not given[part]:
            given["train"], given[part] = _cut(given["train"], share * len(rest))
    if not given["train"]:
        raise EngineError(f"split: none of {len(examples)} examples is left to learn from")
    return Split(*(tuple(sorted(given[part])) for part in PARTS))


def _check_shares(validation: float, test: float) -> None:
    if not (validation >= 0 and test >= 0 and validation + test < 1):
        raise EngineError(
            f"validation, test: {validation} and {test} came, expected shares of 0 or more, "
            "together below 1"
        )


def _given(examples: AnyExamples) -> dict[str, list[int]]:
    """What the source has put into each part; everything is to learn from where it is silent."""
    parts = examples.parts or ("train",) * len(examples)
    return {part: [i for i, p in enumerate(parts) if p == part] for part in PARTS}


def _spread(examples: AnyExamples, indices: Sequence[int], seed: int) -> list[int]:
    """`indices` shuffled, but so that every stretch holds each label in its proportion."""
    shuffled = np.random.default_rng(seed).permutation(np.array(indices, dtype=np.int64)).tolist()
    labels = examples.targets.values if isinstance(examples.targets, Labels) else None
    groups: dict[str, list[int]] = {}
    for index in shuffled:
        groups.setdefault(labels[index] if labels else "", []).append(index)
    places = [
        ((place + 0.5) / len(group), index)
        for group in groups.values()
        for place, index in enumerate(group)
    ]
    return [index for _, index in sorted(places)]


def _cut(order: list[int], share: float) -> tuple[list[int], list[int]]:
    """`order` without its last ones, `share` of them rounded, and these; the first one stays."""
    where = max(len(order) - round(share), min(len(order), 1))
    return order[:where], order[where:]


def _at(values: tuple[Any, ...], chosen: tuple[int, ...]) -> tuple[Any, ...]:
    return tuple(values[i] for i in chosen) if values else ()


def _take_targets(targets: Targets, chosen: tuple[int, ...]) -> Targets:
    match targets:
        case Labels(values):
            return Labels(_at(values, chosen))
        case Tags(values):
            return Tags(_at(values, chosen))
        case Outputs(values):
            return Outputs(_at(values, chosen))
        case Numbers(values, columns):
            return Numbers(_at(values, chosen), columns)
    return None


def _read_only(argument: str, arrays: tuple[Array, ...], columns: Tokens) -> tuple[Array, ...]:
    for array in arrays:
        if array.ndim != _MATRIX or array.shape[1] != len(columns):
            raise ShapeError(argument, array.shape, f"[T, {len(columns)}], one number a column")
    return tuple(frozen(a if not a.flags.writeable else a.copy()) for a in arrays)


def _same_count(argument: str, values: Any, count: int, *, may_be_empty: bool = False) -> None:
    if len(values) != count and not (may_be_empty and not values):
        raise EngineError(f"{argument}: {len(values)} came, expected {count}, one a sequence")


def _same_lengths(argument: str, values: tuple[Any, ...], lengths: tuple[int, ...]) -> None:
    for number, (value, length) in enumerate(zip(values, lengths, strict=False)):
        if len(value) != length:
            raise EngineError(
                f"{argument}: {len(value)} came for sequence {number}, expected {length}"
            )
