"""What is wrong with a window as it is seen now: blank panels, texts cut off or over each other."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from rnnviz.app.window.window import LabWindow
from tests.app.window.texts import cut_labels, faults_of, writing

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
