"""Print how fast the canvas draws: `python -m tests.benchmarks.drawing [--seconds 1] [--ratio 2]`.

Each row is one drawing on an image of 1200 x 500 px, in memory, without a screen: the median and
the 95th percentile in milliseconds. What is drawn first is not counted, as texts and layers are
laid out then and kept.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from rnnviz.engine.parsing import parse_expression
from rnnviz.engine.text import moment, pieces
from rnnviz.panels.canvas import axis, cells, diagram, heat, labels, maps
from rnnviz.panels.canvas.layer import StaticLayer
from rnnviz.panels.canvas.text import draw_line, formula, number
from rnnviz.panels.canvas.theme import theme

Draw = Callable[[QPainter], object]
SIZE = (1200, 500)
WHOLE = QRectF(0, 0, *SIZE)
LOOK = theme("dark")
STEPS, UNITS = 1000, 256


def heat_maps() -> dict[str, Draw]:
    """A heat map whose numbers changed, whose place changed, and of which a part is shown."""
    states = maps.map_of(LOOK, "h")
    values = np.random.default_rng(1).uniform(-1, 1, (UNITS, STEPS))
    image = heat.values_image(values, states)
    few = values[:16, :16]
    ground = LOOK.colours.bg1
    return {
        "heat map 1000 x 256, new numbers": lambda p: heat.draw_heat(
            p, WHOLE, heat.values_image(values, states)
        ),
        "heat map 1000 x 256, same numbers": lambda p: heat.draw_heat(p, WHOLE, image),
        "heat map 16 x 16 with gaps, new": lambda p: heat.draw_heat(
            p, WHOLE, heat.values_image(few, states), ground
        ),
    }


def columns(painter: QPainter) -> None:
    """Sixteen folded columns of the graph, as far as they change from frame to frame."""
    states = maps.map_of(LOOK, "h")
    values = np.linspace(-1, 1, 16)
    for index in range(16):
        left = 8.0 + 74 * index
        cells.draw_strip(
            painter, cells.Strip(left, 20, 16, 4), values, states, LOOK, LOOK.hue("h").mark, 3
        )
        for place, letter in enumerate("figo"):
            bar = QRectF(left + 14 * place, 200, 12, 66)
            cells.draw_bar(painter, bar, 0.3 + 0.1 * place, LOOK.hue(letter).mark, LOOK)
        diagram.draw_road(painter, QRectF(left, 150, 70, 16), LOOK)
        diagram.draw_wire(painter, [(left, 300), (left + 70, 300)], LOOK, "h", head=True)
        outputs = [cells.Output(name, 0.3) for name in ("neg", "neu", "pos")]
        cells.draw_outputs(painter, QRectF(left, 60, 70, 50), outputs, LOOK, 24)
        labels.draw_chip(painter, QRectF(left, 400, 66, 32), "word", LOOK)


def pills(painter: QPainter) -> None:
    """The numbers of an open cell."""
    for index, letter in enumerate("figoccchx"):
        labels.draw_pill(painter, (60 + 80 * index, 100), number(index / 9), LOOK, letter)


def drawings() -> dict[str, Draw]:
    """Everything that is timed, by name."""
    expression = parse_expression("sigmoid(W_f @ x + U_f @ h_prev + b_f)")
    line = formula(pieces(expression, frozenset(("W_f", "U_f", "b_f")), moment(2)), LOOK, 16)
    ladder = axis.LogAxis(-8, 4, 20, 480)
    xs = np.linspace(20, 1180, STEPS).tolist()
    sizes = (10.0 ** np.random.default_rng(2).uniform(-6, 1, STEPS)).tolist()
    style = axis.hidden_gradient(LOOK)
    thin = axis.CurveStyle(style.line, width=1.0)
    layer = StaticLayer()
    return {
        **heat_maps(),
        "16 folded columns of 16 units": columns,
        "9 pills with numbers": pills,
        "a formula of 12 runs": lambda p: draw_line(p, 20, 100, line),
        "a curve of 1000 steps, 2.4 px": lambda p: axis.draw_curve(
            p, xs, sizes, ladder, style, LOOK
        ),
        "a curve of 1000 steps, 1 px": lambda p: axis.draw_curve(p, xs, sizes, ladder, thin, LOOK),
        "a curve of 16 steps with marks": lambda p: axis.draw_curve(
            p, xs[::63], sizes[::63], ladder, style, LOOK
        ),
        "the same columns as a kept layer": lambda p: layer.draw(p, QSizeF(*SIZE), 0, columns),
    }


def milliseconds(draw: Draw, seconds: float, ratio: float) -> tuple[float, float]:
    """Median and 95th percentile of one drawing."""
    image = QImage(int(SIZE[0] * ratio), int(SIZE[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(LOOK.colours.bg0.word)
    taken: list[float] = []
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(taken) < 5:
            start = time.perf_counter()
            draw(painter)
            taken.append(1e3 * (time.perf_counter() - start))
    return float(np.median(taken)), float(np.percentile(taken, 95))


def main() -> None:
    """Time and print each drawing."""
    parser = argparse.ArgumentParser("tests.benchmarks.drawing", description="How fast we draw.")
    parser.add_argument("--seconds", type=float, default=0.5, help="a row")
    parser.add_argument("--ratio", type=float, default=1.0, help="device pixels a px")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    print(f"{'drawing':<36}{'median ms':>12}{'p95 ms':>10}")
    for name, draw in drawings().items():
        median, late = milliseconds(draw, given.seconds, given.ratio)
        print(f"{name:<36}{median:>12.3f}{late:>10.3f}")
    application.shutdown()


if __name__ == "__main__":
    main()
