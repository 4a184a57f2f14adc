"""What a newcomer does first, as the README tells it: in the whole window, by mouse and keys."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from rnnviz.app.window.window import LabWindow
from rnnviz.panels.gates.items import Cell
from rnnviz.panels.graph.items import Chip
from rnnviz.panels.picture import PicturePanel
from tests.panels.mouse import click, drag, place_of

Open = Callable[..., LabWindow]
FORGET = "layer0/forward/f"


def picture(window: LabWindow, name: str) -> PicturePanel:
    panel = window.panels[name]
    assert isinstance(panel, PicturePanel)
    panel.repaint()
    return panel


def says(window: LabWindow) -> str:
    """What the network answers at the end."""
    document = window.session.store.document
    trace = window.session.frame.trace
    assert trace is not None
    return document.answers[int(np.argmax(trace.predictions[-1, 0]))]


def test_first_steps(open_window: Open) -> None:
    window = open_window()
    session = window.session
    opened, playhead = session.store.document, session.view.playhead
    assert says(window) == "negative"
    gradient = session.frame.gradients
    assert gradient is not None
    before = gradient.norms("layer0/forward/h")

    click(picture(window, "graph"), Chip(0, 2))
    [field] = [f for f in window.panels["graph"].findChildren(QLineEdit) if f.isVisible()]
    field.selectAll()
    QTest.keyClicks(field, "very")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.store.document.sequence == ("I", "am", "very", "happy")
    assert says(window) == "positive"
    assert session.frame.ghost is not None
    changed = session.frame.gradients
    assert changed is not None
    assert not np.allclose(changed.norms("layer0/forward/h"), before)

    gates = picture(window, "gates")
    drag(gates, Cell(FORGET, 0, 2), place_of(gates, Cell(FORGET, 0, 2)) + QPoint(0, 400))
    assert [(h.path, h.step, h.unit, h.value) for h in session.store.document.holds] == [
        (FORGET, 2, 0, 0.0)
    ]
    assert session.frame.trace is not None
    assert session.frame.trace[FORGET][2, 0, 0] == 0.0

    here = playhead.moment
    for key, back in ((Qt.Key.Key_Right, Qt.Key.Key_Left), (Qt.Key.Key_Home, Qt.Key.Key_End)):
        QTest.keyClick(window, key)
        assert playhead.moment != here
        QTest.keyClick(window, back)
    playhead.go_to(here)

    for _ in range(session.store.index):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert session.store.document is opened
    assert says(window) == "negative"
    assert place_of(picture(window, "gates"), Cell(FORGET, 0, 2)) is not None
