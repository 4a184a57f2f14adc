"""Whether the parts of a document fit together; each fault is a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from rnnviz.document import limits
from rnnviz.document.checks_of_cells import check_cell
from rnnviz.document.checks_of_content import check_loss_steps, check_sequence, check_targets
from rnnviz.document.checks_of_words import check_text, check_words
from rnnviz.document.history import PRECISIONS
from rnnviz.document.places import check_holds
from rnnviz.document.tokens import Tokeniser
from rnnviz.document.words import Words
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.inputs import Input, Tokens
from rnnviz.engine.network import Network
from rnnviz.engine.weights import check_weights

if TYPE_CHECKING:
    from rnnviz.document.document import Document


def check(document: Document) -> None:
    """Raise an EngineError for the first fault."""
    for checked in _CHECKS:
        checked(document)


def _weights(document: Document) -> None:
    network, weights = document.network, document.weights
    _parts(network)
    check_weights(network.layout, weights)
    if weights.vector.dtype not in PRECISIONS:
        raise EngineError(f"weights: {weights.vector.dtype} came, expected float32 or float64")
    history = document.history
    if history is not None and history.size != network.layout.size:
        raise EngineError(
            f"history: its network has {history.size} weights, this one {network.layout.size}"
        )


def _parts(network: Network | EncoderDecoder) -> None:
    layers = network.layers
    if len(layers) > limits.LAYERS:
        raise EngineError(f"layers: {len(layers)} came, expected at most {limits.LAYERS}")
    cells = {layer.cell for layer in layers}
    if len(cells) > limits.CELLS:
        raise EngineError(f"cells: {len(cells)} came, expected at most {limits.CELLS}")
    for layer in layers:
        check_cell(layer.cell)
    sizes = [*(layer.hidden for layer in layers), *(layer.unshared or 1 for layer in layers)]
    sizes.append(1 if network.head is None else network.head.outputs)
    for read in reads(network):
        sizes.append(read.size)
        sizes.append(read.vocabulary if isinstance(read, Tokens) else 1)
    if isinstance(network, EncoderDecoder):
        sizes.append(network.attention or 1)
    if max(sizes) > limits.SIZE:
        raise EngineError(f"network: a size of {max(sizes)} came, expected at most {limits.SIZE}")


def reads(network: Network | EncoderDecoder) -> tuple[Input, ...]:
    """What the network reads, and what its decoder does."""
    if isinstance(network, EncoderDecoder):
        return (network.source, network.target)
    return (network.input,)


def _words(document: Document) -> None:
    network = document.network
    _vocabulary("vocabulary", document.vocabulary, document.input)
    target = network.target if isinstance(network, EncoderDecoder) else None
    _vocabulary("target_vocabulary", document.target_vocabulary, target)
    outputs = None if network.head is None else network.head.outputs
    if document.labels:
        check_words("labels", document.labels)
        if len(document.labels) != outputs or target is not None:
            raise EngineError(
                f"labels: {len(document.labels)} came, the network has {outputs or 0} outputs"
                + (", which its target vocabulary names" if target is not None else "")
            )
    if document.columns:
        check_words("columns", document.columns)
        if document.vocabulary is not None or len(document.columns) != document.input.size:
            raise EngineError(f"columns: {len(document.columns)} names came for {document.input}")


def _vocabulary(argument: str, words: Words | None, read: Input | None) -> None:
    if not isinstance(read, Tokens):
        if words is not None:
            raise EngineError(f"{argument}: {len(words)} words came, the network reads none")
        return
    if words is None or len(words) != read.vocabulary:
        came = "none" if words is None else len(words)
        raise EngineError(f"{argument}: {came} came, the network has {read.vocabulary} words")
    check_words(argument, words)


def _rest(document: Document) -> None:
    if document.truncate is not None:
        if document.truncate < 1:
            raise EngineError(f"truncate: {document.truncate} came, expected at least 1 step")
        if isinstance(document.network, EncoderDecoder):
            raise EngineError("truncate: an encoder-decoder cannot be truncated, expected None")
    if not 0 <= document.seed < 2**53:
        raise EngineError(f"seed: {document.seed} came, expected 0 or more, below 2**53")
    if document.tokeniser not in get_args(Tokeniser):
        raise UnknownError("tokeniser", document.tokeniser, get_args(Tokeniser))
    check_text("notes", document.notes, limits.NOTES)
    for name in _LINES:
        check_text(name, getattr(document, name), limits.LINE)


_LINES = ("title", "language", "licence", "source")


_CHECKS = (
    _weights,
    _words,
    check_sequence,
    check_targets,
    check_loss_steps,
    check_holds,
    _rest,
)
