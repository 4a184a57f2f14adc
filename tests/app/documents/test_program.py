"""The whole program: it remembers, tells of faults, and every action does something."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QMenu

from rnnviz.app.files.telling import FaultDialog
from rnnviz.app.preferences import Preferences
from rnnviz.app.program import _begin
from rnnviz.app.window.actions import ACTIONS
from rnnviz.document.resources import resource
from rnnviz.document.storage import save
from rnnviz.session.runner import report_of
from tests.app.documents.conftest import Start, banner
from tests.app.documents.support import answer, person
from tests.session.support import Rename, small


def test_every_action_does_something(start: Start) -> None:
    program = start()
    fills = program.files.fills()
    for info in ACTIONS:
        assert info.submenu or info.id in program.window.commands, info.id
    for name in fills:
        menu = QMenu(program.window)
        fills[name](menu)
        assert menu.actions(), name


def test_no_two_actions_have_the_same_keys() -> None:
    keys = [key for info in ACTIONS for key in info.keys]
    assert sorted(keys) == sorted(set(keys))


def test_the_look_is_remembered(start: Start, kept: Preferences) -> None:
    program = start()
    program.window.run("theme", "light")
    program.window.run("motion")
    assert kept.appearance == "light"
    assert kept.motion is False
    again = start()
    assert again.window.stage.sight.theme.name == "light"
    assert again.window.stage.sight.motion is False


def test_the_system_can_be_followed_again(start: Start, kept: Preferences) -> None:
    program = start()
    program.window.run("theme", "light")
    program.window.run("follow_system")
    assert kept.appearance == "system"


def test_the_place_of_the_window_is_remembered(start: Start) -> None:
    program = start()
    program.window.resize(1030, 666)
    # A screen without monitor is small: Qt makes a window fit into it.
    window_width = program.window.minimumWidth()
    name = next(iter(program.window.layout_.names))
    program.window.layout_.show_panel(name, False)
    with person():
        assert program.window.close()
    again = start()
    assert (again.window.width(), again.window.height()) == (window_width, 666)
    assert name in again.window.layout_.folded


def test_a_fault_of_the_background_is_told(start: Start, tmp_path: Path) -> None:
    program = start()
    program.session.apply(Rename("B"))
    program.session.failed.emit(report_of(RuntimeError("deep down"), "Computing the network"))
    (dialog,) = program.window.findChildren(FaultDialog)
    assert dialog.isVisible()
    assert len(list((tmp_path / "local" / "autosave").glob("*.rnnviz"))) == 1
    dialog.close()
    program.session.apply(Rename("C"))
    assert program.session.store.document.title == "C"


def test_the_title_names_document_and_file(start: Start, tmp_path: Path) -> None:
    program = start(small(title=""))
    assert program.window.windowTitle().startswith("untitled[*]")
    program.session.apply(Rename("Mine"))
    assert program.window.windowTitle().startswith("Mine[*]")
    assert program.window.isWindowModified()
    path = tmp_path / "file.rnnviz"
    save(small(title="Other"), path)
    with person(answer("discard")):
        program.files.open_path(path)
    title = program.window.windowTitle()
    assert title.startswith("Other")
    assert "file.rnnviz" in title
    assert not program.window.isWindowModified()


@pytest.mark.parametrize("local", [True, False])
def test_files_come_as_events_on_macos(local: bool, start: Start, tmp_path: Path) -> None:
    path = tmp_path / "event.rnnviz"
    save(small(title="By event"), path)
    program = start()
    url = QUrl.fromLocalFile(str(path)) if local else QUrl("https://example.org/x.rnnviz")
    application = QApplication.instance()
    assert application is not None
    QApplication.sendEvent(application, QFileOpenEvent(url))
    assert program.session.store.document.title == ("By event" if local else "A")
    assert banner(program) == ""


def test_a_sample_on_the_command_line_belongs_to_no_file() -> None:
    document, home, fault = _begin(resource("samples", "not_happy.rnnviz"))
    assert (document.title, home, fault) == ("I am not happy", None, "")
