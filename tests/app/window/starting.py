"""Start the program, wait until it is painted, and leave it: run in a process of its own."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from rnnviz.app.cli import main
from rnnviz.app.window.lab import application
from rnnviz.app.window.window import LabWindow

PAINTED = 50
"""Ms after which it is looked again whether there is a window."""


def leave(application: QApplication, timer: QTimer) -> None:
    """Close the window once it is there."""
    windows = [w for w in application.topLevelWidgets() if isinstance(w, LabWindow)]
    if windows and windows[0].isVisible():
        timer.stop()
        windows[0].grab()
        windows[0].run("quit") if "--quit" in sys.argv else windows[0].close()


def start() -> int:
    """The exit code of the program."""
    app = application()
    timer = QTimer(app)
    timer.timeout.connect(lambda: leave(app, timer))
    timer.start(PAINTED)
    return main([])


if __name__ == "__main__":
    sys.exit(start())
