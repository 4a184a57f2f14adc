"""Memory that is used again never changes what somebody still looks at."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.rooms import LIMIT, Room, take
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights


def forward(cell: Cell, seed: int, steps: int = 9, hidden: int = 6) -> Trace:
    rng = np.random.default_rng(seed)
    network = Network(Vectors(3), (Layer(cell, hidden),), Softmax(2))
    weights = Weights(network.layout, rng.standard_normal(network.layout.size))
    batch = network.batch(rng.standard_normal((steps, 3)), rng.integers(0, 2, steps))
    return network.forward(weights, batch)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_a_view_outlives_its_trace(cell: Cell) -> None:
    trace = forward(cell, 0)
    gradients = backward(trace)
    paths = [p for p in trace.paths() if p != "head/predictions"]
    seen = {path: (trace[path], gradients[path]) for path in paths}
    copies = {path: (a.copy(), b.copy()) for path, (a, b) in seen.items()}
    del trace, gradients
    for seed in range(1, 6):
        backward(forward(cell, seed))
    for path in paths:
        for view, copy in zip(seen[path], copies[path], strict=True):
            np.testing.assert_array_equal(view, copy, err_msg=path)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_a_used_room_gives_the_numbers_of_a_new_one(cell: Cell) -> None:
    first = backward(forward(cell, 3))
    expected = first.weights.vector.copy(), first["layer0/x"].copy()
    del first
    backward(forward(cell, 4))
    again = backward(forward(cell, 3))
    np.testing.assert_array_equal(again.weights.vector, expected[0])
    np.testing.assert_array_equal(again["layer0/x"], expected[1])


def test_several_gradients_of_one_trace_live_side_by_side() -> None:
    trace = forward(find_cell("lstm"), 0)
    found = [backward(trace, steps=(step,)) for step in range(4)]
    alone = [backward(forward(find_cell("lstm"), 0), steps=(step,)) for step in range(4)]
    for one, other in zip(found, alone, strict=True):
        np.testing.assert_array_equal(one["layer0/forward/c"], other["layer0/forward/c"])
        np.testing.assert_array_equal(one["layer0/forward/f"], other["layer0/forward/f"])


def test_two_threads_do_not_share_a_room() -> None:
    expected = {seed: forward(find_cell("gru"), seed)["layer0/forward/h"].copy() for seed in (1, 2)}

    def repeat(seed: int) -> bool:
        return all(
            np.array_equal(forward(find_cell("gru"), seed)["layer0/forward/h"], expected[seed])
            for _ in range(200)
        )

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(repeat, (1, 2)))


def test_a_room_is_free_when_its_owner_and_all_views_are_gone() -> None:
    class Owner:
        pass

    owner, dtype = Owner(), np.dtype(np.float64)
    room = take("a key", owner, [("a", (4, 5)), ("b", (2, 3))], dtype)
    assert room.arrays["a"].ctypes.data % 64 == 0
    views = [room.arrays["a"][1:2].T]
    states = [room.free]
    del owner
    states.append(room.free)
    views.clear()
    assert [*states, room.free] == [False, False, True]
    other = Owner()
    assert take("a key", other, [("a", (4, 5)), ("b", (2, 3))], dtype) is room


def test_rooms_beyond_the_limit_are_not_kept() -> None:
    class Owner:
        pass

    owner, dtype = Owner(), np.dtype(np.float64)
    shapes = [("a", (LIMIT // 8 + 1,))]
    first = take("large", owner, shapes, dtype)
    assert isinstance(first, Room)
    del owner
    assert take("large", Owner(), shapes, dtype) is not first
