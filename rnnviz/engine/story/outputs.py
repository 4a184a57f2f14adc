"""What happens after the cell: both directions side by side, the head's outputs, and the loss."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.cell import INPUT
from rnnviz.engine.expressions import (
    Add,
    Apply,
    Expression,
    MatMul,
    Mul,
    Number,
    Sub,
    Symbol,
)
from rnnviz.engine.heads import CRF, Softmax
from rnnviz.engine.losses import NO_TARGET, log_softmax, softmax
from rnnviz.engine.story.nodes import Node, nodes_of
from rnnviz.engine.story.operation import Operand, Operation, Scene, make_operand
from rnnviz.engine.story.step import Step, operate

OUTPUT = "output"
READ = "read"
MASK = "mask"
HEAD_WEIGHTS = frozenset(("V", "d"))
LOGITS = Symbol("y")
ERROR = Sub(LOGITS, Symbol("t"))
SQUARES = Apply("sum", Mul(ERROR, ERROR))


def joined_name(step: Step) -> str:
    """What is handed up of the cell: its first state, or that of both directions side by side."""
    state, directions = step.cell.states[0], step.run.layer.directions
    if len(directions) == 1:
        return state
    return f"[{'; '.join(f'{state}_{direction}' for direction in directions)}]"


def output_expression(step: Step) -> Expression:
    """The layer's output as an expression of `joined_name`, the input and the dropout mask."""
    found: Expression = Symbol(joined_name(step))
    if step.run.layer.residual:
        found = Add(found, Symbol(INPUT))
    return found if step.run.mask is None else Mul(found, Symbol(MASK))


def output_operations(step: Step) -> tuple[Operation, ...]:
    """What makes the layer's output; nothing where the state itself is the output."""
    state, joined, expression = step.cell.states[0], joined_name(step), output_expression(step)
    values = {state: step.values[state], INPUT: step.values[INPUT]}
    if step.run.mask is not None:
        values[MASK] = step.run.mask[step.place, step.row]
    scene = Scene(values, at=step.at)
    found: list[Operation] = []
    if joined != state:
        is_all = expression == Symbol(joined)
        found.append(_side_by_side(step, scene, OUTPUT if is_all else joined))
        values[found[-1].name] = found[-1].value
    if not isinstance(expression, Symbol):
        paths = {OUTPUT: f"{step.prefix}/{OUTPUT}"}
        found += (operation(scene, node, paths) for node in nodes_of(OUTPUT, expression))
    return tuple(replace(one, scope="output") for one in found)


def _side_by_side(step: Step, scene: Scene, name: str) -> Operation:
    state, parts = step.cell.states[0], []
    for direction in step.run.layer.directions:
        own = direction == step.direction
        path = f"{step.prefix}/{direction}/{state}"
        value = step.values[state] if own else step.trace[path][step.place, step.row]
        label = f"{state}_{direction}"
        parts.append(Operand(label, label, value))
    value = frozen(np.concatenate([part.value for part in parts]))
    path = f"{step.prefix}/{OUTPUT}" if name == OUTPUT else ""
    return Operation(
        name, "concatenate", OUTPUT, path, Symbol(joined_name(step)), tuple(parts), value, value,
        None, scene,
    )  # fmt: skip


def operation(scene: Scene, node: Node, paths: dict[str, str]) -> Operation:
    """One node computed from the scene's values; the result is put there too."""
    values = scene.values
    assert isinstance(values, dict)
    with np.errstate(all="ignore"):
        value = frozen(operate(node.kind, [values[name] for name in node.operands]))
    pairs = zip(node.operands, node.parts, strict=True)
    operands = tuple(make_operand(scene, name, part) for name, part in pairs)
    values[node.name] = value
    path = paths.get(node.name, "")
    return Operation(
        node.name, node.kind, node.quantity, path, node.expression, operands, value, value, None,
        scene,
    )  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """Where the head reads a step.

    Attributes
    ----------
    place : int
        The step of the outputs: 0 where a network answers once.
    name : str
        What is read: a state, `output`, or `read`, the last outputs of both directions.
    """

    place: int
    name: str


