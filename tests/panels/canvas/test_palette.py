"""The palette: readable in every pair of roles, and Qt's own widgets take it."""

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel

from rnnviz.panels.canvas.colour import Colour, contrast
from rnnviz.panels.canvas.palette import palette
from rnnviz.panels.canvas.theme import Theme

ROLE = QPalette.ColorRole
PAIRS = [
    (ROLE.WindowText, ROLE.Window),
    (ROLE.Text, ROLE.Base),
    (ROLE.Text, ROLE.AlternateBase),
    (ROLE.ButtonText, ROLE.Button),
    (ROLE.ToolTipText, ROLE.ToolTipBase),
    (ROLE.HighlightedText, ROLE.Highlight),
    (ROLE.PlaceholderText, ROLE.Base),
]


def colour(of: QPalette, role: QPalette.ColorRole) -> Colour:
    return Colour(*of.color(role).toTuple()[:3])  # type: ignore[index]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_texts_are_read(look: Theme, ink: QPalette.ColorRole, ground: QPalette.ColorRole) -> None:
    made = palette(look)
    assert contrast(colour(made, ink), colour(made, ground)) >= 4.5


def test_widgets_take_it(look: Theme) -> None:
    label = QLabel("h")
    label.setPalette(palette(look))
    label.setAutoFillBackground(True)
    label.resize(60, 30)
    shown = label.grab().toImage()
    corner = shown.pixelColor(55, 25)
    assert Colour(corner.red(), corner.green(), corner.blue()) == look.colours.bg1
