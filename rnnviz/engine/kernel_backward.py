"""Writes the code of one step backward: the coefficients of all steps, and the loop over steps."""

from __future__ import annotations

from functools import partial

from rnnviz.engine.array_names import (
    ADJOINT,
    COEFFICIENTS,
    D_GATES,
    D_SUMS,
    FREE,
    GATES,
    MATRIX,
    SLOPE,
    SLOPES,
)
from rnnviz.engine.cell import INPUT, PREVIOUS
from rnnviz.engine.codegen import Ref, Writer
from rnnviz.engine.definitions import anchors, derivative, users
from rnnviz.engine.expressions import ONE, ZERO, Expression, Symbol, add, mul, symbols
from rnnviz.engine.kernel_places import adjoint_of, column, locate, squashing
from rnnviz.engine.plan import Plan, Run, runs


class BackwardWriter:
    """Writes the coefficients of all steps and the loop over steps for one cell."""

    def __init__(self, layout: Plan, held: frozenset[str], injected: frozenset[str]) -> None:
        self.layout = layout
        self.held = held
        self.injected = injected
        self.slots: dict[tuple[str, str], Expression] = {}
        self.runs = runs(layout.sums, self._single)
        self.writer = Writer(partial(locate, layout))
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

    def coefficients(self) -> Writer:
        """The code that fills the array `coefficients` for a block of steps."""
        writer = Writer(partial(locate, self.layout))
        wanted = {s for e in self.slots.values() for s in symbols(e) if s.startswith(SLOPE)}
        self._slopes(writer, {s.removeprefix(SLOPE) for s in wanted})
        for slot, expression in enumerate(self.slots.values()):
            writer.evaluate(expression, writer.name(column(COEFFICIENTS, slot)))
        return writer

    def gates(self) -> Writer:
        """The code that fills the adjoints of all gates, at all steps, from the anchors'."""

        def place(symbol: str) -> Ref:
            if symbol.startswith(ADJOINT):
                return adjoint_of(self.layout, symbol.removeprefix(ADJOINT))
            return locate(self.layout, symbol)

        writer = Writer(place)
        for number, gate in enumerate(self.layout.gates):
            total: Expression = ZERO
            for anchor, slope in users(self.layout.cell, gate, self.held):
                total = add(total, mul(slope, Symbol(ADJOINT + anchor)))
            names = {s.removeprefix(SLOPE) for s in symbols(total) if s.startswith(SLOPE)}
            self._slopes(writer, names)
            writer.evaluate(total, writer.name(column(D_GATES, number)))
        return writer

    def _slopes(self, writer: Writer, wanted: set[str]) -> None:
        gates = self.layout.gates
        for run in runs(gates, lambda g: g in wanted and squashing(self.layout, g).function):
            function = squashing(self.layout, gates[run.start]).function
            if function != "relu":
                value = writer.name(Ref(GATES, run.start, run.stop))
                writer.slope(function, "", value, writer.name(Ref(SLOPES, run.start, run.stop)))
                continue
            for place in range(run.start, run.stop):
                argument = writer.name(self._argument(gates[place]))
                writer.slope(function, argument, "", writer.name(column(SLOPES, place)))
        for name in sorted(wanted - set(gates)):
            squashed = squashing(self.layout, name)
            argument = writer.evaluate(squashed.argument)
            out = writer.name(Ref(SLOPE + name))
            value = writer.name(locate(self.layout, name))
            writer.slope(squashed.function, argument, value, out)
            writer.give_back(argument)

    def _argument(self, gate: str) -> Ref:
        sum_of = {g: s for s, g in self.layout.gate_of.items()}
        return locate(self.layout, sum_of[gate])

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
                self._pull(name, adjoint_of(self.layout, name), fresh=name not in self._states())
        for state in self._states():
            fresh = state not in self.injected
            self._pull(state + PREVIOUS, Ref(ADJOINT + state), fresh)

    def _states(self) -> tuple[str, ...]:
        return self.layout.cell.states

    def _run_of(self, name: str) -> Run | None:
        if name not in self.layout.sums:
            return None
        column = self.layout.column(name)
        return next((r for r in self.runs if r.start <= column < r.stop), None)

    def _pull_run(self, run: Run) -> None:
        """The adjoints of neighbouring sums that come from one quantity, in one product."""
        writer, names = self.writer, self.layout.sums[run.start : run.stop]
        source = self._single(names[0])
        slots = [self._slot(source, name) for name in names]
        wide = len(slots) > 1
        whence = adjoint_of(self.layout, source)
        whence = Ref(whence.array, whence.start, whence.stop, whence.shift, stacked=wide)
        coefficient = Ref(COEFFICIENTS, slots[0], slots[-1] + 1, stacked=wide)
        out = Ref(D_SUMS, run.start, run.stop, stacked=wide)
        writer.call("multiply", *(writer.name(r) for r in (coefficient, whence, out)))

    def _pull(self, name: str, target: Ref, fresh: bool) -> None:
        """Collect the adjoint of one quantity from everything that used it."""
        writer = self.writer
        out = writer.name(target)
        for other in self.layout.contributors[name]:
            adjoint = writer.name(adjoint_of(self.layout, other))
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
            self.writer.call("add", out, part, out)
            self.writer.give_back(part)

    def _coefficient(self, of: str, by: str, slope: Expression) -> str:
        if isinstance(slope, Symbol) and not slope.name.startswith(SLOPE):
            return self.writer.name(locate(self.layout, slope.name))
        slot = self._slot(of, by)
        return self.writer.name(column(COEFFICIENTS, slot))

    def _pull_products(self, name: str, out: str, fresh: bool) -> bool:
        writer, start = self.writer, 0
        for run in self.layout.sources.get(name, ()) if name != INPUT else ():
            width = run.stop - run.start
            matrix = writer.name(Ref(MATRIX + name, start, start + width))
            into = out if fresh and name not in self.layout.sums else writer.borrow()
            writer.product(writer.name(Ref(D_SUMS, run.start, run.stop)), matrix, into)
            if name in self.held and name in self.layout.sums:
                writer.call("multiply", into, writer.name(Ref(FREE + name)), into)
            if fresh and into != out:
                writer.call("copyto", out, into)
                writer.give_back(into)
            else:
                self._accumulate(out, into)
            start += width
            fresh = False
        return fresh
