"""The open cell: its outline, and the picture of what goes on inside."""

from __future__ import annotations

from rnnviz.panels.canvas.diagram import draw_cell, draw_road, draw_wire
from rnnviz.panels.graph.folded import cell_state, is_future_back, road_box
from rnnviz.panels.graph.items import CellBox
from rnnviz.panels.graph.scene import Scene


def draw_opened(scene: Scene) -> None:
    """Draw the cell that is looked at."""
    plan, column, lane = scene.plan, scene.plan.opened, scene.plan.lane
    box, painter, theme = plan.cell(column, lane), scene.painter, scene.theme
    state = cell_state(scene, lane, column)
    draw_cell(painter, box, theme, "current" if state != "failed" else "failed", opened=True)
    scene.marks.add(box, CellBox(lane.part, column.step))
    future = is_future_back(scene, lane, column)
    if lane.roads:
        draw_road(painter, road_box(scene, lane, box.left() + 1, box.right() - 1), theme, future)
    y = plan.line_y(lane)
    draw_wire(painter, [(box.left(), y), (box.right(), y)], theme, lane.state, future)
    points = [(column.inlet, box.bottom()), (column.inlet, y)]
    draw_wire(painter, points, theme, "x", future)
    draw_wire(painter, [(column.outlet, y), (column.outlet, box.top())], theme, lane.state, future)
