"""The sliders below the matrices: the spectral radius of one, and the bias of the forget gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, final

import numpy as np

from rnnviz.document.edits import ScaleSpectralRadius, SetForgetBias
from rnnviz.document.edits.base import Edit
from rnnviz.engine.arrays import Array
from rnnviz.engine.initialise import spectral_radius
from rnnviz.panels.weights.model import Shown

Kind: TypeAlias = Literal["radius", "forget"]
RANGES: dict[Kind, tuple[float, float]] = {"radius": (0.01, 3.0), "forget": (-5.0, 5.0)}
AT_ONCE = 96
"""Up to so many units the eigenvalues are computed while painting; more take too long."""


@final
@dataclass(frozen=True, eq=False)
class Knob:
    """One slider.

    Attributes
    ----------
    kind : "radius" or "forget"
        What it sets.
    path : str
        The weight.
    value : float or None
        Where it stands; None where that is not known yet.
    before : float or None
        Where it stood before the last edit.
    """

    kind: Kind
    path: str
    value: float | None
    before: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value of the slider."""
        return RANGES[self.kind]

    @property
    def tick(self) -> float:
        """The value that is marked below the track: 1 keeps a size, a bias of 0 halves it."""
        return 1.0 if self.kind == "radius" else 0.0

    def share(self, value: float) -> float:
        """The place of a value on the track, 0 to 1."""
        low, high = self.ends
        return min(max((value - low) / (high - low), 0.0), 1.0) if np.isfinite(value) else 1.0

    def at(self, share: float) -> float:
        """The value at a place on the track, in whole hundredths."""
        low, high = self.ends
        return round(low + (high - low) * min(max(share, 0.0), 1.0), 2)

    def edit(self, value: float, gesture: int | None = None) -> Edit:
        """The edit that sets it."""
        low, high = self.ends
        value = min(max(value, low), high)
        if self.kind == "radius":
            return ScaleSpectralRadius(self.path, value, gesture=gesture)
        return SetForgetBias(value, self.path.rpartition("/")[0], gesture=gesture)


@final
class Radii:
    """Spectral radii of the weights that were last asked for."""

    KEPT = 4

    def __init__(self) -> None:
        self._known: list[tuple[object, tuple[str, int], float]] = []

    def of(
        self, weights: object, path: str, matrix: Array, step: int = 0, wait: bool = True
    ) -> float | None:
        """The radius of a matrix; None for a large one that is not known, unless `wait` is false.

        Parameters
        ----------
        weights : Weights
            Whose matrix it is; they never change.
        path, step
            Which matrix.
        matrix : array
            Its numbers.
        wait : bool
            Whether a large one is left for later.
        """
        key = (path, step)
        for seen, which, value in self._known:
            if seen is weights and which == key:
                return value
        if wait and len(matrix) > AT_ONCE:
            return None
        value = spectral_radius(np.asarray(matrix, np.float64))
        self._known = [(weights, key, value), *self._known[: self.KEPT - 1]]
        return value


def knobs_of(shown: Shown, radii: Radii) -> tuple[Knob, ...]:
    """The sliders of a tab."""
    found, tab = [], shown.tab
    if tab.recurrent:
        weights = shown.document.weights
        before, matrix = shown.before(tab.recurrent), shown.array(tab.recurrent)
        ghost = shown.sight.frame.ghost
        step = shown.step if shown.is_unshared else 0
        value = radii.of(weights, tab.recurrent, matrix, step)
        old = None
        if before is not None and ghost is not None:
            old = radii.of(ghost.document.weights, tab.recurrent, before, step)
        found.append(Knob("radius", tab.recurrent, value, old))
    bias = f"{tab.part}/b_f"
    if tab.quantity and bias in shown.document.weights:
        with np.errstate(all="ignore"):
            value = float(np.mean(shown.array(bias)))
            past = shown.before(bias)
            old = None if past is None else float(np.mean(past))
        found.append(Knob("forget", bias, value, old))
    return tuple(found)
