"""What the tests of files share: a whole program in a folder of its own, and Qt says nothing."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from rnnviz.app.files.banner import Banner
from rnnviz.app.preferences import Preferences
from rnnviz.app.program import Program
from rnnviz.document.document import Document
from rnnviz.document.storage import save
from rnnviz.session.session import Executors
from tests.panels.conftest import quiet
from tests.session.support import Inline, small

__all__ = ["quiet"]

Start = Callable[..., Program]


@pytest.fixture(autouse=True)
def no_settings_of_qt(tmp_path: Path) -> None:
    """Where Qt's own file dialog notes what it showed: not with whoever runs the tests."""
    user = QSettings.Scope.UserScope
    QSettings.setPath(QSettings.Format.NativeFormat, user, str(tmp_path / "qt"))


@pytest.fixture
def kept(tmp_path: Path) -> Preferences:
    made = Preferences(tmp_path / "settings" / "rnnviz.ini")
    made.folder = tmp_path
    return made


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path, kept: Preferences) -> Iterator[Start]:
    """Starts programs in which everything is computed at once."""
    started: list[Program] = []

    def make(
        document: Document | None = None,
        path: Path | None = None,
        executors: Executors = lambda _: Inline(),
    ) -> Program:
        made = document or small()
        if path is not None:
            save(made, path)
        program = Program(made, path, kept, tmp_path / "local", executors)
        started.append(program)
        with qtbot.waitActive(program.window):
            program.show()
            program.window.activateWindow()
        return program

    yield make
    for program in started:
        program.end()
    started.clear()
    # Here rather than at some moment while another window is being made.
    gc.collect()


def banner(program: Program) -> str:
    """What the banner of a program says."""
    found = program.window.findChild(Banner)
    assert found is not None
    return found.sentence
