"""Remembering: the place of the window, its layout and its look, from one start to the next."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QByteArray, QObject, QSize, Slot
from PySide6.QtGui import QGuiApplication

from rnnviz.app.preferences import Preferences
from rnnviz.app.window.viewing import system_theme
from rnnviz.app.window.window import LabWindow
from rnnviz.panels.canvas.theme import Theme, theme
from rnnviz.panels.sight import Sight

SIZE = QSize(1440, 900)
FRAME = QSize(16, 40)
"""The room that is left for the frame which the system puts around a window."""


@final
class Remembering(QObject):
    """Keeps in the preferences what a person chose of the window.

    Parameters
    ----------
    kept : Preferences
        Where.
    """

    def __init__(self, kept: Preferences) -> None:
        super().__init__()
        self._kept = kept
        self._window: LabWindow | None = None

    @property
    def theme(self) -> Theme:
        """The theme that was chosen, or the system's."""
        chosen = self._kept.appearance
        return theme(system_theme() if chosen == "system" else chosen)

    def follow(self, window: LabWindow) -> None:
        """Take over the choices of a window, now and from now on."""
        window.stage.change(motion=self._kept.motion)
        window.menus.actions["motion"].setChecked(not self._kept.motion)
        window.stage.sight_changed.connect(self._note)
        window.viewing.followed.connect(self._note_system)
        hints = QGuiApplication.styleHints()
        self._window = window
        hints.colorSchemeChanged.connect(self._follow_system)

    def restore(self, window: LabWindow) -> None:
        """Put a window where it was, if that is on a screen, with its cards."""
        data = self._kept.layout("geometry")
        if data is None or not window.restoreGeometry(QByteArray(data)):
            window.resize(SIZE.boundedTo(window.screen().availableSize() - FRAME))
        frame = window.frameGeometry()
        screens = QGuiApplication.screens()
        if not any(s.availableGeometry().intersects(frame) for s in screens):
            window.move(window.screen().availableGeometry().topLeft())
        outer, inner = self._kept.layout("outer"), self._kept.layout("inner")
        if outer is not None and inner is not None:
            window.layout_.restore(QByteArray(outer), QByteArray(inner))

    def keep(self, window: LabWindow) -> None:
        """Note where a window is."""
        outer, inner = window.layout_.save()
        self._kept.set_layout("geometry", bytes(window.saveGeometry().data()))
        self._kept.set_layout("outer", bytes(outer.data()))
        self._kept.set_layout("inner", bytes(inner.data()))
        self._kept.sync()

    def end(self) -> None:
        """Follow nothing any more; the window goes."""
        self._window = None

    @Slot()
    def _note_system(self) -> None:
        self._kept.appearance = "system"

    @Slot()
    def _follow_system(self) -> None:
        """Change with the system, unless a theme was chosen."""
        if self._window is not None and self._kept.appearance == "system":
            self._window.viewing.follow_system()

    @Slot(object, object)
    def _note(self, sight: Sight, before: Sight) -> None:
        if sight.motion is not before.motion:
            self._kept.motion = sight.motion
        if sight.theme is not before.theme:
            self._kept.appearance = sight.theme.name
