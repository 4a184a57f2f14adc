"""The panel of the highway: what each unit kept, what it wrote, and what came of it."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.text import Line, advance
from rnnviz.panels.cursor import cursor
from rnnviz.panels.gestures import Gestures, Item
from rnnviz.panels.highway import words
from rnnviz.panels.highway.items import Sum, UnitName
from rnnviz.panels.highway.layout import frame, geometry
from rnnviz.panels.highway.picture import Chart, Layers, draw_chart, draw_more
from rnnviz.panels.highway.sums import Seen, seen
from rnnviz.panels.kept import Kept
from rnnviz.panels.overflow import OverflowWord
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.parts import PartChip, chips_height, chips_width, draw_part_chips, part_of
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.session.selection import Spot

LEAST, MOST, PACE = 0.25, 32.0, 1.25
"""The amplitudes, and how much a notch of the wheel changes them."""
STRIP = 18.0
"""The height of the legend where the title's line has no room for it."""
_Key, _SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier
# Left and Right stay those of the story.
MOVES = {_Key.Key_Up: -1, _Key.Key_Down: 1}
TURNS = {_Key.Key_Plus: 1.0, _Key.Key_Equal: 1.0, _Key.Key_Minus: -1.0}


@final
class HighwayPanel(PicturePanel):
    """The sum by which the state of each unit comes about, step by step."""

    info = PanelInfo(
        "highway",
        noop("PanelInfo", "Cell-state highway"),
        "dock",
        noop(
            "PanelInfo",
            "What each unit kept of its state and what it wrote, step by step; the tick is what "
            "they add up to. Click a row to enlarge it. The wheel changes the amplitude.",
        ),
        width=288,
    )

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        gestures = Gestures(
            click=self._click,
            double_click=lambda *_: self._set_amplitude(1.0),
            wheel=self._wheel,
            key=self._key,
            wants=self._wants,
            spot=self._spot,
            table=lambda: words.table(self.seen),
        )
        super().__init__(sight, gestures, parent)
        self.amplitude = 1.0
        self._seen, self._layers = Kept(seen), Layers()
        self.legend = self._draw_legend
        self.set_caption(words.caption(self.seen))

    @property
    def seen(self) -> Seen:
        """What the panel shows."""
        return self._seen.of(self.sight)

    @property
    def chart(self) -> Chart:
        """All that the picture depends on."""
        sight, numbers = self.sight, self.seen
        above = chips_height(sight.document, sight.present) + self._strip
        room = frame(self.room, above, sight.present)
        chosen = min(sight.selection.unit, numbers.units - 1)
        place = geometry(room, numbers, chosen, self.amplitude, self.room)
        at = cursor(sight, numbers.part, numbers.steps)
        return Chart(numbers, place, sight, at)

    @property
    def _in_title(self) -> bool:
        """Whether the legend fits into the title's line."""
        sight = self.sight
        title = advance(self.caption, role_font(sight.theme.type.panel, sight.present))
        room = self.room.width() - title - (50.0 if sight.present else 48.0)
        if chips_height(sight.document, sight.present):
            room -= 44
        return words.legend_width(self.seen, sight) <= room

    @property
    def _strip(self) -> float:
        """The room for the legend above the rows; none where it stands elsewhere."""
        if self._in_title or self._beside_chips:
            return 0.0
        return STRIP * (1.6 if self.sight.present else 1.0)

    @property
    def _beside_chips(self) -> bool:
        """Whether the legend fits beside the chips of the parts."""
        chips = chips_width(self.sight.document, self.sight.present)
        room = self.room.width() - (84 if self.sight.present else 38) - 12 - chips - 12
        return chips > 0 and words.legend_width(self.seen, self.sight) <= room

    def _follow(self, now: Sight, before: Sight) -> None:
        if now.document.network is not before.document.network or part_of(now) != part_of(before):
            self.set_caption(words.caption(self.seen))
            self.caption_changed.emit()
        if not now.charts_as(before):
            self.update()

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        chart = self.chart
        draw_chart(painter, hits, chart, self._layers)
        draw_more(painter, chart)
        left, right = chart.place.columns.left, chart.place.columns.right
        if not self._in_title:
            strip = self._strip
            y = (
                chart.place.top - strip / 2 - 2
                if strip
                else 4 + chips_height(self.sight.document, self.sight.present) / 2 - 3
            )
            x = left if strip else right - words.legend_width(chart.seen, self.sight)
            words.draw_terms(painter, x, y, chart.seen, self.sight)
        chips = QRectF(left, 4, right - left, 20)
        draw_part_chips(painter, hits, chips, self.sight, chart.seen.part)

    def _draw_legend(self, painter: QPainter, box: QRectF) -> None:
        seen, sight, terms = self.seen, self.sight, self._in_title
        self.draw_grown(
            painter, box, lambda p, b: words.draw_legend(p, b, seen, sight, terms=terms)
        )

    def describe(self, item: Item) -> Line:
        """The sum in numbers."""
        return words.describe(item, self.seen, self.sight)

    def _spot(self, item: Item) -> Spot | None:
        return Spot(self.seen.path, item.unit, item.step) if isinstance(item, Sum) else None

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        match item:
            case Sum(unit, step):
                path = self.seen.path
                self.selection_requested.emit({"path": path, "unit": unit, "step": step})
            case UnitName(unit):
                self._select_unit(unit)
            case PartChip(part):
                path = f"{part}/{self.sight.selection.symbol}"
                self.selection_requested.emit({"path": path})
            case OverflowWord():
                self.command_requested.emit("undo", None)

    def _select_unit(self, unit: int) -> None:
        """Select a unit of the part that is shown, even if the selected path is in none."""
        path = self.sight.selection.path
        if self.sight.selection.part != self.seen.part:
            path = self.seen.path
        self.selection_requested.emit({"path": path, "unit": unit})

    def _wheel(self, _: Item | None, notches: float, __: Qt.KeyboardModifier) -> bool:
        self._set_amplitude(self.amplitude * PACE**notches)
        return True

    def _set_amplitude(self, amplitude: float) -> None:
        self.amplitude = min(max(amplitude, LEAST), MOST)
        self.update()

    def _wants(self, event: QKeyEvent) -> bool:
        key = _Key(event.key())
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | _SHIFT):
            return False
        if key in MOVES:
            return not self.sight.present and not event.modifiers() & _SHIFT and self.seen.steps > 0
        return key in TURNS or key == _Key.Key_0

    def _key(self, event: QKeyEvent) -> bool:
        if not self._wants(event):
            return False
        key, shown = _Key(event.key()), self.seen
        if key in TURNS:
            self._set_amplitude(self.amplitude * PACE ** TURNS[key])
        elif key == _Key.Key_0:
            self._set_amplitude(1.0)
        else:
            unit = self.sight.selection.unit + MOVES[key]
            self._select_unit(max(0, min(unit, shown.units - 1)))
        return True
