"""Draws every primitive of the canvas: ``python -m tests.panels.gallery OUT.png --theme dark``.

The upper part stands where the picture of the Lab has the same parts, so that the two can be laid
side by side.
"""

import argparse
import os
import sys

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from rnnviz.engine.parsing import parse_expression
from rnnviz.engine.text import moment, pieces
from rnnviz.panels.canvas import (
    axis,
    cells,
    clip,
    controls,
    diagram,
    heat,
    icons,
    labels,
    maps,
    step_labels,
)
from rnnviz.panels.canvas.colour import qcolor
from rnnviz.panels.canvas.strokes import (
    cursor_frame,
    filled,
    focus_ring,
    framed,
    hairlines,
    hatched,
    selection_frame,
    wire,
)
from rnnviz.panels.canvas.text import (
    draw_line,
    draw_text,
    formula,
    number,
    run,
    symbol,
    wrapped,
)
from rnnviz.panels.canvas.theme import Theme, theme

SIZE = (1060, 900)
STATE = np.array([-0.91, 0.03, 0.62, 0.46, -0.94, -0.68])
INPUT = np.array([-0.78, 0.23, 0.11, -1.00])
ROAD_Y = 267.0


def cell_folded(p: QPainter, look: Theme, x: float, shown: bool) -> None:
    box = QRectF(x, 230, 100, 256)
    diagram.draw_cell(p, box, look, "past" if shown else "future")
    diagram.draw_cell_name(p, box, "LSTM", look, not shown)
    for index, (letter, value) in enumerate(zip("figo", (0.65, 0.69, 0.89, 0.87), strict=True)):
        bar = QRectF(x + 14 + 19 * index, 322.2, 14, 66.6)
        hue = look.hue(letter)
        if letter == "g":
            cells.draw_signed_bar(p, bar, value * shown, hue.mark, look)
        else:
            cells.draw_bar(p, bar, value * shown, hue.mark, look)
        ink = hue.text if shown else look.colours.tx3
        name = symbol(letter, "", look, 12, ink)
        draw_line(p, bar.center().x(), 402.7, name, "middle")
    diagram.draw_road(p, QRectF(x + 1, ROAD_Y, 98, 16), look, future=not shown)
    diagram.draw_wire(p, [(x, 456.6), (x + 100, 456.6)], look, "h", not shown)


def column(p: QPainter, look: Theme, x: float, word: str, shown: bool) -> None:
    middle = x + 50
    cell_folded(p, look, x, shown)
    ground = look.colours.bg0
    diagram.draw_wire(p, [(middle, 500), (middle, 486)], look, "x", not shown, True, ground)
    diagram.draw_wire(p, [(middle, 230), (middle, 210)], look, "h", not shown, True, ground)
    for letter, values, top, cell in (("x", INPUT, 499, 16), ("h", STATE, 189, 15)):
        strip = cells.Strip(0, top, len(values), cell)
        strip = cells.Strip(round(middle - strip.box.width() / 2), top, len(values), cell)
        states = maps.map_of(look, letter)
        edge = look.hue(letter).mark if shown else look.colours.line
        if not shown:
            states = states.dimmed(look.colours.bg1, look.dim.future_cell)
        chosen = 5 if letter == "h" and shown else None
        cells.draw_strip(p, strip, values, states, look, edge, chosen)
    outputs = [cells.Output(n, v if shown else None, n == "neu") for n, v in OUTPUTS]
    cells.draw_outputs(p, QRectF(middle - 62, 126.2, 124, 50), outputs, look)
    labels.draw_loss(p, QRectF(middle - 31, 94, 62, 22), "0.01" if shown else None, look)
    wide = labels.chip_width(word, look, 110)
    chip = QRectF(round(middle - wide / 2), 544, wide, 32)
    labels.draw_chip(p, chip, word, look, "past" if shown else "future")


OUTPUTS = (("neg", 0.01), ("neu", 0.99), ("pos", 0.00))


