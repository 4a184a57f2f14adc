"""How well a network does on samples: the loss, and how many answers are right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.batching import Packed, Samples, pack, shuffled_batches
from rnnviz.engine.errors import EngineError
from rnnviz.engine.losses import NO_TARGET, LossSteps
from rnnviz.engine.recipes import Per, check_per
from rnnviz.engine.trace import Trace
from rnnviz.engine.trainable import Trainable
from rnnviz.engine.weights import Weights

MAX_CLASSES = 500
"""Up to so many classes confusions are counted."""

_ROWS = 256
_NUMBERS = 1 << 23  # how many numbers a trace may hold while a score is taken


@dataclass(frozen=True, eq=False)
class Score:
    """How well a network did.

    Attributes
    ----------
    loss : float
        The mean over positions or rows (see `Recipe.per`); nan if no position counts.
    n : int
        The positions that count: steps (or rows) with a target.
    rows : int
        The samples.
    accuracy : float or None
        The share of right classes or tags (of a CRF: on the best path), 0 to 1. None for numbers.
    r2 : float or None
        For numbers the share of their variance that is explained (the coefficient of
        determination, all outputs together): 1 is perfect, 0 no better than the mean, below 0
        worse. None for classes, and where all targets are equal.
    confusion : integers `[classes, classes]` or None
        How often the class of the row was answered with that of the column. None for numbers, for
        more than `MAX_CLASSES` classes, and while training.
    """

    loss: float
    n: int
    rows: int
    accuracy: float | None = None
    r2: float | None = None
    confusion: Integers | None = None


class Tally:
    """Counts for one score, batch by batch.

    Parameters
    ----------
    classes : int or None
        With a number, confusions among so many classes are counted.
    """

    def __init__(self, per: Per, classes: int | None = None) -> None:
        self.per, self.classes = per, classes
        self.loss, self.n, self.rows, self.right = 0.0, 0, 0, 0
        self._confusion = None if classes is None else np.zeros(classes * classes, np.int64)
        self._numbers: _Moments | None = None
        self._answers_classes = True

    def add(self, trace: Trace, rows: int | None = None) -> tuple[float, int]:
        """Count one batch in.

        Parameters
        ----------
        rows : int, optional
            How many of its rows are new; by default all.

        Returns
        -------
        The sum of its losses, and how many positions they come from.
        """
        targets = trace.batch.targets
        numbers = targets.dtype.kind == "f"
        given = ~np.isnan(targets).all(axis=2) if numbers else targets != NO_TARGET
        n = int(np.count_nonzero(given))
        self.n += n
        self.rows += trace.batch.rows if rows is None else rows
        self._answers_classes = not numbers
        if not n:
            return 0.0, 0
        loss = trace.loss() * trace.batch.rows
        self.loss += loss
        if numbers:
            self._numbers = self._numbers or _Moments(targets)
            self._numbers.add(trace.decoded, targets)
        else:
            self._add_classes(trace.decoded, targets, given)
        return loss, n

    def _add_classes(self, answers: Integers, targets: Integers, given: Any) -> None:
        self.right += int(np.count_nonzero((answers == targets) & given))
        if self._confusion is not None and self.classes is not None:
            pairs = targets[given] * self.classes + answers[given]
            self._confusion += np.bincount(pairs, minlength=len(self._confusion))

    def score(self) -> Score:
        """The score of all that was counted in."""
        count = self.n if self.per == "position" else self.rows
        confusion = None
        if self._confusion is not None and self.classes is not None:
            confusion = self._confusion.reshape(self.classes, self.classes)
            confusion.flags.writeable = False
        return Score(
            self.loss / count if self.n else np.nan,
            self.n,
            self.rows,
            self.right / self.n if self._answers_classes and self.n else None,
            None if self._numbers is None else self._numbers.r2,
            confusion,
        )


class _Moments:
    """Sums from which the explained variance follows, relative to the mean of the first batch."""

    def __init__(self, targets: Array) -> None:
        given = ~np.isnan(targets)
        counts = np.maximum(given.sum(axis=(0, 1)), 1)
        self.shift = np.where(given, targets, 0.0).sum(axis=(0, 1), dtype=np.float64) / counts
        self.sums = np.zeros((4, targets.shape[2]))

    @np.errstate(all="ignore")
    def add(self, answers: Array, targets: Array) -> None:
        given = ~np.isnan(targets)
        shifted = np.where(given, targets - self.shift, 0.0)
        error = np.where(given, targets - answers.astype(np.float64, copy=False), 0.0)
        parts = (given, shifted, shifted * shifted, error * error)
        self.sums += np.stack([part.sum(axis=(0, 1), dtype=np.float64) for part in parts])

    @property
    def r2(self) -> float | None:
        counts, sums, squares, errors = self.sums
        with np.errstate(all="ignore"):
            spread = squares - sums * sums / np.maximum(counts, 1)
            # Below the rounding of the squares there is no variance that could be explained.
            if spread.sum() <= 1e-12 * squares.sum():
                return None
            return float(1 - errors.sum() / spread.sum())


def evaluate(
    network: Trainable,
    weights: Weights,
    samples: Samples,
    per: Per = "position",
    loss_steps: LossSteps | None = None,
) -> Score:
    """How well a network does on samples, dropout off.

    Parameters
    ----------
    network : Network or EncoderDecoder
        What answers; a decoder reads the right tokens (teacher forcing).
    weights : Weights
        Its weights; their precision is that of the computation.
    samples : Samples
        What is asked, and the right answers.
    per, loss_steps
        As in `Recipe`.

    Raises
    ------
    EngineError
        Samples that do not fit the network, another network's weights.
    """
    check_per(per)
    return evaluate_packed(
        network, weights, pack(network, samples, weights.vector.dtype, loss_steps), per
    )


def evaluate_packed(network: Trainable, weights: Weights, packed: Packed, per: Per) -> Score:
    """`evaluate` for samples that are packed already."""
    if network.head is None:
        raise EngineError("network: it has no head, so there is nothing to score")
    classes = network.head.outputs
    counts = network.head.kind != "regression" and classes <= MAX_CLASSES
    tally = Tally(per, classes if counts else None)
    for rows in _batches(network, packed):
        tally.add(network.forward(weights, packed.batch(rows)))
    return tally.score()


def _batches(network: Trainable, packed: Packed) -> Iterator[Integers]:
    """Batches of neighbouring lengths whose traces stay small."""
    slabs = network.layout.slabs
    width = 12 * sum(layer.outputs for layer in network.layers)
    width += sum(slab.shape[-1] for slab in slabs if slab.name == "products with x")
    width += 3 * sum(slab.shape[0] for slab in slabs if slab.name == "V")
    for group in shuffled_batches(packed, _ROWS, None):
        longest = int(packed.costs[group].max())
        size = max(1, _NUMBERS // (width * longest))
        yield from (group[start : start + size] for start in range(0, len(group), size))
