"""The shape of the token file, strictly read: an unknown or a missing token is an error."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

from rnnviz.document.resources import resource
from rnnviz.panels.canvas.colour import Colour, parse

ThemeName = Literal["dark", "light"]
Quantity = Literal[
    "input",
    "hidden",
    "cell",
    "forget",
    "write",
    "candidate",
    "output",
    "reset",
    "gradient",
]


class Hue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The colours of one quantity: of its marks and of its letters."""

    mark: Colour
    text: Colour


class Surfaces(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The neutral colours: grounds, lines, texts, wrong and right."""

    bg0: Colour
    bg1: Colour
    bg2: Colour
    bg3: Colour
    line: Colour
    line2: Colour
    tx1: Colour
    tx2: Colour
    tx3: Colour
    err: Colour
    ok: Colour


class Fills(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of a quantity's hue in a large area over the panel's ground."""

    road: float
    operation: float
    band: float
    ribbon: float


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One role of text: size in px, weight, size in px when presenting."""

    px: float
    weight: int
    present: float


class Roles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every role of text."""

    caption: Role
    title: Role
    equation: Role
    result: Role
    chip: Role
    chip_current: Role
    panel: Role
    body: Role
    control: Role
    control_on: Role
    hint: Role
    axis: Role
    wire: Role
    small: Role


class Formula(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes within a formula as shares of its line's size, and the weight of subscripts."""

    symbol: float
    subscript: float
    drop: float
    subscript_weight: int


class Space(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Distances in px."""

    grid: int
    padding: int
    gap: int
    control: int
    primary: int
    control_gap: int
    hit: int


class Radii(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Radii of corners in px."""

    value: float
    bar: float
    field: float
    panel: float
    cell: float
    open_cell: float
    chip: float


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Widths of lines and of the road in px."""

    hair: float
    wire: float
    cursor: float
    selection: float
    focus: float
    focus_offset: float
    edge_least: float
    edge_most: float
    road: float
    road_zoomed: float
    road_present: float
    road_dash: float


class Motion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Durations in ms."""

    tip: int
    hover: int
    cursor: int
    operation: int
    unfold: int
    zoom: int
    ghost: int


class Dim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of a mark's own colour that remain where it is dimmed."""

    future: float
    future_cell: float
    future_chart: float
    behind: float
    road: float
    kerb: float


class Scales(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How numbers become places and colours; the axes hold powers of ten."""

    signed_power: float
    gate_floor: float
    ranges: dict[str, float]
    gradient_axis: tuple[int, int]
    gradient_bands: tuple[int, int]
    edge: tuple[int, int]


class Paint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What differs between the themes."""

    colours: Surfaces
    quantities: dict[Quantity, Hue]
    fills: Fills
    signed: tuple[Colour, Colour, Colour]
    magnitude: tuple[Colour, Colour, Colour, Colour, Colour]


class Tokens(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    themes: dict[ThemeName, Paint]
    symbols: dict[str, Quantity]
    scales: Scales
    type: Roles
    formula: Formula
    space: Space
    radii: Radii
    lines: Lines
    motion: Motion
    dim: Dim


def _with_colours(part: object) -> object:
    """The tree of the token file with every ``#RRGGBB`` read."""
    match part:
        case dict():
            return {key: _with_colours(value) for key, value in part.items()}
        case list():
            return [_with_colours(value) for value in part]
        case str() if part.startswith("#"):
            return parse(part)
    return part


@lru_cache(maxsize=1)
def tokens() -> Tokens:
    """The token file that comes with rnnviz."""
    plain = msgspec.json.decode(resource("theme", "tokens.json").read_bytes())
    return msgspec.convert(_with_colours(plain), Tokens)
