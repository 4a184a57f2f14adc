"""A panel that is one painted picture, with tips, clicks, drags and keys on what is drawn."""

from __future__ import annotations

from abc import abstractmethod
from typing import final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from rnnviz.panels.canvas.colour import qcolor
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.strokes import focus_ring
from rnnviz.panels.canvas.text import Line
from rnnviz.panels.gestures import Gestures, Item, notches
from rnnviz.panels.panel import GROWN, Panel
from rnnviz.panels.pointer import Pointer
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate
from rnnviz.panels.tip import tip_of
from rnnviz.panels.walking import next_item, way_of

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
WAITING = 0.6
"""How much of the old picture is left while new numbers are computed."""


class PicturePanel(Panel):
    """Draws itself, and knows what is drawn where.

    Parameters
    ----------
    sight : Sight
        What is shown first.
    gestures : Gestures, optional
        What it answers to.
    parent : QWidget, optional
        The owner.
    """

    def __init__(
        self, sight: Sight, gestures: Gestures | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(sight, parent)
        self.gestures = gestures or Gestures()
        self.hits: HitMap[Item] = HitMap()
        self._pointer = Pointer(self.gestures)
        self._by_keys = False
        self._hovered_shape = self._drawn_shape = _shape(sight)
        self._tip_timer = QTimer(self)
        self._tip_timer.setSingleShot(True)
        self._tip_timer.timeout.connect(self._show_tip)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @abstractmethod
    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        """Draw the picture over the panel's ground, and note what is where."""

    @abstractmethod
    def describe(self, item: Item) -> Line:
        """What an item says: in its tip, to a screen reader, and when its value is copied."""

    @property
    def hovered(self) -> Item | None:
        """The item under the mouse, unless another network or sequence came since."""
        return self._pointer.item if _shape(self.sight) == self._hovered_shape else None

    @property
    def is_dragging(self) -> bool:
        """Whether a drag is under way."""
        return self._pointer.drag is not None

    @final
    def text_of(self, item: Item) -> str:
        """What an item says, as plain text."""
        return "".join(part.text for part in self.describe(item))

    def _hover(self, item: Item | None) -> None:
        if item == self.hovered:
            return
        self._pointer.item, self._hovered_shape = item, _shape(self.sight)
        tip_of(self).hide()
        self._tip_timer.stop()
        if item is not None:
            self._tip_timer.start(self.sight.theme.motion.tip)
        self.hover_requested.emit(None if item is None else self.gestures.spot(item))
        self.update()

    def _show_tip(self) -> None:
        item = self.hovered
        box = None if item is None else self.hits.box_of(item)
        if item is None or box is None or self.is_dragging:
            return
        line = self.describe(item)
        if line:
            area = box.toAlignedRect()
            area.moveTopLeft(self.mapTo(self.window(), area.topLeft()))
            grown = GROWN * self.sight.scale if self.sight.present else 1.0
            tip_of(self).show_beside(area, line, self.sight.theme, grown)

    def _has_use(self, event: QKeyEvent) -> bool:
        """Whether a key walks over the picture, clicks there or ends a drag."""
        if event.key() == Qt.Key.Key_Escape:
            return self.is_dragging
        clicks = event.key() in _ENTER and self._by_keys and self.hovered is not None
        return clicks or way_of(event) is not None

    def _walk(self, item: Item | None) -> None:
        """Point at an item as the mouse would, and say it to a screen reader."""
        self._by_keys = True
        self._hover(item)
        if item is not None and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text_of(item)))

    # ------------------------------------------------------------------------------ Qt's own

    def event(self, event: QEvent) -> bool:
        """Keep a key that the picture uses from the program's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._has_use(event) or self.gestures.wants(event):
                event.accept()
                return True
        elif isinstance(event, QFocusEvent):
            self._by_keys = event.gotFocus() and event.reason() in _BY_KEYS
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, the picture and the ring of the keyboard."""
        theme, hits = self.sight.theme, HitMap[Item](scale=self.grown)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ground = theme.colours.bg0 if self.info.area == "canvas" else theme.colours.bg1
            painter.fillRect(event.rect(), qcolor(ground))
            painter.setOpacity(WAITING if self.sight.waiting else 1.0)
            painter.save()
            painter.scale(self.grown, self.grown)
            self._draw(painter, hits)
            painter.restore()
            painter.setOpacity(1.0)
            if self._by_keys:
                _draw_focus(painter, self, hits)
        self.hits, self._drawn_shape = hits, _shape(self.sight)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._pointer.move(event.position() / self.grown, event.modifiers())
            if self.is_dragging:
                tip_of(self).hide()
        else:
            self._hover(_item_at(self, event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        item = _item_at(self, event.position())
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.press(item, event.position() / self.grown)
        self._hover(item)
        self._tip_timer.stop()
        tip_of(self).hide()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.release(event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Hand a double click on."""
        item = _item_at(self, event.position())
        if event.button() == Qt.MouseButton.LeftButton and item is not None:
            self.gestures.double_click(item, event.modifiers())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Hand the wheel on, or let it scroll what is around."""
        item = _item_at(self, event.position())
        used = self.gestures.wheel(item, notches(event), event.modifiers())
        event.setAccepted(used)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with Alt and an arrow, click with Enter, end a drag with Esc; hand on the rest."""
        way, item = way_of(event), self.hovered
        if event.key() == Qt.Key.Key_Escape and self.is_dragging:
            self._pointer.cancel()
        elif way is not None:
            self._walk(next_item(self.hits, item, way, QRectF(self.rect())))
        elif event.key() in _ENTER and self._by_keys and item is not None:
            self.gestures.click(item, event.modifiers())
        elif not self.gestures.key(event):
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with an item and with the picture."""
        item = _item_at(self, QPointF(event.pos()))
        menu = context_menu(self, item)
        menu.popup(event.globalPos())

    def leaveEvent(self, _: QEvent) -> None:
        """Nothing is under the mouse any more."""
        self._hover(None)


def _item_at(panel: PicturePanel, point: QPointF) -> Item | None:
    """What is under the mouse; nothing while the picture is of another network or sequence."""
    return panel.hits.at(point) if panel._drawn_shape == _shape(panel.sight) else None


def _draw_focus(painter: QPainter, panel: PicturePanel, hits: HitMap[Item]) -> None:
    """The ring of the keyboard around the picture, and around the item that the keys walked to."""
    theme, item = panel.sight.theme, panel.hovered
    focus_ring(painter, QRectF(panel.rect()).adjusted(4, 4, -4, -4), theme, 4)
    box = None if item is None else hits.box_of(item)
    if box is not None:
        focus_ring(painter, box, theme, 3)


def context_menu(panel: PicturePanel, item: Item | None) -> QMenu:
    """What can be done with an item and with the picture; deleted when it is closed."""
    menu = QMenu(panel)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for action in panel.gestures.menu(item):
        menu.addAction(action)
        if action.menu() is None:
            action.setParent(menu)  # so that it goes with the menu
    text = "" if item is None else panel.text_of(item)
    if text:
        copy = menu.addAction(translate("PicturePanel", "Copy value"))
        copy.triggered.connect(lambda: QApplication.clipboard().setText(text))
    picture = menu.addAction(translate("PicturePanel", "Export picture…"))
    picture.triggered.connect(lambda: panel.command_requested.emit("export_picture", panel))
    if panel.gestures.table is not None:
        table = menu.addAction(translate("PicturePanel", "Export as CSV…"))
        table.triggered.connect(lambda: panel.command_requested.emit("export_table", panel))
    return menu


def _shape(sight: Sight) -> tuple[object, ...]:
    """What decides which items there can be."""
    evaluation = sight.evaluation
    steps = 0 if evaluation is None else evaluation.trace.steps
    return sight.document.network, sight.document.steps, steps
