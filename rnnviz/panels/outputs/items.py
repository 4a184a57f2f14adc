"""What can be pointed at among the outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final


@final
@dataclass(frozen=True)
class ClassAt:
    """The probability of one class at one step."""

    step: int
    output: int


@final
@dataclass(frozen=True)
class AnswerAt:
    """What is answered at a step."""

    step: int


@final
@dataclass(frozen=True)
class LossAt:
    """The loss of a step, with the box that says whether it counts."""

    step: int


@final
@dataclass(frozen=True)
class NumberAt:
    """The output and the target of a regression at a step."""

    step: int
    output: int


@final
@dataclass(frozen=True)
class TargetPoint:
    """The target of a regression at a step: it can be dragged."""

    step: int
    output: int


@final
@dataclass(frozen=True)
class Choice:
    """Which losses count: every one, or the last."""

    steps: Literal["every", "last"]


@final
@dataclass(frozen=True)
class Total:
    """The whole loss."""


@final
@dataclass(frozen=True)
class PathScore:
    """The score of the best path of tags, beside that of the likeliest tags."""
