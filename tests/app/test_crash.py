"""Faults of the program: work is copied, one dialog tells of each, and the program goes on."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rnnviz.app.crash import MOST, Crash, FaultLog, last_words, write_down
from rnnviz.app.files.telling import FaultDialog, show_fault
from rnnviz.session.runner import report_of
from tests.panels.conftest import quiet

__all__ = ["quiet"]


class Broken(QWidget):
    """A widget whose every painting fails."""

    painted = 0

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802
        self.painted += 1
        raise RuntimeError("paint went wrong")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def rescued() -> list[int]:
    return []


@pytest.fixture
def crash(window: QWidget, tmp_path: Path, rescued: list[int]) -> Iterator[Crash]:
    def rescue() -> bool:
        rescued.append(1)
        return True

    made = Crash(tmp_path / "local", rescue, show_fault, window)
    made.install()
    yield made
    made.remove()


def dialogs(window: QWidget) -> list[FaultDialog]:
    return [d for d in window.findChildren(FaultDialog) if d.isVisible()]


def fail(text: str = "it went wrong") -> BaseException:
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        return error


def hear(error: BaseException) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


def test_an_exception_opens_one_dialog_and_saves_work(
    crash: Crash, window: QWidget, rescued: list[int], qtbot: QtBot, tmp_path: Path
) -> None:
    assert crash is not None
    for _ in range(100):
        hear(fail())
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    QApplication.processEvents()
    assert len(dialogs(window)) == 1
    assert rescued == [1]
    assert "it went wrong" in (tmp_path / "local" / "faults.log").read_text("utf-8")


def test_the_report_can_be_copied(crash: Crash, window: QWidget, qtbot: QtBot) -> None:
    crash.tell(report_of(fail("a thing"), "Working"))
    (dialog,) = dialogs(window)
    text = dialog.findChildren(QPlainTextEdit)[0].toPlainText()
    for part in ("rnnviz ", "Python ", "Qt ", "Traceback", "RuntimeError: a thing"):
        assert part in text
    copy = next(b for b in dialog.findChildren(QPushButton) if "Copy" in b.text())
    copy.click()
    assert QApplication.clipboard().text() == text
    dialog.close()
    qtbot.waitUntil(lambda: not dialogs(window))


def test_another_fault_is_told_when_the_dialog_is_closed(
    crash: Crash, window: QWidget, qtbot: QtBot
) -> None:
    crash.tell(report_of(fail("first"), "Working"))
    crash.tell(report_of(fail("second"), "Working"))
    assert len(dialogs(window)) == 1
    with qtbot.waitSignal(dialogs(window)[0].destroyed):
        dialogs(window)[0].close()
    crash.tell(report_of(fail("first"), "Working"))
    assert dialogs(window) == [], "what was told is not told again"
    crash.tell(report_of(fail("third"), "Working"))
    assert len(dialogs(window)) == 1


def test_a_painting_that_fails_all_the_time_is_told_once(
    crash: Crash, window: QWidget, qtbot: QtBot
) -> None:
    assert crash is not None
    broken = Broken(window)
    broken.resize(20, 20)
    broken.show()
    for _ in range(20):
        broken.update()
        QApplication.processEvents()
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    assert broken.painted >= 20
    broken.hide()
    broken.deleteLater()


def test_an_exception_in_a_thread_is_told_in_the_windows(
    crash: Crash, window: QWidget, qtbot: QtBot
) -> None:
    assert crash is not None
    places: list[object] = []
    crash.heard.connect(lambda _: places.append(threading.current_thread()))

    def work() -> None:
        raise RuntimeError("in a thread")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)
    assert places == [threading.main_thread()]


def test_a_rescue_that_fails_stops_nothing(window: QWidget, tmp_path: Path) -> None:
    def rescue() -> bool:
        raise OSError("the disk is full")

    crash = Crash(tmp_path, rescue, show_fault, window)
    crash.tell(report_of(fail(), "Working"))
    (dialog,) = dialogs(window)
    assert "has been copied" not in dialog.findChildren(QPlainTextEdit)[0].toPlainText()


def test_after_many_faults_it_is_quiet(window: QWidget, tmp_path: Path) -> None:
    shown: list[str] = []

    def show(text: str, _: bool, parent: QWidget | None) -> QWidget:
        shown.append(text)
        return QWidget(parent)

    crash = Crash(tmp_path, lambda: False, show, window)
    for number in range(MOST + 30):
        crash.tell(report_of(fail(str(number)), "Working"))
        crash._dialog = None
    assert len(shown) == MOST
    assert f"RuntimeError: {MOST + 29}" in (tmp_path / "faults.log").read_text("utf-8")


def test_without_a_console_nothing_is_lost(
    crash: Crash, window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert crash is not None
    monkeypatch.setattr(sys, "stderr", None)
    hear(fail())
    qtbot.waitUntil(lambda: len(dialogs(window)) == 1)


def test_the_hooks_are_given_back(crash: Crash) -> None:
    crash.remove()
    for hook in (sys.excepthook, threading.excepthook, sys.unraisablehook):
        assert not isinstance(getattr(hook, "__self__", None), Crash)


def test_a_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "new" / "faults.log"
    for _ in range(60):
        write_down(file, "x" * 10_000)
    assert file.stat().st_size < 250_000


def run(code: str, folder: Path) -> int:
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode


DIES = """
import ctypes, sys
from pathlib import Path
from rnnviz.app.crash import FaultLog
log = FaultLog(Path(sys.argv[1]))
log.open()
{end}
"""


def test_a_process_that_dies_is_told_of_at_the_next_start(tmp_path: Path) -> None:
    assert run(DIES.format(end="ctypes.string_at(0)"), tmp_path) != 0
    words = last_words(tmp_path)
    assert "Segmentation fault" in words or "access violation" in words
    assert last_words(tmp_path) == ""
    assert not list(tmp_path.glob("fault-*.log"))


def test_a_process_that_ends_well_leaves_nothing(tmp_path: Path) -> None:
    assert run(DIES.format(end="log.close()"), tmp_path) == 0
    assert last_words(tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_log_of_a_program_that_runs_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on: Callable[..., None] = lambda *_: None  # noqa: E731
    monkeypatch.setattr("faulthandler.enable", on)
    monkeypatch.setattr("faulthandler.disable", on)
    log = FaultLog(tmp_path)
    log.open()
    (file,) = tmp_path.glob("fault-*.log")
    assert last_words(tmp_path) == ""
    assert file.exists()
    log.close()
    assert not file.exists()
