"""The window, or one panel of it, drawn into a picture without being shown on a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import shiboken6
from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from rnnviz.app.window.lab import application, read_to_the_end
from rnnviz.app.window.look import dress
from rnnviz.app.window.window import LabWindow
from rnnviz.document.document import Document
from rnnviz.engine.errors import UnknownError
from rnnviz.panels.canvas.theme import theme
from rnnviz.session.moments import Moment, Phase
from rnnviz.session.session import Session


@final
@dataclass(frozen=True)
class View:
    """What of a document is drawn, and how.

    Attributes
    ----------
    size : tuple of int
        Width and height of the window in px.
    look : str
        "dark" or "light".
    phase : str or None
        Where the playhead stands: a phase of the story; None where everything has been read.
    step : int
        The step in this phase, from 0.
    panel : str or None
        One panel instead of the whole window.
    zoom : int
        Of the graph, 1 to 3.
    unit : int
        The selected unit, from 0.
    """

    size: tuple[int, int] = (1440, 900)
    look: str = "dark"
    phase: Phase | None = None
    step: int = 0
    panel: str | None = None
    zoom: int = 2
    unit: int = 0


def window_of(document: Document, view: View) -> LabWindow:
    """The window that shows a view, with its numbers computed."""
    look = theme(view.look)
    dress(application(), look)
    session = Session(document, executors=lambda _: _Inline())
    playhead = session.view.playhead
    read_to_the_end(playhead)
    if view.phase is not None:
        last = playhead.story.operations(view.phase, view.step) - 1
        playhead.go_to(Moment(view.phase, view.step, last))
    session.view.selector.select(unit=view.unit)
    session.checker.run()
    window = LabWindow(session, look)
    window.resize(QSize(*view.size))
    window.show()
    if view.panel is not None:
        if view.panel not in window.panels:
            raise UnknownError("panel", view.panel, tuple(window.panels))
        window.layout_.show_panel(view.panel)
    window.run("zoom", view.zoom)
    return window


def render(document: Document, view: View) -> QPixmap:
    """Draw a document.

    Raises
    ------
    UnknownError
        There is no such panel.
    """
    window = window_of(document, view)
    try:
        for _ in range(3):
            QApplication.processEvents()
        seen = window if view.panel is None else window.panels[view.panel]
        return seen.grab()
    finally:
        window.session.stop()
        shiboken6.delete(window)


@final
class _Inline:
    """Runs a job at once."""

    def submit(self, job: object, /) -> None:
        assert callable(job)
        job()

    def shutdown(self, wait: bool = True) -> None:
        assert wait
