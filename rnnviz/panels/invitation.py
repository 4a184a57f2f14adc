"""What a chart of an empty sequence says: what to do, on a plate in its middle."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.document.document import Document
from rnnviz.panels.canvas.strokes import filled
from rnnviz.panels.canvas.text import draw_in, run
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate


def invitation(document: Document) -> str:
    """What to do: words are typed, and steps of numbers are added."""
    if isinstance(document.sequence, tuple):
        return translate("Charts", "Type a sentence")
    return translate("Charts", "Add a step")


def draw_invitation(painter: QPainter, area: QRectF, sight: Sight) -> None:
    """Draw it; nothing while the numbers of a sequence with steps are computed."""
    if sight.document.steps:
        return
    theme = sight.theme
    words = run(invitation(sight.document), theme.type.hint, theme.colours.tx2, sight.present)
    wide, high = min(words.width + 20, area.width()), words.font.pixelSize() + 14
    plate = QRectF(area.center().x() - wide / 2, area.center().y() - high / 2, wide, high)
    filled(painter, plate, theme.colours.bg1, 5)
    draw_in(painter, plate, words)
