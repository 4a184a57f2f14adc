"""What can be pointed at in the picture of the gates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One number: a quantity, its unit and a step."""

    path: str
    unit: int
    step: int


@dataclass(frozen=True)
class Badge:
    """The letter of a quantity."""

    path: str


@dataclass(frozen=True)
class ViewButton:
    """The button that changes between the map of all steps and the bars of one."""
