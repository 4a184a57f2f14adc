"""The mouse over a picture, at the place where an item is drawn."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.panels.gestures import Item
from rnnviz.panels.picture import PicturePanel


def place_of(panel: PicturePanel, item: Item) -> QPoint:
    box = panel.hits.box_of(item)
    assert box is not None, item
    return box.center().toPoint()


def click(panel: PicturePanel, item: Item) -> None:
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place_of(panel, item))
    panel.grab()


def drag(panel: PicturePanel, item: Item, *to: QPoint, drop: bool = True) -> None:
    start = place_of(panel, item)
    QTest.mousePress(panel, Qt.MouseButton.LeftButton, pos=start)
    for point in to:
        QTest.mouseMove(panel, point)
        panel.grab()
    if drop:
        QTest.mouseRelease(panel, Qt.MouseButton.LeftButton, pos=to[-1])


def hover(panel: PicturePanel, at: QPoint) -> None:
    kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
    where = QPointF(at), QPointF(panel.mapToGlobal(at))
    QApplication.sendEvent(
        panel, QMouseEvent(kind, *where, none, none, Qt.KeyboardModifier.NoModifier)
    )


def wheel(panel: PicturePanel, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(panel.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel, event)
    panel.grab()
