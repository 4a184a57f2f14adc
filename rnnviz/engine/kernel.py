"""Compiles a cell's equations to straight-line NumPy: one step forward, one step backward.

Forward, a step multiplies each previous state once by all its matrices, squashes neighbouring gates
in one call and computes the elementwise rest. Backward, the elementwise part of a step is a diagonal
Jacobian: its *coefficients* do not depend on the adjoints and are computed for many steps at once;
the loop in time holds only their products with the adjoints and one transposed product a source.

The code is written from validated expressions only: no text of a user or of a file enters it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.codegen import Ref, Writer
from rnnviz.engine.definitions import (
    FREE,
    SLOPE,
    Elementwise,
    WeightedSum,
    anchors,
    definitions,
    derivative,
)
from rnnviz.engine.expressions import ONE, Apply, Expression, Symbol, symbols
from rnnviz.engine.plan import Plan, Run, plan, runs


Room: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True)
class Code:
    """A compiled function and the views that it wants, in order; `source` is what was compiled."""

    function: Callable[..., None]
    refs: tuple[Ref, ...]
    source: str


@dataclass(frozen=True)
class Kernel:
    """The compiled forms of one cell.

    Attributes
    ----------
    plan : Plan
        Where everything is stored.
    forward : Code
        Takes an iterable of tuples of views, one a step.
    coefficients : Code
        Takes whole blocks of steps.
    backward : Code
        Takes an iterable of tuples of views, last step first.
    slots : int
        How many coefficients there are.
    held : frozenset of str
        The quantities that may be held.
    values, adjoints, work : tuple
        The arrays that a tape, its adjoint and a block of coefficients need: (name, columns counted
        in hidden sizes, places in time beyond the number of steps).
    """

    plan: Plan
    forward: Code
    coefficients: Code
    backward: Code
    slots: int
    held: frozenset[str]
    values: tuple[Room, ...]
    adjoints: tuple[Room, ...]
    work: tuple[Room, ...]


def locate(layout: Plan, symbol: str) -> Ref:
    """Where a symbol of the cell is stored on a tape."""
    if symbol in layout.sums:
        return _at("sums", layout.sums.index(symbol))
    if symbol in layout.gates:
        return _at("gates", layout.gates.index(symbol))
    if symbol in layout.cell.states:
        return Ref(symbol, shift=1)
    if symbol.removesuffix(PREVIOUS) in layout.cell.states:
        return Ref(symbol.removesuffix(PREVIOUS))
    if symbol.startswith(SLOPE) and symbol.removeprefix(SLOPE) in layout.gates:
        return _at("slopes", layout.gates.index(symbol.removeprefix(SLOPE)))
    return Ref(symbol)


def _at(array: str, column: int) -> Ref:
    return Ref(array, column, column + 1)


@lru_cache(maxsize=256)
def compile_cell(
    cell: Cell, held: frozenset[str] = frozenset(), injected: frozenset[str] = frozenset()
) -> Kernel:
    """The kernel of `cell`, compiled once.

    Parameters
    ----------
    cell : Cell
        The equations.
    held : frozenset of str
        Quantities that are held at a value at some steps.
    injected : frozenset of str
        States that receive a gradient at steps before the last, from outside the layer.
    """
    layout = plan(cell)
    backward = _Backward(layout, held, injected)
    forward, loop = _forward(layout, held), backward.loop()
    coefficients = backward.coefficients()
    values = _rooms(layout, forward.refs, _is_value)
    taken = {name for name, _, _ in values} | {FREE + name for name in held}
    return Kernel(
        plan=layout,
        forward=forward,
        coefficients=coefficients,
        backward=loop,
        slots=len(backward.slots),
        held=held,
        values=values,
        adjoints=_rooms(layout, loop.refs, lambda _, name: name.startswith("d ")),
        work=_rooms(
            layout,
            coefficients.refs,
            lambda p, name: name not in taken and name not in p.vectors and name[:7] != "number ",
            {"coefficients": len(backward.slots)},
        ),
    )


def _rooms(
    layout: Plan,
    refs: Iterable[Ref],
    wanted: Callable[[Plan, str], bool],
    widths: dict[str, int] | None = None,
) -> tuple[Room, ...]:
    gates, sums = len(layout.gates), len(layout.sums)
    known = {"sums": sums, "d sums": sums, "gates": gates, "slopes": gates, **(widths or {})}
    names = dict.fromkeys(ref.array for ref in refs if wanted(layout, ref.array))
    states = layout.cell.states
    return tuple((n, known.get(n, 1), int(n.removeprefix("d ") in states)) for n in names)


def _is_value(layout: Plan, name: str) -> bool:
    given = ("transposed", "matrix", "scratch", "product", "number", "value", "where")
    return name.partition(" ")[0] not in given and name not in layout.vectors


def _compile(name: str, writer: Writer, loop: bool) -> Code:
    body = writer.lines or ["pass"]
    arguments = ", ".join(writer.refs.values())
    lines = [f"def {name}(steps):"]
    opening = f"    for ({arguments},) in steps:" if loop else f"    ({arguments},) = steps"
    lines.append(opening if arguments else "    steps = ()")
    indent = "        " if loop and arguments else "    "
    lines += [indent + line for line in body]
    source = "\n".join(lines) + "\n"
    space: dict[str, Any] = {f: getattr(np, f) for f in _NAMES}
    exec(compile(source, f"<{name}>", "exec"), space)  # noqa: S102 - our own text, see the module
    return Code(space[name], tuple(writer.refs), source)


_NAMES = (
    "add",
    "copyto",
    "exp",
    "greater",
    "maximum",
    "multiply",
    "negative",
    "reciprocal",
    "subtract",
    "tanh",
)


def _forward(layout: Plan, held: frozenset[str]) -> Code:
    writer = Writer(partial(locate, layout))
    given = {state + PREVIOUS for state in layout.cell.states}
    for source in layout.sources:
        if source in given:
            _product(writer, layout, source)
    for level in sorted(set(layout.levels.values())):
        names = [n for n, at in layout.levels.items() if at == level]
        _sums(writer, layout, names, held)
        _gates(writer, layout, names)
        for name in names:
            _quantity(writer, layout, name)
        for name in names:
            if name in held and name not in layout.sums:
                _hold(writer, layout, name)
        for name in names:
            if name in layout.sources:
                _product(writer, layout, name)
    return _compile("forward", writer, loop=True)


def _product(writer: Writer, layout: Plan, source: str) -> None:
    """Add `U @ source` to all the sums that want it."""
    start = 0
    for run in layout.sources[source]:
        width = run.stop - run.start
        matrix = writer.name(Ref(f"transposed {source}", start, start + width))
        out = writer.name(Ref(f"product {width}", 0, width))
        target = writer.name(Ref("sums", run.start, run.stop))
        writer.product(writer.name(locate(layout, source)), matrix, out)
        writer.call("add", target, out, target)
        start += width


def _sums(writer: Writer, layout: Plan, names: list[str], held: frozenset[str]) -> None:
    for name in names:
        definition = definitions(layout.cell)[name]
        if not isinstance(definition, WeightedSum):
            continue
        if definition.rest is not None:
            target = writer.name(locate(layout, name))
            rest = writer.evaluate(definition.rest)
            writer.call("add", target, rest, target)
            writer.give_back(rest)
        if name in held:
            _hold(writer, layout, name)


def _gates(writer: Writer, layout: Plan, names: list[str]) -> None:
    """Squash neighbouring gates together; they must be neighbours among the sums too."""
    sum_of = {gate: name for name, gate in layout.gate_of.items()}

    def key(gate: str) -> object:
        offset = layout.column(sum_of[gate]) - layout.gates.index(gate)
        return gate in names and (_function(layout, gate), offset)

    for run in runs(layout.gates, key):  # type: ignore[arg-type]
        first = layout.column(sum_of[layout.gates[run.start]])
        argument = writer.name(Ref("sums", first, first + run.stop - run.start))
        out = writer.name(Ref("gates", run.start, run.stop))
        writer.squash(_function(layout, layout.gates[run.start]), argument, out)


def _function(layout: Plan, name: str) -> str:
    definition = definitions(layout.cell)[name]
    assert isinstance(definition, Elementwise)
    assert isinstance(definition.expression, Apply)
    return definition.expression.function


def _quantity(writer: Writer, layout: Plan, name: str) -> None:
    definition = definitions(layout.cell)[name]
    if isinstance(definition, Elementwise) and name not in layout.gates:
        writer.evaluate(definition.expression, writer.name(locate(layout, name)))


def _hold(writer: Writer, layout: Plan, name: str) -> None:
    value, where = writer.name(Ref(f"value {name}")), writer.name(Ref(f"where {name}"))
    writer.call("copyto", writer.name(locate(layout, name)), value, f"where={where}")


class _Backward:
    """Writes the coefficients of all steps and the loop over steps for one cell."""

    def __init__(self, layout: Plan, held: frozenset[str], injected: frozenset[str]) -> None:
        self.layout = layout
        self.held = held
        self.injected = injected
        self.slots: dict[tuple[str, str], Expression] = {}
        self.runs = runs(layout.sums, self._single)
        self.loop_writer = Writer(partial(locate, layout))
        self._write_loop()

    def _single(self, name: str) -> str:
        """The only contributor of a sum, or "" where there are several or products."""
        contributors = self.layout.contributors[name]
        plain = len(contributors) == 1 and name not in self.layout.sources
        return contributors[0] if plain else ""

    def _slope(self, of: str, by: str) -> Expression:
        return derivative(self.layout.cell, of, by, self.held)

    def _slot(self, of: str, by: str) -> int:
        self.slots.setdefault((of, by), self._slope(of, by))
        return list(self.slots).index((of, by))

    def coefficients(self) -> Code:
        """The code that fills the array `coefficients` for a block of steps."""
        writer = Writer(partial(locate, self.layout))
        wanted = {s for e in self.slots.values() for s in symbols(e) if s.startswith(SLOPE)}
        self._slopes(writer, {s.removeprefix(SLOPE) for s in wanted})
        for slot, expression in enumerate(self.slots.values()):
            writer.evaluate(expression, writer.name(_at("coefficients", slot)))
        return _compile("coefficients", writer, loop=False)

    def _slopes(self, writer: Writer, wanted: set[str]) -> None:
        gates = self.layout.gates
        for run in runs(gates, lambda g: g in wanted and _function(self.layout, g)):
            function = _function(self.layout, gates[run.start])
            if function != "relu":
                value = writer.name(Ref("gates", run.start, run.stop))
                writer.slope(function, "", value, writer.name(Ref("slopes", run.start, run.stop)))
                continue
            for column in range(run.start, run.stop):
                argument = writer.name(self._argument(gates[column]))
                writer.slope(function, argument, "", writer.name(_at("slopes", column)))
        for name in sorted(wanted - set(gates)):
            definition = definitions(self.layout.cell)[name]
            assert isinstance(definition, Elementwise)
            assert isinstance(definition.expression, Apply)
            argument = writer.evaluate(definition.expression.argument)
            out = writer.name(Ref(SLOPE + name))
            value = writer.name(locate(self.layout, name))
            writer.slope(definition.expression.function, argument, value, out)
            writer.give_back(argument)

    def _argument(self, gate: str) -> Ref:
        sum_of = {g: s for s, g in self.layout.gate_of.items()}
        return locate(self.layout, sum_of[gate])

    def loop(self) -> Code:
        """The code of the loop over steps."""
        return _compile("backward", self.loop_writer, loop=True)

    def _write_loop(self) -> None:
        done: set[str] = set()
        for name in reversed(anchors(self.layout.cell)):
            if name in done:
                continue
            run = self._run_of(name)
            if run is not None:
                self._pull_run(run)
                done.update(self.layout.sums[run.start : run.stop])
            else:
                self._pull(name, _adjoint(self.layout, name), fresh=name not in self._states())
        for state in self._states():
            fresh = state not in self.injected
            self._pull(state + PREVIOUS, Ref(f"d {state}"), fresh)

    def _states(self) -> tuple[str, ...]:
        return self.layout.cell.states

    def _run_of(self, name: str) -> Run | None:
        if name not in self.layout.sums:
            return None
        column = self.layout.column(name)
        return next((r for r in self.runs if r.start <= column < r.stop), None)

    def _pull_run(self, run: Run) -> None:
        """The adjoints of neighbouring sums that come from one quantity, in one product."""
        writer, names = self.loop_writer, self.layout.sums[run.start : run.stop]
        source = self._single(names[0])
        slots = [self._slot(source, name) for name in names]
        wide = len(slots) > 1
        whence = _adjoint(self.layout, source)
        whence = Ref(whence.array, whence.start, whence.stop, whence.shift, stacked=wide)
        coefficient = Ref("coefficients", slots[0], slots[-1] + 1, stacked=wide)
        out = Ref("d sums", run.start, run.stop, stacked=wide)
        writer.call("multiply", *(writer.name(r) for r in (coefficient, whence, out)))

    def _pull(self, name: str, target: Ref, fresh: bool) -> None:
        """Collect the adjoint of one quantity from everything that used it."""
        writer = self.loop_writer
        out = writer.name(target)
        for other in self.layout.contributors[name]:
            adjoint = writer.name(_adjoint(self.layout, other))
            slope = self._slope(other, name)
            if slope == ONE:
                parts = ("copyto", out, adjoint) if fresh else ("add", out, adjoint, out)
                writer.call(*parts)
            else:
                into = out if fresh else writer.borrow()
                writer.call("multiply", self._coefficient(other, name, slope), adjoint, into)
                self._accumulate(out, into)
            fresh = False
        fresh = self._pull_products(name, out, fresh)
        if fresh:
            writer.call("copyto", out, writer.constant(0.0))

    def _accumulate(self, out: str, part: str) -> None:
        if part != out:
            self.loop_writer.call("add", out, part, out)
            self.loop_writer.give_back(part)

    def _coefficient(self, of: str, by: str, slope: Expression) -> str:
        if isinstance(slope, Symbol) and not slope.name.startswith(SLOPE):
            return self.loop_writer.name(locate(self.layout, slope.name))
        slot = self._slot(of, by)
        return self.loop_writer.name(_at("coefficients", slot))

    def _pull_products(self, name: str, out: str, fresh: bool) -> bool:
        writer, start = self.loop_writer, 0
        for run in self.layout.sources.get(name, ()) if name != INPUT else ():
            width = run.stop - run.start
            matrix = writer.name(Ref(f"matrix {name}", start, start + width))
            into = out if fresh and name not in self.layout.sums else writer.borrow()
            writer.product(writer.name(Ref("d sums", run.start, run.stop)), matrix, into)
            if fresh and into != out:
                writer.call("copyto", out, into)
                writer.give_back(into)
            else:
                self._accumulate(out, into)
            start += width
            fresh = False
        return fresh


def _adjoint(layout: Plan, name: str) -> Ref:
    if name in layout.sums:
        return _at("d sums", layout.column(name))
    return Ref(f"d {name}", shift=1 if name in layout.cell.states else 0)


__all__ = ["FREE", "Code", "Kernel", "compile_cell", "locate"]
