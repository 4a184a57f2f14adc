"""What leads from an encoder to its decoder: the context vector, and the weights of attention."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.panels.canvas.cells import Strip
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.strokes import FUTURE_DASH, filled, pen, polyline, wire
from rnnviz.panels.canvas.text import Run, draw_text, number
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.items import Attended
from rnnviz.panels.graph.levels import STRIP
from rnnviz.panels.graph.scene import Scene, paint_strip, strip_at
from rnnviz.panels.texts import translate

WIDEST = 6.0
"""Px of a line of attention with the weight 1."""
CONTEXT = 76.0


def draw_bridge(scene: Scene) -> None:
    """Draw what the decoder knows of the source."""
    network = scene.numbers.trace.network
    if not isinstance(network, EncoderDecoder):
        return
    _draw_titles(scene)
    left, right = scene.plan.axis.between
    if right < scene.plan.axis.left or left > scene.plan.axis.right:
        return
    _draw_context(scene, network.bridge == "copy")
    if scene.numbers.attention is not None:
        _draw_attention(scene)


def _ends(scene: Scene) -> tuple[Column | None, Column | None]:
    """The last column of the encoder and the first of the decoder, where they are in view."""
    last = scene.plan.sides[0].steps - 1
    columns = {(c.side, c.step): c for c in scene.plan.axis.visible}
    return columns.get((0, last)), columns.get((1, 0))


def context_strip(scene: Scene) -> Strip:
    """Where the context vector stands."""
    left, right = scene.plan.axis.between
    layer = len(scene.plan.sides[0].layers) - 1
    band = scene.plan.strip(layer) or scene.plan.bands["gap top"]
    count = scene.numbers.values("context").shape[1]
    return strip_at((left + right) / 2, band.top, count, CONTEXT, 12.0)


def _draw_context(scene: Scene, copies: bool) -> None:
    """The strip of the context, and the ways in and out of it."""
    strip, theme = context_strip(scene), scene.theme
    encoder = scene.numbers.sides[0]
    known = all(
        scene.timing.has_state(0, lane, 0 if lane.is_backward else encoder.steps - 1)
        for lane in encoder.layers[-1]
    )
    last, first = _ends(scene)
    hue = theme.hue("h").mark
    ink = scene.ink(hue, 1.0 if known and scene.flow is None else theme.dim.future)
    dash = () if known else FUTURE_DASH
    y = strip.box.center().y()
    if last is not None:
        start = scene.plan.strip_x(last, encoder.layers[-1][0].layer) + 24
        wire(scene.painter, [(start, y), (strip.box.left() - 1, y)], ink, 2.0, True, dash)
    share = 1.0 if known else theme.dim.future_cell
    paint_strip(scene, strip, "context", 0, hue, share)
    word = Run(translate("GraphPanel", "context"), sans(12, 500), theme.colours.tx2)
    draw_text(scene.painter, strip.box.center().x(), strip.box.top() - 6, word, "middle")
    if first is None:
        return
    x = strip.box.center().x()
    for lane in scene.plan.sides[1].lanes:
        to = scene.plan.cell(first, lane).left()
        states = lane.cell.states[:2]
        for state in states:
            level = scene.plan.line_y(lane) if state == lane.state else scene.plan.road_y(lane)
            points = [(x, strip.box.bottom() + 1), (x, level), (to - 1, level)]
            wire(scene.painter, points, ink, 2.0, True, dash)
    if copies:
        text = translate("GraphPanel", "last states")
        small = Run(text, sans(11, 400), theme.colours.tx3)
        draw_text(scene.painter, x + 5, strip.box.bottom() + 14, small)


def _draw_titles(scene: Scene) -> None:
    """The names of the two sides."""
    names = (translate("GraphPanel", "encoder"), translate("GraphPanel", "decoder"))
    band = scene.plan.bands["legend"]
    for number_, name in enumerate(names):
        columns = [c for c in scene.plan.axis.visible if c.side == number_]
        if not columns:
            continue
        title = Run(name, sans(13, 600), scene.theme.colours.tx2)
        draw_text(scene.painter, columns[0].left + 4, band.bottom - 1, title)


# ------------------------------------------------------------------------------------ attention


def _draw_attention(scene: Scene) -> None:
    """How much the step that is looked at looks back at each word of the source."""
    weights, (side, step) = scene.numbers.attention, scene.plan.ask.place
    if weights is None or not side or step >= len(weights):
        return
    column, paint = scene.plan.opened, scene.theme.colours
    strip = scene.plan.strip(len(scene.plan.sides[0].layers) - 1)
    if strip is None or "answer" not in scene.plan.bands:
        return
    bus = scene.plan.bands["answer"].top + 8
    columns = [c for c in scene.plan.axis.visible if c.side == 0]
    to = context_strip(scene).box
    for one in columns:
        _draw_weight(scene, one, float(weights[step, one.step]), bus, strip.top)
    if not columns:
        return
    start = columns[0].centre
    points = [(start, bus), (to.center().x(), bus), (to.center().x(), to.top() - 20)]
    polyline(scene.painter, points, pen(paint.tx3, 1.2))
    level = scene.plan.bands["gap input"].middle
    inlet = column.inlet if scene.plan.is_open else column.centre
    x = to.right() + 6
    points = [(to.right(), to.center().y()), (x, to.center().y()), (x, level), (inlet, level)]
    known = scene.timing.has_input(side, step)
    ink = paint.tx3 if known else paint.line2
    wire(scene.painter, points, ink, 1.6, True, () if known else FUTURE_DASH)


def _draw_weight(scene: Scene, column: Column, weight: float, bus: float, foot: float) -> None:
    """A line as wide as its weight, with the number beside it."""
    paint = scene.theme.colours
    wide = 1.0 + (WIDEST - 1.0) * min(max(weight, 0.0), 1.0)
    x, top = column.centre, bus
    filled(scene.painter, QRectF(x - wide / 2, top, wide, foot - top - 2), paint.tx2)
    text = Run(number(weight), sans(11, 600), paint.tx1 if weight >= 0.2 else paint.tx3)
    if column.width >= text.width + 4:
        draw_text(scene.painter, x, top - 5, text, "middle")
    step = scene.plan.ask.place[1]
    mark = QRectF(x - 12, top, max(24.0, text.width + 20), max(foot - top, STRIP))
    scene.marks.add(mark, Attended(step, column.step))
