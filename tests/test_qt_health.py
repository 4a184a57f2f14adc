"""PySide6 keeps the reference counts of `None` and `True`.

PySide6 6.12.0 on Python 3.11 takes one reference away with every call that returns them; after
some thousand calls the interpreter aborts. From Python 3.12 on both are immortal.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QLabel

CALLS = 300
NOISE = 20


class Bell(QObject):
    rung = Signal()


def drift(call: Callable[[], object], value: object) -> int:
    """How many references to `value` came or went while `call` ran `CALLS` times."""
    call()
    before = sys.getrefcount(value)
    for _ in range(CALLS):
        call()
    return sys.getrefcount(value) - before


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("method", ["update", "adjustSize", "hide"])
def test_widgets_keep_none(method: str) -> None:
    label = QLabel("h")
    assert abs(drift(getattr(label, method), None)) < NOISE


@pytest.mark.usefixtures("qapp")
def test_painters_keep_none() -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    lost = drift(lambda: painter.drawLine(0, 0, 7, 7), None)
    painter.end()
    assert abs(lost) < NOISE


def test_paths_keep_none() -> None:
    path = QPainterPath()
    assert abs(drift(lambda: path.lineTo(1.0, 2.0), None)) < NOISE


@pytest.mark.usefixtures("qapp")
def test_signals_keep_true() -> None:
    bell = Bell()
    heard: list[None] = []
    bell.rung.connect(lambda: heard.append(None))
    assert abs(drift(bell.rung.emit, True)) < NOISE
    assert len(heard) == CALLS + 1
