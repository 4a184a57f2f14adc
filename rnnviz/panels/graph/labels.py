"""What the rows are called, at the left of a graph with several lanes."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.text import Run, draw_text, elided
from rnnviz.panels.graph.items import CellBox
from rnnviz.panels.graph.levels import Band
from rnnviz.panels.graph.plan import LABELS
from rnnviz.panels.graph.scene import Scene
from rnnviz.panels.graph.sides import Lane
from rnnviz.panels.texts import translate

APART = 10.0


def draw_labels(scene: Scene, kind: str) -> None:
    """Draw the names of all rows; `kind` is that of the answers."""
    plan = scene.plan
    if not plan.is_stacked:
        return
    answer = plan.bands.get("answer")
    if answer is not None and kind:
        _draw(scene, answer, *_answer(scene))
    side = max(plan.sides, key=lambda one: len(one.lanes))
    for lanes in side.layers:
        strip = plan.strip(lanes[0].layer)
        if strip is not None:
            joined = translate("GraphPanel", "joined h") if len(lanes) > 1 else lanes[0].state
            _draw(scene, strip, joined, "")
        for lane in lanes:
            _draw(scene, plan.band(lane), *lane_name(lane, len(side.layers), len(lanes) > 1), lane)
    _draw(scene, plan.bands["input"], translate("GraphPanel", "input"), "")


def _answer(scene: Scene) -> tuple[str, str]:
    head = scene.numbers.trace.network.head
    kind = getattr(head, "kind", "")
    if kind == "regression":
        return translate("GraphPanel", "answer"), ""
    if kind == "crf":
        return translate("GraphPanel", "best path"), translate("GraphPanel", "P(tag)")
    if scene.plan.sides[-1].name == "decoder":
        return translate("GraphPanel", "writes"), translate("GraphPanel", "P(word)")
    return translate("GraphPanel", "answer"), translate("GraphPanel", "P(class)")


def lane_name(lane: Lane, layers: int, both: bool) -> tuple[str, str]:
    """The name of a lane, and what is said below it."""
    if layers == 1 and both:
        if lane.is_backward:
            name = translate("GraphPanel", "← backward")
            return name, translate("GraphPanel", "reads from the end")
        name = translate("GraphPanel", "forward →")
        return name, translate("GraphPanel", "reads from the start")
    text = translate("GraphPanel", "layer {number}").format(number=lane.layer + 1)
    if not both:
        return text, ""
    arrow = "←" if lane.is_backward else "→"
    return f"{text} {arrow}", ""


def _draw(scene: Scene, band: Band, name: str, more: str, lane: Lane | None = None) -> None:
    """A name with a second line below it where there is room, in the middle of a row."""
    axis, theme = scene.plan.axis, scene.theme
    room = axis.left - APART - 4
    right = axis.left - APART
    roomy = axis.left >= LABELS and band.height >= 30 and more
    y = band.middle + (-2.0 if roomy else 4.5)
    looked = lane is not None and lane.part == scene.plan.lane.part and scene.plan.is_open
    ink = theme.colours.tx1 if looked or lane is None else theme.colours.tx2
    title = elided(Run(name, sans(13, 600), ink), room)
    draw_text(scene.painter, right, y, title, "end")
    if roomy:
        small = elided(Run(more, sans(12, 400), theme.colours.tx3), room)
        draw_text(scene.painter, right, y + 17, small, "end")
    if lane is not None:
        box = QRectF(right - room, band.middle - 18, room, 36)
        scene.marks.add(box, CellBox(lane.part, _step(scene, lane)))


def _step(scene: Scene, lane: Lane) -> int:
    side = next(s for s in scene.plan.sides if lane in s.lanes)
    return min(scene.plan.ask.place[1], side.steps - 1)
