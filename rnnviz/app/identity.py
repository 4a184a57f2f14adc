"""What the desktop calls the program, and the files that it hands over while it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import final

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QFileOpenEvent, QGuiApplication

from rnnviz._version import __version__

NAME = "rnnviz"
DESKTOP_ID = "io.github.rnnviz.rnnviz"
"""One name for the program everywhere: the window's icon on Wayland comes from it."""


def identify(application: QCoreApplication) -> None:
    """Say who the program is; before any setting is read."""
    application.setApplicationName(NAME)
    application.setApplicationVersion(__version__)
    QGuiApplication.setApplicationDisplayName("")
    QGuiApplication.setDesktopFileName(DESKTOP_ID)


@final
class FileEvents(QObject):
    """Opens the files that macOS hands to the program as events rather than as arguments.

    Parameters
    ----------
    open_path : callable
        Opens one.
    parent : QObject
        The owner.
    """

    def __init__(self, open_path: Callable[[Path], None], parent: QObject) -> None:
        super().__init__(parent)
        self._open_path = open_path
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    # ------------------------------------------------------------------------------ Qt's own

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open a file; web addresses are none."""
        if isinstance(event, QFileOpenEvent):
            if event.file():
                self._open_path(Path(event.file()))
            return True
        return super().eventFilter(watched, event)
