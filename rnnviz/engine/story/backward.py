"""The way back through one step, operation by operation: the same nodes in the opposite order."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.story.backward_operation import BackwardOperation, backward_operations
from rnnviz.engine.story.ends import back_to_input, back_to_output
from rnnviz.engine.story.forward import cell_operations, scene_of
from rnnviz.engine.story.kept import Kept
from rnnviz.engine.story.reverse import Reverse
from rnnviz.engine.story.sources import Part, arriving, cell_rules, go_back
from rnnviz.engine.story.step import Step, take_step

_KEPT: Kept[Gradients, tuple[BackwardOperation, ...]] = Kept()


def backward_story(
    gradients: Gradients, part: str, step: int, row: int = 0
) -> tuple[BackwardOperation, ...]:
    """Every operation of one step in the order of the way back.

    It begins with the loss, where the head reads this step, and ends with the input. The adjoints
    are computed by the chain rule on the cell's own expression trees; of what the kernels computed
    only the gradient of the layer's output and that of the next step's states enter.

    Parameters
    ----------
    gradients : Gradients
        The backward pass.
    part : str
        Layer and direction, such as `layer0/forward`.
    step, row : int
        The public time step and the row of the gradients, from 0.

    Raises
    ------
    EngineError
        A part, step or row that is not there; a step in the padding of its row.
    """
    return _KEPT.find(gradients, (part, step, row), lambda: _told(gradients, part, step, row))


@np.errstate(all="ignore")
def _told(gradients: Gradients, part: str, step: int, row: int) -> tuple[BackwardOperation, ...]:
    taken = step_of(gradients, part, step, row)
    outside = arriving(gradients, taken, row)
    back = _through_cell(taken, outside)
    rules, operations = cell_rules(taken), cell_operations(taken)
    cell = backward_operations(operations, back, rules, scene_of(taken), outside)
    return (
        *back_to_output(gradients, taken, row),
        *cell,
        *back_to_input(gradients, taken, row, cell),
    )


def step_of(gradients: Gradients, part: str, step: int, row: int) -> Step:
    """The forward values; where a batch of one row has several gradients, they share them."""
    return take_step(gradients.trace, part, step, row if gradients.trace.batch.rows > 1 else 0)


def _through_cell(step: Step, outside: dict[str, tuple[Part, ...]]) -> Reverse:
    seeds: dict[str, Array] = {}
    for state, parts in outside.items():
        seeds[state] = np.zeros(step.run.layer.hidden, step.run.x.dtype)
        for part in parts:
            seeds[state] = seeds[state] + part.value
    return go_back(step, seeds)
