"""Which recurrent nodes of an ONNX graph feed one another, and what stands below and above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rnnviz.document.errors import visible
from rnnviz.document.interchange.files import check_shape
from rnnviz.document.interchange.found import Answers, Found, Linear, Table
from rnnviz.document.interchange.onnx_constants import Constants, Scope, attributes
from rnnviz.document.interchange.onnx_nodes import FoundNode
from rnnviz.document.interchange.surroundings import unusual_numbers
from rnnviz.engine.errors import EngineError
from rnnviz.engine.network import Form

_HOPS = 16
_VISITS = 1000
_SAME = ("Identity", "Dropout")
_MOVING = (*_SAME, "Transpose", "Cast", "Squeeze", "Unsqueeze")
_CHOOSING = ("Slice", "Gather")
_PASSING = (*_MOVING, *_CHOOSING, "Reshape", "Flatten")
_SOFTMAX = ("Softmax", "LogSoftmax")


@dataclass(frozen=True, eq=False)
class Chain:
    """Nodes from the bottom up, with the embeddings and linear layers around them."""

    nodes: tuple[FoundNode, ...]
    tables: tuple[Table, ...]
    heads: tuple[Linear, ...]
    form: Form
    notes: tuple[str, ...]

    def found(self, notes: tuple[str, ...]) -> Found:
        """The chain as a model that can be chosen."""
        layers = tuple(node.layer for node in self.nodes)
        initial = {
            f"layer{number}/{state}": value
            for number, node in enumerate(self.nodes)
            for state, value in node.initial.items()
        }
        own = tuple(dict.fromkeys(note for node in self.nodes for note in node.notes))
        if self.form == "many-to-one":
            own = (*own, "That the answer reads the last state is a guess from the graph.")
        return Found(
            self.nodes[0].name,
            layers,
            self.tables,
            self.heads,
            self.form,
            initial,
            (*own, *self.notes, *unusual_numbers(layers), *notes),
        )


def chains(nodes: list[FoundNode], constants: Constants) -> list[Chain]:
    """The nodes grouped: one reads what another gives, and nothing is computed in between."""
    above: dict[FoundNode, list[FoundNode]] = {}
    tops = []
    for node in nodes:
        below = _Tracer(node.scope, constants).below(node, nodes)
        if below is None:
            tops.append(node)
        else:
            above.setdefault(below, []).append(node)
    found = []
    todo = tops
    while todo:
        chain = [todo.pop(0)]
        while len(above.get(chain[-1], ())) == 1:
            chain += above[chain[-1]]
        todo += above.get(chain[-1], [])
        found.append(_chain(tuple(chain), constants))
    if sum(len(chain.nodes) for chain in found) < len(nodes):
        raise EngineError("recurrent nodes feed one another in a circle")
    return found


def _chain(nodes: tuple[FoundNode, ...], constants: Constants) -> Chain:
    first, last = nodes[0], nodes[-1]
    tables = tuple(_Tracer(first.scope, constants).tables(first))
    readers = _Tracer(last.scope, constants).heads(last)
    heads = list({linear.name: (linear, chosen) for linear, chosen in readers}.values())
    single = bool(heads) and all(chosen for _, chosen in heads)
    form: Form = "many-to-one" if single else "many-to-many"
    notes = tuple(_Tracer(first.scope, constants).left_out(first))
    return Chain(nodes, tables, tuple(linear for linear, _ in heads), form, notes)


@dataclass(frozen=True, eq=False)
class _Tracer:
    """Follows values through one graph."""

    scope: Scope
    constants: Constants

    def producer(self, name: str) -> Any:
        """The node that computes a value in this graph or one around it."""
        owner = self.scope.owner(name)
        return owner.producers.get(name) if owner is not None else None

    def below(self, node: FoundNode, nodes: list[FoundNode]) -> FoundNode | None:
        """The node whose outputs `node` reads as they are, both directions side by side."""
        made = self.producer(node.node.input[0])
        for _ in range(_HOPS):
            if made is None or made.op_type not in _SAME:
                break
            made = self.producer(made.input[0])
        if made is None or made.op_type not in ("Squeeze", "Reshape"):
            return None
        for other in nodes:
            same = other.scope is node.scope and other.batch_first == node.batch_first
            if same and other.layer.outputs == node.layer.inputs and self._joins(made, other):
                return other
        return None

    def _joins(self, made: Any, other: FoundNode) -> bool:
        """Whether `made` lays the directions of the other node's output side by side."""
        axis = 2 if other.batch_first else 1
        output = other.node.output[0]
        if made.op_type == "Squeeze":
            return made.input[0] == output and self._axes(made) == (axis,)
        if self._numbers(made, 1) not in self._shapes(other):
            return False
        if other.batch_first or len(other.layer.weights) == 1:
            return bool(made.input[0] == output)
        turned = self.producer(made.input[0])
        return (
            turned is not None
            and turned.op_type == "Transpose"
            and turned.input[0] == output
            and tuple(attributes(turned).get("perm", ())) == (0, 2, 1, 3)
        )

    @staticmethod
    def _shapes(other: FoundNode) -> tuple[tuple[int, ...], ...]:
        return (0, 0, -1), (0, 0, other.layer.outputs), (0, -1, other.layer.outputs)

    def _axes(self, node: Any) -> tuple[int, ...]:
        given = attributes(node).get("axes")
        return tuple(given) if given is not None else self._numbers(node, 1)

    def _numbers(self, node: Any, index: int) -> tuple[int, ...]:
        if index >= len(node.input):
            return ()
        try:
            return tuple(
                int(n) for n in self.constants.value(self.scope, node.input[index]).ravel()
            )
        except EngineError:
            return ()

    def _reads(self, node: FoundNode) -> Any:
        """What computes the node's input, nodes that only move numbers passed over."""
        made = self.producer(node.node.input[0])
        for _ in range(_HOPS):
            if made is None or made.op_type not in _MOVING:
                break
            made = self.producer(made.input[0])
        return made

    def tables(self, node: FoundNode) -> Iterator[Table]:
        """The embedding whose rows the node reads."""
        made = self._reads(node)
        if made is None or made.op_type != "Gather" or attributes(made).get("axis", 0) != 0:
            return
        matrix = self._matrix(made.input[0])
        if matrix is not None and matrix.shape[1] == node.layer.inputs:
            yield Table(visible(made.input[0]), matrix)

    def left_out(self, node: FoundNode) -> Iterator[str]:
        """A sentence where the node reads rows of a table that is not offered."""
        made = self._reads(node)
        if made is not None and made.op_type == "Gather" and not tuple(self.tables(node)):
            try:
                shape = self.constants.value(self.scope, made.input[0]).shape
                name = visible(made.input[0])
                yield f"The embedding {name} {shape} does not fit; it was left out."
            except EngineError as error:
                yield f"The embedding was left out: {error}."

    def heads(self, node: FoundNode) -> Iterator[tuple[Linear, bool]]:
        """The linear layers that read the node's outputs, and whether one step is chosen before."""
        todo = [(output, index == 1) for index, output in enumerate(node.node.output[:2])]
        seen: set[tuple[str, bool]] = set()
        while todo and len(seen) < _VISITS:
            name, chosen = todo.pop(0)
            if not name or (name, chosen) in seen:
                continue
            seen.add((name, chosen))
            for reader in self.scope.consumers.get(name, ()):
                if reader.op_type in ("MatMul", "Gemm"):
                    linear = self._linear(reader, name, node.layer.outputs)
                    if linear is not None:
                        yield linear, chosen
                elif reader.op_type == "Concat" or self._moves(reader, name):
                    now = chosen or reader.op_type in _CHOOSING
                    todo += [(output, now) for output in reader.output[:1]]

    @staticmethod
    def _moves(node: Any, name: str) -> bool:
        """Whether a node only moves or chooses numbers of the value `name`."""
        return node.op_type in _PASSING and node.input[0] == name

    def _linear(self, node: Any, name: str, units: int) -> Linear | None:
        given = attributes(node)
        if node.input[0] != name or len(node.input) < 2 or given.get("transA", 0):
            return None
        if given.get("alpha", 1.0) != 1.0 or given.get("beta", 1.0) != 1.0:
            return None
        matrix = self._matrix(node.input[1])
        if matrix is None:
            return None
        matrix = matrix if given.get("transB", 0) else matrix.T
        if matrix.shape[1] != units:
            return None
        bias, after = self._added(node, len(matrix))
        answers: Answers | None = None
        if any(r.op_type in _SOFTMAX for r in self.scope.consumers.get(after.output[0], ())):
            answers = "classes"
        return Linear(visible(node.name or node.input[1]), matrix, bias, answers)

    def _added(self, node: Any, outputs: int) -> tuple[Any, Any]:
        """The bias added behind a product, and the node that adds it."""
        if len(node.input) > 2:
            return self._vector(node.input[2], outputs), node
        for reader in self.scope.consumers.get(node.output[0], ()):
            if reader.op_type == "Add":
                other = next(i for i in (*reader.input, "") if i != node.output[0])
                vector = self._vector(other, outputs)
                if vector is not None:
                    return vector, reader
        return None, node

    def _matrix(self, name: str) -> Any:
        array = self._floats(name)
        return array if array is not None and array.ndim == 2 else None

    def _vector(self, name: str, length: int) -> Any:
        array = self._floats(name)
        return array if array is not None and array.shape == (length,) else None

    def _floats(self, name: str) -> Any:
        try:
            array = self.constants.value(self.scope, name)
            check_shape(name, array.shape)
        except EngineError:
            return None
        return array if array.dtype.kind == "f" else None
