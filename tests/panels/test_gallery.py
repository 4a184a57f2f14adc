"""The gallery: it is drawn in both themes, sharper on a sharper screen, the same each time."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator, QSvgRenderer

from rnnviz.panels.canvas.theme import Theme, theme
from tests.panels.gallery import SIZE, paint, picture


def colours(image: QImage) -> np.ndarray:
    return np.unique(np.frombuffer(image.constBits(), np.uint32))


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
def test_the_gallery_is_drawn(look: Theme, ratio: float, tmp_path: Path) -> None:
    image = picture(look, ratio)
    assert image.size().toTuple() == tuple(round(side * ratio) for side in SIZE)
    assert image.save(str(tmp_path / "gallery.png"))
    shown = set(colours(image).tolist())
    assert {hue.mark.word for hue in look.quantities.values()} - {look.hue("r").mark.word} <= shown
    assert {look.colours.bg0.word, look.colours.bg1.word, look.colours.tx1.word} <= shown


def test_it_is_the_same_each_time() -> None:
    assert picture(theme("dark"), 1) == picture(theme("dark"), 1)
    assert picture(theme("dark"), 1) != picture(theme("light"), 1)


def test_as_svg_it_looks_the_same_and_needs_no_fonts(look: Theme, tmp_path: Path) -> None:
    file = tmp_path / "gallery.svg"
    generator = QSvgGenerator()
    generator.setFileName(str(file))
    generator.setSize(QSize(*SIZE))
    generator.setViewBox(QRect(0, 0, *SIZE))
    with QPainter(generator) as painter:
        paint(painter, look)
    assert "<text" not in file.read_text("utf-8")
    shown = QImage(*SIZE, QImage.Format.Format_RGB32)
    with QPainter(shown) as painter:
        QSvgRenderer(str(file)).render(painter)
    one, other = (
        np.frombuffer(image.constBits(), np.uint8).astype(int)
        for image in (shown, picture(look, 1))
    )
    assert (abs(one - other) > 90).mean() < 0.01
