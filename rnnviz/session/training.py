"""How a training run goes: what panels show of it, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan, nan
from typing import final

from rnnviz.document.data_choice import OWN, Data
from rnnviz.document.history import Moment
from rnnviz.engine.arrays import Array
from rnnviz.engine.snapshots import Snapshot

MOST = 1_200
"""So many points of a curve are kept; when there are more, every second one goes."""


@final
@dataclass(frozen=True)
class Point:
    """The measures of a run at one moment; nan where they were not taken.

    Attributes
    ----------
    update, epoch : int
        When.
    loss, validation_loss : float
        On what is learned, and on what is not.
    score, validation_score : float
        The accuracy, or for numbers the share of the variance that is explained.
    gradient_norm : float
        The mean over the epoch.
    """

    update: int
    epoch: int
    loss: float = nan
    score: float = nan
    validation_loss: float = nan
    validation_score: float = nan
    gradient_norm: float = nan


@final
@dataclass(frozen=True, eq=False)
class Training:
    """What is to be seen of training.

    Attributes
    ----------
    data : Data
        What is learned from.
    loading : bool
        Whether the data are being read.
    running, paused : bool
        Whether a run is under way, and whether it rests.
    points : tuple of Point
        The curves of the run that is under way; empty when there is none.
    gradient : mapping
        Path of a hidden state -> the norm of dL/dh at each time step, of the last snapshot.
    epoch, epochs, update : int
        How far the run is.
    message : str
        How it ended, or why it could not begin, in one sentence.
    refused : bool
        Whether the message says why it could not begin, or that something overflowed.
    viewed : int or None
        The moment of the document's history whose weights are shown.
    """

    data: Data = OWN
    loading: bool = False
    running: bool = False
    paused: bool = False
    points: tuple[Point, ...] = ()
    gradient: Mapping[str, Array] = field(default_factory=dict)
    epoch: int = 0
    epochs: int = 0
    update: int = 0
    message: str = ""
    refused: bool = False
    viewed: int | None = None


IDLE = Training()
"""Before any run."""


def point_of(snapshot: Snapshot) -> Point:
    """The measures of a snapshot."""
    training, asked = snapshot.training, snapshot.validation
    return Point(
        snapshot.update,
        snapshot.epoch,
        training.loss,
        _score(training.accuracy, training.r2),
        nan if asked is None else asked.loss,
        nan if asked is None else _score(asked.accuracy, asked.r2),
        snapshot.gradient_norm,
    )


def _score(accuracy: float | None, explained: float | None) -> float:
    return next((float(value) for value in (accuracy, explained) if value is not None), nan)


def point_of_moment(moment: Moment) -> Point:
    """The measures of a moment that a document remembers."""
    return Point(
        moment.update,
        moment.epoch,
        moment.loss,
        moment.score,
        moment.validation_loss,
        moment.validation_score,
        moment.gradient_norm,
    )


def with_point(points: tuple[Point, ...], point: Point) -> tuple[Point, ...]:
    """The points with one more; of too many, every second one stays, and the ends of epochs.

    Where those alone are too many, of them too.
    """
    if len(points) < MOST:
        return (*points, point)
    ends = [p for n, p in enumerate(points) if n % 2 == 0 or not isnan(p.validation_loss)]
    return (*(ends[::2] if len(ends) > MOST * 3 // 4 else ends), point)
