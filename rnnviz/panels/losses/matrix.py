"""The numbers of the matrix: what each loss sends to each step, and where it cannot reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, final

import numpy as np

from rnnviz.document.document import Document
from rnnviz.document.evaluate import Evaluation
from rnnviz.document.single_losses import counts, is_whole, loss_count, loss_rows
from rnnviz.document.step_words import step_words
from rnnviz.engine.arrays import Array, Mask
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.heads import CRF
from rnnviz.panels.background import Ended
from rnnviz.panels.parts import part_in
from rnnviz.session.evaluator import SMALL, cost
from rnnviz.session.selection import Selection, parts

Reach: TypeAlias = Literal["all", "past", "future"]
"""Which steps a loss depends on: all, those up to its own, or those from its own on."""

AT_ONCE = 3.0
"""The price up to which the matrix is computed at once; some 6 ms."""

UNASKED = 300.0
"""The price up to which it is computed without being asked for; some 0.6 s in the background."""

SECONDS = 0.002
"""What a price of 1 takes."""

TRUNCATED = 6.0
"""A truncated matrix takes a pass for each loss."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """The norms `[loss, step]`; two are the same only if they are one object."""

    values: Array


@dataclass(frozen=True, eq=False)
class Question:
    """What the matrix is of.

    Attributes
    ----------
    evaluation : Evaluation
        With gradients.
    part : str
        The layer and direction whose steps are the columns.
    paths : tuple of str
        The state there, of both directions where there are two.
    """

    evaluation: Evaluation
    part: str
    paths: tuple[str, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """The same for the same numbers."""
        return self.evaluation.gradients, self.paths

    @property
    def identity(self) -> tuple[object, ...]:
        """The same for the same picture."""
        return (*self.key, self.part)

    @property
    def state(self) -> str:
        """The letter of the state."""
        return self.paths[0].rpartition("/")[2]

    @property
    def price(self) -> float:
        """About how much there is to compute."""
        document = self.evaluation.document
        passes = 1 if is_whole(self.evaluation) else loss_count(self.evaluation)
        dear = TRUNCATED if document.truncate is not None and passes > 1 else 1.0
        return dear * passes * cost(document) / SMALL

    @property
    def whole(self) -> bool:
        """Whether there is one loss only."""
        return is_whole(self.evaluation)

    @property
    def rows(self) -> tuple[str, ...]:
        """What the losses are called."""
        return ("L",) if self.whole else step_words(self.evaluation, "")

    @property
    def columns(self) -> tuple[str, ...]:
        """What the steps are called."""
        return step_words(self.evaluation, self.part)

    @property
    def reach(self) -> Reach:
        """Which steps a loss can reach at all."""
        return reach(self.evaluation.document, self.part)

    def counts(self, row: int) -> bool:
        """Whether a loss is part of the whole."""
        return counts(self.evaluation, row)


@final
class Answers:
    """The matrices that are known: of what is shown, and of what was before the last edit."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Matrix | None] = {}

    def __contains__(self, asked: Question) -> bool:
        return asked.key in self._known

    def put(self, key: tuple[object, ...], values: Array | None) -> None:
        """Keep an answer; None if it could not be computed."""
        self._known[key] = None if values is None else Matrix(values)

    def get(self, asked: Question | None) -> Matrix | None:
        """The answer, if it is known."""
        return None if asked is None else self._known.get(asked.key)

    def keep(self, *asked: Question | None) -> None:
        """Forget all others."""
        keys = {one.key for one in asked if one is not None}
        self._known = {key: value for key, value in self._known.items() if key in keys}


def question(evaluation: Evaluation | None, selection: Selection) -> Question | None:
    """What is to be computed; None where nothing is learned."""
    if evaluation is None or evaluation.gradients is None:
        return None
    part = part_in(evaluation.document, selection.part)
    layer = parts(evaluation.document)[part]
    states = layer.cell.states
    state = selection.symbol if selection.symbol in states else states[0]
    prefix = part.rpartition("/")[0]
    paths = tuple(f"{prefix}/{way}/{state}" for way in layer.directions)
    return Question(evaluation, part, paths)


def compute(question: Question, ended: Ended) -> Array | None:
    """The matrix `[loss, step]`; None if it is no longer wanted."""
    rows: list[Array] = []
    for some in loss_rows(question.evaluation, question.paths):
        rows.append(some)
        if ended():
            return None
    return np.concatenate(rows)


def reach(document: Document, part: str) -> Reach:
    """Which steps a loss can reach at all through a layer of a part's directions."""
    network, prefix = document.network, part.rpartition("/")[0]
    if network.single or isinstance(network.head, CRF) or part.startswith("encoder/"):
        return "all"
    known: Sequence[str] = [
        name for name in parts(document) if name.startswith("decoder/") or "/layer" not in name
    ]
    if isinstance(network, EncoderDecoder):
        known = [name for name in known if name.startswith("decoder/")]
    above = known[min(i for i, name in enumerate(known) if name.rpartition("/")[0] == prefix) :]
    ways = {name.rpartition("/")[2] for name in above}
    if len(ways) > 1:
        return "all"
    return "past" if ways == {"forward"} else "future"


def possible(shape: tuple[int, int], which: Reach) -> Mask | None:
    """Which cells can hold anything, `[loss, step]`; None for all."""
    if which == "all" or shape[0] != shape[1]:
        return None
    whole = np.ones(shape, bool)
    return np.tril(whole) if which == "past" else np.triu(whole)
