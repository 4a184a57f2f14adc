"""One step of a network operation by operation: from the token to the loss, each with its numbers.

The operations are the nodes of the cell's own expression trees, computed anew (see `step`); around
them stand what makes the input (`inputs`) and what follows from the state (`outputs`).
"""

from __future__ import annotations

from rnnviz.engine.definitions import definitions
from rnnviz.engine.story.inputs import input_operations
from rnnviz.engine.story.kept import Kept
from rnnviz.engine.story.nodes import Node, nodes
from rnnviz.engine.story.operation import Operand, Operation, Scene, make_operand
from rnnviz.engine.story.outputs import head_operations, output_operations
from rnnviz.engine.story.step import Step, expression_names, take_step
from rnnviz.engine.trace import Trace

_KEPT: Kept[Trace, tuple[Operation, ...]] = Kept()


def forward_story(trace: Trace, part: str, step: int, row: int = 0) -> tuple[Operation, ...]:
    """Every operation of one step in the order of computation.

    First comes what makes the input, where the layer reads the network's input; then the cell;
    then what makes the layer's output of the states, where that is more than the state itself; and
    where the head reads this step, its outputs, their softmax and the loss.

    Parameters
    ----------
    trace : Trace
        The forward pass.
    part : str
        Layer and direction, such as `layer0/forward`.
    step, row : int
        The public time step and the row of the batch, from 0.

    Raises
    ------
    EngineError
        A part, step or row that is not there; a step in the padding of its row.
    """
    return _KEPT.find(trace, (part, step, row), lambda: story_of(take_step(trace, part, step, row)))


def story_of(taken: Step) -> tuple[Operation, ...]:
    """`forward_story` of a step that was computed already."""
    return (
        *input_operations(taken),
        *cell_operations(taken),
        *output_operations(taken),
        *head_operations(taken),
    )


def scene_of(step: Step) -> Scene:
    """What the operations of a cell's step have in common."""
    return Scene(step.values, step.parameters, step.at, expression_names(step), step.held)


def cell_operations(step: Step) -> tuple[Operation, ...]:
    """The operations of the cell alone."""
    scene = scene_of(step)
    return tuple(_operation(step, scene, node) for node in nodes(step.cell))


def _path(step: Step, node: Node) -> str:
    """Where the trace has the value: it evaluates formulas too, but knows no holds inside them."""
    is_stored = node.name in definitions(step.cell)
    return f"{step.part}/{node.name}" if is_stored or not step.held else ""


def _operation(step: Step, scene: Scene, node: Node) -> Operation:
    return Operation(
        name=node.name,
        kind=node.kind,
        quantity=node.quantity,
        path=_path(step, node),
        expression=node.expression,
        operands=_operands(scene, node),
        value=step.values[node.name],
        computed=step.computed[node.name],
        held=step.held.get(node.name),
        scene=scene,
    )


def _operands(scene: Scene, node: Node) -> tuple[Operand, ...]:
    pairs = zip(node.operands, node.parts, strict=True)
    return tuple(make_operand(scene, name, part) for name, part in pairs)
