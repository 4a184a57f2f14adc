"""What the tests of the engine share: small networks, random weights, finite differences."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.definitions import definitions
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.heads import CRF, Head, Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.network import Form, Network
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights

Values: TypeAlias = npt.NDArray[Any]
Model: TypeAlias = Network | EncoderDecoder
Place: TypeAlias = tuple[int, ...]

EPSILON = 1e-5
TOLERANCE = 1e-6
FLOOR = 1e-3
"""Gradients below it are compared as if they were so large: differences are good to 1e-10."""

every_cell = pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)


def random_weights(
    network: Model, seed: int = 0, scale: float = 0.6, dtype: npt.DTypeLike = np.float64
) -> Weights:
    rng = np.random.default_rng(seed)
    return Weights(network.layout, (scale * rng.standard_normal(network.layout.size)).astype(dtype))


def series(lengths: Iterable[int], size: int, seed: int = 1) -> list[Values]:
    """Rows of random numbers `[time, size]`."""
    rng = np.random.default_rng(seed)
    return [rng.standard_normal((length, size)) for length in lengths]


def sentences(lengths: Iterable[int], vocabulary: int, seed: int = 1) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [rng.integers(vocabulary, size=length).tolist() for length in lengths]


def targets(head: Head, lengths: Iterable[int], single: bool, seed: int = 2) -> list[Any]:
    rng = np.random.default_rng(seed)
    if isinstance(head, Regression):
        sizes = [(head.outputs,) if single else (length, head.outputs) for length in lengths]
        return [rng.standard_normal(size) for size in sizes]
    if single:
        return [int(rng.integers(head.outputs)) for _ in lengths]
    return [rng.integers(head.outputs, size=length).tolist() for length in lengths]


def batch_of(network: Network, lengths: tuple[int, ...], seed: int = 1) -> Batch:
    """Random rows of some lengths, with targets where there is a head."""
    reads = network.input
    rows: list[Any] = (
        sentences(lengths, reads.vocabulary, seed)
        if isinstance(reads, Tokens)
        else series(lengths, reads.size, seed)
    )
    head = network.head
    answers = None if head is None else targets(head, lengths, network.single, seed + 1)
    return network.batch(rows, answers)


def tagger(
    cell: Cell, hidden: int = 3, layers: int = 1, head: Head | None = None, **options: Any
) -> Network:
    """Vectors of 2 units, some equal layers, an answer at every step."""
    made = tuple(Layer(cell, hidden, **options) for _ in range(layers))
    return Network(Vectors(2), made, Softmax(3) if head is None else head)


def run(network: Network, lengths: tuple[int, ...] = (5, 3), seed: int = 0) -> Trace:
    return network.forward(random_weights(network, seed), batch_of(network, lengths))


# ------------------------------------------------------------------------------ differences


def central(loss: Callable[[float], float], epsilon: float = EPSILON) -> float:
    """The derivative of `loss(moved by)` at 0."""
    return (loss(epsilon) - loss(-epsilon)) / (2 * epsilon)


def assert_agree(analytic: Values, numeric: Values, name: str) -> None:
    """Both have the same numbers, to a relative 1e-6."""
    assert analytic.shape == numeric.shape, name
    size = np.maximum(np.maximum(abs(analytic), abs(numeric)), FLOOR)
    error = abs(analytic - numeric) / size
    worst = np.unravel_index(np.argmax(error), error.shape)
    place = tuple(int(i) for i in worst)
    assert error[worst] < TOLERANCE, (
        f"{name} at {place}: {analytic[worst]} by backpropagation, {numeric[worst]} by differences"
    )


def moved(weights: Weights, index: int, by: float) -> Weights:
    vector = weights.vector.copy()
    vector[index] += by
    return Weights(weights.layout, vector)


def weight_differences(trace: Trace, steps: LossSteps | None = None) -> Weights:
    """dL/d(every weight) by central differences."""
    network, holds = trace.network, held_in(trace)

    def loss(index: int, by: float) -> float:
        weights = moved(trace.weights, index, by)
        return network.forward(weights, trace.batch, holds).loss(steps)

    found = [central(lambda by, i=i: loss(i, by)) for i in range(trace.weights.layout.size)]  # type: ignore[misc]
    return Weights(trace.weights.layout, np.array(found))


def assert_weights_agree(
    trace: Trace, gradients: Gradients, steps: LossSteps | None = None
) -> None:
    numeric = weight_differences(trace, steps)
    for path in trace.weights:
        assert_agree(gradients.weights[path], numeric[path], path)


def held_in(trace: Trace) -> list[Hold]:
    return [hold for of_path in trace.holds.values() for hold in of_path]


def value_difference(
    trace: Trace, path: str, place: Place, steps: LossSteps | None = None
) -> float:
    """dL/d(a value): it is held a little above and a little below what it is."""
    step, row, unit = place
    value = float(trace[path][place])

    def loss(by: float) -> float:
        holds = [*held_in(trace), Hold(path, step, value + by, unit, row)]
        return trace.network.forward(trace.weights, trace.batch, holds).loss(steps)

    return central(loss)


def lengths_at(trace: Trace, path: str) -> Values:
    """How many steps each row has where `path` stands."""
    source = trace.batch.source
    if source is not None and path.startswith("encoder/"):
        return source.all_lengths
    return trace.batch.all_lengths


def places(trace: Trace, path: str) -> Iterator[Place]:
    """The places of a path that are data, not padding."""
    lengths = lengths_at(trace, path)
    for step, row, unit in product(*map(range, trace[path].shape)):
        if step < lengths[row]:
            yield step, row, unit


def assert_values_agree(
    trace: Trace, gradients: Gradients, paths: Iterable[str], steps: LossSteps | None = None
) -> None:
    """dL/d(each of some values) agrees with differences, and is 0 at the padding."""
    for path in paths:
        numeric = np.zeros(trace[path].shape)
        for place in places(trace, path):
            numeric[place] = value_difference(trace, path, place, steps)
        assert_agree(gradients[path], numeric, path)


def quantities(trace: Trace) -> list[str]:
    """Every quantity of every layer and direction, and the layers' inputs."""
    found: list[str] = []
    for prefix, layer in trace.runs.items():
        found.append(f"{prefix}/x")
        for direction in layer.tapes:
            names = definitions(layer.layer.cell)
            found += [f"{prefix}/{direction}/{name}" for name in names]
    return found


