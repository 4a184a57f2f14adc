"""Every primitive draws, in its hue, and stays within its box, on sharp and on plain screens."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas import axis, cells, controls, diagram, heat, labels, maps, strokes
from rnnviz.panels.canvas.colour import BLACK, WHITE, Colour
from rnnviz.panels.canvas.layer import StaticLayer
from rnnviz.panels.canvas.theme import Theme, theme
from tests.panels.canvas.support import at, drawn, extent, holds, touched

BOX = QRectF(30, 20, 160, 60)
LADDER = axis.LogAxis(-8, 4, 20, 80)
RED = Colour(255, 0, 0)

Primitive = Callable[[QPainter, Theme], object]


def strip(count: int) -> cells.Strip:
    return cells.Strip(30, 20, count, 150 / max(count, 1))


def values(count: int) -> np.ndarray:
    return np.linspace(-1, 1, count)


def outputs(*known: float | None) -> list[cells.Output]:
    names = ("neg", "an uncommonly long class", "pos")
    rows = zip(names, known, strict=False)
    return [cells.Output(name, p, target=name == "pos") for name, p in rows]


INSIDE: dict[str, Primitive] = {
    "box": lambda p, _: strokes.filled(p, BOX, RED, 6),
    "frame": lambda p, t: strokes.framed(p, BOX, t.colours.tx1, 6, 2),
    "cursor": lambda p, t: strokes.cursor_frame(p, BOX, t),
    "selection": lambda p, t: strokes.selection_frame(p, BOX, t),
    "focus": lambda p, t: strokes.focus_ring(p, BOX.adjusted(4, 4, -4, -4), t),
    "hatch": lambda p, t: strokes.hatched(p, BOX, t.colours.err),
    "wire": lambda p, t: diagram.draw_wire(p, [(40, 70), (90, 70), (90, 30)], t, "h", head=True),
    "wire ahead": lambda p, t: diagram.draw_wire(p, [(40, 50), (150, 50)], t, "h", True, True),
    "head": lambda p, t: strokes.arrow_head(p, (190, 50), (30, 50), t.colours.tx1),
    "mark h": lambda p, t: strokes.mark(p, "round", (60, 50), t.hue("h").mark, t.colours.bg1),
    "mark c": lambda p, t: strokes.mark(p, "square", (60, 50), t.hue("c").mark, t.colours.bg1),
    "mark L": lambda p, t: strokes.mark(p, "triangle", (60, 50), t.hue("∂").mark, t.colours.bg1),
    "heat": lambda p, t: heat.draw_heat(
        p, BOX, heat.values_image(values(40).reshape(4, 10), maps.map_of(t, "h")), t.colours.bg1
    ),
    "colour bar": lambda p, t: heat.draw_colour_bar(p, BOX, maps.gate_map(t, "o")),
    "strip": lambda p, t: cells.draw_strip(
        p, strip(6), values(6), maps.map_of(t, "h"), t, t.hue("h").mark, 2
    ),
    "long strip": lambda p, t: cells.draw_strip(
        p, strip(150), values(150), maps.map_of(t, "h"), t, t.hue("h").mark
    ),
    "numbers": lambda p, t: cells.draw_numbers(
        p, BOX, values(3), maps.map_of(t, "h"), t, t.hue("h").mark, 2
    ),
    "no numbers": lambda p, t: cells.draw_numbers(
        p, BOX, values(0), maps.map_of(t, "h"), t, t.hue("h").mark
    ),
    "bar": lambda p, t: cells.draw_bar(p, BOX, 0.7, t.hue("f").mark, t),
    "bar of nothing": lambda p, t: cells.draw_bar(p, BOX, 0.0, t.hue("f").mark, t),
    "bar too high": lambda p, t: cells.draw_bar(p, BOX, 7.0, t.hue("f").mark, t),
    "signed bar": lambda p, t: cells.draw_signed_bar(p, BOX, -0.7, t.hue("g").mark, t),
    "term": lambda p, t: cells.draw_term(p, BOX, 100, -60, t.hue("x").mark, t),
    "outputs": lambda p, t: cells.draw_outputs(p, BOX, outputs(0.2, 0.8, 0.0), t),
    "outputs ahead": lambda p, t: cells.draw_outputs(p, BOX, outputs(None, None, None), t),
    "chip": lambda p, t: labels.draw_chip(p, BOX, "not", t, "current"),
    "long chip": lambda p, t: labels.draw_chip(p, BOX, "incomprehensibilities" * 3, t, "unknown"),
    "chip ahead": lambda p, t: labels.draw_chip(p, BOX, "不开心", t, "future"),
    "pill": lambda p, t: labels.draw_pill(p, (100, 50), "−0.96", t, "g"),
    "pinned pill": lambda p, t: labels.draw_pill(p, (100, 50), "0.11", t, "f", pinned=True),
    "badge": lambda p, t: labels.draw_badge(p, QRectF(40, 30, 18, 18), "f", t),
    "loss": lambda p, t: labels.draw_loss(p, QRectF(40, 30, 62, 22), "0.66", t),
    "no loss": lambda p, t: labels.draw_loss(p, QRectF(40, 30, 62, 22), None, t),
    "choice": lambda p, t: labels.draw_choice(p, QRectF(40, 30, 21, 20), "16", t, on=True),
    "legend": lambda p, t: labels.draw_legend(p, 32, 50, [labels.Entry("h", "hidden")], t),
    "cell": lambda p, t: diagram.draw_cell(p, BOX, t, "current", opened=True),
    "overflowed cell": lambda p, t: diagram.draw_cell(p, BOX, t, "failed"),
    "road": lambda p, t: diagram.draw_road(p, QRectF(30, 40, 160, 16), t),
    "operation": lambda p, t: diagram.draw_operation(p, (100, 50), "×", t, "c"),
    "gate": lambda p, t: diagram.draw_gate(p, QRectF(80, 35, 40, 30), "σ", t, "f", selected=True),
    "function": lambda p, t: diagram.draw_function(p, QRectF(80, 35, 38, 18), "tanh", t, "c"),
    "pulse": lambda p, t: diagram.draw_pulse(p, (100, 50), t),
    "bands": lambda p, t: axis.draw_bands(p, LADDER, 30, 190, t, "exploding", "vanishing"),
    "curve": lambda p, t: axis.draw_curve(
        p, [50, 80, 120], [1, 1e-3, 10], LADDER, axis.hidden_gradient(t), t
    ),
    "slider": lambda p, t: controls.draw_slider(p, BOX.adjusted(9, 0, -9, 0), 1.0, t, 0.0),
    "field": lambda p, t: controls.draw_value_field(p, QRectF(60, 30, 96, 27), "−0.306", t),
    "track": lambda p, t: controls.draw_track(p, QRectF(40, 40, 82, 7), 0.5, t.hue("h").mark, 6, t),
    "head of time": lambda p, t: controls.draw_head(p, 80, QRectF(40, 40, 82, 7), t),
}


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("name", INSIDE)
def test_primitives_draw_and_stay_inside(look: Theme, name: str, ratio: int) -> None:
    seen = drawn(lambda p: INSIDE[name](p, look), ratio=ratio)
    assert touched(seen).sum() > 20
    assert BOX.contains(extent(seen, ratio))


@pytest.mark.parametrize("name", INSIDE)
def test_primitives_leave_the_painter_usable(look: Theme, name: str) -> None:
    def twice(painter: QPainter) -> None:
        INSIDE[name](painter, look)
        before = painter.worldTransform(), painter.hasClipping()
        INSIDE[name](painter, look)
        assert (painter.worldTransform(), painter.hasClipping()) == before
        assert painter.testRenderHint(QPainter.RenderHint.Antialiasing)

    drawn(twice)


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("y", [10.0, 10.4, 10.9])
def test_hairlines_are_one_sharp_pixel(ratio: int, y: float) -> None:
    lines = [(5.0, y, 25.0, y), (y + 30, 5.0, y + 30, 25.0)]
    seen = drawn(lambda p: strokes.hairlines(p, lines, RED), ratio=ratio)
    assert set(map(tuple, seen[touched(seen)].tolist())) == {RED}
    assert extent(seen, ratio).top() == 5
    assert at(seen, 12, 10.2, ratio) == RED


def test_selected_cells_are_framed(look: Theme) -> None:
    row = strip(6)
    states = maps.map_of(look, "h")
    one = drawn(lambda p: cells.draw_strip(p, row, values(6), states, look, BLACK, 1), ratio=2)
    assert holds(one, look.colours.tx1)
    for unit, value in enumerate(values(6)):
        centre = row.cell_box(unit).center()
        assert at(one, centre.x(), centre.y(), 2) == states.colour(float(value))


def test_bars_are_as_high_as_their_value(look: Theme) -> None:
    hue = look.hue("f").mark
    for share in (0.0, 0.25, 1.0):
        seen = drawn(lambda p, s=share: cells.draw_bar(p, BOX, s, hue, look))  # type: ignore[misc]
        rows = (seen[:, 110] == np.array(hue, np.uint8)).all(axis=-1).sum()
        assert rows == pytest.approx(60 * share, abs=1)


def test_the_likeliest_output_stands_out_and_the_target_has_its_tick(look: Theme) -> None:
    seen = drawn(lambda p: cells.draw_outputs(p, BOX, outputs(0.2, 0.8, 0.0), look))
    assert holds(seen, look.colours.tx1)
    assert holds(seen, look.colours.ok)
    ahead = drawn(lambda p: cells.draw_outputs(p, BOX, outputs(None, None), look))
    assert not holds(ahead, look.colours.tx1)
    assert not holds(ahead, look.colours.ok)


def test_a_strip_of_nothing_is_a_frame(look: Theme) -> None:
    empty = cells.Strip(30, 20, 0)
    seen = drawn(
        lambda p: cells.draw_strip(p, empty, values(0), maps.map_of(look, "h"), look, BLACK)
    )
    assert BOX.contains(extent(seen))


def test_heat_maps_show_every_cell_and_their_gaps(look: Theme) -> None:
    states = maps.map_of(look, "h")
    numbers = np.array([[-1.0, 0.0, 1.0], [0.5, np.nan, -0.5]])
    image = heat.values_image(numbers, states)
    seen = drawn(lambda p: heat.draw_heat(p, BOX, image, WHITE))
    for row in range(2):
        for column in range(3):
            box = heat.cell_box(BOX, (2, 3), row, column)
            colour = at(seen, box.center().x(), box.center().y())
            assert colour == states.colour(float(numbers[row, column]))
    assert at(seen, 60, 49.2) == WHITE


def test_an_empty_heat_map_draws_nothing(look: Theme) -> None:
    image = heat.values_image(np.zeros((0, 4)), maps.map_of(look, "h"))
    assert not touched(drawn(lambda p: heat.draw_heat(p, BOX, image, WHITE))).any()


def test_wide_heat_maps_have_no_gaps(look: Theme) -> None:
    image = heat.values_image(np.zeros((1, 100)), maps.map_of(look, "h"))
    assert not holds(drawn(lambda p: heat.draw_heat(p, BOX, image, WHITE)), WHITE)


def test_the_map_changes_with_the_code_of_a_failure(look: Theme) -> None:
    image = heat.values_image(np.array([[np.nan]]), maps.gate_map(look, "f"))
    assert holds(drawn(lambda p: heat.draw_heat(p, BOX, image)), look.colours.err)


def test_layers_are_painted_once() -> None:
    layer, size, painted = StaticLayer(), QSizeF(40, 20), []

    def paint(painter: QPainter) -> None:
        painted.append(painter.device().devicePixelRatio())
        strokes.filled(painter, QRectF(2, 2, 10, 10), RED)

    for key in ("a", "a", "b"):
        seen = drawn(lambda p, k=key: layer.draw(p, size, k, paint))  # type: ignore[misc]
        assert at(seen, 5, 5) == RED
    assert painted == [1, 1]
    sharp = drawn(lambda p: layer.draw(p, size, "b", paint), ratio=2)
    assert painted == [1, 1, 2]
    assert extent(sharp, 2) == QRectF(2, 2, 10, 10)
    layer.forget()
    drawn(lambda p: layer.draw(p, size, "b", paint), ratio=2)
    assert painted == [1, 1, 2, 2]


def test_a_pulse_is_seen_on_its_wire() -> None:
    dark = theme("dark")
    seen = drawn(lambda p: diagram.draw_pulse(p, (100, 50), dark))
    assert at(seen, 100, 50) == dark.colours.tx1
