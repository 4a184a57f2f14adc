"""Edits that hold a quantity at a value, and release it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, final

from rnnviz.document.document import Document
from rnnviz.document.edits.base import Edit, EditError
from rnnviz.document.places import check_hold, places
from rnnviz.document.texts import tr
from rnnviz.engine.holds import Hold


@final
@dataclass(frozen=True, eq=False)
class HoldQuantity(Edit):
    """Hold a quantity at a value at one step, whatever the network computes there.

    Attributes
    ----------
    path : str
        What is held, such as `layer0/forward/f`.
    step : int
        The time step, from 0.
    value : float
        What it is held at.
    unit : int or None
        The unit; None holds all.
    """

    places: ClassVar[tuple[str, ...]] = ("path", "step", "unit")

    path: str
    step: int
    value: float
    unit: int | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        text = tr("Hold {name} of step {number} at {value}")
        name = self.path.rpartition("/")[2]
        return text.format(name=name, number=self.step + 1, value=f"{self.value:.4g}")

    def _on(self, document: Document) -> Document:
        hold = Hold(self.path, self.step, float(self.value), self.unit)
        check_hold(hold, places(document))
        others = (h for h in document.holds if not _covers(hold, h))
        return document.changed(holds=(*others, hold))


def _covers(hold: Hold, other: Hold) -> bool:
    """Whether nothing is left of `other` under `hold`."""
    same_place = (hold.path, hold.step) == (other.path, other.step)
    return same_place and hold.unit in (None, other.unit)


@final
@dataclass(frozen=True, eq=False)
class ReleaseQuantity(Edit):
    """Release what is held.

    Attributes
    ----------
    path : str or None
        What; None releases everything.
    step : int or None
        The step; None releases all steps.
    unit : int or None
        The unit; None releases all units. Where all units are held by one hold, the others stay
        held.
    """

    path: str | None = None
    step: int | None = None
    unit: int | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        if self.path is None:
            return tr("Release everything")
        return tr("Release {name}").format(name=self.path.rpartition("/")[2])

    def _on(self, document: Document) -> Document:
        if self.path is None:
            return document.changed(holds=())
        known = places(document)
        if self.path not in known:
            raise EditError(f"path: {self.path} came, nothing of that name can be held")
        _, units = known[self.path]
        kept: list[Hold] = []
        for hold in document.holds:
            if hold.path != self.path or self.step not in (None, hold.step):
                kept.append(hold)
            elif self.unit is not None:
                kept += _without(hold, self.unit, units)
        return document.changed(holds=tuple(kept))


def _without(hold: Hold, unit: int, units: int) -> list[Hold]:
    """What is left of a hold when `unit` is free."""
    if hold.unit is None:
        return [replace(hold, unit=other) for other in range(units) if other != unit]
    return [] if hold.unit == unit else [hold]
