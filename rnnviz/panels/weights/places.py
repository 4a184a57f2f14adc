"""Where the parts of the panel of weights stand at its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, final

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.segments import HEIGHT, segment_boxes
from rnnviz.panels.canvas.text import advance, run, width
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.weights.grid import CELL_HEIGHT, GAP, LEAST, Block, Grid

Mode: TypeAlias = Literal["value", "gradient", "share"]
MODES: tuple[Mode, ...] = ("value", "gradient", "share")
LABELS_TOP, GRID_TOP = 34.0, 52.0
FIELD, KNOB, BAR = 27.0, 35.0, 8.0
LEAST_GRID = 90.0
WIDEST = 440.0
"""Px of a slider; wider ones are hard to set."""
SHARE = 78.0


@final
@dataclass(frozen=True)
class Wish:
    """What the places depend on.

    Attributes
    ----------
    blocks : tuple of Block
        The matrices.
    labels : float
        The width of the longest row label in px.
    name : float
        The width of the chosen number's name in px.
    tabs, modes : tuple of str
        What stands in the choices.
    knobs : int
        How many sliders there are.
    is_share : bool
        Whether the shares of the steps take the place of the sliders.
    corner : tuple of int
        The first row and column that are seen.
    """

    blocks: tuple[Block, ...]
    labels: float
    name: float
    tabs: tuple[str, ...]
    modes: tuple[str, ...]
    knobs: int
    is_share: bool
    corner: tuple[int, int]


@final
@dataclass(frozen=True)
class Places:
    """The boxes of all parts, in px of the panel.

    Attributes
    ----------
    head : QRectF
        Of the title.
    tabs : list of QRectF
        Of the tabs that there is room for.
    more : QRectF or None
        Of the button that offers the other tabs.
    menu : QRectF
        Of the button with what can be done.
    grid : Grid
        The matrices.
    across, down : QRectF or None
        The tracks of the bars by which the matrices are scrolled.
    name, field, legend : QRectF
        The line below the matrices.
    knobs : list of QRectF
        The sliders, with their labels.
    share : QRectF or None
        The shares of the steps.
    modes : list of QRectF
        The ways of looking.
    height : float
        Of everything.
    """

    head: QRectF
    tabs: list[QRectF]
    more: QRectF | None
    menu: QRectF
    grid: Grid
    across: QRectF | None
    down: QRectF | None
    name: QRectF
    field: QRectF
    legend: QRectF
    knobs: list[QRectF]
    share: QRectF | None
    modes: list[QRectF]
    height: float


def places(wish: Wish, wide: float, high: float, top: float, theme: Theme) -> Places:
    """The places at a size; `top` is above 0 px where the panel is scrolled."""
    left, right = 16.0, max(wide - 16.0, 60.0)
    tabs, more, menu = _head(wish, left, right, top, theme)
    below = FIELD + 15 + (SHARE if wish.is_share else KNOB * wish.knobs) + 5 + HEIGHT + 6
    grid, across, down = _grid(wish, (left, right), top, high - GRID_TOP - below)
    y = (across.bottom() if across else grid.box.bottom()) + 9
    field, legend, name = _line(wish.name, left, right, y)
    y = field.bottom() + 6
    knobs = []
    for _ in range(0 if wish.is_share else wish.knobs):
        knobs.append(QRectF(left, y, min(right - left, WIDEST), KNOB))
        y += KNOB
    share = QRectF(left, y, right - left, SHARE) if wish.is_share else None
    y += (SHARE if wish.is_share else 0) + 5
    modes = segment_boxes(left, y, wish.modes, theme)
    return Places(
        QRectF(left, top + 6, 70, 26), tabs, more, menu, grid, across, down,
        name, field, legend, knobs, share, modes, y + HEIGHT + 6 - top,
    )  # fmt: skip


def _head(
    wish: Wish, left: float, right: float, top: float, theme: Theme
) -> tuple[list[QRectF], QRectF | None, QRectF]:
    menu = QRectF(right - 22, top + 8, 22, 22)
    title = advance("Weights", sans(14, 600)) + 14
    room = menu.left() - 8 - left - title
    wanted = 33.0 if 33.0 * len(wish.tabs) + 4 <= room else 24.0
    boxes = segment_boxes(0, top + 7, wish.tabs, theme, wanted)
    more = None
    if boxes and boxes[-1].right() + 2 > room:
        while boxes and boxes[-1].right() + 2 > room - 26:
            boxes.pop()
        more = QRectF(menu.left() - 8 - 22, top + 8, 22, 22)
    end = (more.left() - 4 if more else menu.left() - 8) - 2
    shift = end - boxes[-1].right() if boxes else 0
    return [box.translated(shift, 0) for box in boxes], more, menu


def _grid(
    wish: Wish, sides: tuple[float, float], top: float, room: float
) -> tuple[Grid, QRectF | None, QRectF | None]:
    left, right = sides
    rows = wish.blocks[0].rows
    left += wish.labels + 6
    high = max(min(rows * CELL_HEIGHT, room), min(rows * CELL_HEIGHT, LEAST_GRID))
    columns, gaps = sum(block.columns for block in wish.blocks), GAP * (len(wish.blocks) - 1)
    is_low = rows * LEAST > high
    is_narrow = columns * LEAST + gaps > right - left
    box = QRectF(left, top + GRID_TOP, right - left - BAR * is_low, high - BAR * is_narrow)
    grid = Grid(wish.blocks, box, *wish.corner)
    used = len(grid.shown_rows) * grid.down
    box = QRectF(box.left(), box.top(), box.width(), used)
    grid = Grid(wish.blocks, box, *wish.corner)
    across = QRectF(box.left(), box.bottom() + 3, box.width(), 5) if is_narrow else None
    down = QRectF(box.right() + 3, box.top(), 5, box.height()) if is_low else None
    return grid, across, down


def _line(wanted: float, left: float, right: float, y: float) -> tuple[QRectF, QRectF, QRectF]:
    most = max(right - left - 96 - 16 - 70, 50)
    wide = min(max(wanted, 50), most)
    name = QRectF(left, y, wide, FIELD)
    field = QRectF(left + wide + 4, y, 96, FIELD)
    room = max(right - field.right() - 16, 0)
    legend = QRectF(field.right() + 16, y, min(room, WIDEST / 2), FIELD)
    return field, legend, name


def label_width(names: tuple[str, ...], rows: int, theme: Theme) -> float:
    """The room for row labels: words up to 62 px, numbers as wide as the last."""
    if not names:
        return max(width((run(str(rows), theme.type.wire, theme.colours.tx1),)), 7.0)
    widest = max(names[:400], key=len)
    return min(width((run(widest, theme.type.wire, theme.colours.tx1),)), 62.0)
