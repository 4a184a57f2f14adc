"""The nodes of an ONNX graph that computes what a network computes, for rows of equal length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnviz._version import __version__
from rnnviz.document.errors import visible
from rnnviz.document.interchange.model import Model, plain_network
from rnnviz.document.interchange.onnx_cells import FORMAT, onnx_cell
from rnnviz.engine.arrays import Array
from rnnviz.engine.heads import CRF, Softmax
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.layers import Layer

OPSET = 17
IR_VERSION = 8
_DIRECTIONS = {"forward": "forward", "backward": "reverse", "both": "bidirectional"}


def serialised(
    model: Model, arrays: Mapping[str, Array], dtype: np.dtype[Any], texts: Mapping[str, str]
) -> bytes:
    """The bytes of the ONNX model; equal models give equal bytes.

    Parameters
    ----------
    arrays : mapping
        The initialisers that hold weights, from `onnx_cells.pieces`.
    dtype : dtype
        The precision of all numbers.
    texts : mapping
        What to write into the metadata.
    """
    from onnx import helper

    builder = _Builder(model, arrays, dtype)
    builder.build()
    graph = helper.make_graph(
        builder.nodes, "rnnviz", builder.inputs, builder.outputs, builder.initializers
    )
    made = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="rnnviz",
        producer_version=__version__,
        doc_string=visible(model.title),
    )
    helper.set_model_props(made, dict(texts))
    return bytes(made.SerializeToString(deterministic=True))


class _Builder:
    """A graph in the making."""

    def __init__(self, model: Model, arrays: Mapping[str, Array], dtype: np.dtype[Any]) -> None:
        self.model, self.network = model, plain_network(model, FORMAT)
        self.arrays, self.dtype = arrays, dtype
        self.nodes: list[Any] = []
        self.inputs: list[Any] = []
        self.outputs: list[Any] = []
        self.initializers: list[Any] = []

    def build(self) -> None:
        """Make everything."""
        for name, array in self.arrays.items():
            self.constant(name, array)
        x = self.read()
        for number, layer in enumerate(self.network.layers):
            below = x
            x = self.recurrent(f"layer{number}", layer, x)
            if layer.residual:
                x = self.node("Add", [x, below], f"layer{number}/output")
        if self.network.single:
            x = self.final(x)
        self.answer(x)

    def constant(self, name: str, value: Any) -> str:
        """An initialiser."""
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """A node with one output that is called like it."""
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def value(self, name: str, dtype: Any, shape: list[str | int]) -> Any:
        """The type of an input or output."""
        from onnx import helper

        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        return helper.make_tensor_value_info(name, kind, shape)

    def read(self) -> str:
        """The input, and what the first layer reads `[time, batch, units]`."""
        source = self.network.input
        if not isinstance(source, Tokens):
            self.inputs.append(self.value("vectors", self.dtype, ["time", "batch", source.size]))
            return "vectors"
        self.inputs.append(self.value("tokens", np.int64, ["time", "batch"]))
        if source.embedding is not None:
            return self.node("Gather", ["embedding/E", "tokens"], "embedded", axis=0)
        depth = self.constant("one-hot/depth", np.int64(source.vocabulary))
        values = self.constant("one-hot/values", np.array([0, 1], self.dtype))
        return self.node("OneHot", ["tokens", depth, values], "one-hot", axis=-1)

    def recurrent(self, name: str, layer: Layer, x: str) -> str:
        """A recurrent node and the nodes that lay its directions side by side."""
        from onnx import helper

        known = onnx_cell(layer.cell)
        states = [self.initial(name, layer, state, x) for state in layer.cell.states]
        inputs = [x, f"{name}/W", f"{name}/R", f"{name}/B", "", *states]
        if known.peepholes:
            inputs = [*inputs, *([""] * (7 - len(inputs))), f"{name}/P"]
        while not inputs[-1]:
            inputs.pop()
        attributes = dict(known.attributes)
        if "activations" in attributes:
            attributes["activations"] = list(attributes["activations"]) * len(layer.directions)
        made = helper.make_node(
            known.operator,
            inputs,
            [f"{name}/Y", f"{name}/Y_h"],
            name=name,
            hidden_size=layer.hidden,
            direction=_DIRECTIONS[layer.direction],
            **attributes,
        )
        self.nodes.append(made)
        if layer.direction != "both":
            axes = self.constant(f"{name}/axes", np.array([1]))
            return self.node("Squeeze", [f"{name}/Y", axes], f"{name}/hidden")
        turned = self.node("Transpose", [f"{name}/Y"], f"{name}/turned", perm=[0, 2, 1, 3])
        shape = self.constant(f"{name}/shape", np.array([0, 0, -1]))
        return self.node("Reshape", [turned, shape], f"{name}/hidden")

    def initial(self, name: str, layer: Layer, state: str, x: str) -> str:
        """The initial state of every row `[directions, batch, hidden]`; "" where all is zero."""
        paths = [f"{name}/{direction}/{state}" for direction in layer.directions]
        given = self.model.initial
        if not any(path in given for path in paths):
            return ""
        rows = []
        for path in paths:
            value = np.asarray(given.get(path, np.zeros(layer.hidden)), self.dtype)
            held = f"initial/{path}" if path in given else f"{path}/zero"
            rows.append(self.constant(held, value[None, None]))
        one = f"{name}/{state}"
        joined = self.node("Concat", rows, f"{one}/rows", axis=0)
        shape = self.node("Shape", [x], f"{one}/of input")
        second = self.constant(f"{one}/second", np.array([1]))
        batch = self.node("Gather", [shape, second], f"{one}/batch", axis=0)
        count = self.constant(f"{one}/directions", np.array([len(paths)]))
        units = self.constant(f"{one}/units", np.array([layer.hidden]))
        wanted = self.node("Concat", [count, batch, units], f"{one}/shape", axis=0)
        return self.node("Expand", [joined, wanted], f"{one}/initial")

    def final(self, x: str) -> str:
        """The last output of each direction `[batch, units]`: the backward one ends at step 0."""
        layer, name = self.network.layers[-1], f"layer{len(self.network.layers) - 1}"
        if not layer.residual:
            turned = self.node("Transpose", [f"{name}/Y_h"], "final/turned", perm=[1, 0, 2])
            shape = self.constant("final/shape", np.array([0, -1]))
            return self.node("Reshape", [turned, shape], "final")
        parts = []
        for position, direction in enumerate(layer.directions):
            step = self.constant(f"final/{direction}/step", np.int64(direction == "forward") * -1)
            row = self.node("Gather", [x, step], f"final/{direction}/all", axis=0)
            bounds = [
                self.constant(f"final/{direction}/{what}", np.array([at]))
                for what, at in (
                    ("from", position * layer.hidden),
                    ("to", (position + 1) * layer.hidden),
                    ("axis", 1),
                )
            ]
            parts.append(self.node("Slice", [row, *bounds], f"final/{direction}"))
        return self.node("Concat", parts, "final", axis=1)

    def answer(self, x: str) -> None:
        """The head and the outputs of the graph."""
        head, rows = self.network.head, ["batch"] if self.network.single else ["time", "batch"]
        if head is None:
            self.node("Identity", [x], "hidden")
            self.outputs.append(self.value("hidden", self.dtype, [*rows, self.network.top]))
            return
        turned = self.node("Transpose", ["head/V"], "head/turned", perm=[1, 0])
        product = self.node("MatMul", [x, turned], "head")
        self.node("Add", [product, "head/d"], "outputs")
        self.outputs.append(self.value("outputs", self.dtype, [*rows, head.outputs]))
        if isinstance(head, Softmax):
            self.node("Softmax", ["outputs"], "predictions", axis=-1)
            self.outputs.append(self.value("predictions", self.dtype, [*rows, head.outputs]))
        if isinstance(head, CRF):
            for letter, name in (("A", "transitions"), ("start", "start"), ("end", "end")):
                self.node("Identity", [f"head/{letter}"], name)
                shape: list[str | int] = [head.outputs] * self.arrays[f"head/{letter}"].ndim
                self.outputs.append(self.value(name, self.dtype, shape))
