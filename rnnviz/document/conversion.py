"""From a model of the doors to a document, and back: what one of them lacks is said or made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rnnviz.document import limits
from rnnviz.document.document import Document, Sequence
from rnnviz.document.errors import FileError
from rnnviz.document.interchange.model import Model, read_first
from rnnviz.document.plain import read_text_lines
from rnnviz.document.tokens import Tokeniser
from rnnviz.document.words import Words
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.network import Network

SHOWN_TOKENS, SHOWN_VECTORS = 8, 16
"""How long the sequence is that is made up for a model without one."""

NAMELESS = "The file names no words: each is called by its number."
_MADE_UP = "The sequence is made up by chance, so that there is something to look at."
_AT_ZERO = "The model's own states before the first step are left out: every sequence starts at 0."


def document_of(
    model: Model,
    vocabulary: Words | None = None,
    labels: Words | None = None,
    title: str = "",
) -> Document:
    """A document of a model, looking at a sequence that is made up.

    Parameters
    ----------
    vocabulary : tuple of str, optional
        The words that it reads, in place of those that the model knows.
    labels : tuple of str, optional
        The names of its outputs; of an encoder-decoder the words that it writes.
    title : str
        What people call it.

    Raises
    ------
    EngineError
        The words do not fit the network; the model is larger than a document may be.
    """
    network = model.network
    words = _words(model, vocabulary)
    names = _names(labels or model.labels, network)
    writes = isinstance(network, EncoderDecoder)
    return Document(
        network=network,
        weights=model.weights,
        vocabulary=words,
        target_vocabulary=names if writes else None,
        labels=() if writes or names == words else names,
        sequence=_sequence(network, words),
        loss_steps="last" if network.single else "every",
        tokeniser=_tokeniser(words),
        title=(title or model.title)[: limits.LINE],
        notes="\n".join(_notes(model, vocabulary)) + "\n",
    )


def model_of(document: Document) -> Model:
    """The network, the weights and the words of a document, as the doors write them."""
    words = document.target_vocabulary or document.labels
    if document.answers == document.vocabulary:
        words = document.answers
    return Model(
        document.network,
        document.weights,
        vocabulary=document.vocabulary,
        labels=words or None,
        title=document.title,
        notes=tuple(line for line in document.notes.splitlines() if line),
    )


def words_from(path: Path) -> Words:
    """The words of a vocabulary, one in every line, the first with the number 0.

    Raises
    ------
    FileError
        A line is empty or comes twice; the file is no text.
    """
    lines = read_text_lines(path)
    while lines and not lines[-1]:
        lines.pop()
    seen: dict[str, int] = {}
    for number, word in enumerate(lines, 1):
        if not word or len(word) > limits.WORD:
            raise FileError(
                path,
                f"line {number} has {len(word)} characters; expected a word of 1 to {limits.WORD}",
            )
        if word in seen:
            raise FileError(path, f"line {number} is {word!r} again, which is line {seen[word]}")
        seen[word] = number
    return tuple(lines)


def _notes(model: Model, given: Words | None) -> Iterator[str]:
    """What the reader should know of a model."""
    yield from model.notes
    if (given or model.vocabulary) is None and isinstance(read_first(model.network), Tokens):
        yield NAMELESS
    if any(np.any(value) for value in model.initial.values()):
        yield _AT_ZERO
    yield _MADE_UP


def _names(given: Words | None, network: Network | EncoderDecoder) -> Words:
    """The names of the outputs; numbers for the words of a decoder that nobody named."""
    outputs = 0 if network.head is None else network.head.outputs
    if given is not None and len(given) != outputs:
        raise EngineError(f"labels: {len(given)} came, the network has {outputs} outputs")
    if given is None and isinstance(network, EncoderDecoder):
        return _numbers(outputs)
    return given or ()


def _words(model: Model, given: Words | None) -> Words | None:
    """The words that the network reads; numbers where nobody named them."""
    reads, words = read_first(model.network), given or model.vocabulary
    if not isinstance(reads, Tokens):
        if given is not None:
            raise EngineError(f"vocabulary: {len(given)} words came, the network reads vectors")
        return None
    if words is None:
        return _numbers(reads.vocabulary)
    if len(words) != reads.vocabulary:
        raise EngineError(
            f"vocabulary: {len(words)} words came, the network has an embedding of "
            f"{reads.vocabulary}"
        )
    return words


def _numbers(count: int) -> Words:
    return tuple(map(str, range(count)))


def _sequence(network: Network | EncoderDecoder, words: Words | None) -> Sequence:
    rng, reads = np.random.default_rng(0), read_first(network)
    fixed = [layer.unshared for layer in network.layers if layer.unshared is not None]
    if network.form == "one-to-one":
        fixed.append(1)
    if words is None:
        return rng.normal(size=((fixed or [SHOWN_VECTORS])[0], reads.size))
    known = [word for word in words if not word.startswith(("<", "["))] or words[:1]
    places = rng.integers(len(known), size=(fixed or [SHOWN_TOKENS])[0])
    return tuple(known[place] for place in places)


def _tokeniser(words: Words | None) -> Tokeniser:
    """Characters where every word is one, marks such as <unk> aside."""
    plain = [word for word in words or () if not word.startswith("<")]
    single = bool(plain) and all(len(word) == 1 for word in plain)
    return "characters" if single and not any(word.isdecimal() for word in plain) else "words"
