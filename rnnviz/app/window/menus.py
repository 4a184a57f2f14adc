"""The menus: `ACTIONS` as Qt's actions, with their keys, in one menu of menus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from rnnviz.app.window.actions import ACTIONS, MENUS, ActionInfo
from rnnviz.panels.canvas.icons import icon
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.texts import translate

MAC = "darwin"
Command: TypeAlias = Callable[[object], object]
Fill: TypeAlias = Callable[[QMenu], None]

_ROLES = {"about": QAction.MenuRole.AboutRole, "quit": QAction.MenuRole.QuitRole}
"""What macOS puts into the menu of the program."""


@final
class Menus(QObject):
    """All menus of a window; the actions also stand on the window, so that their keys work.

    Parameters
    ----------
    run : callable
        Runs a command by its id.
    fills : mapping
        Id of an action that opens a menu -> what fills it each time it is opened.
    window : QWidget
        The window.
    """

    def __init__(
        self, run: Callable[[str], object], fills: Mapping[str, Fill], window: QWidget
    ) -> None:
        super().__init__(window)
        self._run, self._fills, self._window = run, fills, window
        self.root = QMenu(window)
        self.actions: dict[str, QAction] = {}
        self._infos = {info.id: info for info in ACTIONS}
        self.menus = [self._menu(name) for name in MENUS if any(a.menu == name for a in ACTIONS)]

    def _menu(self, name: str) -> QMenu:
        menu = QMenu(translate("Menu", name), self.root)
        self.root.addMenu(menu)
        group: int | None = None
        for info in (info for info in ACTIONS if info.menu == name):
            if group is not None and info.group != group:
                menu.addSeparator()
            group = info.group
            self._add(menu, info)
        return menu

    def _add(self, menu: QMenu, info: ActionInfo) -> None:
        text = translate("Action", info.text)
        if info.submenu:
            inner = QMenu(text, menu)
            inner.aboutToShow.connect(lambda: self._fill(info.id, inner))
            self.actions[info.id] = menu.addMenu(inner)
            return
        action = menu.addAction(text)
        action.setShortcuts([QKeySequence(keys) for keys in info.keys])
        action.setCheckable(info.checkable)
        action.setMenuRole(_ROLES.get(info.id, QAction.MenuRole.NoRole))
        action.triggered.connect(lambda: self._run(info.id))
        self._window.addAction(action)
        self.actions[info.id] = action

    def _fill(self, name: str, menu: QMenu) -> None:
        menu.clear()
        fill = self._fills.get(name)
        if fill is not None:
            fill(menu)

    def tint(self, theme: Theme) -> None:
        """Draw the icons in the colours of a theme."""
        for name, action in self.actions.items():
            drawing = self._infos[name].icon
            if drawing:
                action.setIcon(icon(drawing, theme))

    def enable(self, **on: bool) -> None:
        """Say which actions can be used."""
        for name, usable in on.items():
            self.actions[name].setEnabled(usable)


def menu_bar(menus: Menus, platform: str) -> QMenuBar | None:
    """The bar at the top of the screen where the system has one, with the same menus.

    Parameters
    ----------
    menus : Menus
        What it shows.
    platform : str
        As `sys.platform` names it.
    """
    if platform != MAC:
        return None
    bar = QMenuBar()  # of no window, so that the others of the program have it too
    for menu in menus.menus:
        bar.addMenu(menu)
    return bar