def cell_open(p: QPainter, look: Theme) -> None:
    box = QRectF(543, 230, 408, 256)
    diagram.draw_cell(p, box, look, "current", opened=True)
    diagram.draw_road(p, QRectF(544, ROAD_Y, 406, 16), look)
    y, low, mid = 274.8, 456.6, 350.3
    diagram.draw_wire(p, [(543, low), (814.3, low)], look, "h")
    for x in (624.6, 696.0, 755.2, 814.3):
        diagram.draw_wire(p, [(x, low), (x, 424.2)], look, "h")
        diagram.draw_branch(p, (x, low), look, "h")
    diagram.draw_wire(p, [(624.6, 394.2), (624.6, y)], look, "f")
    diagram.draw_wire(p, [(696, 394.2), (696, mid), (755.2, mid)], look, "i")
    diagram.draw_wire(p, [(755.2, 394.2), (755.2, mid)], look, "g")
    diagram.draw_wire(p, [(755.2, mid), (755.2, y)], look, "i")
    diagram.draw_wire(p, [(814.3, 394.2), (814.3, mid), (869.4, mid)], look, "o")
    diagram.draw_wire(p, [(869.4, 282.8), (869.4, mid)], look, "c")
    diagram.draw_wire(p, [(869.4, mid), (869.4, low), (951, low)], look, "h")
    diagram.draw_operation(p, (624.6, y), "×", look, "c")
    diagram.draw_operation(p, (755.2, y), "+", look, "c")
    diagram.draw_operation(p, (755.2, mid), "×", look, "i")
    diagram.draw_operation(p, (869.4, mid), "×", look, "h")
    diagram.draw_function(p, QRectF(850.4, 306.6, 38, 18), "tanh", look, "c")
    for x, letter in ((624.6, "f"), (696.0, "i"), (755.2, "g"), (814.3, "o")):
        gate = QRectF(x - 20.25, 394.2, 40.5, 30)
        label = "tanh" if letter == "g" else "σ"
        diagram.draw_gate(p, gate, label, look, letter, selected=letter == "f")
    for x, at, letter, value in PILLS:
        labels.draw_pill(p, (x, at), number(value), look, letter, pinned=letter == "o")
    diagram.draw_pulse(p, (869.4, 430), look)


PILLS = (
    (624.6, 340.0, "f", 0.11),
    (696.0, 372.0, "i", 0.99),
    (755.2, 378.0, "g", -0.96),
    (814.3, 372.0, "o", 0.98),
    (755.2, 313.0, "i", -0.95),
    (573.6, 275.0, "c", 0.79),
    (693.9, 275.0, "c", 0.09),
    (818.3, 275.0, "c", -0.86),
    (869.4, 409.0, "h", -0.68),
)


def caption(p: QPainter, look: Theme) -> None:
    role, ink = look.type.caption, look.colours.tx1
    sentence = [
        run("Unit 6 ", role, ink),
        run("keeps 11 %", role, look.hue("f").text),
        run(" of its past and ", role, ink),
        run("writes −0.95", role, look.hue("i").text),
        run(".", role, ink),
    ]
    for index, line in enumerate(wrapped(sentence, 280)):
        draw_line(p, 549, 135 + 24 * index, line)
    tail = run(" turns from 0.79 to −0.86: the mood flips.", look.type.body, look.colours.tx2)
    draw_line(p, 549, 185, (*symbol("c", "", look, 13.5), tail))


def equation(p: QPainter, look: Theme) -> None:
    expression = parse_expression("sigmoid(W_f @ x + U_f @ h_prev + b_f)")
    row = pieces(expression, frozenset(("W_f", "U_f", "b_f")), moment(2))
    head = (*symbol("f", "3", look, 16), run(" = ", look.type.equation, look.colours.tx1))
    draw_line(p, 549, 60, (*head, *formula(row, look, 16)))


def gates(p: QPainter, look: Theme) -> None:
    framed(p, QRectF(248, 656, 292, 212), look.colours.line, 8, 1, look.colours.bg1)
    draw_text(p, 262, 680, run("Gates", look.type.panel, look.colours.tx1))
    random = np.random.default_rng(3)
    for row, letter in enumerate("figo"):
        top = 694 + 39 * row
        labels.draw_badge(p, QRectF(262, top + 7.5, 18, 18), letter, look)
        low = -1.0 if letter == "g" else 0.0
        gate = maps.map_of(look, letter)
        image = heat.values_image(random.uniform(low, 1, (6, 4)), gate)
        heat.draw_heat(p, QRectF(288, top, 238, 33), image, look.colours.bg1)
    heat.draw_colour_bar(p, QRectF(424, 672, 56, 8), maps.gate_map(look, "f"))
    cursor_frame(p, QRectF(404, 690, 64, 157), look)
    xs = [317.8, 377.2, 436.8, 496.2]
    step_labels.draw_step_labels(p, xs, ["I", "am", "not", "happy"], 860, look, 2)
    tip = [*symbol("f", "3", look, 12.5), run(" unit 6 = ", look.type.control, look.colours.tx1)]
    tip.append(run("0.11", look.type.control, look.hue("f").text))
    labels.draw_tip(p, 287, 710, tip, look)


def gradient(p: QPainter, look: Theme) -> None:
    framed(p, QRectF(548, 656, 324, 212), look.colours.line, 8, 1, look.colours.bg1)
    draw_text(p, 562, 680, run("Gradient", look.type.panel, look.colours.tx1))
    ladder = axis.LogAxis(*look.scales.gradient_axis, 694, 844)
    left, right = 594.0, 826.0
    axis.draw_bands(p, ladder, left, right, look, "exploding  > 10²", "vanishing  < 10⁻⁶")
    axis.draw_log_axis(p, ladder, left, right, look)
    clip.draw_clip_line(p, ladder, left, right, 5, look)
    xs = [623.0, 681.0, 739.0, 797.0]
    cursor_frame(p, QRectF(712, 691, 54, 155), look)
    for style, values in (
        (axis.before_edit(look), (0.05, 0.06, 0.17, 1.2)),
        (axis.cell_gradient(look), (0.08, 0.08, 0.19, 0.4)),
        (axis.hidden_gradient(look), (0.12, 0.2, 0.28, float("inf"))),
    ):
        axis.draw_curve(p, xs, values, ladder, style, look)
    step_labels.draw_step_labels(p, xs, ["I", "am", "not", "happy"], 860, look, 2)