def reading(step: Step) -> Reading | None:
    """Where the head reads what this step hands up; None where it does not.

    A network that answers once reads the step that each direction reads last.
    """
    trace = step.trace
    if trace.logits is None or step.prefix != next(reversed(trace.runs)):
        return None
    single = trace.network.single
    if single and step.following is not None:
        return None
    several = len(step.run.layer.directions) > 1
    if several and single:
        return Reading(0, READ)
    plain = isinstance(output_expression(step), Symbol) and not several
    return Reading(0 if single else step.place, step.cell.states[0] if plain else OUTPUT)


def head_expression(name: str) -> Expression:
    """The outputs of a head that reads `name`: `V h + d`."""
    return Add(MatMul(Symbol("V"), Symbol(name)), Symbol("d"))


def head_operations(step: Step) -> tuple[Operation, ...]:
    """The outputs, what is made of them, and the loss, where the head reads this step."""
    found = reading(step)
    if found is None:
        return ()
    trace, place, row = step.trace, found.place, step.row
    is_state = found.name == step.cell.states[0]
    read = step.values[found.name] if is_state else trace.read[place, row]
    values = {
        found.name: frozen(read),
        "V": trace.weights["head/V"],
        "d": trace.weights["head/d"],
    }
    scene = Scene(values, HEAD_WEIGHTS, step.at)
    paths = {"y": "head/outputs"}
    linear = nodes_of("y", head_expression(found.name))
    operations = [_ends(step, scene)] if found.name == READ else []
    operations += [operation(scene, node, paths) for node in linear]
    if isinstance(trace.network.head, Softmax):
        operations.append(_answer(scene, "softmax", softmax(values["y"])))
    elif isinstance(trace.network.head, CRF):
        operations.append(_answer(scene, "marginals", trace.predictions[place, row]))
    operations += _loss(step, scene, place)
    return tuple(replace(one, scope="head") for one in operations)


def _ends(step: Step, scene: Scene) -> Operation:
    """The last output of each direction side by side: the backward one ends at the first step."""
    value, hidden, parts = scene.values[READ], step.run.layer.hidden, []
    is_state = output_expression(step) == Symbol(joined_name(step))
    letter = step.cell.states[0] if is_state else OUTPUT
    for place, direction in enumerate(step.run.layer.directions):
        label = f"{letter}_{direction}"
        parts.append(Operand(label, label, value[place * hidden : (place + 1) * hidden]))
    right = Symbol(f"[{'; '.join(part.name for part in parts)}]")
    return Operation(READ, "concatenate", READ, "", right, tuple(parts), value, value, None, scene)


def _answer(scene: Scene, kind: str, value: Array) -> Operation:
    values = scene.values
    assert isinstance(values, dict)
    values["p"] = frozen(value)
    operands = (make_operand(scene, "y", LOGITS),)
    return Operation(
        "p", kind, "p", "head/predictions", Apply(kind, LOGITS), operands, value, value, None, scene
    )


def _loss(step: Step, scene: Scene, place: int) -> tuple[Operation, ...]:
    """The loss of this step, where there is a target.

    That of a CRF stands at the row's end, and needs the tags of all steps.
    """
    trace, values = step.trace, scene.values
    assert isinstance(values, dict)
    if trace.batch.targets is None:
        return ()
    target = trace.batch.targets[place, step.row]
    if isinstance(trace.network.head, CRF):
        tags = trace.batch.targets[: step.length, step.row]
        if step.place != step.length - 1 or bool((tags == NO_TARGET).any()):
            return ()
        value = trace.losses()[place, step.row]
        return (_loss_operation(scene, Apply("crf", LOGITS), "y", value),)
    if isinstance(trace.network.head, Softmax):
        if target == NO_TARGET:
            return ()
        name = f"p[{target}]"
        values[name] = values["p"][target]
        value = -log_softmax(values["y"])[target]
        right = Mul(Number(-1.0), Apply("log", Symbol(name)))
        return (_loss_operation(scene, right, "p", value),)
    values["t"] = frozen(np.where(np.isnan(target), values["y"], target))
    error = values["y"] - values["t"]
    squares = np.asarray((error * error).sum())
    values["sum((y - t) * (y - t))"] = squares
    return (_loss_operation(scene, Mul(Number(0.5), SQUARES), "y", squares / 2),)


def _loss_operation(scene: Scene, right: Expression, name: str, value: Array) -> Operation:
    operands = (make_operand(scene, name, Symbol(name)),)
    result = frozen(np.asarray(value))
    return Operation("L", "loss", "L", "", right, operands, result, result, None, scene)
