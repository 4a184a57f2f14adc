"""Sentences with a tag for each word: cut in parts, put in numbers, answered and compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, final

import numpy as np

from rnnviz.document.catalogue import load
from rnnviz.document.examples import Tags, has_tokens, split
from rnnviz.document.samples.baselines import by_word
from rnnviz.document.samples.encoding import forgetful, ids, vocabulary, without
from rnnviz.document.tokens import Tokens
from rnnviz.document.words import Words
from rnnviz.engine.batching import Samples
from rnnviz.engine.network import Network
from rnnviz.engine.weights import Weights

Rows: TypeAlias = tuple[tuple[Tokens, Tokens], ...]


@final
@dataclass(frozen=True)
class Corpus:
    """Tagged sentences in three parts.

    Attributes
    ----------
    learned, asked, test : tuple of (tokens, tags)
        To learn from, to choose the best moment, for the score.
    words : tuple of str
        The vocabulary of what is learned, `<unk>` first.
    tags : tuple of str
        All tags.
    """

    learned: Rows
    asked: Rows
    test: Rows
    words: Words
    tags: Words

    def samples(self, rows: Rows) -> Samples:
        """Rows in numbers."""
        places = {tag: place for place, tag in enumerate(self.tags)}
        return Samples(
            [ids(self.words, tokens) for tokens, _ in rows],
            [[places[tag] for tag in tags] for _, tags in rows],
        )

    def with_gaps(self, copies: int, share: float, seed: int) -> Samples:
        """What is learned, and `copies` of it in which a share of the words is `<unk>`."""
        rng = np.random.default_rng(seed)
        hidden = (
            (forgetful(tokens, share, rng), tags)
            for _ in range(copies)
            for tokens, tags in self.learned
        )
        return self.samples((*self.learned, *hidden))

    def answers(self, network: Network, weights: Weights, texts: Iterable[Tokens]) -> list[Tokens]:
        """The tags that a network gives to the words of each text."""
        found = []
        for tokens in texts:
            trace = network.forward(weights, network.batch([ids(self.words, tokens)]))
            found.append(tuple(self.tags[place] for place in trace.decoded[:, 0]))
        return found

    def baseline(self, texts: Iterable[Tokens]) -> list[Tokens]:
        """The tag that each word has most often, whatever stands beside it."""
        return by_word(self.learned, texts)


@cache
def corpus(name: str, lessons: tuple[str, ...]) -> Corpus:
    """The tagged data set called `name` without the sentences of the lessons."""
    examples = load(name)
    assert has_tokens(examples)
    assert isinstance(examples.targets, Tags)
    rows = list(zip(examples.sequences, examples.targets.values, strict=True))
    parts = split(examples, validation=0.1, test=0.15, seed=0)
    kept = set(without(examples.sequences, lessons))
    learned, asked, test = (
        tuple(rows[place] for place in part if place in kept)
        for part in (parts.train, parts.validation, parts.test)
    )
    words = vocabulary((tokens for tokens, _ in learned))
    return Corpus(learned, asked, test, words, examples.targets.names)


def spoken(tokens: Sequence[str], tags: Sequence[str]) -> str:
    """Words with their tags, as in `I/PRON love/VERB`."""
    return " ".join(f"{token}/{tag}" for token, tag in zip(tokens, tags, strict=True))


def document_parts(corpus: Corpus, text: str, tags: str, lower: bool) -> Mapping[str, Any]:
    """The parts of a document that looks at `text`, whose right tags are `tags`."""
    return {
        "vocabulary": corpus.words,
        "labels": corpus.tags,
        "sequence": tuple(text.split()),
        "targets": tuple(tags.split()),
        "lower": lower,
        "language": "en",
    }
