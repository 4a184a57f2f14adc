"""What a training run shows while it runs: frozen snapshots and the progress between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rnnviz.engine.arrays import Array
from rnnviz.engine.scoring import Score
from rnnviz.engine.weights import Weights


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The state of a training run after an epoch, or within one.

    Attributes
    ----------
    epoch : int
        Which epoch, from 1.
    update : int
        How many updates there have been since the start of training.
    weights : Weights
        The weights now; if training ended with inf or nan, the last with which all was finite.
    best : Weights
        Those after the epoch with the lowest loss on validation (without validation samples: while
        training); `weights` as long as no epoch has ended.
    best_epoch : int
        That epoch; 0 as long as none has ended.
    training : Score
        Over this epoch so far, each batch before its update, dropout on.
    validation : Score or None
        After an epoch, if there are validation samples.
    gradient_norm, largest_gradient_norm : float
        The mean and the largest norm of this epoch's gradients, before clipping; 0 without any.
    clipped : int
        How many of this epoch's gradients were clipped.
    updates : int
        How many updates this epoch has had.
    h_norms : mapping
        Path of a hidden state, such as `layer0/forward/h` -> the norm of dL/dh at each time step
        `[time]` for the probe sample, whose loss is summed over its steps.
    learning_rate : float
        That of the last update.
    seconds : float
        Since the start of training.
    ended : str or None
        Why training ended: "done", "early stopping", "stopped" (by the caller's progress), or what
        overflowed where, such as "nan in layer0/forward/h at step 3". None if it goes on.
    """

    epoch: int
    update: int
    weights: Weights
    best: Weights
    best_epoch: int
    training: Score
    validation: Score | None
    gradient_norm: float
    largest_gradient_norm: float
    clipped: int
    updates: int
    h_norms: Mapping[str, Array]
    learning_rate: float
    seconds: float
    ended: str | None = None

    @property
    def loss(self) -> float:
        """The loss while training."""
        return self.training.loss

    @property
    def accuracy(self) -> float | None:
        """The accuracy while training; None for numbers."""
        return self.training.accuracy


@dataclass(frozen=True)
class Progress:
    """How far a training run has come.

    Attributes
    ----------
    epoch, epochs : int
        Which epoch, from 1, of how many.
    fraction : float
        The part of this epoch that is done, 0 to 1.
    update : int
        How many updates there have been.
    loss : float
        Over this epoch so far; nan before any position counted.
    """

    epoch: int
    epochs: int
    fraction: float
    update: int
    loss: float
