"""What of a document can be held, and whether its holds fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnviz.document import limits
from rnnviz.engine import attention
from rnnviz.engine.cell import INPUT
from rnnviz.engine.definitions import definitions
from rnnviz.engine.encoder_decoder import named
from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.holds import Hold
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network

if TYPE_CHECKING:
    from rnnviz.document.document import Document

FREE_STEPS = 64
"""How many tokens a decoder without targets may write."""

Places = dict[str, tuple[int, int]]
"""What can be held: path -> how many steps, how many units."""


def check_holds(document: Document) -> None:
    """Raise an EngineError for the first hold that does not fit."""
    if not document.holds:
        return
    if len(document.holds) > limits.HOLDS:
        raise EngineError(f"holds: {len(document.holds)} came, expected at most {limits.HOLDS}")
    found = places(document)
    for hold in document.holds:
        check_hold(hold, found)


def check_hold(hold: Hold, found: Places) -> None:
    """Raise an EngineError for a hold of what is not among the places."""
    if hold.path not in found:
        raise UnknownError("hold", hold.path, tuple(sorted(found)))
    steps, units = found[hold.path]
    for name, came, count in (("step", hold.step, steps), ("unit", hold.unit, units)):
        if came is not None and not 0 <= came < count:
            raise EngineError(f"hold of {hold.path}: {name} {came} came, there are {count}")
    if hold.row not in (None, 0):
        raise EngineError(f"hold of {hold.path}: row {hold.row} came, a document has one")
    if not math.isfinite(hold.value):
        raise EngineError(f"hold of {hold.path}: {hold.value} came, expected a finite number")


def places(document: Document) -> Places:
    """What can be held in a document."""
    network, steps = document.network, document.steps
    if isinstance(network, Network):
        layers = tuple((f"layer{n}", layer) for n, layer in enumerate(network.layers))
        return dict(_layer_places(layers, network.input.size, steps))
    encoder, decoder = named("encoder", network.encoder), named("decoder", network.decoder)
    found = dict(_layer_places(encoder, network.source.size, steps))
    written = FREE_STEPS if document.targets is None else len(document.targets) + 1
    context, inputs = network.encoder[-1].outputs, network.target.size
    if network.attention is not None:
        inputs += context
        found |= {p: (written, steps) for p in (attention.SCORES, attention.WEIGHTS)}
        found[attention.CONTEXT] = (written, context)
    return found | dict(_layer_places(decoder, inputs, written))


def _layer_places(
    layers: tuple[tuple[str, Layer], ...], inputs: int, steps: int
) -> Iterator[tuple[str, tuple[int, int]]]:
    for prefix, layer in layers:
        yield f"{prefix}/{INPUT}", (steps, inputs)
        for direction in layer.directions:
            for name in definitions(layer.cell):
                yield f"{prefix}/{direction}/{name}", (steps, layer.hidden)
        inputs = layer.outputs
