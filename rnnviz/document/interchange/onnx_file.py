"""Reads the recurrent layers of an ONNX model, wherever in its graph they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.document.errors import FileError, visible
from rnnviz.document.interchange.description import KEY
from rnnviz.document.interchange.extras import needed
from rnnviz.document.interchange.files import FilePath, faults_named, read_bytes
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.onnx_chains import chains
from rnnviz.document.interchange.onnx_constants import DOMAINS, Constants, Scope
from rnnviz.document.interchange.onnx_nodes import FAMILIES, FoundNode, read_node
from rnnviz.document.interchange.onnx_own import read_own
from rnnviz.document.interchange.onnx_skim import check_structure
from rnnviz.document.interchange.onnx_tensors import Tensors
from rnnviz.document.interchange.pickles import refuse_pickles
from rnnviz.engine.errors import EngineError

_GRAPH, _GRAPHS = 5, 10
_ALIKE = ("DynamicQuantizeLSTM", "AttnLSTM", "CudnnLSTM", "QLinearLSTM")
DEPTH_LIMIT = 16


def read_onnx(path: FilePath) -> list[Found]:
    """The recurrent models in an ONNX file; see `Found.model` for what can be chosen.

    RNN, LSTM and GRU nodes are found in the graph, in the branches of `If`, in the bodies of `Loop`
    and `Scan` and in functions. Nodes that feed one another are the layers of one model.

    Raises
    ------
    FileError
        The file is damaged, too large, or holds nothing that can be read; it says what. The `onnx`
        package is missing.
    """
    data = read_bytes(path)
    refuse_pickles(path, data)
    needed(path, "onnx", "onnx")
    fault = "it is no ONNX file, or it is damaged"
    with faults_named(path, fault), np.errstate(all="ignore"):
        check_structure(data)
        model = _parsed(data)
        tensors = Tensors(path)
        texts = [entry.value for entry in model.metadata_props if entry.key == KEY]
        notes: tuple[str, ...] = ()
        if texts:
            try:
                return [read_own(texts[0], model.graph, tensors)]
            except EngineError as error:
                notes = (f"What the file says of itself does not fit its tensors: {error}",)
        return _found(path, model, Constants(tensors), notes)


def _parsed(data: bytes) -> Any:
    import onnx

    return onnx.load_model_from_string(data)


def _found(path: FilePath, model: Any, constants: Constants, notes: tuple[str, ...]) -> list[Found]:
    nodes: list[FoundNode] = []
    faults: list[str] = []
    operators: set[str] = set()
    for scope in list(_scopes(model)):
        for node in scope.graph.node:
            operators.add(node.op_type)
            if node.op_type in _ALIKE:
                faults.append(f"{node.op_type} {visible(node.name)} is not an operator of ONNX")
            if node.op_type not in FAMILIES or node.domain not in DOMAINS:
                continue
            try:
                nodes.append(read_node(scope, node, constants))
            except EngineError as error:
                faults.append(f"{node.op_type} {visible(node.name or scope.name)}: {error}")
    if not nodes:
        shown = ", ".join(visible(name, 40) for name in sorted(operators)[:12])
        nothing = f"no RNN, LSTM or GRU node was found in it; its operators are {shown or 'none'}"
        raise FileError(path, "; ".join(faults) or nothing)
    return [chain.found((*notes, *faults)) for chain in chains(nodes, constants)]


def _scopes(model: Any) -> Iterator[Scope]:
    """The graph, the bodies inside it, and the functions."""
    todo = [(Scope("", model.graph), 0)]
    todo += [(Scope(function.name, function), 0) for function in model.functions]
    while todo:
        scope, depth = todo.pop(0)
        yield scope
        if depth > DEPTH_LIMIT:
            raise EngineError(f"graphs are nested deeper than {DEPTH_LIMIT} levels")
        for node in scope.graph.node:
            for attribute in node.attribute:
                bodies = [attribute.g] if attribute.type == _GRAPH else list(attribute.graphs)
                for body in bodies:
                    name = f"{scope.name}/{node.name or node.op_type}/{attribute.name}"
                    todo.append((Scope(name.lstrip("/"), body, scope), depth + 1))
