"""The program comes and goes without a trace: no crash at the end, no widgets, timers or threads.

``RNNVIZ_STARTS=40 python -m pytest tests/app/window/test_lasting.py`` starts it 40 times.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, QThread, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from rnnviz.app.window.lab import first_document, read_to_the_end
from rnnviz.app.window.look import dress
from rnnviz.app.window.presenting import PresentWindow
from rnnviz.app.window.window import LabWindow
from rnnviz.panels.canvas.theme import theme
from rnnviz.session.session import Session

ROOT = Path(__file__).parents[3]
STARTS = int(os.environ.get("RNNVIZ_STARTS", "3"))
WINDOWS = 10


@pytest.mark.parametrize("number", range(STARTS))
def test_it_starts_and_ends(number: int, tmp_path: Path) -> None:
    homes = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    how = ["--quit"] if number % 2 else []
    for _ in range(1 if STARTS > 3 else 2):  # the second start finds what the first has kept
        ran = subprocess.run(
            [sys.executable, "-X", "faulthandler", "-m", "tests.app.window.starting", *how],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            cwd=ROOT,
            env={**os.environ, **homes, "HOME": str(tmp_path)},
        )
        assert ran.returncode == 0, ran.stderr
        said = [x for x in ran.stderr.splitlines() if "This plugin does not support" not in x]
        assert said == []


def opened() -> LabWindow:
    """A window as the program makes it, with workers behind it."""
    session = Session(first_document())
    read_to_the_end(session.view.playhead)
    window = LabWindow(session, theme("dark"))
    window.resize(1280, 720)
    window.show()
    QTest.qWait(20)
    return window


def close(window: LabWindow) -> None:
    session = window.session
    session.stop()
    shiboken6.delete(window)
    shiboken6.delete(session)


def left(before: set[int]) -> list[QWidget]:
    """The top-level widgets that were not there before."""
    QApplication.processEvents()
    gc.collect()
    return [w for w in QApplication.topLevelWidgets() if id(w) not in before]


def alive(*kinds: type) -> int:
    """How many objects there are; some libraries warn when theirs are asked what they are."""
    return sum(type(one) in kinds for one in gc.get_objects())


def test_windows_leave_nothing_behind(qapp: QApplication) -> None:
    dress(qapp, theme("dark"))
    close(opened())  # what is made once stays
    widgets = {id(widget) for widget in QApplication.topLevelWidgets()}
    there = list(QApplication.topLevelWidgets())
    threads = threading.active_count()
    children = len(qapp.findChildren(QObject))
    for _ in range(WINDOWS):
        close(opened())
    QTest.qWait(50)
    assert left(widgets) == [], there
    assert threading.active_count() <= threads
    assert len(qapp.findChildren(QObject)) <= children
    assert qapp.findChildren(QTimer) == []
    assert qapp.findChildren(QThread) == []


def test_windows_are_forgotten(qapp: QApplication) -> None:
    dress(qapp, theme("dark"))
    close(opened())
    gc.collect()
    before = alive(LabWindow, Session)
    for _ in range(3):
        close(opened())
    QTest.qWait(50)
    gc.collect()
    after = alive(LabWindow, Session)
    assert after <= before


def test_presenting_leaves_nothing_behind(qtbot: QtBot, qapp: QApplication) -> None:
    dress(qapp, theme("dark"))
    window = opened()
    try:
        timers = len(window.findChildren(QTimer))
        before = {id(widget) for widget in QApplication.topLevelWidgets()}
        there = list(QApplication.topLevelWidgets())
        for _ in range(5):
            window.run("present")
            room = window.viewing.presenting
            assert room is not None
            QTest.qWait(20)
            QTest.keyClick(room, Qt.Key.Key_Escape)
            del room
            qtbot.waitUntil(lambda: window.viewing.presenting is None)
            QTest.qWait(10)
        assert left(before) == [], there
        assert len(window.findChildren(QTimer)) == timers
        assert not alive(PresentWindow)
    finally:
        close(window)


def test_a_window_that_goes_takes_the_presentation_along(qapp: QApplication) -> None:
    dress(qapp, theme("dark"))
    before = {id(widget) for widget in QApplication.topLevelWidgets()}
    there = list(QApplication.topLevelWidgets())
    window = opened()
    window.run("present")
    assert window.viewing.presenting is not None
    window.close()
    QTest.qWait(20)
    assert not any(widget.isVisible() for widget in left(before)), alive
    close(window)
    assert left(before) == [], there
