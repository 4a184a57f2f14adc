"""What stands around the graph: legend, zoom, the units to choose from, labels, all steps."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.heat import draw_colour_bar, draw_heat, values_image
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.labels import Entry, draw_choice, draw_legend
from rnnviz.panels.canvas.maps import Map, magnitude_map
from rnnviz.panels.canvas.strokes import framed
from rnnviz.panels.canvas.text import Run, draw_in, draw_text, middle, power, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.graph.items import MoreUnits, Overview, UnitChip, ZoomButton
from rnnviz.panels.graph.scene import Marks, Scene
from rnnviz.panels.graph.sides import Lane
from rnnviz.panels.graph.wires import input_strip
from rnnviz.panels.texts import translate

ZOOM_WIDTH, ZOOM_HEIGHT = 131.0, 25.0
CHIP, CHIP_PITCH = 21.0, 24.0
MOST_CHIPS = 9
PIECE = 8.0


def names() -> dict[str, str]:
    """What the symbols of the built-in cells are called."""
    return {
        "x": translate("GraphPanel", "token"),
        "h": translate("GraphPanel", "hidden"),
        "c": translate("GraphPanel", "cell state"),
        "f": translate("GraphPanel", "forget"),
        "i": translate("GraphPanel", "input"),
        "g": translate("GraphPanel", "candidate"),
        "n": translate("GraphPanel", "candidate"),
        "o": translate("GraphPanel", "output"),
        "z": translate("GraphPanel", "update"),
        "r": translate("GraphPanel", "reset"),
        "∂": translate("GraphPanel", "gradient"),
    }


def draw_top(scene: Scene) -> None:
    """The legend and the buttons of the zoom."""
    lane, known = scene.plan.lane, names()
    symbols = ["x", lane.state, *lane.roads]
    symbols += [s for s, _ in lane.gates if s not in symbols]
    symbols += ["∂"] if scene.flow is not None else []
    y = scene.plan.bands["legend"].top + 22
    x, right = 16.0, scene.plan.size[0] - ZOOM_WIDTH - 30
    words = not isinstance(scene.numbers.document.sequence, tuple)
    for name in symbols:
        text = known.get(name, "")
        text = translate("GraphPanel", "input vector") if words and name == "x" else text
        entry = Entry(name, text)
        wide = 21 + run(text, scene.theme.type.hint, scene.theme.colours.tx2).width
        if x + wide > right:
            break
        x = draw_legend(scene.painter, x, y, (entry,), scene.theme) + 15
    draw_zoom(scene.painter, scene.marks, scene.theme, scene.plan.size[0], scene.plan.scale)


def draw_zoom(painter: QPainter, marks: Marks, theme: Theme, right: float, scale: float) -> None:
    """Smaller, the scale, larger, and all of it."""
    box = QRectF(right - ZOOM_WIDTH - 14.5, 9, ZOOM_WIDTH + 1, ZOOM_HEIGHT + 1)
    paint = theme.colours
    framed(painter, box, paint.line, theme.radii.field, 1, paint.bg1)
    places = {"smaller": 28.0, "whole": 46.0, "larger": 28.0, "fit": 30.0}
    x = box.left()
    for name, wide in places.items():
        part = QRectF(x, box.top(), wide, box.height())
        _draw_zoom_part(painter, theme, name, part, scale)
        marks.add(part, ZoomButton(name))  # type: ignore[arg-type]
        x += wide


def _draw_zoom_part(painter: QPainter, theme: Theme, name: str, box: QRectF, scale: float) -> None:
    paint = theme.colours
    if name == "whole":
        text = f"{round(scale * 100)}\N{THIN SPACE}%"
        draw_in(painter, box, run(text, theme.type.control, paint.tx1))
    elif name == "fit":
        side = QRectF(box.center().x() - 7, box.center().y() - 7, 14, 14)
        draw_icon(painter, "scan", side, paint.tx2)
    else:
        sign = "\N{MINUS SIGN}" if name == "smaller" else "+"
        draw_in(painter, box, Run(sign, sans(15, 500), paint.tx2))


def draw_units(scene: Scene, lane: Lane, left: float, right: float, y: float) -> None:
    """The buttons of the units; of many, those around the selected one."""
    theme, painter = scene.theme, scene.painter
    word = run(translate("GraphPanel", "unit"), theme.type.hint, theme.colours.tx3)
    fits = int((right - left - word.width - 8) / CHIP_PITCH)
    if fits < 1:
        return
    x = draw_text(painter, left, middle(word.font, y), word) + 8
    for number in unit_window(lane.units, scene.unit, fits):
        box = QRectF(x, y - 10, CHIP, 20)
        if number is None:
            dots = run("\N{HORIZONTAL ELLIPSIS}", theme.type.hint, theme.colours.tx3)
            draw_in(painter, box, dots)
            by = -1 if x < left + word.width + 12 else 1
            scene.marks.add(box, MoreUnits(by * max(fits - 2, 1)))
        else:
            draw_choice(painter, box, str(number + 1), theme, number == scene.unit)
            scene.marks.add(box, UnitChip(number))
        x += CHIP_PITCH


def unit_window(count: int, unit: int, fits: int) -> list[int | None]:
    """The units whose buttons are shown; None stands for those that are left out."""
    fits = min(fits, MOST_CHIPS)
    if count <= fits:
        return list(range(count))
    inner = max(fits - 2, 1)
    start = min(max(unit - inner // 2, 0), count - inner)
    shown: list[int | None] = list(range(start, start + inner))
    if start > 0:
        shown.insert(0, None)
    if start + inner < count:
        shown.append(None)
    return shown


def edge_map(theme: Theme) -> Map:
    """The colours of the edges on the way back."""
    return magnitude_map(theme, *map(float, theme.scales.edge))


def draw_foot_of_open(scene: Scene) -> None:
    """Beside the word of the open column: the units, and below them what the wires show."""
    column, bands = scene.plan.opened, scene.plan.bands
    left = max(column.cell_left + 160, input_strip(scene, column).box.right() + 44)
    y = bands["input"].top + 20
    draw_units(scene, scene.plan.lane, left, column.cell_right - 4, y)
    y = min(bands["word"].middle - 12, y + 25)
    if y - bands["input"].top - 20 < 20:
        return
    if scene.flow is None:
        words = translate("GraphPanel", "shown on the wires")
        text = run(words, scene.theme.type.hint, scene.theme.colours.tx3)
        draw_text(scene.painter, left, middle(text.font, y), text)
    elif y + 22 <= bands["foot"].bottom:
        _draw_gradient_legend(scene, left, y + 4, column.cell_right - 8)


def _draw_gradient_legend(scene: Scene, left: float, y: float, right: float) -> None:
    theme = scene.theme
    word = run(translate("GraphPanel", "gradient"), theme.type.hint, theme.colours.tx3)
    x = draw_text(scene.painter, left, middle(word.font, y), word) + 8
    wide = min(150.0, right - x - 8)
    if wide < 60:
        return
    draw_colour_bar(scene.painter, QRectF(x, y - 4.5, wide, 9), edge_map(theme))
    low, high = theme.scales.edge
    for place in range(low, high + 1, 2):
        text = run(power(place) if place != 1 else "10", theme.type.axis, theme.colours.tx3)
        share = (place - low) / (high - low)
        at = x + min(max(wide * share, text.width / 2), wide - text.width / 2)
        draw_text(scene.painter, at, y + 17, text, "middle")


def draw_overview(scene: Scene) -> None:
    """All steps in one strip, with a frame around those in view."""
    band, axis = scene.plan.bands.get("overview"), scene.plan.axis
    if band is None or not axis.visible:
        return
    lane = scene.plan.lane
    path = f"{lane.part}/{lane.state}"
    box = QRectF(axis.left, band.top, axis.room, band.height)
    image = _overview_image(scene, path)
    draw_heat(scene.painter, box, image)
    first, last = axis.visible[0], axis.visible[-1]
    share = axis.room / axis.count
    left = box.left() + axis.index(first.side, first.step) * share
    right = box.left() + (axis.index(last.side, last.step) + 1) * share
    frame = QRectF(left, box.top() - 2, max(right - left, 6.0), box.height() + 4)
    framed(scene.painter, frame, scene.theme.colours.tx1, 3, 1.5)
    _mark_overview(scene, box)


def _mark_overview(scene: Scene, box: QRectF) -> None:
    """Pieces that lead to their first step."""
    side = scene.plan.ask.place[0]
    steps = scene.plan.sides[side].steps
    share = box.width() / scene.plan.axis.count
    pieces = min(steps, int(share * steps / PIECE) or 1)
    start = box.left() + scene.plan.axis.index(side, 0) * share
    for number in range(pieces):
        step = number * steps // pieces
        after = (number + 1) * steps // pieces
        piece = QRectF(start + step * share, box.top(), (after - step) * share, box.height())
        scene.marks.add(piece, Overview((step + after - 1) // 2))


def _overview_image(scene: Scene, path: str) -> QImage:
    values = scene.numbers.values(path)
    return values_image(values.T, scene.numbers.map(path, scene.theme))
