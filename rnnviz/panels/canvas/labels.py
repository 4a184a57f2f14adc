"""What carries words: token chips, number pills, letter badges, legends, small buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.colour import ink_on
from rnnviz.panels.canvas.fonts import italic, metrics, role_font
from rnnviz.panels.canvas.strokes import dot, filled, framed
from rnnviz.panels.canvas.text import Run, advance, draw_in, draw_text, middle, run
from rnnviz.panels.canvas.theme import Theme

ChipState: TypeAlias = Literal["past", "current", "future", "unknown", "empty"]

CHIP_HEIGHT = 32.0
CHIP_PAD = 17.0
CHIP_LEAST = 56.0
PILL_HEIGHT = 18.0
LOSS_WIDTH, LOSS_HEIGHT = 62.0, 22.0


def chip_width(text: str, theme: Theme, most: float, present: bool = False) -> float:
    """The width of a token's chip: its word and its padding, between 56 px and `most`."""
    grown = theme.type.chip.present / theme.type.chip.px if present else 1.0
    font = role_font(theme.type.chip_current, present)
    wide = round(advance(text, font) + 2 * CHIP_PAD * grown)
    return min(max(wide, CHIP_LEAST * grown), most)


def draw_chip(
    painter: QPainter,
    box: QRectF,
    text: str,
    theme: Theme,
    state: ChipState = "past",
    present: bool = False,
    small: bool = False,
) -> None:
    """A token: filled when read, framed when current, hollow ahead, dashed when not known.

    A word that does not fit is left out in its middle; a small one is written smaller.
    """
    paint = theme.colours
    current = state == "current"
    fill = paint.bg2 if state in {"past", "current"} else None
    edge = {"current": paint.tx1, "unknown": paint.err}.get(state, paint.line2)
    dash = (4.0, 3.0) if state in {"unknown", "empty"} else ()
    wide = (3.0 if present else 1.6) if current else 1.0
    framed(painter, box, edge, box.height() / 2, wide, fill, dash)
    ink = paint.tx3 if state in {"future", "empty"} else paint.tx1
    role = theme.type.chip_current if current else theme.type.chip
    if small:
        role = theme.type.control_on if current else theme.type.control
    pad = box.height() / (8 if small else 4)
    draw_in(painter, box.adjusted(pad, 0, -pad, 0), run(text, role, ink, present))


def pill_box(centre: tuple[float, float], text: str, theme: Theme, present: bool = False) -> QRectF:
    """The box of a number on a wire, on whole pixels."""
    font = role_font(theme.type.wire, present)
    high = PILL_HEIGHT * (theme.type.wire.present / theme.type.wire.px if present else 1.0)
    wide = round(advance(text, font)) + 8
    return QRectF(round(centre[0] - wide / 2), round(centre[1] - high / 2), wide, round(high))


def draw_pill(
    painter: QPainter,
    centre: tuple[float, float],
    text: str,
    theme: Theme,
    symbol: str,
    pinned: bool = False,
    present: bool = False,
) -> QRectF:
    """A number on a wire, in the hue of its quantity; a pinned one has a thicker frame and a dot.

    Gives its box, for the hit area.
    """
    box = pill_box(centre, text, theme, present)
    hue = theme.hue(symbol)
    framed(painter, box, hue.mark, 4, 2 if pinned else 1, theme.colours.bg1)
    draw_in(painter, box, run(text, theme.type.wire, hue.text, present))
    if pinned:
        dot(painter, (box.right() - 1, box.top() + 1), 3, theme.colours.tx1, theme.colours.bg1)
    return box


def draw_badge(painter: QPainter, box: QRectF, symbol: str, theme: Theme) -> None:
    """The letter of a quantity on a square of its hue."""
    ground = theme.hue(symbol).mark
    filled(painter, box, ground, 4)
    font = italic(box.height() * 0.78)
    # Small letters: the middle of their bodies, not of capitals.
    baseline = box.center().y() + metrics(font).xHeight() / 2 + box.height() * 0.03
    draw_text(painter, box.center().x(), baseline, Run(symbol, font, ink_on(ground)), "middle")


@dataclass(frozen=True)
class Entry:
    """One entry of a legend: the symbol of a quantity and its name."""

    symbol: str
    name: str


def draw_legend(
    painter: QPainter, x: float, y: float, entries: Sequence[Entry], theme: Theme
) -> float:
    """Badges of 16 px with their names, one behind the other; `y` is their middle.

    Gives the x where the last ends.
    """
    for entry in entries:
        draw_badge(painter, QRectF(x, y - 8, 16, 16), entry.symbol, theme)
        name = run(entry.name, theme.type.hint, theme.colours.tx2)
        x = draw_text(painter, x + 21, middle(name.font, y), name) + 15
    return x - 15 if entries else x


def draw_loss(painter: QPainter, box: QRectF, text: str | None, theme: Theme) -> None:
    """The loss of a step, in a pill; a dash before it is computed."""
    paint = theme.colours
    edge = paint.line if text is None else theme.hue("∂").mark
    framed(painter, box, edge, box.height() / 2, 1, paint.bg2)
    ink = paint.tx3 if text is None else paint.tx1
    role = theme.type.hint if text is None else theme.type.control_on
    words = f"L  {text}" if text is not None else "L  \N{EN DASH}"
    draw_in(painter, box.adjusted(6, 0, -6, 0), run(words, role, ink))


def draw_choice(
    painter: QPainter, box: QRectF, text: str, theme: Theme, on: bool, present: bool = False
) -> None:
    """A small button out of several, such as the number of a unit: filled when chosen."""
    paint = theme.colours
    if on:
        filled(painter, box, paint.tx1, 5)
    else:
        framed(painter, box, paint.line, 5, 1, paint.bg2)
    role = theme.type.control_on if on else theme.type.hint
    draw_in(painter, box, run(text, role, paint.bg1 if on else paint.tx2, present))


def draw_tip(painter: QPainter, x: float, y: float, line: Sequence[Run], theme: Theme) -> QRectF:
    """A value's tip with its corner at (x, y); gives its box."""
    wide = sum(part.width for part in line)
    box = QRectF(round(x), round(y), round(wide) + 22, 26)
    framed(painter, box, theme.colours.line2, 5, 1, theme.colours.bg3)
    left, base = box.left() + 11, middle(role_font(theme.type.control), box.center().y())
    for part in line:
        left = draw_text(painter, left, base, part)
    return box
