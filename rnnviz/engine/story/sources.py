"""Where the gradient of a quantity comes from: the step itself, the next step, the output, the end.

The gradient of a state has several roads: through what uses it in the same step, along the state
itself into the next step, through the gates of the next step, and from the layer's output.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.attention import CONTEXT
from rnnviz.engine.cell import PREVIOUS
from rnnviz.engine.errors import UnknownError
from rnnviz.engine.expressions import Expression, add
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.rendering import GRADIENT
from rnnviz.engine.story.nodes import nodes, sum_names
from rnnviz.engine.story.operation import Scene
from rnnviz.engine.story.reverse import Reverse, reverse
from rnnviz.engine.story.rules import Rules
from rnnviz.engine.story.step import Step, expression_names, take_step

WITHIN, NEXT, OUTPUT = "within", "next", "output"
FINAL, ATTENTION, TRUNCATION = "final", "attention", "truncation"
DIRECTION, RESIDUAL = "direction", "residual"


@dataclass(frozen=True, eq=False)
class Part:
    """One of the roads on which a gradient arrives.

    Attributes
    ----------
    kind : str
        "within" the step, through another quantity; the "next" step that the layer reads; the
        layer's "output"; the "final" state, which something outside reads; the "attention" of a
        decoder's next step; a "truncation", which takes away; for an input also the other
        "direction" and the "residual" connection.
    through : str
        The quantity that it comes through; for an output what reads it ("loss", "layer1",
        "decoder", "outside").
    state : str
        The quantity that receives it.
    value : array `[unit]`
        How much.
    rule : Expression or None
        How much, in symbols; None where it is not a rule of a cell.
    scene : Scene or None
        The values and gradients that stand in the rule.
    """

    kind: str
    through: str
    state: str
    value: Array
    rule: Expression | None = None
    scene: Scene | None = None

    @property
    def label(self) -> str:
        """In words, such as `through h`, `along c`, `from the loss`."""
        match self.kind:
            case "within":
                return f"through {self.through}"
            case "next" if self.through == self.state:
                return f"along {self.state}"
            case "next" if not self.through:
                return "from the next step"
            case "next":
                return f"through {self.through} of the next step"
            case "output":
                return f"from {_READERS.get(self.through, self.through)}"
            case "direction":
                return f"from the {self.through} direction"
            case _:
                return _LABELS[self.kind]


_READERS = {"loss": "the loss", "decoder": "the decoder", "outside": "outside"}
_LABELS = {
    FINAL: "from the last state",
    ATTENTION: "from the attention of the next step",
    TRUNCATION: "cut by the truncation",
    RESIDUAL: "from the residual connection",
}


@dataclass(frozen=True, eq=False)
class Split:
    """The gradient of one quantity and its parts, which add up to it.

    Attributes
    ----------
    name : str
        The quantity.
    parts : tuple of Part
        Where it comes from.
    total : array `[unit]`
        The sum.
    """

    name: str
    parts: tuple[Part, ...]
    total: Array

    @property
    def by_kind(self) -> dict[str, Array]:
        """Kind of part -> the sum of those parts: coarser, such as all of the next step."""
        found: dict[str, Array] = {}
        for part in self.parts:
            found[part.kind] = found.get(part.kind, np.zeros_like(self.total)) + part.value
        return found


def merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts with those that come on the same road added up."""
    found: dict[tuple[str, str, str], Part] = {}
    for part in parts:
        key = (part.kind, part.through, part.state)
        before = found.get(key)
        if before is None:
            found[key] = part
            continue
        rules = (before.rule, part.rule)
        rule = add(rules[0], rules[1]) if rules[0] is not None and rules[1] is not None else None
        found[key] = Part(*key, before.value + part.value, rule, before.scene)
    return tuple(found.values())


def cell_rules(step: Step) -> Rules:
    """The chain rule of a cell in symbols."""
    graph, named = nodes(step.cell), sum_names(step.cell) | {*step.cell.quantities}
    return Rules({node.name: node for node in graph}, named, frozenset(step.held))


def totals(gradients: Gradients, step: Step, row: int) -> dict[str, Array]:
    """dL/d(states) as the kernels computed them."""
    place = step.place
    return {s: gradients[f"{step.part}/{s}"][place, row] for s in step.cell.states}


