"""Words and their numbers in a vocabulary."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from rnnviz.engine.errors import EngineError

UNKNOWN = "<unk>"
"""The entry of a vocabulary that stands for every word that is not in it."""

Words: TypeAlias = tuple[str, ...]


@lru_cache(maxsize=32)
def words_by_name(words: Words) -> dict[str, int]:
    """Where each word stands; do not change the dict."""
    return {word: place for place, word in enumerate(words)}


def is_known(words: Words, token: str, lower: bool) -> bool:
    """Whether `token` is one of `words`; with `lower`, also in small letters."""
    places = words_by_name(words)
    return token in places or (lower and token.lower() in places)


def word_id(words: Words, token: str, lower: bool = False) -> int:
    """The number of `token` among `words`, or that of `<unk>`.

    Parameters
    ----------
    lower : bool
        Whether a token that is not there is looked up once more in small letters.

    Raises
    ------
    EngineError
        It is not there, and neither is `<unk>`.
    """
    places = words_by_name(words)
    for name in (token, token.lower() if lower else token, UNKNOWN):
        if name in places:
            return places[name]
    raise EngineError(
        f"token: {token!r} came, which is none of the {len(words)} known words, and the vocabulary "
        f"has no {UNKNOWN} for the others"
    )
