"""The panel of weights itself: what it shows, and what the reader can do with it."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.text import Line, run
from rnnviz.panels.entry import Entry
from rnnviz.panels.gestures import Drag, Gestures, Item, Table
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.panels.weights.acting import FINE, STEP, Acting
from rnnviz.panels.weights.face import Face
from rnnviz.panels.weights.grid import Cell
from rnnviz.panels.weights.items import Button, KnobItem, ModeItem, ShareItem, TabItem, Track
from rnnviz.panels.weights.menus import open_menu, open_tabs
from rnnviz.panels.weights.saying import said_of
from rnnviz.panels.weights.scrolling import TrackDrag
from rnnviz.panels.weights.sliding import Sliding
from rnnviz.panels.weights.view import View
from rnnviz.session.selection import Spot

EDITABLE = 8.0
"""Px of a cell from which on the wheel changes it; smaller ones are scrolled by it."""
_ASK = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter)


INFO = PanelInfo(
    "weights",
    noop("PanelInfo", "Weights"),
    "side",
    noop(
        "PanelInfo",
        "The weights of a gate as heat maps. Drag a cell, turn the wheel on it or type its "
        "value; the sliders scale a whole matrix.",
    ),
    width=328,
)


@final
class WeightsPanel(PicturePanel):
    """Matrices of the selected layer and gate, and of the embedding and the head."""

    info = INFO

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        gestures = Gestures(
            click=self._click,
            double_click=self._double_click,
            drag=self._begin_drag,
            wheel=self._wheel,
            key=self._key,
            wants=Acting.wants,
            spot=self._spot,
            table=self._table,
        )
        super().__init__(sight, gestures, parent)
        self.view, self.entry = View(), Entry(self)
        self._acting = Acting(self)
        self._sliding = Sliding(self, self._acting, self.view.radii)
        self._face: Face | None = None
        self._at = QPointF()
        self.setMinimumSize(180, 100)

    def _follow(self, now: Sight, before: Sight) -> None:
        self.view.follow(now.selection, before.selection)
        if not self.isVisible():
            self._face = None  # it would keep old numbers alive
        same = now.frame.document is before.frame.document  # which is ahead of the numbers
        if not (same and now.charts_as(before)):
            self.update()

    def face(self) -> Face | None:
        """What is drawn at this size; None for a network without weights."""
        return self.view.face(self.sight, self.size())

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        self._face = self.face()
        if self._face is not None:
            self._face.draw(painter, hits)

    def describe(self, item: Item) -> Line:
        """The name, the value and the gradient of a cell; what a control does."""
        face, theme = self._face, self.sight.theme
        if face is None:
            return ()
        return (run(said_of(item, face), theme.type.control, theme.colours.tx1),)

    def _spot(self, item: Item) -> Spot | None:
        """A cell lights the unit of its row, where its row is a unit."""
        shown, evaluation = None if self._face is None else self._face.shown, self.sight.evaluation
        if shown is None or not shown.tab.quantity or not isinstance(item, Cell):
            return None
        prefix = shown.tab.part.rpartition("/")[0]
        run_ = None if evaluation is None else evaluation.trace.runs.get(prefix)
        step = None if run_ is None else shown.at(len(run_.x))
        path = f"{shown.tab.part}/{shown.tab.quantity}"
        return None if step is None else Spot(path, item.row, step)

    def _table(self) -> Table:
        face = self._face
        if face is None:
            return []
        rows: list[list[object]] = []
        for path in face.shown.tab.paths:
            rows += [[path], *(list(line) for line in face.shown.array(path).tolist())]
        return rows

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        face = self._face
        if face is None:
            return
        match item:
            case Cell():
                self._acting.select(face.shown, item)
            case TabItem(place):
                self.open_tab(place)
            case ModeItem(mode):
                self.view.mode = mode
            case Button(name):
                self._press(face, name)
            case KnobItem(kind):
                self._sliding.click(face, kind, self._at)
            case ShareItem(step):
                self.selection_requested.emit({"step": step})
        self.update()

    def _press(self, face: Face, name: str) -> None:
        if name == "menu":
            open_menu(self, face, self._acting)
        elif name == "more":
            open_tabs(self, face, self.open_tab)
        elif name != "legend":
            self.ask(face)
        elif self.view.mode == "gradient":
            self.view.signed = not self.view.signed

    def open_tab(self, place: int) -> None:
        """Open a tab; that of a gate selects the gate."""
        tab = self.view.tabs(self.sight)[0][place]
        self.view.corner = (0, 0)
        if tab.quantity:
            self.selection_requested.emit({"path": f"{tab.part}/{tab.quantity}"})
        self.view.label, self.view.path = tab.label, tab.paths[0]
        self._look_anew()

    def _look_anew(self) -> None:
        """Bring the chosen cell into view."""
        self._face = self.face()
        if self._face is not None:
            self.view.reveal(self._face, self._face.shown.chosen)
        self.update()

    def ask(self, face: Face) -> None:
        """Let the value of the chosen cell be typed."""
        shown, cell = face.shown, face.shown.chosen

        def keep(value: float) -> None:
            self._acting.set(shown, cell, value)

        self.entry.ask(face.places.field, shown.value(cell), said_of(cell, face), keep)

    def _double_click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        face = self._face
        if face is not None and isinstance(item, KnobItem):
            self._sliding.back(face, item.kind)
        elif face is not None and isinstance(item, Cell):
            self.ask(face)

    def _begin_drag(self, item: Item, at: QPointF) -> Drag | None:
        face = self._face
        if face is None:
            return None
        match item:
            case Cell():
                self._acting.select(face.shown, item)
                return self._acting.drag(face.shown, item, at)
            case Button("handle" | "field"):
                return self._acting.drag(face.shown, face.shown.chosen, at)
            case KnobItem(kind):
                return self._sliding.drag(face, kind)
            case Track(way):
                return TrackDrag(face.places.grid, way == "down", at, self._scroll_to)
        return None

    def _scroll_to(self, row: int, column: int) -> None:
        self.view.corner = (row, column)
        self.update()

    def _wheel(self, item: Item | None, notches: float, held: Qt.KeyboardModifier) -> bool:
        face, fine = self._face, bool(held & Qt.KeyboardModifier.ShiftModifier)
        if face is None:
            return False
        grid, by = face.places.grid, notches * (FINE if fine else STEP)
        match item:
            case Cell() if min(grid.across, grid.down) >= EDITABLE:
                self._acting.select(face.shown, item)
                self._acting.nudge(face.shown, item, by, "wheel")
            case Button("field" | "handle"):
                self._acting.nudge(face.shown, face.shown.chosen, by, "wheel")
            case KnobItem(kind):
                return self._sliding.turn(face, kind, notches, fine)
            case Cell() | Track():
                self.view.scroll_matrices(face, notches, fine or item == Track("across"))
            case _:
                return self._scroll(face, notches)
        self.update()
        return True

    def _scroll(self, face: Face, notches: float) -> bool:
        scrolled = self.view.scroll(face, -notches * 40, self.height())
        self.update()
        return scrolled

    def _key(self, event: QKeyEvent) -> bool:
        face = self._face or self.face()
        if face is None:
            return False
        typed = self._acting.typed(event)
        if event.key() in _ASK or typed:
            self.ask(face)
            self.entry.begin(typed)
            return True
        used = self._acting.key(face.shown, face.places.grid, event)
        if used:
            self._look_anew()
        return used

    # ------------------------------------------------------------------------------ Qt's own

    def sizeHint(self) -> QSize:
        """As the design has it."""
        return QSize(328, 318)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where: a slider jumps there."""
        self._at = event.position()
        super().mousePressEvent(event)
