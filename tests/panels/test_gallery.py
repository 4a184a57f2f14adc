"""The gallery: it is drawn in both themes, sharper on a sharper screen, the same each time."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from rnnviz.panels.canvas.theme import Theme, theme
from tests.panels.gallery import SIZE, picture


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
