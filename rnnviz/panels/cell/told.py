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
from rnnviz.engine.story import BackwardOperation, Operation, backward_story, forward_story
from rnnviz.panels.sight import Sight
from rnnviz.session.moments import PHASES, RETURNING
from rnnviz.session.telling import public_step, told_part


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
    """

    evaluation: Evaluation
    part: str
    place: int

    @property
    def prefix(self) -> str:
        """The layer."""
        return self.part.rpartition("/")[0]

    @property
    def cell(self) -> Cell:
        """Its equations."""
        return self.evaluation.trace.runs[self.prefix].layer.cell

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
        gradients = self.evaluation.gradients
        return () if gradients is None else backward_story(gradients, self.part, self.place)

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
        """Value -> dL/d(it), where there is one."""
        gradients = self.evaluation.gradients
        if gradients is None:
            return {}
        found = {o.name: o.adjoint for o in self.backward if o.operation.scope == "cell"}
        found[INPUT] = gradients[f"{self.prefix}/x"][self.place, 0]
        return found | {n: gradients[f"{self.part}/{n}"][self.place, 0] for n in self.before}

    def operation(self, name: str) -> Operation | None:
        """The operation of the cell that gives a value."""
        return next((o for o in self.forward if o.name == name and o.scope == "cell"), None)


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
        The value that was told last, while the story is within this step; "" elsewhere.
    """

    step: Step
    done: frozenset[str]
    passed: frozenset[str]
    last: str = ""

    @property
    def goes_back(self) -> bool:
        """Whether the way back has come here."""
        return bool(self.passed)


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
    return Told(step, done, passed, back or last)


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
