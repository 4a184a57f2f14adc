"""Tokens as numbers: vocabularies cut by frequency, held-out sentences, words hidden by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from rnnviz.document.tokens import Tokens
from rnnviz.document.words import UNKNOWN, Words, words_by_name
from rnnviz.engine.initial_weights import Initialisation

MARKS = frozenset(".,!?;:")

SMALL_EMBEDDING = Initialisation(embedding=("normal", 0.3))
"""Where words are rare: vectors that start small do not drown out what was learned of them."""


def vocabulary(
    texts: Iterable[Tokens], most: int | None = None, least: int = 1, first: Words = (UNKNOWN,)
) -> Words:
    """The words of some texts, the most frequent first, equally frequent ones by the alphabet.

    Parameters
    ----------
    most : int, optional
        How many words at most, those of `first` included.
    least : int
        How often a word must come.
    first : tuple of str
        The words with the first numbers.
    """
    counts = Counter(word for text in texts for word in text)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    found = [w for w, count in ranked if count >= least and w not in first]
    return (*first, *found)[:most]


def ids(words: Words, tokens: Tokens) -> list[int]:
    """The numbers of `tokens`; that of `<unk>` for those that are no words."""
    places = words_by_name(words)
    unknown = places.get(UNKNOWN, -1)
    return [places.get(token, unknown) for token in tokens]


def plain(tokens: Iterable[str]) -> Tokens:
    """The words alone, in small letters."""
    return tuple(token.lower() for token in tokens if token not in MARKS)


def without(texts: Sequence[Tokens], sentences: Iterable[str]) -> list[int]:
    """The places of the texts that are none of `sentences`, marks and capital letters aside."""
    asked = {plain(sentence.split()) for sentence in sentences}
    return [place for place, text in enumerate(texts) if plain(text) not in asked]


def forgetful(tokens: Tokens, share: float, rng: np.random.Generator) -> Tokens:
    """`tokens` of which each is `<unk>` with the chance `share`.

    Who cannot rely on a single word learns to use the others (Iyyer et al. 2015, word dropout),
    and what an unknown word means.
    """
    lost = rng.random(len(tokens)) < share
    return tuple(UNKNOWN if gone else token for token, gone in zip(tokens, lost, strict=True))
