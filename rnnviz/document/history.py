"""What a document remembers of its training: its weights and measures, moment by moment."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rnnviz.document.limits import LINE, MOMENTS
from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.errors import EngineError
from rnnviz.engine.scoring import Score as Measured
from rnnviz.engine.snapshots import Snapshot

PRECISIONS = (np.dtype(np.float32), np.dtype(np.float64))


@dataclass(frozen=True)
class Score:
    """How well a document's network does on data that it has not learned from.

    Attributes
    ----------
    name : str
        What is measured, such as "accuracy".
    value : float
        The measure.
    baseline : float or None
        The same measure of something simple, such as always naming the most frequent class.
    count : int
        How many examples it was measured on.
    """

    name: str
    value: float
    baseline: float | None = None
    count: int = 0

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not math.isfinite(self.value) or not math.isfinite(self.baseline or 0.0):
            came = f"{self.value} and the baseline {self.baseline}"
            raise EngineError(f"score: {came} came, expected finite numbers")
        if not 0 <= self.count < 2**53 or len(self.name) > LINE:
            raise EngineError(f"score: {self.count} examples came, expected 0 or more")


@dataclass(frozen=True, eq=False)
class Moment:
    """A training run at one moment.

    All measures are nan where they were not taken.

    Attributes
    ----------
    epoch : int
        Which epoch, from 1; 0 before the first.
    update : int
        How many updates there had been.
    vector : array `[numbers]`
        All weights, float32 or float64, read-only.
    loss, validation_loss : float
        The loss on what is learned, and on what is not.
    score, validation_score : float
        The accuracy, or for numbers the share of the variance that is explained.
    gradient_norm : float
        The mean over the epoch.
    learning_rate : float
        That of the last update.
    """

    epoch: int
    update: int
    vector: Array
    loss: float = math.nan
    score: float = math.nan
    validation_loss: float = math.nan
    validation_score: float = math.nan
    gradient_norm: float = math.nan
    learning_rate: float = math.nan

    def __post_init__(self) -> None:
        """Make the vector read-only."""
        if self.vector.ndim != 1 or self.vector.dtype not in PRECISIONS:
            came = f"{self.vector.dtype} {self.vector.shape}"
            raise EngineError(f"vector: {came} came, expected (numbers,) of float32 or float64")
        for name in ("epoch", "update"):
            if not 0 <= getattr(self, name) < 2**53:
                raise EngineError(f"{name}: {getattr(self, name)} came, expected 0 or more")
        object.__setattr__(self, "vector", frozen(self.vector))


MEASURES = (
    "loss",
    "score",
    "validation_loss",
    "validation_score",
    "gradient_norm",
    "learning_rate",
)
"""The measures of a moment, by their names there."""


@dataclass(frozen=True, eq=False)
class History:
    """A training run.

    Attributes
    ----------
    moments : tuple of Moment
        In the order of time, all of one network.
    ended : str
        Why it ended, as `Snapshot.ended` says; "" where nobody knows.
    """

    moments: tuple[Moment, ...]
    ended: str = ""

    def __post_init__(self) -> None:
        """Check that the moments are those of one network."""
        sizes = {moment.vector.size for moment in self.moments}
        if len(sizes) != 1 or len(self.moments) > MOMENTS or len(self.ended) > LINE:
            raise EngineError(
                f"history: {len(self.moments)} moments of networks with {sorted(sizes)} weights "
                f"came, expected 1 to {MOMENTS} of one network"
            )

    @property
    def size(self) -> int:
        """How many weights the network has."""
        return self.moments[0].vector.size


def history_of(snapshots: Iterable[Snapshot]) -> History:
    """What a document remembers of the snapshots of `training.train`; at least one."""
    taken = tuple(snapshots)
    return History(tuple(_moment(s) for s in taken), (taken[-1].ended or "") if taken else "")


def _moment(snapshot: Snapshot) -> Moment:
    validation = snapshot.validation
    return Moment(
        snapshot.epoch,
        snapshot.update,
        snapshot.weights.vector,
        loss=snapshot.training.loss,
        score=_score(snapshot.training),
        validation_loss=math.nan if validation is None else validation.loss,
        validation_score=math.nan if validation is None else _score(validation),
        gradient_norm=snapshot.gradient_norm,
        learning_rate=snapshot.learning_rate,
    )


def _score(measured: Measured) -> float:
    for value in (measured.accuracy, measured.r2):
        if value is not None:
            return float(value)
    return math.nan
