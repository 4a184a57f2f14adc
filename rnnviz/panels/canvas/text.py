"""Text on a painter: coloured runs on one baseline, formulas, and numbers as we write them.

A run is laid out once and kept; drawing it again costs a few microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite, isnan
from typing import Literal, TypeAlias

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPaintEngine, QPainter, QPainterPath, QStaticText

from rnnviz.engine.rendering import MINUS, Piece
from rnnviz.panels.canvas.colour import Colour, qcolor
from rnnviz.panels.canvas.fonts import italic, metrics, role_font, sans
from rnnviz.panels.canvas.strokes import brush
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.canvas.tokens import Role

Align: TypeAlias = Literal["start", "middle", "end"]
_SHARE_LEFT: dict[Align, float] = {"start": 0.0, "middle": 0.5, "end": 1.0}
_SVG = QPaintEngine.Type.SVG
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
INFINITY = "\N{INFINITY}"


@dataclass(frozen=True)
class Run:
    """A piece of text in one font and colour; `drop` lowers it below the baseline, in px."""

    text: str
    font: QFont
    colour: Colour
    drop: float = 0.0

    @property
    def width(self) -> float:
        """The advance in px."""
        return advance(self.text, self.font)


Line: TypeAlias = tuple[Run, ...]


@lru_cache(maxsize=8192)
def advance(text: str, font: QFont) -> float:
    """How far `text` moves the pen, in px."""
    return metrics(font).horizontalAdvance(text)


@lru_cache(maxsize=512)
def _ascent(font: QFont) -> float:
    return metrics(font).ascent()


@lru_cache(maxsize=2048)
def _laid_out(text: str, font: QFont) -> QStaticText:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(font=font)
    return made


def run(text: str, role: Role, colour: Colour, present: bool = False) -> Run:
    """Text in the font of a role."""
    return Run(text, role_font(role, present), colour)


def width(line: Iterable[Run]) -> float:
    """The width of a line in px."""
    return sum(part.width for part in line)


def draw_line(
    painter: QPainter, x: float, baseline: float, line: Iterable[Run], align: Align = "start"
) -> float:
    """Draw runs one behind the other and give the x where the last ends.

    Parameters
    ----------
    painter : QPainter
        On what.
    x, baseline : float
        The start, the middle or the end of the line, as `align` says; and its baseline.
    line : iterable of Run
        The runs.
    align : {"start", "middle", "end"}
        Which point of the line `x` is.
    """
    parts = tuple(line)
    if align != "start":
        x -= width(parts) * _SHARE_LEFT[align]
    outlined = painter.paintEngine().type() is _SVG
    for part in parts:
        font = part.font
        if outlined:
            _draw_outline(painter, x, baseline + part.drop, part)
        else:
            painter.setFont(font)
            painter.setPen(qcolor(part.colour))
            top = baseline + part.drop - _ascent(font)
            painter.drawStaticText(QPointF(x, top), _laid_out(part.text, font))
        x += advance(part.text, font)
    return x


def _draw_outline(painter: QPainter, x: float, baseline: float, part: Run) -> None:
    """The letters as shapes: an SVG names its fonts, and whoever opens it has not ours."""
    path = QPainterPath()
    path.addText(QPointF(x, baseline), part.font, part.text)
    painter.fillPath(path, brush(part.colour))


def draw_text(
    painter: QPainter, x: float, baseline: float, part: Run, align: Align = "start"
) -> float:
    """Draw one run; as `draw_line`."""
    return draw_line(painter, x, baseline, (part,), align)


@lru_cache(maxsize=512)
def _half_capital(font: QFont) -> float:
    return metrics(font).capHeight() / 2


def middle(font: QFont, y: float) -> float:
    """The baseline that puts capitals and figures in the middle of `y`."""
    return y + _half_capital(font)


def draw_in(painter: QPainter, box: QRectF, part: Run, align: Align = "middle") -> None:
    """Draw one run in the middle of a box's height, left out in its middle where it is too long."""
    short = elided(part, box.width())
    x = box.left() + box.width() * _SHARE_LEFT[align]
    draw_text(painter, x, middle(part.font, box.center().y()), short, align)


def elided(part: Run, most: float) -> Run:
    """The run in at most `most` px: what does not fit is left out in its middle."""
    if part.width <= most:
        return part
    return replace(part, text=_elided(part.text, part.font, most))


@lru_cache(maxsize=1024)
def _elided(text: str, font: QFont, most: float) -> str:
    return metrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, most)


