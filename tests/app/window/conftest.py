"""What the tests of the window share: Qt says nothing, and the window is gone afterwards."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from rnnviz.app.files.commands import FileCommands
from rnnviz.app.preferences import Preferences
from rnnviz.app.window.lab import read_to_the_end
from rnnviz.app.window.look import dress
from rnnviz.app.window.window import LabWindow
from rnnviz.document.document import Document
from rnnviz.panels.canvas.theme import theme
from rnnviz.session.session import Session
from tests.panels.conftest import quiet
from tests.panels.looking import sample
from tests.session.support import Inline

__all__ = ["quiet"]

Open = Callable[..., LabWindow]


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Opens windows with everything computed at once."""
    opened: list[LabWindow] = []

    def make(
        document: Document | None = None,
        size: tuple[int, int] = (1440, 900),
        look: str = "dark",
        trains_apart: bool = False,
    ) -> LabWindow:
        from rnnviz.app.window.lab import application

        dress(application(), theme(look))
        # A run that rests would never come back if it did so here.
        apart = ("training",) if trains_apart else ()
        executors = lambda name: None if name in apart else Inline()  # noqa: E731
        session = Session(document or sample("not_happy"), executors=executors)
        read_to_the_end(session.view.playhead)
        window = LabWindow(session, theme(look))
        files = FileCommands(session, window, Preferences(tmp_path / "rnnviz.ini"), Inline())
        window.add_commands(files.table(), files.fills())
        window.resize(*size)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        opened.append(window)
        return window

    yield make
    for window in opened:
        session = window.session
        session.stop()
        shiboken6.delete(window)
        shiboken6.delete(session)  # what it tells would keep the window in memory
