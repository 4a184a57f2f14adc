"""What can be pointed at in the inspector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final


@final
@dataclass(frozen=True)
class LineItem:
    """A line of an equation: the number of the equation and of the line."""

    equation: int
    line: int


@final
@dataclass(frozen=True)
class ResultItem:
    """The result of an equation."""

    equation: int


@final
@dataclass(frozen=True)
class TermItem:
    """A bar: the number of its group and its own."""

    group: int
    place: int


@final
@dataclass(frozen=True)
class WeightItem:
    """A number that is a weight, with its place."""

    path: str
    index: tuple[int, ...]


@final
@dataclass(frozen=True)
class ChoiceItem:
    """A value at which a gate can be clamped; None lets it free."""

    value: float | None


@final
@dataclass(frozen=True)
class OutcomeItem:
    """What the network answers at such a value."""

    value: float | None


@final
@dataclass(frozen=True)
class AnswerItem:
    """One of the answers, by its number."""

    unit: int


@final
@dataclass(frozen=True)
class LossItem:
    """The loss of one step."""

    step: int


@final
@dataclass(frozen=True)
class TokenItem:
    """A word that an arrow has read."""

    way: Literal["forward", "backward"]
    step: int


@final
@dataclass(frozen=True)
class ButtonItem:
    """A button: keep the update, release what is held, pin what is shown, undo."""

    name: Literal["keep", "release", "pin", "undo"]
