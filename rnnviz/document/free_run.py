"""What a document's network writes by itself: a beginning is continued, or a text translated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from rnnviz.document.document import Document
from rnnviz.document.tokens import Tokens, tokenise
from rnnviz.document.words import word_ids
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.generation import Sampling, generate, translate
from rnnviz.engine.trace import Trace

STOP = "<stop>"


@final
@dataclass(frozen=True, eq=False)
class Written:
    """What was written.

    Attributes
    ----------
    given, tokens : tuple of str
        What was read first, and what was written, without the token that ends it.
    stopped : bool
        Whether it came to its end by itself.
    trace : Trace
        Of the network on all that it read, its own tokens included.
    """

    given: Tokens
    tokens: Tokens
    stopped: bool
    trace: Trace


def write(
    document: Document, beginning: str | None, length: int, sampling: Sampling | None = None
) -> Written:
    """Let a document's network write.

    Parameters
    ----------
    beginning : str or None
        What is to be continued or, by an encoder-decoder, translated. None takes the first token
        of the document's sequence or, to be translated, all of it.
    length : int
        The most tokens that are written.
    sampling : Sampling, optional
        How the next token is chosen; by default the most probable one is.

    Raises
    ------
    EngineError
        A network that reads no words or cannot read what it writes, an unknown token where the
        vocabulary has no `<unk>`, no beginning.
    """
    network, words = document.network, document.vocabulary
    if words is None:
        raise EngineError("document: its network reads no words, so that it cannot write any")
    given = _given(document, beginning)
    source = list(word_ids(words, given, document.lower))
    if isinstance(network, EncoderDecoder):
        answers, stop = document.answers, network.stop
        made = translate(network, document.weights, source, length, sampling)
    else:
        answers, place = words, _stop(document)
        stop = -1 if place is None else place
        made = generate(network, document.weights, source, length, sampling, place)
    tokens = tuple(answers[token] for token in made.sequence if token != stop)
    return Written(given, tokens, made.stopped, made.trace)


def _given(document: Document, beginning: str | None) -> Tokens:
    """The tokens to begin with; behind the mark of a beginning, where the document has one."""
    own = document.sequence
    assert isinstance(own, tuple)
    translated = isinstance(document.network, EncoderDecoder)
    if beginning is None:
        given = own if translated else own[:1]
    else:
        given = tokenise(beginning, document.tokeniser)
        if own and own[0].startswith("<") and not translated:
            given = (own[0], *given)
    if not given:
        raise EngineError("beginning: no token came, expected at least one")
    return given


def _stop(document: Document) -> int | None:
    """The number of the token that ends a text: the last target that is never read."""
    words, own, targets = document.vocabulary, document.sequence, document.targets
    assert words is not None
    if STOP in words:
        return words.index(STOP)
    last = targets[-1] if isinstance(targets, tuple) and targets else None
    return None if last is None or last in own or last not in words else words.index(last)