def wrapped(words: Sequence[Run], most: float) -> list[Line]:
    """Runs broken into lines of at most `most` px, at their spaces; a longer word stands alone."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for word in _glued(piece for part in words for piece in _words(part)):
        bare = width(word) - advance(" ", word[-1].font) * word[-1].text.endswith(" ")
        if lines[-1] and used + bare > most:
            lines.append([])
            used = 0.0
        lines[-1] += word
        used += width(word)
    return [_joined(line) for line in lines if line]


def _glued(pieces: Iterable[Run]) -> list[list[Run]]:
    """Words, some of several runs: what has no space between stays together."""
    found: list[list[Run]] = [[]]
    for piece in pieces:
        if found[-1] and found[-1][-1].text.endswith(" "):
            found.append([])
        found[-1].append(piece)
    return [word for word in found if word]


def _words(part: Run) -> list[Run]:
    pieces = part.text.split(" ")
    texts = [word + " " for word in pieces[:-1]] + [pieces[-1]]
    return [replace(part, text=text) for text in texts if text]


def _joined(line: Sequence[Run]) -> Line:
    joined: list[Run] = []
    for part in line:
        if joined and joined[-1].font == part.font and joined[-1].colour == part.colour:
            joined[-1] = replace(joined[-1], text=joined[-1].text + part.text)
        else:
            joined.append(part)
    return tuple(joined)


# -------------------------------------------------------------------------------------- formulas


def symbol(letter: str, lower: str, theme: Theme, px: float, colour: Colour | None = None) -> Line:
    """A symbol with what is lowered behind it, such as h and t, for a line of `px`."""
    ink = colour or theme.hue(letter).text
    sizes = theme.formula
    main = Run(letter, italic(px * sizes.symbol), ink)
    if not lower:
        return (main,)
    small = sans(px * sizes.subscript, sizes.subscript_weight)
    return (main, Run(lower, small, ink, px * sizes.drop))


def formula(
    pieces: Iterable[Piece], theme: Theme, px: float, weight: int = 500, ink: Colour | None = None
) -> Line:
    """The runs of a formula: symbols in STIX italic, all else in Inter.

    Parameters
    ----------
    pieces : iterable of Piece
        As the engine's notation gives them.
    theme : Theme
        Gives the colour of each quantity.
    px, weight
        Size and weight of the line.
    ink : Colour, optional
        The colour of what belongs to no quantity; the text's.
    """
    base = ink or theme.colours.tx1
    runs: list[Run] = []
    for piece in pieces:
        colour = theme.hue(piece.hue).text if piece.hue else base
        if piece.kind == "symbol":
            runs.extend(_symbol_runs(piece, theme, px, weight, colour))
        else:
            runs.append(Run(piece.text, sans(px, weight), colour))
    return tuple(runs)


def _symbol_runs(piece: Piece, theme: Theme, px: float, weight: int, colour: Colour) -> Line:
    """Fractions of gradients and words keep Inter; only the letters of quantities lean."""
    if len(piece.text) > 1 or not piece.text.isalpha():
        return (Run(piece.text, sans(px, weight), colour),)
    return symbol(piece.text, piece.lower, theme, px, colour)


# --------------------------------------------------------------------------------------- numbers


def number(value: float, decimals: int = 2, signed: bool = False) -> str:
    """A number as it is written everywhere: fixed decimals, a true minus, never `−0.00`."""
    if isnan(value):
        return "nan"
    if not isfinite(value):
        return INFINITY if value > 0 else MINUS + INFINITY
    if abs(value) >= 1e5:
        return _short(f"{value:.1e}")
    text = f"{value:.{decimals}f}"
    if not any(digit in "123456789" for digit in text):
        text = text.removeprefix("-")
    plus = "+" if signed and value > 0 else ""
    return plus + text.replace("-", MINUS)


def size(value: float, decimals: int = 2) -> str:
    """A gradient's size: fixed decimals, but `4e−3` below 0.0095 and `3.3e4` from 1000 on."""
    if value and abs(value) < 0.0095:
        return _short(f"{value:.0e}")
    if isfinite(value) and abs(value) >= 999.5:
        return _short(f"{value:.1e}")
    return number(value, decimals)


def _short(scientific: str) -> str:
    digits, _, exponent = scientific.partition("e")
    return f"{digits.removesuffix('.0')}e{int(exponent)}".replace("-", MINUS)


def power(exponent: int) -> str:
    """A power of ten as on an axis: `10⁻⁸`, and 1 for 10⁰."""
    return "1" if exponent == 0 else "10" + str(exponent).translate(_RAISED)
