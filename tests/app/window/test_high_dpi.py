"""The same window on a screen with more pixels to a point: as large, and as full of things."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from rnnviz.document.resources import resource
from tests.app.window.seeing import colours

DOCUMENT = resource("samples", "not_happy.rnnviz")
_SMOOTH = Qt.TransformationMode.SmoothTransformation


def render(path: Path, scale: float, *arguments: str) -> QImage:
    """What `rnnviz render` draws in a process of its own, as the scale is that of a process."""
    command = [sys.executable, "-m", "rnnviz", "render", str(DOCUMENT), "-o", str(path)]
    ran = subprocess.run(
        [*command, "--scale", str(scale), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    image = QImage(str(path))
    assert not image.isNull()
    return image


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> QImage:
    return render(tmp_path_factory.mktemp("plain") / "lab.png", 1, "--size", "1280x720")


@pytest.mark.parametrize("scale", [1.5, 2])
def test_more_pixels_show_the_same(scale: float, plain: QImage, tmp_path: Path) -> None:
    assert (plain.width(), plain.height()) == (1280, 720)
    fine = render(tmp_path / "lab.png", scale, "--size", "1280x720")
    assert (fine.width(), fine.height()) == (1280 * scale, 720 * scale)
    assert colours(fine) > 100
    small = fine.scaled(128, 72, mode=_SMOOTH).convertToFormat(QImage.Format.Format_RGB32)
    other = plain.scaled(128, 72, mode=_SMOOTH).convertToFormat(QImage.Format.Format_RGB32)
    far = [
        abs(small.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness())
        for x in range(128)
        for y in range(72)
    ]
    assert sum(far) / len(far) < 4, "what is drawn does not stand where it stood"


def test_a_panel_alone_has_its_size(tmp_path: Path) -> None:
    once = render(tmp_path / "one.png", 1, "--panel", "gates")
    twice = render(tmp_path / "two.png", 2, "--panel", "gates")
    assert (twice.width(), twice.height()) == (once.width() * 2, once.height() * 2)
    assert colours(twice) > 20
