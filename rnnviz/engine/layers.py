"""Recurrent layers: a cell in one or both directions, residual connections and dropout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from rnnviz.engine.array_names import FREE, VALUE, WHERE
from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.cell import INPUT, Cell
from rnnviz.engine.definitions import definitions
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError, instance, whole
from rnnviz.engine.holds import Held, Holds, held
from rnnviz.engine.kernel import compile_cell
from rnnviz.engine.order import Order
from rnnviz.engine.plan import plan
from rnnviz.engine.tape import Slabs, Tape
from rnnviz.engine.weights import Slab, Weights

Direction = Literal["forward", "backward", "both"]
DIRECTIONS: dict[str, tuple[str, ...]] = {
    "forward": ("forward",),
    "backward": ("backward",),
    "both": ("forward", "backward"),
}


@dataclass(frozen=True)
class Layer:
    """One recurrent layer.

    Attributes
    ----------
    cell : Cell
        The equations.
    hidden : int
        Units per direction, at least 1.
    direction : str
        "forward", "backward" or "both": with both, the two hidden states are concatenated.
    residual : bool
        Whether the input is added to the output (He et al. 2016); the sizes must agree.
    dropout : float
        The share of output units set to 0 in training, 0 <= dropout < 1 (Srivastava et al. 2014;
        the kept ones are divided by 1 - dropout).
    unshared : int or None
        With a number of steps, each step has weights of its own: what parameter sharing saves.
    """

    cell: Cell
    hidden: int
    direction: Direction = "forward"
    residual: bool = False
    dropout: float = 0.0
    unshared: int | None = None

    def __post_init__(self) -> None:
        """Check the sizes."""
        instance("cell", self.cell, Cell, "a Cell, such as find_cell('lstm')")
        whole("hidden", self.hidden)
        if not isinstance(self.direction, str) or self.direction not in DIRECTIONS:
            raise EngineError(f"direction: {self.direction!r} came, expected {list(DIRECTIONS)}")
        number = isinstance(self.dropout, int | float | np.number)
        if not number or not 0.0 <= self.dropout < 1.0:
            raise EngineError(f"dropout: {self.dropout!r} came, expected 0 <= dropout < 1")
        if self.unshared is not None:
            whole("unshared", self.unshared)

    @property
    def directions(self) -> tuple[str, ...]:
        """The reading directions, in the order of concatenation."""
        return DIRECTIONS[self.direction]

    @property
    def outputs(self) -> int:
        """Units of the output at each step."""
        return self.hidden * len(self.directions)

    def slabs(self, prefix: str, inputs: int) -> tuple[Slab, ...]:
        """The weights of the layer called `prefix` for `inputs` input units."""
        if self.residual and inputs != self.outputs:
            raise EngineError(
                f"residual: {prefix} has {inputs} inputs and {self.outputs} outputs, "
                "they must agree for one to be added to the other"
            )
        return tuple(
            self._slab(f"{prefix}/{direction}", name, columns, names, inputs)
            for direction in self.directions
            for name, columns, names in plan(self.cell).slabs()
        )

    def _slab(
        self, part: str, name: str, columns: str, names: tuple[str, ...], inputs: int
    ) -> Slab:
        shape: tuple[int, ...] = (len(names) * self.hidden,)
        if columns:
            shape = (*shape, inputs if columns == "input" else self.hidden)
        if self.unshared is not None:
            shape = (self.unshared, *shape)
        return Slab(part, name, shape, tuple(f"{part}/{n}" for n in names), self.hidden)


@dataclass(frozen=True, eq=False)
class Pass:
    """What all layers of one forward pass share.

    Attributes
    ----------
    weights : Weights
        Their precision is that of the computation.
    holds : mapping
        All holds by path.
    rng : Generator or None
        With a generator, dropout is on.
    """

    weights: Weights
    holds: Holds
    rng: np.random.Generator | None = None


@dataclass(frozen=True, eq=False)
class LayerRun:
    """What one layer computed.

    Attributes
    ----------
    layer : Layer
        The layer.
    prefix : str
        Its path, such as `layer0`.
    x, output : array `[time, batch, unit]`
        Its input (with holds applied) and its output.
    tapes : dict
        Direction -> the values, in process order.
    orders : dict
        Direction -> the process order.
    mask : array or None
        The dropout factors of the output.
    held : dict
        What is held, by path.
    """

    layer: Layer
    prefix: str
    x: Array
    output: Array
    tapes: dict[str, Tape]
    orders: dict[str, Order]
    mask: Array | None = None
    held: dict[str, Held] = field(default_factory=dict)


def run_layer(
    layer: Layer,
    prefix: str,
    x: Array,
    lengths: Integers | None,
    initial: Mapping[str, Array],
    shared: Pass,
) -> LayerRun:
    """Compute one layer on `x [time, batch, inputs]`.

    Parameters
    ----------
    lengths : array of int or None
        Row lengths; None where all rows have all steps.
    initial : mapping
        Path of a state -> `[batch, hidden]`; zero where none is given.
    shared : Pass
        Weights, holds, dropout.
    """
    if layer.unshared is not None:
        _check_unshared(layer, prefix, len(x), lengths)
    found: dict[str, Held] = {}
    if f"{prefix}/{INPUT}" in shared.holds:
        found[f"{prefix}/{INPUT}"] = held(shared.holds[f"{prefix}/{INPUT}"], x.shape, x.dtype)
        x = found[f"{prefix}/{INPUT}"].apply(x)
    tapes, orders, parts = {}, {}, []
    for direction in layer.directions:
        order = Order(len(x), direction == "backward", lengths)
        part = f"{prefix}/{direction}"
        tape = make_tape(layer, part, order, x.shape[1], shared, found)
        _read(tape, order, x, _initial(layer, part, initial, x.shape[1]))
        tapes[direction], orders[direction] = tape, order
        parts.append(order.outward(tape.arrays[layer.cell.states[0]][1:]))
    output = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)
    if layer.residual:
        output = output + x
    mask = dropout_mask(layer, output.shape, x.dtype, shared.rng)
    if mask is not None:
        output = output * mask
    return LayerRun(layer, prefix, x, output, tapes, orders, mask, found)


def _read(tape: Tape, order: Order, x: Array, initial: Mapping[str, Array]) -> None:
    """Run a tape over the whole input, from the given states."""
    tape.start({state: order.rows_inward(array) for state, array in initial.items()})
    inner = order.inward(x)
    tape.given = (x, order)
    tape.project(inner)
    tape.run(0, len(x))


def dropout_mask(
    layer: Layer,
    shape: tuple[int, ...],
    dtype: np.dtype[np.floating],
    rng: np.random.Generator | None,
) -> Array | None:
    """The factors of the output: 0 or 1 / (1 - dropout); None where nothing is dropped."""
    if rng is None or not layer.dropout:
        return None
    keep = rng.random(shape) >= layer.dropout
    return (keep / (1.0 - layer.dropout)).astype(dtype)


def make_tape(
    layer: Layer, part: str, order: Order, rows: int, shared: Pass, found: dict[str, Held]
) -> Tape:
    """An empty tape for one direction, with its weights and holds in process order.

    The holds are put into `found` too, as the public sees them.
    """
    dtype = shared.weights.vector.dtype
    holds = shared.holds
    mine = {p: h for p, h in holds.items() if p.rpartition("/")[0] == part} if holds else {}
    names = frozenset(path.rpartition("/")[2] for path in mine)
    slabs: Slabs = shared.weights.slabs(part)
    if layer.unshared is not None and order.reverse:
        slabs = {name: slab[::-1] for name, slab in slabs.items()}
    kernel = compile_cell(layer.cell, names)
    tape = Tape(kernel, slabs, (order.steps, rows, layer.hidden), order.counts, dtype)
    for path, of_path in mine.items():
        name = path.rpartition("/")[2]
        at = held(of_path, (order.steps, rows, layer.hidden), dtype)
        found[path] = at
        tape.arrays[VALUE + name] = order.inward(at.value)
        tape.arrays[WHERE + name] = order.inward(at.where)
        tape.arrays[FREE + name] = order.inward(at.free(dtype))
    return tape


def _initial(layer: Layer, part: str, initial: Mapping[str, Array], rows: int) -> dict[str, Array]:
    if not initial:
        return {}
    states = {s: initial[f"{part}/{s}"] for s in layer.cell.states if f"{part}/{s}" in initial}
    for state, array in states.items():
        if array.shape != (rows, layer.hidden):
            raise ShapeError(f"initial {part}/{state}", array.shape, f"({rows}, {layer.hidden})")
    return states


def _check_unshared(layer: Layer, prefix: str, steps: int, lengths: Integers | None) -> None:
    if steps != layer.unshared:
        raise EngineError(
            f"{prefix}: {steps} steps came, its unshared weights are for {layer.unshared}"
        )
    if lengths is not None:
        raise EngineError(f"{prefix}: unshared weights need rows of equal length")


def check_layers(argument: str, layers: Any) -> None:
    """Raise an EngineError for anything else than some layers."""
    if not isinstance(layers, tuple) or not layers:
        raise EngineError(f"{argument}: {layers!r} came, expected a tuple of at least one Layer")
    for layer in layers:
        instance(argument, layer, Layer, "a Layer")


def holdable(layers: Iterable[tuple[str, Layer]]) -> set[str]:
    """The paths of all quantities of some layers that can be held."""
    known: set[str] = set()
    for prefix, layer in layers:
        known.add(f"{prefix}/{INPUT}")
        for direction in layer.directions:
            known |= {f"{prefix}/{direction}/{name}" for name in definitions(layer.cell)}
    return known


def check_holds(held: Holds, known: set[str]) -> None:
    """Raise an UnknownError for a hold of something that is not there."""
    for path in held:
        if path not in known:
            raise UnknownError("hold", path, tuple(sorted(known)))
