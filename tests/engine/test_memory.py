"""A trace costs no more than twice what it shows, and what is looked at stays as it is."""

import gc
import tracemalloc
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rnnviz.engine import rooms
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.jacobians import highway, path_jacobian
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.trace import Trace
from tests.engine.support import (
    Model,
    Values,
    batch_of,
    every_cell,
    random_weights,
    sentences,
    tagger,
)

LSTM, GRU = find_cell("lstm"), find_cell("gru")
SPARE = 100_000
"""Bytes that the objects around the numbers may take, whatever the size of a trace."""


@pytest.fixture(autouse=True)
def fresh_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """No memory that another test has left."""
    monkeypatch.setattr(rooms, "_rooms", OrderedDict())


def shown(trace: Trace) -> int:
    """The bytes of everything that can be looked at, what stands twice (`h_prev`) once."""
    previous = {f"{path}_prev" for path in trace.network.state_paths}
    return sum(trace[path].nbytes for path in trace.paths() if path not in previous)


def model(name: str) -> tuple[Model, tuple[int, ...]]:
    """Networks whose memory is of different kinds, and the lengths of their rows."""
    models: dict[str, tuple[Model, tuple[int, ...]]] = {
        "one layer": (tagger(LSTM, 32), (200,)),
        "a batch": (tagger(LSTM, 16), (40,) * 16),
        "a batch of unequal lengths": (tagger(GRU, 16, layers=2, direction="both"), (40, 30, 20)),
        "a long sequence of few units": (tagger(LSTM, 4), (1500,)),
        "many units in few steps": (tagger(LSTM, 200), (3,)),
        "wide inputs": (Network(Tokens(800), (Layer(LSTM, 6, "both"),), Softmax(3)), (60, 50)),
        "weights of their own": (tagger(LSTM, 8, unshared=100), (100,)),
        "an encoder-decoder": (
            EncoderDecoder(Tokens(5, 8), (Layer(GRU, 16),), Tokens(5, 8), (Layer(GRU, 16),)),
            (60, 40),
        ),
        "attention": (
            EncoderDecoder(Tokens(5, 8), (Layer(GRU, 12),), Tokens(5, 8), (Layer(GRU, 12),), 64),
            (60, 40),
        ),
    }
    return models[name]


NAMES = (
    "one layer",
    "a batch",
    "a batch of unequal lengths",
    "a long sequence of few units",
    "many units in few steps",
    "wide inputs",
    "weights of their own",
    "an encoder-decoder",
    "attention",
)


def forward(network: Model, lengths: tuple[int, ...], seed: int = 0) -> Trace:
    weights = random_weights(network, seed, 0.1)
    if isinstance(network, Network):
        return network.forward(weights, batch_of(network, lengths))
    answers = [[2] * length for length in lengths]
    return network.forward(weights, network.batch(sentences(lengths, 5), answers))


@pytest.mark.parametrize("name", NAMES)
def test_a_trace_costs_no_more_than_twice_what_it_shows(name: str) -> None:
    network, lengths = model(name)
    forward(network, lengths)  # what is compiled and kept once is not the trace's
    weights = random_weights(network, 0, 0.1)
    batch = forward(network, lengths).batch
    gc.collect()
    rooms._rooms.clear()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        trace = network.forward(weights, batch)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    size = shown(trace)
    assert after - before <= 2 * size + SPARE
    assert trace.nbytes <= 2 * size + SPARE
    assert trace.nbytes >= 0.7 * (after - before) - SPARE, "nothing is left out of the count"


@pytest.mark.parametrize("name", NAMES)
def test_so_do_a_trace_and_its_gradients_together(name: str) -> None:
    network, lengths = model(name)
    backward(forward(network, lengths))
    weights = random_weights(network, 0, 0.1)
    batch = forward(network, lengths).batch
    gc.collect()
    rooms._rooms.clear()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        gradients = backward(network.forward(weights, batch))
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    size = 2 * shown(gradients.trace) + gradients.weights.vector.nbytes
    assert after - before <= 2 * size + 2 * SPARE


def everything(trace: Trace, gradients: Gradients) -> Iterator[tuple[str, Values]]:
    """All arrays that can be had from a pass forward and back."""
    for path in trace.paths():
        yield path, trace[path]
    for path in gradients.paths():
        yield f"d {path}", gradients[path]
    for path in trace.network.state_paths:
        yield f"last {path}", trace.final(path)
        yield f"d initial {path}", gradients.initial(path)
        part, _, state = path.rpartition("/")
        yield f"highway {path}", highway(trace, part, state)
        yield f"jacobian {part}", path_jacobian(trace, part, *ends(trace, part)).matrix
    for path in trace.weights:
        yield f"d {path}", gradients.weights[path]
        if not path.startswith(("bridge", "attention")):
            yield f"share of {path}", gradients.share(path)
    yield "read", trace.read
    yield "losses", trace.losses()
    yield "decoded", trace.decoded


