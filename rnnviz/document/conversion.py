"""From a model of the doors to a document, and back: what one of them lacks is said or made up."""

from __future__ import annotations

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
from rnnviz.engine.inputs import Input, Tokens
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
    source: str = "",
) -> Document:
    """A document of a model, looking at a sequence that is made up.

    Parameters
    ----------
    model : Model
        What a door gave.
    vocabulary : tuple of str, optional
        The words that it reads, where the model does not know them, or others in their place.
    labels : tuple of str, optional
        The names of its outputs; of an encoder-decoder the words that it writes.
    title, source : str
        What people call it; where it is from.

    Raises
    ------
    EngineError
        The words do not fit the network; the model is larger than a document may be.
    """
    network, reads = model.network, read_first(model.network)
    outputs = 0 if network.head is None else network.head.outputs
    if vocabulary is not None and not isinstance(reads, Tokens):
        raise EngineError(
            f"vocabulary: {len(vocabulary)} words came, but the network reads vectors of "
            f"{reads.size} numbers"
        )
    words = _words("vocabulary", vocabulary or model.vocabulary, reads)
    names = labels or model.labels
    if names is not None and len(names) != outputs:
        raise EngineError(f"labels: {len(names)} came, the network has {outputs} outputs")
    writes = isinstance(network, EncoderDecoder)
    notes = [*model.notes]
    if isinstance(reads, Tokens) and (vocabulary or model.vocabulary) is None:
        notes.append(NAMELESS)
    if any(np.any(value) for value in model.initial.values()):
        notes.append(_AT_ZERO)
    return Document(
        network=network,
        weights=model.weights,
        vocabulary=words,
        target_vocabulary=(names or _numbers(outputs)) if writes else None,
        labels=() if writes or names is None or names == words else names,
        sequence=_sequence(network, words),
        loss_steps="last" if network.single else "every",
        tokeniser=_tokeniser(words),
        title=(title or model.title)[: limits.LINE],
        notes="\n".join((*notes, _MADE_UP)) + "\n",
        source=source,
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


def _words(argument: str, words: Words | None, reads: Input) -> Words | None:
    if not isinstance(reads, Tokens):
        return None
    if words is None:
        return _numbers(reads.vocabulary)
    if len(words) != reads.vocabulary:
        raise EngineError(
            f"{argument}: {len(words)} words came, the network has an embedding of "
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
