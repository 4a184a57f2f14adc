"""What came of a network from a file, as text, as JSON and as arrays."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.app.commands.described import show_network
from rnnviz.app.commands.trace_files import Run
from rnnviz.app.commands.trace_tables import FIRST_UNITS, column, norm, scientific, token
from rnnviz.app.screen import Screen
from rnnviz.app.tables import visible
from rnnviz.app.texts import tr
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError
from rnnviz.engine.text import number

STEPS = 40
"""Up to so many steps are printed one by one."""
NUMBERS = 5_000_000
"""So many numbers are printed as JSON at most."""
_DIGITS = 4


def arrays_of(run: Run) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """Everything by name, one array at a time; see `trace_arrays.arrays`."""
    trace, gradients = run.trace, run.gradients
    if run.tokens:
        yield "tokens", np.array(run.tokens)
    if run.answers:
        yield "classes", np.array(run.answers)
    yield "differentiated", np.array(run.said)
    yield "value", np.array(run.value)
    for path in trace.paths():
        yield f"values/{path}", trace[path]
    for path in gradients.paths():
        yield f"gradients/{path}", gradients[path]
    for path, weight in trace.weights.items():
        yield f"weights/{path}", weight
    for path, weight in gradients.weights.items():
        yield f"weight_gradients/{path}", weight
    for path in trace.network.state_paths:
        yield f"initial_gradients/{path}", gradients.initial(path)


def as_json(run: Run) -> str:
    """Everything as one JSON object with the names of the arrays; inf and nan are texts.

    Raises
    ------
    EngineError
        There are more than `NUMBERS` numbers.
    """
    count = 2 * sum(run.trace[path].size for path in run.trace.paths())
    count += 2 * run.trace.weights.vector.size
    if count > NUMBERS:
        raise EngineError(
            tr("json: {count:,} numbers are too many, at most {most:,}; --npz takes all").format(
                count=count, most=NUMBERS
            )
        )
    found = {name: _plain(array.tolist()) for name, array in arrays_of(run)}
    return json.dumps({"title": run.title, **found}, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def show(run: Run, ranges: tuple[range, ...] | None, screen: Screen) -> None:
    """Print a run: step by step where it is short, else the size of each quantity.

    Parameters
    ----------
    ranges : tuple of range or None
        The units that are shown; None shows the first eight.
    """
    screen.line(visible(run.title))
    show_network(run.trace.network, screen)
    screen.line()
    screen.line(
        tr("Differentiated is {said}: {value}.").format(
            said=run.said, value=number(run.value, _DIGITS)
        )
    )
    screen.line()
    screen.table(list(_sizes(run)), "<<>")
    if run.trace.batch.rows == 1:
        for prefix, found in run.trace.runs.items():
            steps = next(iter(found.tapes.values())).steps
            for direction in found.tapes if steps <= STEPS else ():
                screen.line()
                screen.table(list(_steps(run, f"{prefix}/{direction}", ranges)), "><<>")
        _answers(run, screen)
    overflow = run.trace.overflow
    if overflow is not None:
        screen.line()
        screen.line(
            tr("inf or nan first appears in {path} at step {step}, unit {unit}.").format(
                path=overflow.path, step=overflow.step, unit=overflow.unit
            )
        )


def _sizes(run: Run) -> Iterator[list[str]]:
    """The shape, the norm and the gradient's norm of each quantity and weight."""
    yield [tr("quantity"), tr("shape"), tr("norm"), tr("|gradient|")]
    gradients = frozenset(run.gradients.paths())
    for path in run.trace.paths():
        slope = scientific(norm(run.gradients[path])) if path in gradients else ""
        yield [path, _shape(run.trace[path]), number(norm(run.trace[path]), _DIGITS), slope]
    for path, weight in run.trace.weights.items():
        slope = scientific(norm(run.gradients.weights[path]))
        yield [path, _shape(weight), number(norm(weight), _DIGITS), slope]


def _shape(array: Array) -> str:
    return " x ".join(map(str, array.shape))


def _steps(run: Run, part: str, ranges: tuple[range, ...] | None) -> Iterator[list[str]]:
    """Gates and states of every step, with the norm of each and that of its gradient."""
    layer, _, direction = part.rpartition("/")
    found = run.trace.runs[layer]
    units = _units(ranges, found.layer.hidden)
    steps = found.tapes[direction].steps
    reads = run.tokens if len(run.tokens) == steps and not layer.startswith("decoder") else ()
    names = found.layer.cell.quantities
    columns = [column(run.trace, run.gradients, f"{part}/{name}", units) for name in names]
    shown = [tr("unit {number}").format(number=unit) for unit in units]
    yield [tr("step"), tr("token") if reads else "", part, *shown, tr("norm"), tr("|gradient|")]
    for step in range(steps):
        first = [str(step), token(reads[step]) if reads else ""]
        for name, values in zip(names, columns, strict=True):
            yield [*first, name, *next(values)]
            first = ["", ""]


def _units(ranges: tuple[range, ...] | None, hidden: int) -> tuple[int, ...]:
    if ranges is None:
        return tuple(range(min(hidden, FIRST_UNITS)))
    return tuple(dict.fromkeys(unit for one in ranges for unit in one if unit < hidden))


def _answers(run: Run, screen: Screen) -> None:
    """The answer at each step with its probability, or the numbers."""
    trace, head = run.trace, run.trace.network.head
    if trace.logits is None or head is None or len(trace.logits) > STEPS:
        return
    rows = [[tr("step"), tr("answer"), ""]]
    for step, (values, best) in enumerate(
        zip(trace.predictions[:, 0], trace.decoded[:, 0], strict=True)
    ):
        if head.kind == "regression":
            said = "  ".join(number(float(value), _DIGITS) for value in values[:FIRST_UNITS])
            rows.append([str(step), said, ""])
            continue
        name = run.answers[int(best)] if run.answers else str(best)
        rows.append([str(step), token(name), number(float(values[int(best)]), _DIGITS)])
    screen.line()
    screen.table(rows, "><>")
