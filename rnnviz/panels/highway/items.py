"""What can be pointed at in the picture of the highway."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sum:
    """The bars of one unit at one step."""

    unit: int
    step: int


@dataclass(frozen=True)
class UnitName:
    """The number of a row."""

    unit: int
