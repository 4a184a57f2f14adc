"""The diagram of every cell says what its equations say, and nothing lies upon anything else."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell, define
from rnnviz.engine.cells import CELLS
from rnnviz.engine.expressions import MatMul, walk
from rnnviz.engine.story.nodes import nodes
from rnnviz.panels.cell.layout import diagram_of
from rnnviz.panels.cell.shape import HALF, HEIGHT, WIDTH, Point, Wire, sources

Box = tuple[float, float, float, float]

MINIMAL = define(
    "minimal",
    "Minimal gated unit",
    """
    f = sigmoid(W_f @ x + U_f @ h_prev + b_f)
    n = tanh(W_n @ x + U_n @ (f * h_prev) + b_n)
    h = (1 - f) * h_prev + f * n
    """,
)
SEEING = define(
    "seeing",
    "Gates that see the state",
    """
    f = sigmoid(W_f @ x + U_f @ h_prev + p_f * c_prev + b_f)
    g = tanh(W_g @ x + U_g @ h_prev + b_g)
    c = f * c_prev + (1 - f) * g
    o = sigmoid(W_o @ x + U_o @ h_prev + V_o @ c + b_o)
    h = o * tanh(c)
    """,
    ("h", "c"),
)
MANY = define(
    "many",
    "Four gates",
    """
    z = sigmoid(W_z @ x + U_z @ h_prev + b_z)
    r = sigmoid(W_r @ x + U_r @ h_prev + b_r)
    g = tanh(W_g @ x + U_g @ (r * h_prev) + b_g)
    k = relu(W_k @ x + U_k @ (z * g) + b_k)
    h = z * h_prev + (1 - z) * g + r * k
    """,
)
LEAKY = define("leaky", "Leaky", "h = 0.5 * h_prev + 0.5 * tanh(W @ x + b)")
OWN = (MINIMAL, SEEING, MANY, LEAKY)
every_cell = pytest.mark.parametrize("cell", [*CELLS, *OWN], ids=lambda cell: cell.name)


def around(at: Point, half: Point) -> Box:
    return at[0] - half[0], at[1] - half[1], at[0] + half[0], at[1] + half[1]


def meet(one: Box, other: Box, apart: float = 0.0) -> bool:
    return (
        one[0] < other[2] + apart
        and other[0] < one[2] + apart
        and one[1] < other[3] + apart
        and other[1] < one[3] + apart
    )


def node_boxes(cell: Cell) -> dict[str, Box]:
    return {node.name: around(node.at, HALF[node.kind]) for node in diagram_of(cell).nodes}


def touches(point: Point, box: Box, slack: float = 1.0) -> bool:
    x, y = point
    return box[0] - slack <= x <= box[2] + slack and box[1] - slack <= y <= box[3] + slack


def lies_on(point: Point, one: Wire, slack: float = 9.0) -> bool:
    """Whether a wire starts at another: the road is 16 px high, so at its edge too."""
    return any(
        touches(point, (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])), slack)
        for a, b in pairwise(one.points)
    )


@every_cell
def test_each_operation_that_is_no_weighted_sum_stands_once(cell: Cell) -> None:
    wanted = [
        node.name
        for node in nodes(cell)
        if node.kind != "matmul"
        and (
            node.name in cell.quantities
            or node.kind != "add"
            or not any(isinstance(part, MatMul) for part in walk(node.expression))
        )
    ]
    assert sorted(node.name for node in diagram_of(cell).nodes) == sorted(wanted)


@every_cell
def test_each_operand_has_a_wire_to_its_operation(cell: Cell) -> None:
    diagram, boxes = diagram_of(cell), node_boxes(cell)
    hidden = cell.states[0] + PREVIOUS
    for operation in nodes(cell):
        node = diagram.by_name.get(operation.name)
        if node is None:
            continue
        for source in sources(cell, operation):
            found = [w for w in diagram.wires if (w.name, w.target) == (source, node.name)]
            joined = node.kind == "gate" and source == INPUT and hidden in sources(cell, operation)
            assert found or joined, (operation.name, source)
            assert all(touches(w.points[-1], boxes[node.name]) for w in found)
    for state in cell.states:
        out = [w for w in diagram.wires if w.name == state and w.points[-1][0] == WIDTH]
        assert out, state


@every_cell
def test_each_wire_starts_where_its_value_comes_from(cell: Cell) -> None:
    diagram, boxes = diagram_of(cell), node_boxes(cell)
    for one in diagram.wires:
        start = one.points[0]
        from_outside = start[0] == 0 or start[1] == HEIGHT
        from_node = one.name in boxes and touches(start, boxes[one.name])
        others = [w for w in diagram.wires if w.name == one.name and w is not one]
        assert from_outside or from_node or any(lies_on(start, w) for w in others), one


@every_cell
def test_wires_run_square(cell: Cell) -> None:
    for one in diagram_of(cell).wires:
        for (x1, y1), (x2, y2) in pairwise(one.points):
            assert (x1 == x2) != (y1 == y2), one


@every_cell
def test_all_is_inside_and_nodes_and_numbers_are_clear_of_each_other(cell: Cell) -> None:
    boxes = list(node_boxes(cell).items())
    pills = [
        (f"number of {w.name}", around(w.pill, (19, 9)))
        for w in diagram_of(cell).wires
        if w.pill is not None
    ]
    for name, box in boxes + pills:
        assert min(box[:2]) >= 0, name
        assert box[2] <= WIDTH, name
        assert box[3] <= HEIGHT, name
    for (a, one), (b, other) in combinations(boxes + pills, 2):
        assert not meet(one, other), (a, b)


@every_cell
def test_wires_of_different_values_share_no_stretch(cell: Cell) -> None:
    for one, other in combinations(diagram_of(cell).wires, 2):
        if one.name == other.name:
            continue
        for a in pairwise(one.points):
            for b in pairwise(other.points):
                assert _shared(a, b) <= 1, (one, other)


def _shared(a: tuple[Point, Point], b: tuple[Point, Point]) -> float:
    """How many px two stretches have in common, where they lie on each other."""
    for along, across in ((0, 1), (1, 0)):
        level = a[0][across] == a[1][across] and b[0][across] == b[1][across]
        if level and abs(a[0][across] - b[0][across]) < 2.2:
            low = max(min(a[0][along], a[1][along]), min(b[0][along], b[1][along]))
            high = min(max(a[0][along], a[1][along]), max(b[0][along], b[1][along]))
            return high - low
    return 0


@every_cell
def test_no_wire_runs_through_a_node_that_it_does_not_end_at(cell: Cell) -> None:
    boxes = node_boxes(cell)
    for one in diagram_of(cell).wires:
        for (x1, y1), (x2, y2) in pairwise(one.points):
            flat = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            for name, box in boxes.items():
                if name not in (one.name, one.target):
                    assert not meet(flat, box, -0.5), (one, name)


@every_cell
def test_each_quantity_has_its_number(cell: Cell) -> None:
    diagram = diagram_of(cell)
    told = {one.name for one in diagram.wires if one.pill is not None}
    assert set(cell.quantities) <= told


def test_lstm_stands_where_the_design_has_it() -> None:
    places = {node.name: node.at for node in diagram_of(CELLS[2]).nodes}
    assert places["f"] == (81.6, 179.2)
    assert places["c"] == (212.16, 44.8)
    assert places["h"] == (326.4, 120.32)
