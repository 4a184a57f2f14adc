"""The menus of the panel of weights: what can be done with a matrix, and the tabs without room."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QMenu

from rnnviz.panels.panel import Panel
from rnnviz.panels.texts import translate
from rnnviz.panels.weights.acting import Acting
from rnnviz.panels.weights.anew import Anew
from rnnviz.panels.weights.face import Face
from rnnviz.panels.weights.tabs import name_of


def open_menu(panel: Panel, face: Face, acting: Acting) -> QMenu:
    """What can be done with the matrix of the chosen cell; deleted when it is closed."""
    shown, cell = face.shown, face.shown.chosen
    name = name_of(cell.path)
    menu = _menu(panel)
    vector = shown.is_vector(cell.path)

    def add(text: str, act: Callable[[], object], on: bool = True) -> None:
        action = menu.addAction(text.format(name=name))
        action.setEnabled(on)
        action.triggered.connect(lambda _=False: act())

    add(translate("Weights", "Copy {name}"), partial(acting.copy, shown, cell))
    add(
        translate("Weights", "Copy the row of {name}"),
        partial(acting.copy, shown, cell, True),
        not vector,
    )
    add(translate("Weights", "Paste into {name}"), partial(acting.paste, shown, cell))
    menu.addSeparator()
    add(translate("Weights", "Draw {name} anew…"), partial(_ask_anew, panel, face, acting))
    add(translate("Weights", "Set {name} to zero"), partial(acting.zero, shown, cell.path))
    add(
        translate("Weights", "Set {name} to the identity"),
        partial(acting.identity, shown, cell.path),
        not vector,
    )
    menu.popup(_below(panel, face.places.menu))
    return menu


def open_tabs(panel: Panel, face: Face, choose: Callable[[int], None]) -> QMenu:
    """The tabs that there is no room for."""
    menu = _menu(panel)
    for place in range(len(face.places.tabs), len(face.tabs)):
        action = menu.addAction(face.tabs[place])
        action.triggered.connect(lambda _=False, n=place: choose(n))
    box = face.places.more or face.places.menu
    menu.popup(_below(panel, box))
    return menu


def _menu(panel: Panel) -> QMenu:
    menu = QMenu(panel)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _below(panel: Panel, box: QRectF) -> QPoint:
    return panel.mapToGlobal(QPointF(box.left(), box.bottom() + 4)).toPoint()


def _ask_anew(panel: Panel, face: Face, acting: Acting) -> None:
    shown, cell = face.shown, face.shown.chosen
    popover = Anew(panel, shown, cell.path, partial(acting.wish, shown))
    corner = panel.mapToGlobal(face.places.menu.bottomRight()).toPoint()
    popover.show_at(corner, panel.sight.theme)
