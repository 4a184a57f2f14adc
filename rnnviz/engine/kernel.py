"""Compiles a cell's equations to straight-line NumPy: one step forward, one step backward.

Forward, a step multiplies each previous state once by all its matrices, squashes neighbouring gates
in one call and computes the elementwise rest. Backward, the elementwise part of a step is a
diagonal Jacobian: its *coefficients* do not depend on the adjoints and are computed for many steps
at once; the loop in time holds only their products with the adjoints and one transposed product a
source.

The code is written from validated expressions only: no text of a user or of a file enters it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np

from rnnviz.engine.array_names import (
    ADJOINT,
    COEFFICIENTS,
    D_SUMS,
    FREE,
    GATES,
    NUMBER,
    SLOPES,
    SUMS,
    kind,
)
from rnnviz.engine.cell import Cell
from rnnviz.engine.codegen import Ref, Writer
from rnnviz.engine.kernel_backward import BackwardWriter
from rnnviz.engine.kernel_forward import write_forward
from rnnviz.engine.plan import Plan, plan

Room: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True)
class Code:
    """A compiled function and the views that it wants, in order; `source` is what was compiled."""

    function: Callable[..., None]
    refs: tuple[Ref, ...]
    source: str


@dataclass(frozen=True, eq=False)
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
    gates : Code
        Takes whole arrays; fills the adjoints of the gates when somebody asks for them.
    slots : int
        How many coefficients there are.
    held : frozenset of str
        The quantities that may be held.
    values, adjoints, work, gate_work : tuple
        The arrays that a tape, its adjoint, a block of coefficients and the gates' adjoints need:
        (name, columns counted in hidden sizes, places in time beyond the number of steps).
    """

    plan: Plan
    forward: Code
    coefficients: Code
    backward: Code
    gates: Code
    slots: int
    held: frozenset[str]
    values: tuple[Room, ...]
    adjoints: tuple[Room, ...]
    work: tuple[Room, ...]
    gate_work: tuple[Room, ...]


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
    back = BackwardWriter(layout, held, injected)
    forward = _compile("forward", write_forward(layout, held), loop=True)
    coefficients = _compile("coefficients", back.coefficients(), loop=False)
    loop = _compile("backward", back.writer, loop=True)
    gates = _compile("gates", back.gates(), loop=False)
    values = _rooms(layout, forward.refs, _is_value)
    is_work = partial(_is_work, {name for name, _, _ in values} | {FREE + name for name in held})
    return Kernel(
        plan=layout,
        forward=forward,
        coefficients=coefficients,
        backward=loop,
        gates=gates,
        slots=len(back.slots),
        held=held,
        values=values,
        adjoints=_rooms(layout, loop.refs, lambda _, name: kind(name) == ADJOINT),
        work=_rooms(layout, coefficients.refs, is_work, {COEFFICIENTS: len(back.slots)}),
        gate_work=_rooms(layout, gates.refs, is_work),
    )


def _is_work(taken: set[str], layout: Plan, name: str) -> bool:
    given = name in taken or name in layout.vectors or kind(name) in (ADJOINT, NUMBER)
    return not given


def _rooms(
    layout: Plan,
    refs: Iterable[Ref],
    wanted: Callable[[Plan, str], bool],
    widths: dict[str, int] | None = None,
) -> tuple[Room, ...]:
    gates, sums = len(layout.gates), len(layout.sums)
    known = {SUMS: sums, D_SUMS: sums, GATES: gates, SLOPES: gates, **(widths or {})}
    names = dict.fromkeys(ref.array for ref in refs if wanted(layout, ref.array))
    states = layout.cell.states
    return tuple((n, known.get(n, 1), int(n.removeprefix(ADJOINT) in states)) for n in names)


def _is_value(layout: Plan, name: str) -> bool:
    return name in (SUMS, GATES) or not (kind(name) or name in layout.vectors)


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
    "reciprocal",
    "subtract",
    "tanh",
)
