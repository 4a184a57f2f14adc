"""The way back outside the cell: from the loss to the state, and from the input to the token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.cell import INPUT
from rnnviz.engine.expressions import Expression, Mul, Number, Sub, Symbol
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.heads import Regression
from rnnviz.engine.losses import NO_TARGET
from rnnviz.engine.story.backward_operation import BackwardOperation, backward_operations
from rnnviz.engine.story.contribution import Contribution
from rnnviz.engine.story.inputs import input_operations
from rnnviz.engine.story.nodes import nodes_of
from rnnviz.engine.story.operation import Operation
from rnnviz.engine.story.outputs import (
    HEAD_WEIGHTS,
    OUTPUT,
    READ,
    head_expression,
    head_operations,
    joined_name,
    output_expression,
    output_operations,
    reading,
)
from rnnviz.engine.story.reverse import reverse
from rnnviz.engine.story.rules import Rules, gradient
from rnnviz.engine.story.sources import (
    DIRECTION,
    RESIDUAL,
    WITHIN,
    Part,
    Split,
    go_back,
    masked_output,
    merged,
    output_gradient,
    reader_of,
    totals,
)
from rnnviz.engine.story.sources import OUTPUT as FROM_OUTPUT
from rnnviz.engine.story.step import Step, take_step

Parts = dict[str, tuple[Part, ...]]


def back_to_output(gradients: Gradients, step: Step, row: int) -> tuple[BackwardOperation, ...]:
    """From the loss to the outputs of the head, and from the layer's output to the states."""
    return (*_head(gradients, step, row), *_output(gradients, step, row))


def _head(gradients: Gradients, step: Step, row: int) -> tuple[BackwardOperation, ...]:
    found, outputs = reading(step), output_gradient(gradients)
    if found is None or outputs is None:
        return ()
    weight = 1.0 / step.trace.batch.rows if outputs[found.place, row].any() else 0.0
    operations = head_operations(step)
    scene = operations[0].scene
    error = _error(step, found.place, scene.values)
    d_outputs = frozen(weight * error)
    graph = nodes_of("y", head_expression(found.name))
    back = reverse(graph, scene.values, scene.values, {}, {"y": d_outputs})
    rules = Rules({node.name: node for node in graph}, frozenset("y"), frozenset())
    linear = tuple(o for o in operations if o.quantity == "y")
    first = _loss(step, operations, weight, d_outputs, error)
    part = Part(WITHIN, "L", "y", d_outputs)
    if first:
        contribution = first[0].contributions[0]
        part = replace(part, rule=contribution.rule, scene=contribution.scene)
    outside: Parts = {"y": (part,)}
    middle = backward_operations(linear, back, rules, scene, outside)
    ends: tuple[BackwardOperation, ...] = ()
    if found.name == READ:
        received = back.sum_to(READ, scene.values[READ])
        parts = tuple(Part(WITHIN, s.node.quantity, READ, s.value) for s in back.to(READ))
        ends = (_apart(operations[0], received, parts),)
    return (*first, *middle, *ends)


def _error(step: Step, place: int, values: Mapping[str, Array]) -> Array:
    """What was predicted less what was right; 0 where there is no target."""
    target = step.trace.batch.targets[place, step.row]
    outputs: Array = values["y"]
    if isinstance(step.trace.network.head, Regression):
        return np.asarray(np.where(np.isnan(target), 0.0, outputs - target))
    if target == NO_TARGET:
        return np.zeros_like(outputs)
    right = np.zeros_like(outputs)
    right[target] = 1.0
    return np.asarray(values["p"] - right)


def _loss(
    step: Step, operations: tuple[Operation, ...], weight: float, value: Array, error: Array
) -> tuple[BackwardOperation, ...]:
    """From the loss straight to the outputs: for a softmax and its logarithm, `p - t`.

    A CRF has one loss for all its steps: there the marginals stand for it.
    """
    last = operations[-1]
    if last.quantity not in ("L", "p"):
        return ()
    answer = "y" if isinstance(step.trace.network.head, Regression) else "p"
    values = {**last.scene.values, "t": last.scene.values[answer] - error}
    rule: Expression = Sub(Symbol(answer), Symbol("t"))
    if weight != 1.0:
        rule = Mul(Number(weight), rule) if weight else Number(0.0)
    scene = replace(last.scene, values=values, parameters=HEAD_WEIGHTS)
    contribution = Contribution("y", last.name, "L", rule, value, True, None, scene)
    adjoint = np.asarray(weight)
    split = Split(last.name, (), adjoint)
    return (BackwardOperation(last, adjoint, adjoint, split, (contribution,)),)


