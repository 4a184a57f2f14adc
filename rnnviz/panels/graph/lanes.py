"""A lane of the graph: what runs from one cell of a layer and direction to the next."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.diagram import draw_road, draw_wire
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.folded import road_box
from rnnviz.panels.graph.items import Road
from rnnviz.panels.graph.plan import ROAD_FROM
from rnnviz.panels.graph.scene import Scene
from rnnviz.panels.graph.sides import Lane


def draw_lane(scene: Scene, side: int, lane: Lane) -> None:
    """Draw what runs between the cells of a lane that are in view."""
    columns = [column for column in scene.plan.axis.visible if column.side == side]
    if not columns:
        return
    for place, column in enumerate(columns):
        before = columns[place - 1] if place else None
        _draw_stretch(scene, side, lane, before, column)
    _draw_stretch(scene, side, lane, columns[-1], None)


def is_future(scene: Scene, side: int, lane: Lane, step: int) -> bool:
    """Whether the state of a cell is not computed yet; before the first step there is one."""
    steps = scene.numbers.sides[side].steps
    if not 0 <= step < steps:
        return scene.timing.moment.phase == "nothing"
    return not scene.timing.has_state(side, lane, step)


def _draw_stretch(
    scene: Scene, side: int, lane: Lane, before: Column | None, after: Column | None
) -> None:
    """What runs between two cells, or out of view."""
    plan, axis = scene.plan, scene.plan.axis
    left = plan.cell(before, lane).right() if before else _edge(scene, side, lane, left=True)
    right = plan.cell(after, lane).left() if after else _edge(scene, side, lane, left=False)
    if right - left < 4:
        return
    low = before.step if before else (after.step - 1 if after else -1)
    source = low + 1 if lane.is_backward else low
    future = is_future(scene, side, lane, source)
    painter, theme = scene.painter, scene.theme
    if lane.roads and plan.band(lane).height >= ROAD_FROM:
        draw_road(painter, road_box(scene, lane, left, right), theme, future or _is_back(scene))
    y = plan.line_y(lane)
    ends = [(left, y), (right - 1, y)]
    if lane.is_backward:
        ends = [(right, y), (left + 1, y)]
    is_out = after is None if not lane.is_backward else before is None
    head = right - left >= 14 and (not is_out or axis.scrolls or len(plan.sides) == 1)
    is_dim = future or _is_back(scene)
    draw_wire(painter, ends, theme, lane.state, is_dim, head=head and not _is_back(scene))
    state = lane.roads[0] if lane.roads else lane.state
    box = QRectF(left, y - 8, right - left, 16)
    scene.marks.add(box, Road(lane.part, lane.state, source))
    if lane.roads:
        scene.marks.add(road_box(scene, lane, left, right), Road(lane.part, state, source))


def _is_back(scene: Scene) -> bool:
    return scene.flow is not None


def _edge(scene: Scene, side: int, lane: Lane, left: bool) -> float:
    """Where the lane of a side ends: at the edge of the view, or beside the bridge."""
    axis = scene.plan.axis
    columns = [c for c in axis.visible if c.side == side]
    first, last = columns[0], columns[-1]
    two = len(scene.plan.sides) > 1
    if left:
        cell = scene.plan.cell(first, lane).left()
        stub = max(first.left, axis.left)
        return max(cell - 30, axis.left) if two and side and not first.step else min(stub, cell)
    cell = scene.plan.cell(last, lane).right()
    ends = last.step == scene.plan.sides[side].steps - 1
    if two and not side and ends:
        return min(cell + 8, axis.right)
    return max(min(last.left + last.width, axis.right), cell)
