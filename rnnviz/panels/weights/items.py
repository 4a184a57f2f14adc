"""What can be pointed at in the panel of weights, besides the cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

from rnnviz.panels.weights.knobs import Kind
from rnnviz.panels.weights.places import Mode


@final
@dataclass(frozen=True)
class TabItem:
    """A tab, by its number."""

    place: int


@final
@dataclass(frozen=True)
class Button:
    """A button: the menu, the tabs without room, the field, its handle, the legend."""

    name: Literal["menu", "more", "field", "handle", "legend"]


@final
@dataclass(frozen=True)
class KnobItem:
    """A slider."""

    kind: Kind


@final
@dataclass(frozen=True)
class ModeItem:
    """A way of looking."""

    mode: Mode


@final
@dataclass(frozen=True)
class Track:
    """The bar by which matrices are scrolled."""

    way: Literal["across", "down"]


@final
@dataclass(frozen=True)
class ShareItem:
    """The share of one step."""

    step: int