def more(p: QPainter, look: Theme) -> None:
    left = 980.0
    sizes = maps.magnitude_map(look, *look.scales.edge)
    heat.draw_colour_bar(p, QRectF(left, 150, 70, 8), sizes)
    states = maps.map_of(look, "h")
    box = QRectF(left, 170, 56, 118)
    cells.draw_numbers(p, box, STATE, states, look, look.hue("h").mark, selected=5)
    states_of_chips: tuple[labels.ChipState, ...] = ("current", "unknown", "empty")
    for index, state in enumerate(states_of_chips):
        chip = QRectF(left, 300 + 40.0 * index, 70, 32)
        word = "incomprehensible" if state == "unknown" else "not"
        labels.draw_chip(p, chip, word, look, state)
    labels.draw_choice(p, QRectF(left, 425, 21, 20), "5", look, on=False)
    labels.draw_choice(p, QRectF(left + 24, 425, 21, 20), "6", look, on=True)
    controls.draw_value_field(p, QRectF(left, 455, 80, 27), "−0.306", look)
    controls.draw_slider(p, QRectF(left, 495, 70, 16), 0.7, look, before=0.2)
    focus_ring(p, QRectF(left + 4, 525, 60, 24), look)
    framed(p, QRectF(left + 4, 525, 60, 24), look.colours.line, 6, 1, look.colours.bg2)
    hatched(p, QRectF(left, 560, 70, 20), look.colours.err)
    selection_frame(p, QRectF(left, 560, 70, 20), look)
    for row, (name, length) in enumerate((("x", -20.0), ("h", 30.0))):
        line = QRectF(left, 585 + 18.0 * row, 70, 18)
        cells.draw_term(p, line, left + 30, length, look.hue(name).mark, look)
    diagram.draw_cell(p, QRectF(890, 660, 80, 80), look, "failed")
    for index, name in enumerate(icons.icon_names()):
        place = QRectF(890 + 20.0 * (index % 8), 750 + 16.0 * (index // 8), 14, 14)
        icons.draw_icon(p, name, place, look.colours.tx1)


def transport(p: QPainter, look: Theme) -> None:
    filled(p, QRectF(240, 588, 720, 60), look.colours.bg1)
    hairlines(p, [(240, 588, 960, 588)], look.colours.line)
    for step in range(4):
        box = QRectF(460 + 84.0 * step, 622, 82, 7)
        done = (1.0, 1.0, 0.97, 0.0)[step]
        controls.draw_track(p, box, done, look.hue("h").mark, 6, look)
        name = symbol("x", str(step + 1), look, 11)
        draw_line(p, box.center().x(), 644, name, "middle")
    controls.draw_head(p, 710.5, QRectF(460, 622, 336, 7), look)
    draw_text(p, 627, 614, run("Forward", look.type.control_on, look.colours.tx1), "middle")


def paint(p: QPainter, look: Theme) -> None:
    """Everything, at its place."""
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.fillRect(QRectF(0, 0, *SIZE), qcolor(look.colours.bg0))
    entries = [
        labels.Entry(s, n) for s, n in (("x", "token"), ("h", "hidden"), ("c", "cell state"))
    ]
    gate = [labels.Entry(s, n) for s, n in (("f", "forget"), ("i", "input"), ("∂", "gradient"))]
    labels.draw_legend(p, 256, 20, [*entries, *gate], look)
    for x in (246.0, 365.0, 507.0, 951.0):
        diagram.draw_road(p, QRectF(x, ROAD_Y, 36, 16), look, future=x > 900)
    wire(p, [(365, 456.6), (406, 456.6)], look.hue("h").mark, 2.6, head=True)
    column(p, look, 265, "I", shown=True)
    column(p, look, 407, "happy", shown=False)
    for part in (cell_open, caption, equation, gates, gradient, more, transport):
        part(p, look)
    draw_text(p, 870, 60, run("0.11", look.type.result, look.hue("f").text))


def picture(look: Theme, ratio: float) -> QImage:
    """The gallery as an image of `ratio` device pixels a px."""
    image = QImage(round(SIZE[0] * ratio), round(SIZE[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    with QPainter(image) as painter:
        paint(painter, look)
    return image


def main() -> int:
    parser = argparse.ArgumentParser(description="Draws every primitive of the canvas once.")
    parser.add_argument("out")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--ratio", type=float, default=1.0)
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(sys.argv[:1])
    saved = picture(theme(given.theme), given.ratio).save(given.out)
    application.shutdown()
    return 0 if saved else 1


if __name__ == "__main__":
    sys.exit(main())