def initial_difference(
    trace: Trace, path: str, place: Place, steps: LossSteps | None = None
) -> float:
    """dL/d(a state before the first step)."""
    network, batch = trace.network, trace.batch
    assert isinstance(network, Network)
    hidden = network.layers[int(path[len("layer")])].hidden
    start = np.zeros((batch.rows, hidden))
    start = np.array(batch.initial.get(path, start))

    def loss(by: float) -> float:
        value = start.copy()
        value[place] += by
        given = Batch(batch.inputs, batch.lengths, batch.targets, {**batch.initial, path: value})
        return network.forward(trace.weights, given, held_in(trace)).loss(steps)

    return central(loss)


def assert_initial_states_agree(trace: Trace, gradients: Gradients) -> None:
    for path in trace.network.state_paths:
        analytic = gradients.initial(path)
        numeric = np.zeros(analytic.shape)
        for place in product(*map(range, analytic.shape)):
            numeric[place] = initial_difference(trace, path, place)
        assert_agree(analytic, numeric, f"initial {path}")


__all__ = [
    "CRF",
    "Form",
    "Model",
    "Values",
    "assert_agree",
    "assert_initial_states_agree",
    "assert_values_agree",
    "assert_weights_agree",
    "batch_of",
    "central",
    "every_cell",
    "moved",
    "places",
    "quantities",
    "random_weights",
    "run",
    "sentences",
    "series",
    "tagger",
    "targets",
    "value_difference",
    "weight_differences",
]
