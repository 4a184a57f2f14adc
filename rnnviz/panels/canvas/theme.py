"""The tokens of the look, read from one file: colours, type, space, lines, motion.

A panel asks :func:`theme` and hands the answer to whatever draws; nothing else knows a colour.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Literal

import msgspec

from rnnviz.document.resources import resource
from rnnviz.engine.errors import UnknownError
from rnnviz.panels.canvas.colour import Colour, mix, parse

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


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the token file."""


class Hue(_Part):
    """The colours of one quantity: of its marks and of its letters."""

    mark: Colour
    text: Colour


class Surfaces(_Part):
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


class Fills(_Part):
    """Shares of a quantity's hue in a large area over the panel's ground."""

    road: float
    operation: float
    band: float
    ribbon: float


class Role(_Part):
    """One role of text: size in px, weight, size in px when presenting."""

    px: float
    weight: int
    present: float


class Roles(_Part):
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


class Formula(_Part):
    """Sizes within a formula as shares of its line's size, and the weight of subscripts."""

    symbol: float
    subscript: float
    drop: float
    subscript_weight: int


class Space(_Part):
    """Distances in px."""

    grid: int
    padding: int
    gap: int
    control: int
    primary: int
    control_gap: int
    hit: int


class Radii(_Part):
    """Radii of corners in px."""

    value: float
    bar: float
    field: float
    panel: float
    cell: float
    open_cell: float
    chip: float


class Lines(_Part):
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


class Motion(_Part):
    """Durations in ms."""

    tip: int
    hover: int
    cursor: int
    operation: int
    unfold: int
    zoom: int
    ghost: int


class Dim(_Part):
    """Shares of a mark's own colour that remain where it is dimmed."""

    future: float
    future_cell: float
    future_chart: float
    behind: float
    road: float
    kerb: float


class Scales(_Part):
    """How numbers become places and colours; the axes hold powers of ten."""

    signed_power: float
    gate_floor: float
    ranges: dict[str, float]
    gradient_axis: tuple[int, int]
    gradient_bands: tuple[int, int]
    edge: tuple[int, int]


class _Paint(_Part):
    colours: Surfaces
    quantities: dict[Quantity, Hue]
    fills: Fills
    signed: tuple[Colour, Colour, Colour]
    magnitude: tuple[Colour, Colour, Colour, Colour, Colour]


class _Tokens(_Part):
    themes: dict[ThemeName, _Paint]
    symbols: dict[str, Quantity]
    scales: Scales
    type: Roles
    formula: Formula
    space: Space
    radii: Radii
    lines: Lines
    motion: Motion
    dim: Dim


class Theme:
    """All tokens of one theme. There are two, both made once: compare them with ``is``."""

    def __init__(self, name: ThemeName, tokens: _Tokens) -> None:
        paint = tokens.themes[name]
        self.name: ThemeName = name
        self.colours = paint.colours
        self.quantities = paint.quantities
        self.fills = paint.fills
        self.signed = paint.signed
        self.magnitude = paint.magnitude
        self.symbols = tokens.symbols
        self.scales = tokens.scales
        self.type = tokens.type
        self.formula = tokens.formula
        self.space = tokens.space
        self.radii = tokens.radii
        self.lines = tokens.lines
        self.motion = tokens.motion
        self.dim = tokens.dim

    def hue(self, symbol: str) -> Hue:
        """The colours of a symbol such as ``f`` or ``c``, or of a quantity by its name.

        Subscripts and marks behind the letter do not matter: ``h_t`` is the hidden state. A symbol
        that no quantity claims is neutral.
        """
        quantity = self.symbols.get(symbol) or self.symbols.get(symbol[:1])
        known = self.quantities.get(symbol)  # type: ignore[call-overload]
        return known or (self.quantities[quantity] if quantity else self._neutral)

    @cached_property
    def _neutral(self) -> Hue:
        return Hue(self.colours.tx2, self.colours.tx2)

    def faded(self, colour: Colour, share: float, ground: Colour | None = None) -> Colour:
        """What remains of `colour` when `share` of it is left over `ground` (the panel's)."""
        return mix(ground or self.colours.bg1, colour, share)

    def edge_width(self, size: float) -> float:
        """The width in px of a gradient edge whose norm has the logarithm `size` (base 10)."""
        low, high = self.scales.edge
        share = min(max((size - low) / (high - low), 0.0), 1.0)
        least, most = self.lines.edge_least, self.lines.edge_most
        return least + (most - least) * share


def _decoded(kind: type, text: object) -> object:
    if kind is not Colour or not isinstance(text, str):
        raise NotImplementedError(kind)
    return parse(text)


@lru_cache(maxsize=1)
def _tokens() -> _Tokens:
    text = resource("theme", "tokens.json").read_bytes()
    plain = msgspec.json.decode(text)
    return msgspec.convert(plain, _Tokens, dec_hook=_decoded)


@lru_cache(maxsize=2)
def theme(name: str) -> Theme:
    """The theme called ``dark`` or ``light``.

    Raises
    ------
    UnknownError
        When there is no such theme.
    """
    if name == "dark" or name == "light":  # noqa: PLR1714 (narrows the type)
        return Theme(name, _tokens())
    raise UnknownError("theme", name, ("dark", "light"))
