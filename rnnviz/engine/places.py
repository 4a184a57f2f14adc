"""Every number of a trace that can be moved on its own, and the trace after the move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from rnnviz.engine import heads
from rnnviz.engine.arrays import Array, Integers, Mask
from rnnviz.engine.attention import CONTEXT, SCORES, WEIGHTS
from rnnviz.engine.batch import Batch
from rnnviz.engine.cell import INPUT, PREVIOUS
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.holds import Hold
from rnnviz.engine.layers import Pass, holdable
from rnnviz.engine.losses import inside
from rnnviz.engine.network import Network, final_output
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights

Index: TypeAlias = tuple[int, ...]
Kind: TypeAlias = Literal["weight", "value", "initial"]


@dataclass(frozen=True, eq=False)
class Group:
    """The numbers of one path.

    Attributes
    ----------
    kind : str
        "weight", "value" of the trace, or "initial" for a state before the first step.
    path : str
        What they are.
    value, gradient : array
        The numbers and the loss's derivative by each.
    inside : mask
        Where they count: not in the padding of a short row.
    moved : callable
        `(index, delta)` -> the trace with the number at `index` moved by `delta`.
    """

    kind: Kind
    path: str
    value: Array
    gradient: Array
    inside: Mask
    moved: Callable[[Index, float], Trace]


def in_double(trace: Trace) -> Trace:
    """The trace in float64.

    Raises
    ------
    EngineError
        The trace has dropout: computed again, it would drop other units.
    """
    if any(run.mask is not None for run in trace.runs.values()):
        raise EngineError("trace: it came with dropout, expected one computed without (rng=None)")
    if trace.weights.vector.dtype == np.float64:
        return trace
    return _again(trace, trace.weights.astype(np.float64))


def groups(trace: Trace, gradients: Gradients) -> Iterator[Group]:
    """Everything that can be moved: weights, initial states, values from input to output."""
    yield from _weights(trace, gradients)
    yield from _initial_states(trace, gradients)
    yield from _quantities(trace, gradients)
    yield from _outputs(trace, gradients)


def not_movable(gradients: Gradients, found: Iterable[str]) -> tuple[str, ...]:
    """The paths with a gradient that are not among `found`, previous states left out."""
    previous = {path + PREVIOUS for path in gradients.trace.network.state_paths}
    known = {*found, *previous}
    return tuple(path for path in gradients.paths() if path not in known)


def _again(
    trace: Trace,
    weights: Weights | None = None,
    batch: Batch | None = None,
    hold: Hold | None = None,
) -> Trace:
    """The trace computed again with something changed; a further hold wins over those there are."""
    holds = [one for of_path in trace.holds.values() for one in of_path]
    if hold is not None:
        holds.append(hold)
    return trace.network.forward(weights or trace.weights, batch or trace.batch, holds)


def _rewritten(trace: Trace, read: Array | None, logits: Array | None) -> Trace:
    """The trace with other numbers in its head, the layers left as they are."""
    read = trace.read if read is None else read
    logits = heads.outputs(trace.weights, read) if logits is None else logits
    return Trace(
        trace.network,
        Pass(trace.weights, trace.holds),
        trace.batch,
        trace.runs,
        read,
        logits,
        trace.extras,
    )


def _nudged(array: Array, index: Index, delta: float) -> Array:
    copy = array.copy()
    copy[index] += delta
    return copy


# ------------------------------------------------------------------------------- the four kinds


def _weights(trace: Trace, gradients: Gradients) -> Iterator[Group]:
    layout = trace.weights.layout
    marks = np.arange(layout.size)

    def moved(where: Array, index: Index, delta: float) -> Trace:
        vector = _nudged(trace.weights.vector, (int(where[index]),), delta)
        return _again(trace, weights=Weights(layout, vector))

    for path in layout.paths:
        value, where = trace.weights[path], layout.view(marks, path)
        everywhere = np.ones(value.shape, np.bool_)
        yield Group(
            "weight", path, value, gradients.weights[path], everywhere, partial(moved, where)
        )


def _initial_states(trace: Trace, gradients: Gradients) -> Iterator[Group]:
    if not isinstance(trace.network, Network):
        return

    def moved(path: str, value: Array, index: Index, delta: float) -> Trace:
        states = {**trace.batch.initial, path: _nudged(value, index, delta)}
        return _again(trace, batch=replace(trace.batch, initial=states))

    for path in trace.network.state_paths:
        gradient = gradients.initial(path)
        given = trace.batch.initial.get(path, np.zeros(gradient.shape))
        value = np.asarray(given, np.float64)
        everywhere = np.ones(value.shape, np.bool_)
        yield Group("initial", path, value, gradient, everywhere, partial(moved, path, value))


def _quantities(trace: Trace, gradients: Gradients) -> Iterator[Group]:
    """What can be held: held at its value and a little more, it influences what lies behind it."""
    known = holdable((prefix, run.layer) for prefix, run in trace.runs.items())
    known |= {SCORES, WEIGHTS, CONTEXT}

    def moved(path: str, value: Array, index: Index, delta: float) -> Trace:
        step, row, unit = index
        return _again(trace, hold=Hold(path, step, float(value[index]) + delta, unit, row))

    for path in trace.paths():
        if path in known:
            value = trace[path]
            mask = _data(_lengths(trace, path), value)
            if path in (SCORES, WEIGHTS):
                assert trace.batch.source is not None
                seen = inside(trace.batch.source.all_lengths, value.shape[2])
                mask = mask & seen.T[None]
            yield Group("value", path, value, gradients[path], mask, partial(moved, path, value))


def _outputs(trace: Trace, gradients: Gradients) -> Iterator[Group]:
    """The outputs of the layers and of the head, which no hold reaches."""
    for prefix, run in trace.runs.items():
        stem = prefix.rstrip("0123456789")
        above = f"{stem}{int(prefix.removeprefix(stem)) + 1}"
        path = f"{prefix}/output"
        mask = _data(_lengths(trace, path), run.output)
        if above in trace.runs:
            held = trace.runs[above].held.get(f"{above}/{INPUT}")
            mask = mask if held is None else mask & ~held.where
            moved = partial(_moved_output, trace, f"{above}/{INPUT}", run.output)
            yield Group("value", path, run.output, gradients[path], mask, moved)
        elif _only_read(trace, prefix):
            top = partial(_moved_top, trace, run.output)
            yield Group("value", path, run.output, gradients[path], mask, top)
    logits = trace.logits
    assert logits is not None
    mask = _data(np.minimum(trace.batch.all_lengths, len(logits)), logits)

    def moved_logits(index: Index, delta: float) -> Trace:
        return _rewritten(trace, None, _nudged(logits, index, delta))

    path = "head/outputs"
    yield Group("value", path, logits, gradients[path], mask, moved_logits)


def _moved_output(trace: Trace, above: str, value: Array, index: Index, delta: float) -> Trace:
    step, row, unit = index
    return _again(trace, hold=Hold(above, step, float(value[index]) + delta, unit, row))


def _only_read(trace: Trace, prefix: str) -> bool:
    """Whether nothing but the head reads the output of a highest layer."""
    decodes = prefix.startswith("decoder/") and CONTEXT not in trace.extras
    return decodes or isinstance(trace.network, Network)


def _moved_top(trace: Trace, value: Array, index: Index, delta: float) -> Trace:
    output = _nudged(value, index, delta)
    if trace.network.single:
        output = final_output(trace.network.layers[-1], output, trace.batch)
    return _rewritten(trace, output, None)


def _lengths(trace: Trace, path: str) -> Integers:
    """How long each row is where `path` stands."""
    source = trace.batch.source
    if source is not None and path.startswith("encoder/"):
        return source.all_lengths
    return trace.batch.all_lengths


def _data(lengths: Integers, value: Array) -> Mask:
    """Where `value [time, batch, unit]` is data and not padding."""
    return np.broadcast_to(inside(lengths, len(value))[..., None], value.shape)