def ends(trace: Trace, part: str) -> tuple[int, int]:
    """The first and the last step that a direction reads, of the first row."""
    prefix, _, direction = part.rpartition("/")
    last = trace.runs[prefix].orders[direction].length(0) - 1
    return (0, last) if direction == "forward" else (last, 0)


SMALL: tuple[tuple[Model, tuple[int, ...]], ...] = (
    (Network(Vectors(2), (Layer(LSTM, 3), Layer(GRU, 3, residual=True)), Softmax(2)), (5,)),
    (Network(Tokens(3, 2), (Layer(GRU, 3, "both"), Layer(LSTM, 2)), Softmax(2)), (5, 3, 4)),
    (Network(Vectors(2), (Layer(LSTM, 3, "both", unshared=4),), Softmax(2)), (4, 4)),
    (
        EncoderDecoder(Tokens(5, 2), (Layer(GRU, 3),), Tokens(5, 2), (Layer(LSTM, 3),), 2),
        (4, 3),
    ),
)


@pytest.mark.parametrize("case", range(len(SMALL)))
def test_what_is_looked_at_outlives_its_trace(case: int) -> None:
    network, lengths = SMALL[case]
    trace = forward(network, lengths)
    gradients = backward(trace)
    found = list(everything(trace, gradients))
    copies = [array.copy() for _, array in found]
    del trace, gradients
    gc.collect()
    for seed in range(1, 6):
        other = forward(network, lengths, seed)
        list(everything(other, backward(other)))
        del other
    for (name, array), copy in zip(found, copies, strict=True):
        np.testing.assert_array_equal(array, copy, err_msg=name)


@pytest.mark.parametrize("case", range(len(SMALL)))
def test_all_memory_is_free_when_nobody_looks(case: int) -> None:
    network, lengths = SMALL[case]
    for seed in range(3):
        trace = forward(network, lengths, seed)
        found = list(everything(trace, backward(trace)))
        assert found
        del trace, found
        gc.collect()
        kept = [room for of_key in rooms._rooms.values() for room in of_key]
        assert kept
        assert all(room.free for room in kept)
        assert all(annex.free for room in kept for annex in room.annexes.values())


@every_cell
def test_memory_is_used_again(cell: Cell) -> None:
    network = tagger(cell, 4, direction="both")
    sizes = []
    for seed in range(6):
        trace = forward(network, (6, 6), seed)
        list(everything(trace, backward(trace)))
        del trace
        gc.collect()
        sizes.append(sum(room.nbytes for of_key in rooms._rooms.values() for room in of_key))
    assert sizes[1:] == sizes[:-1]


def test_memory_of_kinds_that_are_not_asked_for_is_given_back() -> None:
    for length in range(1, 4 * rooms.KINDS):
        backward(forward(tagger(GRU, 4), (length,), 0))
    assert len(rooms._rooms) <= rooms.KINDS + 1
    assert sum(room.nbytes for kind in rooms._rooms.values() for room in kind) <= rooms.LIMIT


def test_many_traces_at_once_have_memory_of_their_own() -> None:
    network = tagger(GRU, 4)
    traces = [forward(network, (5,), seed) for seed in range(8)]
    gradients = [backward(trace) for trace in traces]
    for seed, (trace, gradient) in enumerate(zip(traces, gradients, strict=True)):
        alone = forward(network, (5,), seed)
        np.testing.assert_array_equal(trace["layer0/output"], alone["layer0/output"])
        for path in ("layer0/x", "layer0/forward/z", "layer0/forward/h"):
            np.testing.assert_array_equal(gradient[path], backward(alone)[path])


def test_threads_may_go_back_through_one_trace_at_once() -> None:
    trace = forward(tagger(LSTM, 6), (12,))
    expected = [np.array(backward(trace, (step,))["layer0/forward/f"]) for step in range(4)]

    def repeat(step: int) -> bool:
        return all(
            np.array_equal(backward(trace, (step,))["layer0/forward/f"], expected[step])
            for _ in range(100)
        )

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(repeat, range(4)))


def test_a_long_decoder_counts_each_view_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work of keeping views grows with the number of steps, not with its square."""
    counted = []
    keep = rooms.Room.keep

    def watched(self: rooms.Room, key: object, views: rooms.Steps, *beside: rooms.Room) -> None:
        counted.append(len(list(rooms._flat(views))))
        keep(self, key, views, *beside)

    monkeypatch.setattr(rooms.Room, "keep", watched)
    layers = (Layer(LSTM, 64),)
    network = EncoderDecoder(Tokens(5, 2), layers, Tokens(5, 2), layers, 2)
    totals = []
    for steps in (40, 80):
        counted.clear()
        weights = random_weights(network, 0, 0.1)
        backward(network.forward(weights, network.batch([[1]], [[2] * steps])))
        totals.append(sum(counted))
    assert 0 < totals[1] < 2.2 * totals[0]
