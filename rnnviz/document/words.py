"""Words and their numbers in a vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
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


def word_ids(words: Words, tokens: Iterable[str], lower: bool = False) -> tuple[int, ...]:
    """The number of each token among `words`, that of `<unk>` for one that is not there.

    Parameters
    ----------
    lower : bool
        Whether a token that is not there is looked up once more in small letters.

    Raises
    ------
    EngineError
        A token is not there, and neither is `<unk>`.
    """
    places = words_by_name(words)
    unknown = places.get(UNKNOWN)
    found = []
    for token in tokens:
        place = places.get(token)
        if place is None:
            place = places.get(token.lower(), unknown) if lower else unknown
        if place is None:
            raise EngineError(
                f"token: {token!r} came, which is none of the {len(words)} known words, and the "
                f"vocabulary has no {UNKNOWN} for the others"
            )
        found.append(place)
    return tuple(found)
