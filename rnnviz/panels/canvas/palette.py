"""The palette that Qt's own widgets take: the neutral colours of a theme, in every role."""

from __future__ import annotations

from PySide6.QtGui import QPalette

from rnnviz.panels.canvas.colour import Colour, qcolor
from rnnviz.panels.canvas.theme import Theme

_Role = QPalette.ColorRole


def palette(theme: Theme) -> QPalette:
    """The palette of a theme, for the style Fusion; what is disabled is grey.

    The selection is the text's colour, as buttons and selections never take a hue.
    """
    paint = theme.colours
    roles: dict[QPalette.ColorRole, Colour] = {
        _Role.Window: paint.bg1,
        _Role.WindowText: paint.tx1,
        _Role.Base: paint.bg0,
        _Role.AlternateBase: paint.bg2,
        _Role.Text: paint.tx1,
        _Role.PlaceholderText: paint.tx3,
        _Role.Button: paint.bg2,
        _Role.ButtonText: paint.tx1,
        _Role.BrightText: paint.err,
        _Role.ToolTipBase: paint.bg3,
        _Role.ToolTipText: paint.tx1,
        _Role.Highlight: paint.tx1,
        _Role.HighlightedText: paint.bg1,
        _Role.Accent: paint.tx1,
        _Role.Link: paint.tx1,
        _Role.LinkVisited: paint.tx2,
        _Role.Light: paint.bg3,
        _Role.Midlight: paint.bg3,
        _Role.Mid: paint.line,
        _Role.Dark: paint.line2,
        _Role.Shadow: paint.bg0,
    }
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, qcolor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, qcolor(paint.line2))
    made.setColor(QPalette.ColorGroup.Disabled, _Role.Highlight, qcolor(paint.bg3))
    return made
