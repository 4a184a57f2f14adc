"""Pictures of the whole window: nothing blank, no text cut off or over another, at every size."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from rnnviz.app.window.lab import read_to_the_end
from rnnviz.app.window.window import LabWindow
from rnnviz.session.moments import Moment
from tests.app.window.texts import cut_labels, faults_of, writing
from tests.panels.looking import sample

Open = Callable[..., LabWindow]

SIZES = ((1024, 600), (1280, 720), (1440, 900), (3840, 2160))
SAMPLES = (
    "not_happy",
    "pos_bilstm",
    "ner_crf",
    "adding_150_lstm",
    "clicks",
    "sentiment_gru",
    "sentiment_rnn",
    "translation_attention",
)
SCROLL = {"inspector", "weights"}
"""Panels that are scrolled: what is farther down is no fault."""
FEW = 6
"""A picture of fewer colours is blank."""


def colours(image: QImage) -> int:
    """How many colours a picture has, looked at every few pixels."""
    wide, high = image.width(), image.height()
    rows, columns = range(0, high, max(high // 90, 1)), range(0, wide, max(wide // 90, 1))
    return len({image.pixel(x, y) for y in rows for x in columns})


def settle() -> None:
    """Let the layouts find their places."""
    for _ in range(3):
        QApplication.processEvents()


def faults(window: LabWindow) -> list[str]:
    """What is wrong with a window as it is seen now."""
    settle()
    found = []
    with writing() as written:
        image = window.grab().toImage()
    for panel in window.panels.values():
        if panel.isVisible():
            area = panel.rect()
            area.moveTopLeft(panel.mapTo(window, area.topLeft()))
            if colours(image.copy(area)) < FEW:
                found.append(f"{panel.info.id} is blank")
    scrolled = [panel for name, panel in window.panels.items() if name in SCROLL]
    return found + faults_of(written, scrolled) + cut_labels(window)


def show(window: LabWindow, name: str, look: str) -> None:
    """Open a sample, read to its end."""
    window.session.open(sample(name))
    window.run("theme", look)
    read_to_the_end(window.session.view.playhead)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_is_blank_cut_or_over_another(size: tuple[int, int], open_window: Open) -> None:
    window = open_window(size=size)
    found = []
    for number, name in enumerate(SAMPLES):
        show(window, name, ("dark", "light")[number % 2])
        found += [f"{name}: {fault}" for fault in faults(window)]
        playhead = window.session.view.playhead
        for moment in (Moment("backward", 1, 0), Moment("update", 0, 0)):
            playhead.go_to(moment)
            found += [f"{name}, {moment.phase}: {fault}" for fault in faults(window)]
        window.run("zoom", 3)
        found += [f"{name}, filled: {fault}" for fault in faults(window)]
        window.run("zoom", 2)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("look", ["dark", "light"])
def test_so_it_is_with_every_panel_unfolded(look: str, open_window: Open) -> None:
    window = open_window(size=(1920, 1080), look=look)
    for name in window.panels:
        window.layout_.show_panel(name)
    found = []
    for name in SAMPLES:
        show(window, name, look)
        found += [f"{name}: {fault}" for fault in faults(window)]
    assert not found, "\n".join(found)


def test_so_it_is_with_every_panel_folded(open_window: Open) -> None:
    window = open_window(size=(1024, 600))
    for name in window.panels:
        window.layout_.show_panel(name, False)
    found = faults(window)
    assert not found, "\n".join(found)
