"""The names written beside curves: of other layers, and of the two directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.strokes import filled
from rnnviz.panels.canvas.text import draw_text, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item
from rnnviz.panels.gradient.curves import Curve, Shown
from rnnviz.panels.gradient.items import PartLabel
from rnnviz.panels.gradient.layout import Geometry
from rnnviz.panels.texts import translate

WIDE = 52.0
"""With columns of this width, the two directions are named beside their curves."""

BAND_WORDS = 112.0
"""What the name of the upper band takes."""

STEPS_MOST = 64
"""With more steps, names are not moved away from the marks, as there are none."""


def draw_labels(
    painter: QPainter,
    hits: HitMap[Item],
    place: Geometry,
    seen: Shown,
    at: int | None,
    theme: Theme,
) -> None:
    """Each other layer is named once, beside its thin curve, and each direction beside its own."""
    used = [*_marks(place, seen), QRectF(place.left + 4, place.axis.top, BAND_WORDS, 16)]
    if at is not None:
        used.append(place.columns.box(at, place.axis.top, place.axis.foot))
    for curve, text in (*_directions(place, seen), *_layers(seen)):
        words = run(text, theme.type.small, theme.colours.tx2)
        box = _place(place, curve, words.width, used)
        if box is None:
            continue
        filled(painter, box.adjusted(-2, 0, 2, 0), theme.colours.bg1, 2)
        draw_text(painter, box.left(), box.bottom() - 2, words)
        used.append(box)
        if curve.kind == "thin":
            hits.add(box, PartLabel(curve.part))


def _directions(place: Geometry, seen: Shown) -> Iterator[tuple[Curve, str]]:
    two = [curve for curve in seen.curves if curve.kind in ("output", "turned")]
    if len(two) < 2 or place.columns.width < WIDE:
        return
    for curve in two:
        text = translate("GradientPanel", "through the forward arrow")
        if curve.part.endswith("/backward"):
            text = translate("GradientPanel", "through the backward arrow")
        yield curve, text


def _layers(seen: Shown) -> Iterator[tuple[Curve, str]]:
    thin = [curve for curve in seen.curves if curve.kind == "thin"]
    two = {_layer(curve) for curve in thin if curve.part.endswith("/backward")}
    named: set[str] = set()
    for curve in thin:
        if _layer(curve) not in named:
            named.add(_layer(curve))
            yield curve, _layer_words(_layer(curve), _layer(curve) in two)


def _layer(curve: Curve) -> str:
    return curve.part.rpartition("/")[0]


def _layer_words(layer: str, both: bool) -> str:
    """A layer in words, such as `layer 2`; with an arrow where it reads in both directions."""
    number = int(layer.rpartition("layer")[2]) + 1
    text = translate("GradientPanel", "layer {number} {arrow}")
    if layer.startswith("encoder"):
        text = translate("GradientPanel", "encoder {number} {arrow}")
    elif layer.startswith("decoder"):
        text = translate("GradientPanel", "decoder {number} {arrow}")
    return text.format(number=number, arrow="⇄" if both else "").rstrip()


def _marks(place: Geometry, seen: Shown) -> list[QRectF]:
    if seen.steps > STEPS_MOST:
        return []
    found = []
    for curve in seen.curves:
        if curve.kind != "thin":
            for step, value in enumerate(curve.values):
                x, y = place.columns.x(step), place.axis.place(value)
                found.append(QRectF(x - 4, y - 4, 8, 8))
    return found


def _place(place: Geometry, curve: Curve, wide: float, used: Sequence[QRectF]) -> QRectF | None:
    """The first box beside a step of the curve that covers nothing.

    Where there is none, another layer is named in the corner, and a direction, which the legend
    names too, not at all.
    """
    boxes = list(_boxes(place, curve, wide))
    free = (box for box in boxes if not any(box.intersects(other) for other in used))
    return next(free, boxes[-1] if curve.kind == "thin" else None)


def _boxes(place: Geometry, curve: Curve, wide: float) -> Iterator[QRectF]:
    there = [step for step, value in enumerate(curve.values) if value] or [0]
    every = max(1, len(there) // 16)
    for away in (18.0, 32.0):
        for step in there[::every]:
            x, y = place.columns.x(step), place.axis.place(curve.values[step])
            left = min(max(x - wide / 2, place.left + 4), place.columns.right - wide - 4)
            for top in (y - away, y + away - 12):
                if place.axis.top <= top and top + 12 <= place.axis.foot:
                    yield QRectF(left, top, wide, 12)
    y = place.axis.y_of_power(-5) - 14
    for left in (place.left + 4 + number * (wide + 10) for number in range(4)):
        if left + wide <= place.columns.right - 4:
            yield QRectF(left, y, wide, 12)
    yield QRectF(place.left + 4, y, wide, 12)
