"""The two sentences above the factors, with what can be pressed beside them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.labels import draw_choice
from rnnviz.panels.canvas.strokes import framed
from rnnviz.panels.canvas.text import draw_text, elided, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.factors.items import Compute, OtherUnit
from rnnviz.panels.factors.numbers import Full, Subject, sentences
from rnnviz.panels.gestures import Item
from rnnviz.panels.texts import translate

PAD = 14.0
FIRST, SECOND = 13.0, 30.0
"""The baselines."""


@dataclass(frozen=True, eq=False)
class Told:
    """What the sentences are told of.

    Attributes
    ----------
    about, full, unit
        The numbers, and whose road is shown.
    works : bool
        Whether the full factors are being computed.
    width : float
        Of the panel.
    theme : Theme
        The colours.
    """

    about: Subject
    full: Full | None
    unit: int
    works: bool
    width: float
    theme: Theme


def draw_empty(painter: QPainter, width: float, theme: Theme) -> None:
    """There is nothing to tell."""
    text = translate("FactorsPanel", "the sequence is empty")
    _say(painter, text, FIRST, theme.colours.tx2, width - 2 * PAD, theme)


def draw_sentences(painter: QPainter, hits: HitMap[Item], told: Told) -> None:
    """Of the road of the chosen unit, and of all paths together."""
    theme, about, room = told.theme, told.about, told.width - 2 * PAD
    if about.road is None:
        text = translate("FactorsPanel", "no road: every path goes through the matrix")
        _say(painter, text, FIRST, theme.colours.tx2, room, theme)
    else:
        head = translate("FactorsPanel", "{state} of unit {unit}:")
        head = head.format(state=about.road.state, unit=told.unit + 1)
        ink = theme.hue(about.road.state).text
        _tell(painter, about.road.powers[:, told.unit], told, head, FIRST, ink, room - 40)
        _draw_arrows(painter, hits, told, about.road.factors.shape[1])
    _draw_second(painter, hits, told, room)


def _draw_second(painter: QPainter, hits: HitMap[Item], told: Told, room: float) -> None:
    theme, about = told.theme, told.about
    if told.full is not None:
        head, ink = translate("FactorsPanel", "all paths:"), theme.hue("∂").text
        _tell(painter, told.full.powers, told, head, SECOND, ink, room)
        return
    if told.works:
        text = translate("FactorsPanel", "all paths: being computed …")
        _say(painter, text, SECOND, theme.colours.tx2, room, theme)
        return
    text = translate("FactorsPanel", "all paths: {steps} Jacobians, about {n} s")
    words = text.format(steps=about.steps - 1, n=ceil(about.seconds))
    _say(painter, words, SECOND, theme.colours.tx2, room - 80, theme)
    box = QRectF(told.width - PAD - 74, SECOND - 13, 74, 17)
    draw_choice(painter, box, translate("FactorsPanel", "Compute"), theme, False)
    hits.add(box, Compute())


def _draw_arrows(painter: QPainter, hits: HitMap[Item], told: Told, units: int) -> None:
    """To the unit before and to the next."""
    right, paint = told.width - PAD, told.theme.colours
    for by, icon, left in ((-1, "chevron-left", right - 36), (1, "chevron-right", right - 17)):
        if 0 <= told.unit + by < units:
            box = QRectF(left, FIRST - 13, 17, 17)
            framed(painter, box, paint.line, 5, 1, paint.bg2)
            draw_icon(painter, icon, box.adjusted(2, 2, -2, -2), paint.tx2)
            hits.add(box, OtherUnit(by))


def _tell(
    painter: QPainter,
    powers: Array,
    told: Told,
    head: str,
    base: float,
    ink: Colour,
    room: float,
) -> None:
    """The sentence, in as many words as there is room for."""
    texts, role = sentences(powers, told.about, head), told.theme.type.hint
    fits = (text for text in texts if run(text, role, ink).width <= room)
    _say(painter, next(fits, texts[-1]), base, ink, room, told.theme)


def _say(painter: QPainter, text: str, base: float, ink: Colour, room: float, theme: Theme) -> None:
    draw_text(painter, PAD, base, elided(run(text, theme.type.hint, ink), room))
