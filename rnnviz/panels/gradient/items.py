"""What can be pointed at in the gradient's chart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AtStep:
    """A column."""

    step: int


@dataclass(frozen=True)
class ClipHandle:
    """The handle of the clip line."""


@dataclass(frozen=True)
class WeightsMark:
    """The size of the weights' gradient."""


@dataclass(frozen=True)
class PartLabel:
    """The thin curve of another layer or direction."""

    part: str


@dataclass(frozen=True)
class TruncationEnd:
    """Where the error is cut off on its way back."""
