"""Whether words and other texts may stand in a document."""

from __future__ import annotations

import math
from functools import lru_cache

from rnnviz.document import limits
from rnnviz.document.words import Words, words_by_name
from rnnviz.engine.errors import EngineError


@lru_cache(maxsize=32)
def check_words(argument: str, words: Words) -> None:
    """Raise an EngineError for names that are not all different, not empty, and short enough."""
    if len(set(words)) < len(words):
        places = words_by_name(words)
        twice = next(word for place, word in enumerate(words) if places[word] != place)
        raise EngineError(f"{argument}: {twice!r} came twice")
    if len(words) > limits.SIZE:
        raise EngineError(f"{argument}: {len(words)} came, expected at most {limits.SIZE}")
    check_tokens(argument, words)


def check_tokens(argument: str, tokens: Words) -> None:
    """Raise an EngineError for a token that is empty, too long, or half a character."""
    for token in tokens:
        if not 0 < len(token) <= limits.WORD:
            raise EngineError(
                f"{argument}: a token of {len(token)} characters came, expected 1 to {limits.WORD}"
            )
    check_text(argument, "".join(tokens))


def check_text(argument: str, text: str, limit: float = math.inf) -> None:
    """Raise an EngineError for a text that is too long, or that no file can hold."""
    if len(text) > limit:
        raise EngineError(f"{argument}: {len(text)} characters came, expected at most {limit}")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise EngineError(f"{argument}: half a character (a lone surrogate) came") from None