def _output(gradients: Gradients, step: Step, row: int) -> tuple[BackwardOperation, ...]:
    operations = output_operations(step)
    if not operations:
        return ()
    total: Array = gradients.flow.layers[step.prefix].output[step.place, row]
    expression, scene = output_expression(step), operations[0].scene
    reader = reader_of(gradients, step.prefix)
    whole: Parts = {OUTPUT: (Part(FROM_OUTPUT, reader, OUTPUT, total),)}
    if isinstance(expression, Symbol):
        return (_apart(operations[0], total, whole[OUTPUT]),)
    graph = nodes_of(OUTPUT, expression)
    back = reverse(graph, scene.values, scene.values, {}, {OUTPUT: total})
    rules = Rules({node.name: node for node in graph}, frozenset((OUTPUT,)), frozenset())
    inner = tuple(o for o in operations if o.kind != "concatenate")
    found = backward_operations(inner, back, rules, scene, whole)
    if inner == operations:
        return found
    name = joined_name(step)
    received = back.sum_to(name, operations[0].value)
    parts = tuple(Part(WITHIN, s.node.quantity, name, s.value) for s in back.to(name))
    return (*found, _apart(operations[0], received, parts))


def _apart(operation: Operation, total: Array, parts: tuple[Part, ...]) -> BackwardOperation:
    """What was put side by side is taken apart."""
    start, found = 0, []
    for operand in operation.operands:
        stop = start + len(operand.value)
        values = {**operation.scene.values, f"∂{operation.name}": total[start:stop]}
        scene = replace(operation.scene, values=values)
        found.append(
            Contribution(
                operand.name,
                operation.name,
                operation.quantity,
                gradient(operation.name),
                frozen(total[start:stop]),
                False,
                operation.held[start:stop] if operation.held is not None else None,
                scene,
            )
        )
        start = stop
    return BackwardOperation(
        operation, total, total, Split(operation.name, parts, total), tuple(found)
    )


def back_to_input(
    gradients: Gradients, step: Step, row: int, cell: tuple[BackwardOperation, ...]
) -> tuple[BackwardOperation, ...]:
    """From the input to the row of the embedding; nothing where the layer reads vectors."""
    operations = input_operations(step)
    if not operations:
        return ()
    operation = operations[-1]
    parts = merged(_input_parts(gradients, step, row, cell))
    total = np.zeros_like(step.values[INPUT])
    for part in parts:
        total = total + part.value
    flowing = total if operation.held is None else np.where(operation.held, 0.0, total)
    if operation.kind == "concatenate":
        whole = _apart(operation, flowing, parts)
        whole = replace(whole, adjoint=frozen(total), split=Split(INPUT, parts, total))
        first = whole.contributions[0]
        arrived = (Part(WITHIN, INPUT, first.name, first.value),)
        split = Split(first.name, arrived, first.value)
        return (whole, BackwardOperation(operations[0], first.value, first.value, split, ()))
    values = {**operation.scene.values, "∂x": flowing}
    scene = replace(operation.scene, values=values)
    name, rule = f"E[{operation.operands[-1].name}]", gradient(INPUT)
    row_of = Contribution(name, INPUT, INPUT, rule, frozen(flowing), False, operation.held, scene)
    own = (row_of,) if operation.kind == "lookup" else ()
    split = Split(INPUT, parts, frozen(total))
    return (BackwardOperation(operation, split.total, frozen(flowing), split, own),)


def _input_parts(
    gradients: Gradients, step: Step, row: int, cell: tuple[BackwardOperation, ...]
) -> list[Part]:
    parts = [
        Part(WITHIN, given.quantity, INPUT, given.value, given.rule, given.scene)
        for operation in cell
        for given in operation.contributions
        if given.name == INPUT
    ]
    for direction in step.run.layer.directions:
        if direction != step.direction:
            path = f"{step.prefix}/{direction}"
            other = take_step(step.trace, path, step.place, step.row)
            there = go_back(other, totals(gradients, other, row), complete=True)
            value = there.sum_to(INPUT, step.values[INPUT])
            parts.append(Part(DIRECTION, direction, INPUT, value))
    if step.run.layer.residual:
        parts.append(Part(RESIDUAL, OUTPUT, INPUT, masked_output(gradients, step, row)))
    return parts
