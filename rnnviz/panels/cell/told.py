"""What is told of one cell at one moment: its values, its gradients, and how far the story is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.rendering import Pieces
from rnnviz.engine.story import (
    BackwardOperation,
    Operation,
    Part,
    backward_story,
    forward_story,
)
from rnnviz.engine.story.sources import NEXT, WITHIN
from rnnviz.panels.cell.shape import owners
from rnnviz.panels.sight import Sight
from rnnviz.session.moments import PHASES, RETURNING
from rnnviz.session.telling import public_step, told_part


@final
@dataclass(frozen=True, eq=False)
class Edge:
    """What a value receives on one wire.

    Attributes
    ----------
    value : array `[unit]`
        How much.
    names : frozenset of str
        The operations from which it comes.
    """

    value: Array
    names: frozenset[str]


@final
@dataclass(frozen=True, eq=False)
class Step:
    """The numbers of one step of one layer and direction, whatever the moment is.

    Attributes
    ----------
    evaluation : Evaluation
        What was computed.
    part : str
        Layer and direction.
    place : int
        The public time step.
    gradients : Gradients or None
        Of the whole loss, or of one alone; None where nothing is learned, or not yet computed.
    """

    evaluation: Evaluation
    part: str
    place: int
    gradients: Gradients | None

    @property
    def prefix(self) -> str:
        """The layer."""
        return self.part.rpartition("/")[0]

    @property
    def cell(self) -> Cell:
        """Its equations."""
        return self.evaluation.trace.runs[self.prefix].layer.cell

    @property
    def next_place(self) -> int | None:
        """The public step that reads the states next; None after the last."""
        place = self.place + (-1 if self.part.endswith("/backward") else 1)
        return place if 0 <= place < len(self.evaluation.trace.runs[self.prefix].x) else None

    @property
    def before(self) -> tuple[str, ...]:
        """The names of the previous states."""
        return tuple(state + PREVIOUS for state in self.cell.states)

    @cached_property
    def forward(self) -> tuple[Operation, ...]:
        """The operations in the order in which they are told."""
        return forward_story(self.evaluation.trace, self.part, self.place)

    @cached_property
    def backward(self) -> tuple[BackwardOperation, ...]:
        """Those of the way back; none where there is no loss. Only a way back asks for them."""
        found = self.gradients
        return () if found is None else backward_story(found, self.part, self.place)

    @cached_property
    def values(self) -> dict[str, Array]:
        """Value -> array `[unit]`: of every drawn node, of `x` and of the previous states."""
        trace = self.evaluation.trace
        shape = (trace.runs[self.prefix].layer.hidden,)
        own = (o for o in self.forward if o.scope == "cell")
        found: dict[str, Array] = {o.name: np.broadcast_to(o.value, shape) for o in own}
        found[INPUT] = trace[f"{self.prefix}/x"][self.place, 0]
        return found | {n: trace[f"{self.part}/{n}"][self.place, 0] for n in self.before}

    @cached_property
    def adjoints(self) -> dict[str, Array]:
        """Value -> dL/d(it), where there is one; of a previous state what comes by this step."""
        if (gradients := self.gradients) is None:
            return {}
        found = {o.name: o.adjoint for o in self.backward if o.operation.scope == "cell"}
        found[INPUT] = gradients[f"{self.prefix}/x"][self.place, 0]
        for name in self.before:
            parts = [edge.value for (value, _), edge in self.edges.items() if value == name]
            found[name] = np.asarray(sum(parts, start=np.zeros_like(self.values[name])))
        return found

    @cached_property
    def edges(self) -> dict[tuple[str, str], Edge]:
        """(value, node) -> what the value receives from the node on the way back."""
        told_in, found = owners(self.cell), dict[tuple[str, str], Edge]()
        for record in self.backward:
            if record.operation.scope != "cell":
                continue
            for part in record.contributions:
                key = part.name, told_in.get(record.name, record.name)
                before = found.get(key)
                value = part.value if before is None else before.value + part.value
                names = frozenset((record.name,)) | (before.names if before else frozenset())
                found[key] = Edge(value, names)
        return found

    @cached_property
    def arriving(self) -> tuple[Part, ...]:
        """The parts of the gradient of the hidden state that come from what reads it."""
        hidden = self.cell.states[0]
        record = next(
            (o for o in self.backward if o.name == hidden and o.operation.scope == "cell"), None
        )
        parts = () if record is None else record.split.parts
        return tuple(part for part in parts if part.kind not in (WITHIN, NEXT))

    @cached_property
    def failed(self) -> bool:
        """Whether a value is no finite number."""
        return not all(np.isfinite(values).all() for values in self.values.values())

    @cached_property
    def own(self) -> tuple[Operation, ...]:
        """The operations of the cell alone."""
        return tuple(o for o in self.forward if o.scope == "cell")

    @cached_property
    def _chains(self) -> dict[tuple[str, int], tuple[Pieces, ...]]:
        return {}

    def chain(self, state: str, unit: int) -> tuple[Pieces, ...]:
        """The formula of a state with the numbers of a unit, stage by stage; written once."""
        found = self._chains.get((state, unit))
        if found is None:
            operation = next(one for one in self.own if one.name == state)
            found = self._chains[state, unit] = operation.chain(unit)
        return found

    def operation(self, name: str) -> Operation | None:
        """The operation of the cell that gives a value."""
        return next((o for o in self.own if o.name == name), None)


@final
@dataclass(frozen=True, eq=False)
class Told:
    """A step at a moment.

    Attributes
    ----------
    step : Step
        Its numbers.
    done : frozenset of str
        The values that are computed.
    passed : frozenset of str
        Those whose gradient is known.
    last : str
        The node that was told last, while the story is within this step; "" elsewhere.
    """

    step: Step
    done: frozenset[str]
    passed: frozenset[str]
    last: str = ""

    @property
    def goes_back(self) -> bool:
        """Whether the way back has come here."""
        return bool(self.passed)

    def shows(self, name: str) -> bool:
        """Whether the number of a value is shown: itself, or on the way back its gradient."""
        return self.has_gradient(name) if self.goes_back else name in self.done

    def has_gradient(self, name: str) -> bool:
        """Whether all is known that a value receives."""
        if name in self.passed:
            return True
        edges = [edge.names for key, edge in self.step.edges.items() if key[0] == name]
        inside = name != INPUT and name not in self.step.cell.states
        return inside and bool(edges) and all(names <= self.passed for names in edges)

    def gradient(self, name: str, target: str) -> Array | None:
        """What runs back on a wire; None where it is not known yet.

        On the way out of the cell that is all that the value receives.
        """
        edge = self.step.edges.get((name, target))
        if edge is None or target == name:
            return self.step.adjoints.get(name) if self.has_gradient(name) else None
        return edge.value if edge.names <= self.passed else None

    def sent_back(self, state: str) -> Array | None:
        """What a state receives from the next step; None where it is not known yet."""
        record = next(
            (o for o in self.step.backward if o.name == state and o.operation.scope == "cell"), None
        )
        if record is None or state not in self.passed:
            return None
        parts = [part.value for part in record.split.parts if part.kind == NEXT]
        return np.asarray(sum(parts)) if parts else None

    @property
    def from_reader(self) -> Array | None:
        """What comes down from what reads the hidden state; None where nothing does."""
        if self.step.cell.states[0] not in self.passed:
            return None  # before the way back is computed
        parts = self.step.arriving
        return np.asarray(sum(part.value for part in parts)) if parts else None


def told(sight: Sight, part: str, place: int, step: Step) -> Told:
    """How far the story is in a step.

    Parameters
    ----------
    place : int
        The public time step.
    """
    encodes = part.startswith("encoder/")
    forward = _reached(sight, part, place, "encode" if encodes else "forward")
    backward = _reached(sight, part, place, "encode_back" if encodes else "backward")
    done, last = _done(step, forward)
    passed, back = _passed(step, backward)
    return Told(step, done, passed, owners(step.cell).get(back or last, ""))


def _done(step: Step, reached: int | None) -> tuple[frozenset[str], str]:
    """The values that are computed, and the last of them while the story is within the step."""
    if reached is None:
        return frozenset(step.values), ""
    if reached < 0:
        return frozenset(), ""
    story = step.forward[: reached + 1]
    last = story[-1].name if story and story[-1].scope == "cell" else ""
    return frozenset((*step.before, INPUT)) | _names(story), last


def _passed(step: Step, reached: int | None) -> tuple[frozenset[str], str]:
    """The same of the gradients."""
    if reached is None:
        return frozenset(step.adjoints), ""
    if reached < 0:
        return frozenset(), ""
    story = step.backward[: reached + 1]
    passed = frozenset(o.name for o in story if o.operation.scope == "cell")
    if len(passed) == sum(o.operation.scope == "cell" for o in step.backward):
        passed = frozenset(step.adjoints)
    last = story[-1].name if story and story[-1].operation.scope == "cell" else ""
    return passed, last


def _names(story: Iterable[Operation]) -> frozenset[str]:
    return frozenset(o.name for o in story if o.scope == "cell")


def _reached(sight: Sight, part: str, place: int, phase: str) -> int | None:
    """The last operation of a phase that is done in a step: None for all, -1 for none."""
    moment, evaluation = sight.moment, sight.evaluation
    now, own = PHASES.index(moment.phase), next(i for i, p in enumerate(PHASES) if p == phase)
    if now != own or evaluation is None:
        return None if now > own else -1
    prefix = part.rpartition("/")[0]
    number = public_step(part, place, len(evaluation.trace.runs[prefix].x))
    ahead = moment.step - number if moment.phase not in RETURNING else number - moment.step
    if ahead == 0 and told_part(evaluation, sight.selection.part, moment.phase) == part:
        return moment.operation
    return None if ahead >= 0 else -1
