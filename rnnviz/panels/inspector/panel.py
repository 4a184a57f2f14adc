"""The inspector itself: one picture that follows the selection and the playhead."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.strokes import filled
from rnnviz.panels.canvas.text import Line, run
from rnnviz.panels.entry import Entry
from rnnviz.panels.gestures import Drag, Gestures, Item, Table
from rnnviz.panels.inspector.acting import Acting
from rnnviz.panels.inspector.bars import Bars
from rnnviz.panels.inspector.binder import Binder, Page
from rnnviz.panels.inspector.items import ButtonItem, LineItem, ResultItem
from rnnviz.panels.inspector.sheet import Sheet
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.session.selection import Spot

MARGIN, TOP, WIDEST = 16.0, 2.0, 560.0


@final
class InspectorPanel(PicturePanel):
    """The equation of what is selected, forward and back, and what one update would change."""

    info = PanelInfo(
        "inspector",
        noop("PanelInfo", "Inspector"),
        "side",
        noop(
            "PanelInfo",
            "The equation of what is selected, with the live numbers put in. Click a line to copy "
            "it, drag the result of a gate to hold it at a value.",
        ),
        width=328,
    )

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        gestures = Gestures(
            click=self._click,
            drag=self._begin_drag,
            wheel=self._wheel,
            key=self._key,
            wants=lambda event: event.matches(QKeySequence.StandardKey.Copy),
            spot=self._spot,
            menu=self._menu,
            table=self._table,
        )
        super().__init__(sight, gestures, parent)
        self.entry = Entry(self)
        self._binder = Binder(self)
        self._binder.answered.connect(self.update)
        self._acting = Acting(self, self.entry)
        self._offset, self._whole = 0.0, 0.0
        self._texts: dict[Item, str] = {}
        self.setMinimumSize(180, 100)

    @property
    def page(self) -> Page:
        """What is written on it."""
        return self._binder.page(self.sight)

    def _follow(self, now: Sight, before: Sight) -> None:
        if now.selection != before.selection:
            self._offset = 0.0
        self._binder.follow(now, before)
        if not now.looks_as(before):
            self.update()

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        page, theme = self.page, self.sight.theme
        wide, heights = self._measured()
        whole = self._whole = sum(heights) + TOP + 4
        self._offset = max(0.0, min(self._offset, whole - self.height()))
        sheet = Sheet(painter, hits, {}, theme, self.hovered or page.lit(self.sight.hover))
        y = TOP - self._offset
        for block, high in zip(page.blocks, heights, strict=True):
            if y + high > 0 and y < self.height():
                block.draw(sheet, QRectF(MARGIN, y, wide, high))
            y += high
        self._texts = sheet.texts
        if whole > self.height():
            self._draw_scroll(sheet, whole)

    def _measured(self) -> tuple[float, list[float]]:
        """The width of the page, and the heights of its blocks."""
        wide = min(max(self.width() - 2 * MARGIN, 60.0), WIDEST)
        return wide, [block.height(wide, self.sight.theme) for block in self.page.blocks]

    def _draw_scroll(self, sheet: Sheet, whole: float) -> None:
        """How much of the page is seen, at the right edge."""
        high = self.height()
        bar = QRectF(self.width() - 6, high * self._offset / whole, 3, high * high / whole)
        filled(sheet.painter, bar, sheet.theme.colours.line2, 1.5)

    def describe(self, item: Item) -> Line:
        """What stands there in words."""
        text = self._texts.get(item, "")
        theme = self.sight.theme
        return (run(text, theme.type.control, theme.colours.tx1),) if text else ()

    def _table(self) -> Table:
        """All equations and terms of the page."""
        page = self.page
        rows: list[list[object]] = []
        if page.account is not None:
            rows += [[text] for lines in page.account.lines for text in lines.texts]
        for block in page.blocks:
            if isinstance(block, Bars):
                rows += [[bar.label, bar.value] for bar in block.bars]
        return rows

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        if item == ButtonItem("pin"):
            self._binder.pin(self.sight)
            return
        box = self.hits.box_of(item)
        self._acting.click(self.page, item, QRectF() if box is None else box)

    def _begin_drag(self, item: Item, at: QPointF) -> Drag | None:
        return self._acting.drag(self.page, item, at)

    def _wheel(self, _: Item | None, notches: float, __: Qt.KeyboardModifier) -> bool:
        before = self._offset
        self._offset = max(0.0, min(before - notches * 40, self._whole - self.height()))
        self.update()
        return self._offset != before

    def _key(self, event: QKeyEvent) -> bool:
        if not event.matches(QKeySequence.StandardKey.Copy):
            return False
        self._acting.copy_all(self.page)
        return True

    def _spot(self, item: Item) -> Spot | None:
        return self.page.spot(item)

    def _menu(self, item: Item | None) -> list[QAction]:
        if not isinstance(item, LineItem | ResultItem):
            return []
        box = self.hits.box_of(item)
        return self._acting.menu(self.page, item, QRectF() if box is None else box)

    # ------------------------------------------------------------------------------ Qt's own

    def sizeHint(self) -> QSize:
        """As the design has it; while a cell fills the canvas, as high as what is written."""
        if self.sight.zoom < 3:
            return QSize(328, 220)
        return QSize(328, max(220, round(sum(self._measured()[1]) + TOP + 4)))
