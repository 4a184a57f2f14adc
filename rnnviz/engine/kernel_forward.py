"""Writes the code of one step forward."""

from __future__ import annotations

from functools import partial

from rnnviz.engine.array_names import GATES, PRODUCT, SUMS, TRANSPOSED, VALUE, WHERE
from rnnviz.engine.cell import PREVIOUS
from rnnviz.engine.codegen import Ref, Writer
from rnnviz.engine.definitions import Elementwise, WeightedSum, definitions
from rnnviz.engine.kernel_places import locate, squashing
from rnnviz.engine.plan import Plan, runs


def write_forward(layout: Plan, held: frozenset[str]) -> Writer:
    """One step forward."""
    writer = Writer(partial(locate, layout))
    given = {state + PREVIOUS for state in layout.cell.states}
    for source in layout.sources:
        if source in given:
            _product(writer, layout, source)
    for level in sorted(set(layout.levels.values())):
        _level(writer, layout, [n for n, at in layout.levels.items() if at == level], held)
    return writer


def _level(writer: Writer, layout: Plan, names: list[str], held: frozenset[str]) -> None:
    """Everything that can be computed in the same round of a step."""
    _sums(writer, layout, names, held)
    _gates(writer, layout, names)
    for name in names:
        _quantity(writer, layout, name)
    for name in names:
        if name in held and name not in layout.sums:
            _hold(writer, layout, name)
        if name in layout.sources:
            _product(writer, layout, name)


def _product(writer: Writer, layout: Plan, source: str) -> None:
    """Add `U @ source` to all the sums that want it."""
    start = 0
    for run in layout.sources[source]:
        width = run.stop - run.start
        matrix = writer.name(Ref(TRANSPOSED + source, start, start + width))
        out = writer.name(Ref(f"{PRODUCT}{width}", 0, width))
        target = writer.name(Ref(SUMS, run.start, run.stop))
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
        return gate in names and (squashing(layout, gate).function, offset)

    for run in runs(layout.gates, key):
        first = layout.column(sum_of[layout.gates[run.start]])
        argument = writer.name(Ref(SUMS, first, first + run.stop - run.start))
        out = writer.name(Ref(GATES, run.start, run.stop))
        writer.squash(squashing(layout, layout.gates[run.start]).function, argument, out)


def _quantity(writer: Writer, layout: Plan, name: str) -> None:
    definition = definitions(layout.cell)[name]
    if isinstance(definition, Elementwise) and name not in layout.gates:
        writer.evaluate(definition.expression, writer.name(locate(layout, name)))


def _hold(writer: Writer, layout: Plan, name: str) -> None:
    value, where = writer.name(Ref(VALUE + name)), writer.name(Ref(WHERE + name))
    writer.call("copyto", writer.name(locate(layout, name)), value, f"where={where}")
