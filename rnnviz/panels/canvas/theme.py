"""The look of one theme: a panel asks :func:`theme` and hands the answer to whatever draws.

Nothing else knows a colour.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

from rnnviz.engine.errors import UnknownError
from rnnviz.panels.canvas.colour import Colour, mix
from rnnviz.panels.canvas.tokens import Hue, ThemeName, Tokens, tokens


class Theme:
    """All tokens of one theme. There are two, both made once: compare them with ``is``."""

    def __init__(self, name: ThemeName, tokens: Tokens) -> None:
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
        """The colours of a symbol such as ``f`` or ``c``.

        What stands behind the letter does not matter: ``h_t`` is the hidden state. A symbol that no
        quantity claims is neutral.
        """
        quantity = self.symbols.get(symbol) or self.symbols.get(symbol[:1])
        return self.quantities[quantity] if quantity else self._neutral

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


@lru_cache(maxsize=2)
def theme(name: str) -> Theme:
    """The theme called ``dark`` or ``light``.

    Raises
    ------
    UnknownError
        When there is no such theme.
    """
    if name in {"dark", "light"}:
        return Theme("dark" if name == "dark" else "light", tokens())
    raise UnknownError("theme", name, ("dark", "light"))
