"""A new document: a small network that has learned nothing yet, on a sentence."""

from __future__ import annotations

from rnnviz.document.document import Document, Sequence
from rnnviz.document.words import UNKNOWN, Words
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Softmax
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Input, Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Form, Network


def new_document(
    cell: str = "lstm",
    hidden: int = 8,
    sequence: Sequence = ("I", "am", "not", "happy"),
    labels: Words = ("negative", "positive"),
    form: Form = "many-to-one",
    seed: int = 0,
    title: str = "",
) -> Document:
    """A classifier of one layer with an embedding of 8 units; edits make it anything else.

    Parameters
    ----------
    cell : str
        The name of one of `cells.CELLS`.
    sequence : tuple of str, or array `[time, inputs]`
        What the network reads; of tokens, the vocabulary is these and `<unk>`.
    labels : tuple of str
        The names of the classes; the first is the target of a network that answers once.
    form : str
        When the network answers; see `Network`.
    """
    words, read = _read(sequence)
    network = Network(read, (Layer(find_cell(cell), hidden),), Softmax(len(labels)), form)
    return Document(
        network=network,
        weights=initial_weights(network, seed),
        vocabulary=words,
        labels=labels,
        sequence=sequence,
        targets=labels[:1] if network.single else None,
        loss_steps="last" if network.single else "every",
        seed=seed,
        title=title,
    )


def _read(sequence: Sequence) -> tuple[Words | None, Input]:
    """The vocabulary that a sequence needs, and what a network reads it with."""
    if not isinstance(sequence, tuple):
        return None, Vectors(sequence.shape[-1])
    words = tuple(dict.fromkeys((UNKNOWN, *sequence)))
    return words, Tokens(len(words), 8)
