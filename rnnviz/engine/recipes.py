"""How a network is trained: the recipe, a frozen value that a document can hold."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.optimisers import Adam, Constant, Optimiser, Schedule
from rnnviz.engine.trainable import Trainable

Per: TypeAlias = Literal["position", "row"]
PER: tuple[Per, ...] = ("position", "row")

_WHOLE = {"epochs": 1, "batch_size": 1, "truncate": 1, "patience": 1, "every": 1}
_WHOLE |= {"seed": 0, "probe": 0}


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. All counts are whole numbers, at least 1 where nothing is said.

    Attributes
    ----------
    optimiser : Optimiser
        The rule of the updates; holds the learning rate and the weight decay.
    schedule : Schedule
        How the learning rate changes.
    schedule_counts : "epochs" or "updates"
        What the steps of the schedule are.
    epochs : int
        How often the samples are gone through.
    batch_size : int
        Samples a batch.
    clip_norm : float or None
        The largest norm of a gradient, above 0 (Pascanu et al. 2013).
    clip_value : float or None
        The largest entry of a gradient, above 0; cut before the norm is.
    truncate : int or None
        Backpropagation through windows of so many steps: the states are carried from window to
        window, gradients are not, and each window that has a target gives one update (truncated
        BPTT; Williams & Peng 1990). For layers that read forward.
    loss_steps : "last", "every", tuple of int or None
        The steps whose loss counts; None for all.
    per : "position" or "row"
        The loss is the mean over all steps that count, or each row's sum over its steps and the
        mean over the rows, as in `Trace.loss`.
    seed : int
        Of the shuffling and the dropout, 0 or more.
    patience : int or None
        Training ends early after so many epochs in a row without a lower validation loss.
    every : int or None
        Also show a snapshot after each so many updates.
    probe : int
        The sample, 0 or more, on which the gradient at each time step is measured.
    dtype : "float32", "float64" or None
        The precision; None for that of the weights.

    Raises
    ------
    EngineError
        A setting out of range, by its name.
    """

    optimiser: Optimiser = field(default_factory=lambda: Adam(0.01))
    schedule: Schedule = field(default_factory=Constant)
    schedule_counts: Literal["epochs", "updates"] = "epochs"
    epochs: int = 20
    batch_size: int = 16
    clip_norm: float | None = None
    clip_value: float | None = None
    truncate: int | None = None
    loss_steps: LossSteps | None = None
    per: Per = "position"
    seed: int = 0
    patience: int | None = None
    every: int | None = None
    probe: int = 0
    dtype: Literal["float32", "float64"] | None = None

    def __post_init__(self) -> None:
        """Check every setting."""
        for name, least in _WHOLE.items():
            _check_whole(
                name, getattr(self, name), least, name in ("truncate", "patience", "every")
            )
        for name in ("clip_norm", "clip_value"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value > 0):
                raise EngineError(f"{name}: {value} came, expected a finite number above 0")
        check_per(self.per)
        for name, known in (
            ("schedule_counts", ("epochs", "updates")),
            ("dtype", (None, "float32", "float64")),
        ):
            if getattr(self, name) not in known:
                raise UnknownError(name, getattr(self, name), known)


def check_per(per: str) -> None:
    """Raise an UnknownError for another way to average."""
    if per not in PER:
        raise UnknownError("per", per, PER)


def check_recipe(recipe: Recipe, network: Trainable, count: int, validated: bool) -> None:
    """Raise an EngineError if a recipe does not fit what is trained.

    Parameters
    ----------
    count : int
        How many samples there are.
    validated : bool
        Whether there are validation samples.
    """
    if network.head is None:
        raise EngineError("network: it has no head, so there is no loss to learn from")
    if recipe.patience is not None and not validated:
        raise EngineError(
            f"patience: {recipe.patience} came without validation samples, expected both or neither"
        )
    if recipe.probe >= count:
        raise EngineError(f"probe: {recipe.probe} came, there are {count} samples")


def check_windows(truncate: int, network: Trainable, encoded: bool) -> None:
    """Raise an EngineError if a network cannot be trained by windows.

    Parameters
    ----------
    encoded : bool
        Whether it reads a source first.
    """
    layers, head = network.layers, network.head
    reasons = (
        ("the decoder needs the whole source", encoded),
        ("a CRF scores all steps of a row at once", head is not None and head.kind == "crf"),
        ("a layer reads backward", any("backward" in layer.directions for layer in layers)),
        ("each step of a layer has its own weights", any(x.unshared is not None for x in layers)),
    )
    for reason, holds in reasons:
        if holds:
            raise EngineError(f"truncate: {truncate} came, but {reason}; expected None")


def _check_whole(name: str, value: object, least: int, optional: bool) -> None:
    if optional and value is None:
        return
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise EngineError(f"{name}: {value!r} came, expected a whole number, {least} or more")
