"""One operation on the way back: its adjoint, where that comes from, and what it hands on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.expressions import MatMul
from rnnviz.engine.rendering import GRADIENT, TRANSPOSED
from rnnviz.engine.story.contribution import Contribution
from rnnviz.engine.story.nodes import Node
from rnnviz.engine.story.operation import Operation, Scene
from rnnviz.engine.story.reverse import Reverse
from rnnviz.engine.story.rules import Rules
from rnnviz.engine.story.sources import WITHIN, Part, Split, merged
from rnnviz.engine.text import formula


@dataclass(frozen=True, eq=False)
class BackwardOperation:
    """One operation on the way back.

    Attributes
    ----------
    operation : Operation
        The same operation on the way forward.
    adjoint : array `[unit]`
        dL/d(its result).
    flowing : array `[unit]`
        What of it goes on: 0 where the result is held.
    split : Split
        Where the adjoint comes from.
    contributions : tuple of Contribution
        What each operand receives, left to right; constants receive nothing.
    """

    operation: Operation
    adjoint: Array
    flowing: Array
    split: Split
    contributions: tuple[Contribution, ...]

    @property
    def name(self) -> str:
        """The name of the result."""
        return self.operation.name

    def to(self, name: str) -> Array | None:
        """What an operand receives in all; None where it is none of this operation's."""
        values = [part.value for part in self.contributions if part.name == name]
        return None if not values else np.asarray(sum(values[1:], start=values[0]))


def backward_operations(
    operations: tuple[Operation, ...],
    back: Reverse,
    rules: Rules,
    scene: Scene,
    outside: dict[str, tuple[Part, ...]],
) -> tuple[BackwardOperation, ...]:
    """The records of a list of operations whose adjoints are known.

    Parameters
    ----------
    outside : dict
        Name -> the parts of its adjoint that arrive from outside the list.
    """
    values = dict(scene.values)
    values.update((GRADIENT + name, value) for name, value in back.flowing.items())
    scene = replace(scene, values=values)
    contributions = _contributions(back, rules, scene, values, frozenset(outside))
    found = []
    for operation in reversed(operations):
        name = operation.name
        parts = [*_within(back, name, rules, scene), *outside.get(name, ())]
        adjoint = frozen(back.arrived[name])
        split = Split(name, merged(parts), adjoint)
        own = tuple(contributions.get(name, ()))
        found.append(BackwardOperation(operation, adjoint, frozen(back.flowing[name]), split, own))
    return tuple(found)


def _within(back: Reverse, name: str, rules: Rules, scene: Scene) -> list[Part]:
    return [
        Part(
            WITHIN,
            share.node.quantity,
            name,
            share.value,
            rules.local(share.node, share.position),
            scene,
        )
        for share in back.to(name)
    ]


def _contributions(
    back: Reverse,
    rules: Rules,
    scene: Scene,
    values: dict[str, Array],
    outside: frozenset[str],
) -> dict[str, list[Contribution]]:
    """Operation -> what its operands receive; what the rules multiply is put into `values`."""
    found: dict[str, list[Contribution]] = {}
    for share in back.shares:
        rule = rules.local(share.node, share.position)
        if share.node.kind == "matmul":
            _put_product(share.node, share.position, values)
        if isinstance(rule, MatMul) and share.position == 1:
            values[formula(rule)] = share.value
        inner = share.name in back.arrived and share.name not in outside
        contribution = Contribution(
            name=share.name,
            operation=share.node.name,
            quantity=share.node.quantity,
            rule=rule,
            value=frozen(share.value),
            alone=inner and len(back.to(share.name)) == 1,
            held=scene.held.get(share.node.name),
            scene=scene,
        )
        found.setdefault(share.node.name, []).append(contribution)
    return found


def _put_product(node: Node, position: int, values: dict[str, Array]) -> None:
    name = node.operands[1 - position]
    values[name + TRANSPOSED] = values[name].T
