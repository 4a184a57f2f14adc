"""What happens before the cell: the token is looked up, or becomes a one-hot vector."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.arrays import Array, Mask, frozen
from rnnviz.engine.attention import CONTEXT
from rnnviz.engine.batch import Batch
from rnnviz.engine.cell import INPUT
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.expressions import Symbol
from rnnviz.engine.inputs import Input, Tokens
from rnnviz.engine.story.operation import Operand, Operation, Scene
from rnnviz.engine.story.step import Step
from rnnviz.engine.trace import Trace

EMBEDDING = "E"


def read_by(trace: Trace, prefix: str) -> tuple[Input, str, Batch] | None:
    """What the layer reads from outside, the path of its embedding, and the batch it is in.

    None for a layer that reads another layer.
    """
    network = trace.network
    if not isinstance(network, EncoderDecoder):
        return (network.input, "embedding/E", trace.batch) if prefix == "layer0" else None
    if prefix == "decoder/layer0":
        return network.target, "target/E", trace.batch
    if prefix == "encoder/layer0" and trace.batch.source is not None:
        return network.source, "source/E", trace.batch.source
    return None


def token_of(step: Step) -> int | None:
    """The token that the layer reads at this step; None where it reads something else."""
    found = read_by(step.trace, step.prefix)
    if found is None or not isinstance(found[0], Tokens):
        return None
    return int(found[2].inputs[step.place, step.row])


def input_operations(step: Step) -> tuple[Operation, ...]:
    """What makes the input `x` of a token; nothing where the layer reads vectors."""
    found, token = read_by(step.trace, step.prefix), token_of(step)
    if found is None or token is None:
        return ()
    source, path, _ = found
    number = Operand(str(token), str(token), np.asarray(token))
    if isinstance(source, Tokens) and source.embedding is not None:
        matrix = step.trace.weights[path]
        kind, name, vector = "lookup", f"{EMBEDDING}[{token}]", matrix[token]
        operands: tuple[Operand, ...] = (Operand(EMBEDDING, EMBEDDING, matrix), number)
    else:
        kind, name, vector = "one-hot", f"onehot({token})", _one_hot(source.size, token, step)
        operands = (number,)
    context = _context(step)
    if context is None:
        return (_operation(step, kind, name, operands, vector),)
    looked_up = _operation(step, kind, name, operands, vector, is_input=False)
    joined = frozen(np.concatenate((vector, context)))
    parts = (Operand(name, name, vector), Operand("context", "context", context))
    both = _operation(step, "concatenate", f"[{name}; context]", parts, joined)
    return looked_up, both


def _one_hot(size: int, token: int, step: Step) -> Array:
    vector = np.zeros(size, step.run.x.dtype)
    vector[token] = 1.0
    return frozen(vector)


def _context(step: Step) -> Array | None:
    """What the attention of a decoder adds to its input."""
    if CONTEXT not in step.trace.extras or step.prefix != "decoder/layer0":
        return None
    context: Array = step.trace[CONTEXT][step.place, step.row]
    return context


def _operation(
    step: Step,
    kind: str,
    formula: str,
    operands: tuple[Operand, ...],
    computed: Array,
    is_input: bool = True,
) -> Operation:
    return Operation(
        name=INPUT if is_input else formula,
        kind=kind,
        quantity=INPUT,
        path=f"{step.prefix}/{INPUT}" if is_input else "",
        expression=Symbol(formula),
        operands=operands,
        value=step.values[INPUT] if is_input else computed,
        computed=computed,
        held=_held(step) if is_input else None,
        scene=Scene({part.name: part.value for part in operands}, frozenset(EMBEDDING), step.at),
        scope="input",
    )


def _held(step: Step) -> Mask | None:
    held = step.run.held.get(f"{step.prefix}/{INPUT}")
    if held is None:
        return None
    where: Mask = held.where[step.place, step.row]
    return where if where.any() else None
