"""What the tests of the panels share: an application without a screen, and Qt says nothing."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from rnnviz.panels.canvas.fonts import load_fonts
from rnnviz.panels.canvas.theme import Theme, theme
from tests.panels.looking import OPENED

OFFSCREEN = "This plugin does not support "
"""What the platform without a screen says of every dialog and menu."""


@pytest.fixture(autouse=True)
def quiet(qapp: QApplication) -> Iterator[None]:  # noqa: ARG001
    """Run one test and fail it if Qt wrote anything to the console."""
    said: list[str] = []

    def hear(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if not message.startswith(OFFSCREEN):
            said.append(message)

    load_fonts()
    before = qInstallMessageHandler(hear)
    yield
    while OPENED:
        OPENED.pop().stop()
    qInstallMessageHandler(before)
    assert said == []


@pytest.fixture(params=["dark", "light"])
def look(request: pytest.FixtureRequest) -> Theme:
    return theme(request.param)
