"""What is told of one cell at one moment: its values, its gradients, and how far the story is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
    cell : Cell
        Its equations.
    forward, backward : tuple
        The operations in the order in which they are told; of the way back there may be none.
    values : dict
        Value -> array `[unit]`: of every drawn node, of `x` and of the previous states.
    adjoints : dict
        Value -> dL/d(it), where there is one.
    """

    cell: Cell
    forward: tuple[Operation, ...]
    backward: tuple[BackwardOperation, ...]
    values: dict[str, Array]
    adjoints: dict[str, Array]

    def operation(self, name: str) -> Operation | None:
        """The operation of the cell that gives a value."""
        return next((o for o in self.forward if o.name == name and o.scope == "cell"), None)


def step_of(evaluation: Evaluation, part: str, step: int) -> Step:
    """The numbers of one step."""
    trace, gradients = evaluation.trace, evaluation.gradients
    prefix, _, _ = part.rpartition("/")
    cell = trace.runs[prefix].layer.cell
    forward = forward_story(trace, part, step)
    back = () if gradients is None else backward_story(gradients, part, step)
    own = [o for o in forward if o.scope == "cell"]
    values = {o.name: np.broadcast_to(o.value, (_units(evaluation, prefix),)) for o in own}
    before = [state + PREVIOUS for state in cell.states]
    values[INPUT] = trace[f"{prefix}/x"][step, 0]
    values |= {name: trace[f"{part}/{name}"][step, 0] for name in before}
    adjoints = {o.name: o.adjoint for o in back if o.operation.scope == "cell"}
    if gradients is not None:
        adjoints[INPUT] = gradients[f"{prefix}/x"][step, 0]
        adjoints |= {name: gradients[f"{part}/{name}"][step, 0] for name in before}
    return Step(cell, forward, back, values, adjoints)


def _units(evaluation: Evaluation, prefix: str) -> int:
    return evaluation.trace.runs[prefix].layer.hidden


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
    all_ = frozenset(step.values)
    before = frozenset(state + PREVIOUS for state in step.cell.states)
    forward = _reached(sight, part, place, "encode" if encodes else "forward")
    backward = _reached(sight, part, place, "encode_back" if encodes else "backward")
    names = [o.name for o in step.forward if o.scope == "cell"]
    own = [o.name for o in step.backward if o.operation.scope == "cell"]
    last = ""
    if forward is None:
        done = all_
    elif forward < 0:
        done = frozenset()
    else:
        story = step.forward[: forward + 1]
        done = before | {INPUT} | _names(story)
        last = story[-1].name if story and story[-1].scope == "cell" else ""
    if backward is None:
        passed = frozenset(step.adjoints)
    elif backward < 0:
        passed = frozenset()
    else:
        back = step.backward[: backward + 1]
        passed = frozenset(o.name for o in back if o.operation.scope == "cell")
        if len(passed) == len(own):
            passed |= frozenset(step.adjoints)
        last = back[-1].name if back and back[-1].operation.scope == "cell" else ""
    whole = len(done) >= len(names) and not passed
    return Told(step, done, passed, "" if whole and forward is None else last)


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
