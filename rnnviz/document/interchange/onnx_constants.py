"""The constants of an ONNX graph: initialisers and what is made of them by moving numbers about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnnviz.document.errors import visible
from rnnviz.document.interchange.files import DEPTH_LIMIT, MEGABYTE
from rnnviz.document.interchange.onnx_tensors import Tensors, Values
from rnnviz.engine.errors import EngineError

DOMAINS = ("", "ai.onnx")
_COPIES = 16


class NotConstantError(EngineError):
    """A value that is known only when the model runs."""


@dataclass(eq=False)
class Scope:
    """A graph (or the body of a function) and the one around it.

    Attributes
    ----------
    name : str
        Where it stands, such as `If_0/then_branch`.
    graph : GraphProto or FunctionProto
        Its nodes.
    parent : Scope or None
        The graph around it, whose values it sees.
    producers : dict
        Value -> the node that computes it.
    initializers : dict
        Value -> its tensor.
    consumers : dict
        Value -> the nodes that read it.
    """

    name: str
    graph: Any
    parent: Scope | None = None
    producers: dict[str, Any] = field(init=False, default_factory=dict)
    initializers: dict[str, Any] = field(init=False, default_factory=dict)
    consumers: dict[str, list[Any]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index the nodes."""
        for node in self.graph.node:
            self.producers |= {output: node for output in node.output if output}
            for name in node.input:
                self.consumers.setdefault(name, []).append(node)
        self.initializers = {t.name: t for t in getattr(self.graph, "initializer", ())}

    def owner(self, name: str) -> Scope | None:
        """The scope, this one or one around it, that makes the value `name`."""
        scope: Scope | None = self
        while scope is not None and name not in scope.producers | scope.initializers.keys():
            scope = scope.parent
        return scope


class Constants:
    """Values that do not depend on the input."""

    def __init__(self, tensors: Tensors) -> None:
        self._tensors = tensors
        self._known: dict[tuple[Scope, str], Values] = {}
        self._open: set[tuple[Scope, str]] = set()
        self._total = 0

    def value(self, scope: Scope, name: str) -> Values:
        """The constant called `name` as it is seen from `scope`.

        Raises
        ------
        NotConstantError
            It depends on the input, or on an operator that does more than move numbers.
        EngineError
            Its numbers cannot be read; the graph runs in a circle.
        """
        owner = scope.owner(name)
        if owner is None:
            raise NotConstantError(f"{visible(name)} is given when the model runs")
        key = (owner, name)
        if key not in self._known:
            if key in self._open or len(self._open) > DEPTH_LIMIT:
                raise EngineError(f"{visible(name)} depends on itself, or on too long a chain")
            self._open.add(key)
            try:
                self._known[key] = self._compute(owner, name)
            finally:
                self._open.discard(key)
        return self._known[key]

    def _compute(self, scope: Scope, name: str) -> Values:
        if name in scope.initializers:
            return self._tensors.read(scope.initializers[name])
        node = scope.producers[name]
        given = attributes(node)
        if node.op_type == "Constant":
            return self._constant(given)
        fold = _FOLDS.get(node.op_type) if node.domain in DOMAINS else None
        if fold is None:
            raise NotConstantError(
                f"{visible(name)} is computed by {visible(node.op_type)} when the model runs"
            )
        inputs = [self.value(scope, i) if i else None for i in node.input]
        self._afford(sum(array.nbytes for array in inputs if array is not None))
        try:
            array = np.asarray(fold(inputs, given))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise EngineError(f"{visible(name)}: {visible(error)}") from error
        return array

    def _afford(self, count: int) -> None:
        """Count what a node will make, about what it gets: a chain could double it each time."""
        self._total += count
        if self._total > MEGABYTE + _COPIES * self._tensors.total:
            raise EngineError("its weights are copied about too many times")

    def _constant(self, given: dict[str, Any]) -> Values:
        if "value" in given:
            return self._tensors.read(given["value"])
        for kind in ("value_float", "value_floats", "value_int", "value_ints"):
            if kind in given:
                return np.asarray(given[kind], np.int64 if "int" in kind else np.float32)
        raise NotConstantError(f"a constant is given as {visible(', '.join(given))}")


def attributes(node: Any) -> dict[str, Any]:
    """The attributes of a node by name."""
    from onnx import helper

    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


Inputs = list[Any]
Given = dict[str, Any]


def _axes(inputs: Inputs, given: Given) -> tuple[int, ...] | None:
    if len(inputs) > 1 and inputs[1] is not None:
        return tuple(int(axis) for axis in inputs[1].ravel())
    return tuple(given["axes"]) if "axes" in given else None


def _unsqueeze(inputs: Inputs, given: Given) -> Values:
    return np.expand_dims(inputs[0], _axes(inputs, given) or ())


def _squeeze(inputs: Inputs, given: Given) -> Values:
    return np.asarray(np.squeeze(inputs[0], _axes(inputs, given)))


def _transpose(inputs: Inputs, given: Given) -> Values:
    return np.asarray(np.transpose(inputs[0], given.get("perm")))


def _concat(inputs: Inputs, given: Given) -> Values:
    return np.concatenate(inputs, given["axis"])


def _slice(inputs: Inputs, given: Given) -> Values:
    data = inputs[0]
    named = ("starts", "ends", "axes", "steps")
    values = [given.get(n) for n in named] if len(inputs) < 3 else [*inputs[1:], None, None][:4]
    starts, ends = (np.asarray(v).ravel() for v in values[:2])
    axes = range(len(starts)) if values[2] is None else np.asarray(values[2]).ravel()
    steps = np.ones(len(starts), int) if values[3] is None else np.asarray(values[3]).ravel()
    cut = [slice(None)] * data.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        backward_to_front = step < 0 and end < -data.shape[axis]
        cut[axis] = slice(int(start), None if backward_to_front else int(end), int(step))
    return np.asarray(data[tuple(cut)])


def _cast(inputs: Inputs, given: Given) -> Values:
    from onnx import helper

    to = helper.tensor_dtype_to_np_dtype(given["to"])
    if to not in (np.float16, np.float32, np.float64, np.int32, np.int64):
        raise NotConstantError(f"a constant is cast to {to}")
    return np.asarray(inputs[0].astype(to))


def _reshape(inputs: Inputs, given: Given) -> Values:
    data, shape = inputs[0], [int(n) for n in inputs[1].ravel()]
    if not given.get("allowzero"):
        shape = [data.shape[i] if n == 0 else n for i, n in enumerate(shape)]
    return np.asarray(data.reshape(shape))


def _identity(inputs: Inputs, _: Given) -> Values:
    return np.asarray(inputs[0])


_FOLDS: dict[str, Callable[[Inputs, Given], Values]] = {
    "Identity": _identity,
    "Transpose": _transpose,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Concat": _concat,
    "Slice": _slice,
    "Cast": _cast,
    "Reshape": _reshape,
}
