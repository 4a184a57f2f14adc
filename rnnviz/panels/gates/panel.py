"""The panel of the gates: a map of all steps, or the bars of one; a drag holds a gate."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.labels import draw_tip
from rnnviz.panels.canvas.text import Line, width
from rnnviz.panels.cursor import cursor
from rnnviz.panels.gates import words
from rnnviz.panels.gates.bars import draw_bars
from rnnviz.panels.gates.blocks import Seen, seen
from rnnviz.panels.gates.drags import HoldDrag
from rnnviz.panels.gates.items import Badge, Cell, ViewButton
from rnnviz.panels.gates.keys import Keys
from rnnviz.panels.gates.layout import Window, geometry
from rnnviz.panels.gates.maps import Images, draw_map
from rnnviz.panels.gates.menu import menu
from rnnviz.panels.gates.picture import (
    Chart,
    draw_badges,
    draw_button,
    draw_empty,
    draw_overflow,
    draw_pins,
    draw_scroll_marks,
)
from rnnviz.panels.gestures import Drag, Gestures, Item
from rnnviz.panels.kept import Kept
from rnnviz.panels.overflow import OverflowWord
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.parts import PartChip, chips_height, draw_part_chips, part_of
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.session.selection import Spot

REACH = 120.0
"""A drag of so many px goes through the whole scale of a gate."""


@final
class GatesPanel(PicturePanel):
    """Every gate of the selected layer and direction, at every step."""

    info = PanelInfo(
        "gates",
        noop("PanelInfo", "Gates"),
        "dock",
        noop(
            "PanelInfo",
            "Every gate of every unit at every step. Drag one up or down to hold it at a value; "
            "right-click to release it. The wheel enlarges the rows, B shows the bars of one step.",
        ),
        width=292,
    )

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        self._keys = Keys(self)
        gestures = Gestures(
            click=self._click,
            drag=self._drag_of,
            wheel=self._wheel,
            key=self._keys.press,
            wants=self._keys.wants,
            spot=self._spot,
            menu=lambda item: menu(item, self.seen, self.edit_requested.emit, self),
            table=lambda: words.table(self.seen),
        )
        super().__init__(sight, gestures, parent)
        self.bars = False
        self._window: Window | None = None
        self._images = Images()
        self._seen = Kept(seen)
        self._dragged: HoldDrag | None = None
        self.legend = self._draw_legend

    @property
    def seen(self) -> Seen:
        """What the panel shows."""
        return self._seen.of(self.sight)

    @property
    def chart(self) -> Chart:
        """All that the picture depends on."""
        sight, numbers = self.sight, self.seen
        window = self.window_()
        sizes = (1, window.count) if self.bars else (window.count, numbers.steps)
        above = chips_height(sight.document, sight.present)
        size = self.room
        place = geometry(size, len(numbers.blocks), sizes, above, sight.present)
        at = cursor(sight, numbers.part, numbers.steps)
        return Chart(numbers, place, window, sight, at, self.bars)

    def window_(self) -> Window:
        """Which rows are shown: all, unless the reader enlarged some."""
        units = self.seen.units
        if self._window is None or self._window.count >= units:
            return Window(0, units)
        return self._window.showing(min(self._window.first, units - 1), units)

    def show_bars(self, bars: bool) -> None:
        """Show the bars of one step, or the map of all."""
        self.bars = bars
        self.caption_changed.emit()
        self.update()

    def show_unit(self, unit: int) -> None:
        """Bring a unit's row into view."""
        if self._window is not None:
            self._window = self._window.showing(unit, self.seen.units)

    def _follow(self, now: Sight, before: Sight) -> None:
        if now.selection.unit != before.selection.unit:
            self.show_unit(now.selection.unit)
        if part_of(now) != part_of(before) or now.document.network is not before.document.network:
            self._images.forget()
            self.caption_changed.emit()
        if not now.charts_as(before):
            self.update()

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        chart = self.chart
        top = QRectF(
            chart.place.columns.left, 4, self.room.width() - chart.place.columns.left - 12, 20
        )
        draw_part_chips(painter, hits, top, self.sight, chart.seen.part)
        draw_badges(painter, hits, chart)
        if not chart.seen.steps:
            draw_empty(painter, chart)
            return
        hits.add_field(_field(chart))
        if self.bars:
            draw_bars(painter, chart)
        else:
            draw_map(painter, chart, self._images)
        draw_scroll_marks(painter, chart)
        draw_pins(painter, chart)
        draw_button(painter, hits, chart)
        draw_overflow(painter, hits, chart)
        if self.is_dragging and self._dragged is not None:
            self._draw_live(painter, chart, self._dragged)

    def _draw_live(self, painter: QPainter, chart: Chart, drag: HoldDrag) -> None:
        """The number under the hand, beside the column that it is in."""
        cell = drag.cell
        number = next((n for n, b in enumerate(chart.seen.blocks) if b.path == cell.path), 0)
        box = chart.cell(number, cell.unit, cell.step)
        line = words.cell_line(cell, chart.seen, self.sight.theme, drag.value)
        if box is None or not line:
            return
        wide = width(line) + 22
        x = box.left() - wide - 6
        y = box.center().y() - 13
        if x < 2 and box.right() + 6 + wide < self.room.width():
            x = box.right() + 6
        elif x < 2:  # no room at either side: below, or above
            x = min(max(box.center().x() - wide / 2, 2), self.room.width() - wide - 2)
            y = box.bottom() + 6 if box.bottom() + 34 < self.room.height() else box.top() - 32
        y = min(max(y, 2), self.room.height() - 28)
        draw_tip(painter, max(x, 2), y, line, self.sight.theme)

    def _draw_legend(self, painter: QPainter, box: QRectF) -> None:
        seen, sight, bars = self.seen, self.sight, self.bars
        self.draw_grown(painter, box, lambda p, b: words.draw_legend(p, b, seen, sight, bars))

    def describe(self, item: Item) -> Line:
        """The number of a cell, or what a badge, a chip or the button means."""
        return words.describe(item, self.seen, self.sight, self.bars)

    def _spot(self, item: Item) -> Spot | None:
        return Spot(item.path, item.unit, item.step) if isinstance(item, Cell) else None

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        match item:
            case Cell(path, unit, step):
                self.selection_requested.emit({"path": path, "unit": unit, "step": step})
            case Badge(path):
                self.selection_requested.emit({"path": path})
            case PartChip(part):
                path = f"{part}/{self.sight.selection.symbol}"
                self.selection_requested.emit({"path": path})
            case ViewButton():
                self.show_bars(not self.bars)
            case OverflowWord():
                self.command_requested.emit("undo", None)

    def _drag_of(self, item: Item, at: QPointF) -> Drag | None:
        block = self.seen.block(item.path) if isinstance(item, Cell) else None
        if not isinstance(item, Cell) or block is None:
            return None
        # The graph shows on its wires what is dragged here.
        self.selection_requested.emit({"path": item.path, "unit": item.unit})
        reach = self.chart.place.row if self.bars else REACH
        self._dragged = HoldDrag(self, block, item, at, max(reach, 40.0))
        return self._dragged

    def _wheel(self, item: Item | None, notches: float, _: Qt.KeyboardModifier) -> bool:
        units = self.seen.units
        if units < 2:
            return False
        unit = item.unit if isinstance(item, Cell) else self.sight.selection.unit
        self._window = self.window_().zoomed(notches, min(unit, units - 1), units)
        self.update()
        return True


def _field(chart: Chart) -> Field[Item]:
    """All numbers that are drawn, found by arithmetic."""

    def at(point: QPointF) -> Item | None:
        found = chart.place.at(point)
        if found is None:
            return None
        number, row, column = found
        path = chart.seen.blocks[number].path
        if chart.bars:
            return Cell(path, chart.window.first + column, chart.bar_step)
        return Cell(path, chart.window.first + row, column)

    def box_of(item: Item) -> QRectF | None:
        if not isinstance(item, Cell):
            return None
        for number, block in enumerate(chart.seen.blocks):
            if block.path == item.path:
                return chart.cell(number, item.unit, item.step)
        return None

    return Field(chart.place.area, at, box_of)
