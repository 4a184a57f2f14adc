"""All that one picture of the gates depends on, and what the map and the bars have in common."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.text import split_name
from rnnviz.panels.canvas.colour import ink_on
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.labels import draw_badge
from rnnviz.panels.canvas.strokes import dot, filled, framed, hatched
from rnnviz.panels.canvas.text import draw_in, draw_line, run, symbol, width
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gates.blocks import Block, Seen
from rnnviz.panels.gates.items import Badge, ViewButton
from rnnviz.panels.gates.layout import Geometry, Window
from rnnviz.panels.gestures import Item
from rnnviz.panels.invitation import draw_invitation
from rnnviz.panels.overflow import draw_overflow_word, first_failed
from rnnviz.panels.sight import Sight


@dataclass(frozen=True, eq=False)
class Chart:
    """What is drawn.

    Attributes
    ----------
    seen, place, window
        Which numbers, where, and which rows of them.
    sight : Sight
        The colours, the selection and what the mouse is over.
    at : int or None
        The column of the cursor.
    bars : bool
        Whether the bars of one step are shown.
    """

    seen: Seen
    place: Geometry
    window: Window
    sight: Sight
    at: int | None
    bars: bool

    @property
    def theme(self) -> Theme:
        """The colours."""
        return self.sight.theme

    @property
    def bar_step(self) -> int:
        """The step whose bars are shown: the cursor's, or the last."""
        return self.seen.steps - 1 if self.at is None else self.at

    def cell(self, number: int, unit: int, step: int) -> QRectF | None:
        """The box of a number; None where it is not shown."""
        row = unit - self.window.first
        if not 0 <= row < self.window.count or not 0 <= step < self.seen.steps:
            return None
        if self.bars:
            return self.place.cell(number, 0, row) if step == self.bar_step else None
        return self.place.cell(number, row, step)


def draw_badges(painter: QPainter, hits: HitMap[Item], chart: Chart) -> None:
    """The letters at the left; that of the selected quantity is framed."""
    theme, chosen = chart.theme, chart.sight.selection.path
    for number, block in enumerate(chart.seen.blocks):
        box = chart.place.badge(number)
        if len(block.role.name) == 1:
            draw_badge(painter, box, block.role.name, theme)
        else:
            box = _draw_long_badge(painter, box, block, chart)
        if block.path == chosen:
            framed(painter, box.adjusted(-2.5, -2.5, 2.5, 2.5), theme.colours.tx1, 6, 1.5)
        hits.add(box, Badge(block.path))


def _draw_long_badge(painter: QPainter, box: QRectF, block: Block, chart: Chart) -> QRectF:
    """The name of a quantity of more than one letter, such as the sum `a_h`; gives its box."""
    ground = chart.theme.hue(block.symbol).mark
    box = QRectF(6.0, box.top(), chart.place.columns.left - 13.0, box.height())
    filled(painter, box, ground, 4)
    letter, index, _ = split_name(block.role.name)
    px = 13.0 * chart.place.grown
    line = symbol(letter, index, chart.theme, px, ink_on(ground))
    if len(letter) == 1 and width(line) <= box.width() - 2:
        draw_line(painter, box.center().x(), box.center().y() + px * 0.28, line, "middle")
    else:
        word = run(block.role.name, chart.theme.type.small, ink_on(ground))
        draw_in(painter, box.adjusted(1, 0, -1, 0), word)
    return box


def draw_button(painter: QPainter, hits: HitMap[Item], chart: Chart) -> None:
    """The button that changes between map and bars: it shows what would be seen."""
    box = chart.place.button
    icon = "table" if chart.bars else "chart-column"
    draw_icon(painter, icon, box, chart.theme.colours.tx3)
    hits.add(box, ViewButton())


def draw_scroll_marks(painter: QPainter, chart: Chart) -> None:
    """Beside each block, which of its rows are seen; nothing where all are."""
    place, window, units = chart.place, chart.window, chart.seen.units
    if window.count >= units:
        return
    paint = chart.theme.colours
    for number in range(len(chart.seen.blocks)):
        block = place.block(number)
        if chart.bars:
            track = QRectF(block.left(), block.bottom() + 2, block.width(), 2)
            scale = track.width() / units
            thumb = QRectF(track.left() + window.first * scale, track.top(), 0, 2)
            thumb.setWidth(max(window.count * scale, 3.0))
        else:
            track = QRectF(block.right() + 3, block.top(), 3, block.height())
            scale = track.height() / units
            thumb = QRectF(track.left(), track.top() + window.first * scale, 3, 0)
            thumb.setHeight(max(window.count * scale, 3.0))
        filled(painter, track, paint.bg3)
        filled(painter, thumb, paint.tx2)


def draw_pins(painter: QPainter, chart: Chart) -> None:
    """A dot on what is held."""
    paint = chart.theme.colours
    for number, block in enumerate(chart.seen.blocks):
        for hold in chart.seen.holds.get(block.path, ()):
            window = chart.window
            units = range(window.first, window.first + window.count)
            if hold.unit is not None:
                units = range(hold.unit, hold.unit + 1)
            elif chart.place.row < 7 and not chart.bars:
                units = units[:1]
            for unit in units:
                box = chart.cell(number, unit, hold.step)
                if box is not None:
                    radius = max(2.4, min(3.2, box.height() / 2)) * chart.place.grown
                    x = max(box.right() - 1 - radius, box.center().x())
                    y = min(box.top() + max(radius, 2.5), box.center().y())
                    dot(painter, (x, y), radius, paint.tx1, paint.bg1)


def draw_overflow(painter: QPainter, hits: HitMap[Item], chart: Chart) -> None:
    """Hatches what is no number, and says from which step on."""
    theme, place = chart.theme, chart.place
    for number, block in enumerate(chart.seen.blocks):
        start, stop = block.failed
        if chart.bars and start <= chart.bar_step < stop:
            hatched(painter, place.block(number), theme.colours.err)
        elif not chart.bars and stop > start:
            box = place.cell(number, 0, start).united(place.cell(number, place.rows - 1, stop - 1))
            filled(painter, box, theme.faded(theme.colours.err, 0.15))
            hatched(painter, box, theme.colours.err)
    failed = [block.failed for block in chart.seen.blocks if block.failed[1]]
    if failed:
        whole = min(one[0] for one in failed), max(one[1] for one in failed)
        first = first_failed(whole, chart.seen.part.endswith("/backward"))
        draw_overflow_word(painter, hits, chart.place.area, first, chart.sight)


def draw_empty(painter: QPainter, chart: Chart) -> None:
    """Fields without numbers, and what to do."""
    theme = chart.theme
    for number in range(len(chart.seen.blocks)):
        block = chart.place.block(number)
        framed(painter, block, theme.colours.line, theme.radii.bar, 1, theme.colours.bg2)
    plate = chart.place.area
    plate.setBottom(chart.place.foot)
    draw_invitation(painter, plate, chart.sight)