def go_back(step: Step, seeds: dict[str, Array], complete: bool = False) -> Reverse:
    """Back through the cell.

    Parameters
    ----------
    step : Step
        The forward values.
    seeds : dict
        State -> the gradient that arrives.
    complete : bool
        Whether the seeds already hold what arrives from within the step.
    """
    given = frozenset(seeds) if complete else frozenset()
    return reverse(nodes(step.cell), step.computed, step.values, step.held, seeds, given)


def arriving(gradients: Gradients, step: Step, row: int) -> dict[str, tuple[Part, ...]]:
    """State -> the parts of its gradient that arrive from outside the cell's step."""
    found: dict[str, list[Part]] = {state: [] for state in step.cell.states}
    output = _output(gradients, step, row)
    found[output.state].append(output)
    for part in _next(gradients, step, row):
        found[part.state].append(part)
    if step.following is None and gradients.cut is None:
        for state in step.cell.states:
            final = gradients.flow.layers[step.prefix].final.get(f"{step.part}/{state}")
            if final is not None:
                found[state].append(Part(FINAL, state, state, final[row]))
    kind = _rest_kind(gradients, step)
    if kind is not None:
        for state, rest in _rest(gradients, step, row, found).items():
            found[state].append(Part(kind, state, state, rest))
    return {state: merged(parts) for state, parts in found.items()}


def masked_output(gradients: Gradients, step: Step, row: int) -> Array:
    """dL/d(the layer's output before its dropout), all directions."""
    run, layer = step.run, gradients.flow.layers[step.prefix]
    total: Array = layer.output[step.place, row]
    return total if run.mask is None else total * run.mask[step.place, step.row]


def _output(gradients: Gradients, step: Step, row: int) -> Part:
    run, state = step.run, step.cell.states[0]
    start = run.layer.directions.index(step.direction) * run.layer.hidden
    total = masked_output(gradients, step, row)
    value = total[start : start + run.layer.hidden]
    return Part(OUTPUT, reader_of(gradients, step.prefix), state, value)


def reader_of(gradients: Gradients, prefix: str) -> str:
    """What reads the output of a layer: "loss", the layer above, "decoder" or "outside"."""
    trace = gradients.trace
    part, _, number = prefix.rpartition("layer")
    above = f"{part}layer{int(number) + 1}"
    if above in trace.runs:
        return above
    if part == "encoder/":
        return "decoder"
    return "outside" if output_gradient(gradients) is None else "loss"


def output_gradient(gradients: Gradients) -> Array | None:
    """dL/d(the head's outputs); None where the gradient did not start from a loss."""
    try:
        return gradients["head/outputs"]
    except UnknownError:
        return None


def _next(gradients: Gradients, step: Step, row: int) -> list[Part]:
    """What the step that is read next hands back along each state."""
    if step.following is None:
        return []
    later = take_step(step.trace, step.part, step.following, step.row)
    back = go_back(later, totals(gradients, later, row), complete=True)
    flowing = {GRADIENT + name: value for name, value in back.flowing.items()}
    names = expression_names(later)
    scene = Scene({**later.values, **flowing}, later.parameters, later.at, names)
    rules = cell_rules(later)
    found: list[Part] = []
    for state in step.cell.states:
        for share in back.to(state + PREVIOUS):
            rule = rules.local(share.node, share.position)
            through = share.node.quantity
            found.append(Part(NEXT, through, state, share.value, rule, scene))
    return found


def _rest_kind(gradients: Gradients, step: Step) -> str | None:
    """Why the gradient of a state may differ from the sum of the other parts."""
    if gradients.cut is not None:
        return TRUNCATION
    trace = gradients.trace
    looks = CONTEXT in trace.extras and step.prefix == next(reversed(trace.runs))
    looks = looks and step.following is not None
    return ATTENTION if looks else None


def _rest(
    gradients: Gradients, step: Step, row: int, found: dict[str, list[Part]]
) -> dict[str, Array]:
    """What is missing from the sum of the other parts, for each state."""
    total = totals(gradients, step, row)
    within = go_back(step, total, complete=True)
    rest: dict[str, Array] = {}
    for state in step.cell.states:
        known = within.sum_to(state, total[state])
        for part in found[state]:
            known = known + part.value
        rest[state] = total[state] - known
    return rest
