"""Opening the Lab: the application, the first document and the window."""

from __future__ import annotations

import sys
from pathlib import Path

import shiboken6
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from rnnviz.app.window.look import dress
from rnnviz.app.window.viewing import system_theme
from rnnviz.app.window.window import LabWindow
from rnnviz.document.document import Document
from rnnviz.document.resources import resource
from rnnviz.document.storage import load
from rnnviz.panels.canvas.theme import theme
from rnnviz.session.moments import Moment
from rnnviz.session.playhead import Playhead
from rnnviz.session.session import Session

FIRST = "not_happy"
SIZE = QSize(1440, 900)


def first_document() -> Document:
    """What the program opens with: the trained sentence."""
    return load(resource("samples", f"{FIRST}.rnnviz"))


def application() -> QApplication:
    """The application, made if there is none."""
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(sys.argv[:1])


def read_to_the_end(playhead: Playhead) -> None:
    """Put the playhead where the whole sequence has been read."""
    story = playhead.story
    if story.steps:
        step = story.steps - 1
        playhead.go_to(Moment("forward", step, story.operations("forward", step) - 1))


def open_lab(path: Path | None = None) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    path : Path, optional
        A document to begin with.
    """
    app = application()
    look = theme(system_theme())
    dress(app, look)
    document = first_document() if path is None else load(path)
    session = Session(document)
    read_to_the_end(session.view.playhead)
    window = LabWindow(session, look)
    room = app.primaryScreen().availableSize()
    window.resize(SIZE.boundedTo(room))
    window.show()
    try:
        return app.exec()
    finally:
        session.stop()
        shiboken6.delete(window)
