"""English phrases of a program's interface into Chinese, character by character."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import NamedTuple, TypeAlias

import numpy as np

from rnnviz.document.catalogue import load
from rnnviz.document.examples import Outputs, has_tokens
from rnnviz.document.history import Score
from rnnviz.document.samples.encoding import SMALL_EMBEDDING, ids, vocabulary
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.tokens import Tokens
from rnnviz.document.words import Words
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.generation import translate
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.layers import Layer
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.weights import Weights

Pair: TypeAlias = tuple[Tokens, Tokens]

START, STOP = "<start>", "<stop>"
MOST_WORDS, MOST_CHARACTERS, OFTEN = 4, 8, 3
"""Phrases have at most so many words and characters, all of which come so often."""

LESSON = ("remove", "all", "breakpoints")
_HELD = 0.2
_EPOCHS = 600
_LONGEST = 12


class _Phrases(NamedTuple):
    learned: tuple[Pair, ...]
    asked: tuple[Pair, ...]
    test: tuple[Pair, ...]
    words: Words
    characters: Words

    def samples(self, pairs: Sequence[Pair]) -> Samples:
        return Samples(
            [ids(self.words, source) for source, _ in pairs],
            [ids(self.characters, target) for _, target in pairs],
        )


@cache
def _phrases() -> _Phrases:
    pairs = _frequent()
    held = _held_out(pairs)
    learned = tuple(pair for place, pair in enumerate(pairs) if place not in set(held))
    return _Phrases(
        learned,
        tuple(pairs[place] for place in held[::3]),
        tuple(pairs[place] for n, place in enumerate(held) if n % 3),
        vocabulary(source for source, _ in learned),
        vocabulary((target for _, target in learned), first=(START, STOP)),
    )


def _frequent() -> list[Pair]:
    """The short pairs whose words and characters come often enough among each other."""
    examples = load("english_chinese")
    assert has_tokens(examples)
    assert isinstance(examples.targets, Outputs)
    found = [
        (source, target)
        for source, target in zip(examples.sequences, examples.targets.values, strict=True)
        if len(source) <= MOST_WORDS and len(target) <= MOST_CHARACTERS
    ]
    while True:
        counts = _counts(found)
        kept = [pair for pair in found if _rarest(pair, counts) >= OFTEN]
        if len(kept) == len(found):
            return found
        found = kept


def _counts(pairs: Iterable[Pair]) -> tuple[Counter[str], Counter[str]]:
    both = list(pairs)
    return (
        Counter(word for source, _ in both for word in source),
        Counter(character for _, target in both for character in target),
    )


def _rarest(pair: Pair, counts: tuple[Counter[str], Counter[str]]) -> int:
    return min(count[token] for side, count in zip(pair, counts, strict=True) for token in side)


def _held_out(pairs: Sequence[Pair]) -> list[int]:
    """Phrases of several words, each of which is learned in two other phrases at least."""
    counts = _counts(pairs)
    order = np.random.default_rng(0).permutation(len(pairs)).tolist()
    held: list[int] = []
    for place in order:
        source, target = pairs[place]
        if len(source) > 1 and len(held) < _HELD * len(pairs) and _rarest(pairs[place], counts) > 2:
            held.append(place)
            counts[0].subtract(source)
            counts[1].subtract(target)
    return held


def _make(attention: int | None) -> Task:
    phrases = _phrases()
    gru = find_cell("gru")
    network = EncoderDecoder(
        source=Reads(len(phrases.words), 8),
        encoder=(Layer(gru, 8, "both", dropout=0.1),),
        target=Reads(len(phrases.characters), 8),
        decoder=(Layer(gru, 16, dropout=0.1),),
        attention=attention,
    )
    looked = dict((*phrases.learned, *phrases.asked, *phrases.test))[LESSON]
    return Task(
        network=network,
        recipe=Recipe(
            Adam(0.005, weight_decay=2e-4),
            Cosine(_EPOCHS),
            epochs=_EPOCHS,
            batch_size=16,
            clip_norm=1.0,
            dtype="float32",
        ),
        learned=phrases.samples(phrases.learned),
        asked=None,
        test=phrases.samples(phrases.test),
        measure=partial(_measure, network),
        scheme=SMALL_EMBEDDING,
        parts={
            "vocabulary": phrases.words,
            "target_vocabulary": phrases.characters,
            "sequence": LESSON,
            "targets": looked,
            "lower": True,
            "language": "en",
        },
    )


def distance(one: Tokens, other: Tokens) -> int:
    """How many characters have to be put in, left out or replaced (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for place, left in enumerate(one, 1):
        before, row[0] = row[0], place
        for n, right in enumerate(other, 1):
            before, row[n] = row[n], min(row[n] + 1, row[n - 1] + 1, before + (left != right))
    return row[-1]


class _Reached(NamedTuple):
    exact: float
    characters: float


def _compared(answers: Sequence[Tokens], truth: Sequence[Tokens]) -> _Reached:
    pairs = list(zip(answers, truth, strict=True))
    wrong = sum(min(distance(a, t), len(t)) for a, t in pairs)
    exact = sum(a == t for a, t in pairs) / len(pairs)
    return _Reached(exact, 1 - wrong / sum(map(len, truth)))


def _written(network: EncoderDecoder, weights: Weights, pairs: Sequence[Pair]) -> list[Tokens]:
    phrases = _phrases()
    found = []
    for source, _ in pairs:
        given = ids(phrases.words, source)
        tokens = translate(network, weights, given, _LONGEST).sequence
        found.append(tuple(phrases.characters[t] for t in tokens if t != network.stop))
    return found


def _most_alike(pairs: Sequence[Pair], source: Tokens) -> Tokens:
    """The translation of the phrase that shares the most words with `source`."""
    words = set(source)
    return max(pairs, key=lambda pair: len(words & set(pair[0])) / len(words | set(pair[0])))[1]


def _measure(network: EncoderDecoder, weights: Weights) -> Measured:
    phrases = _phrases()
    truth = [target for _, target in phrases.test]
    held = _compared(_written(network, weights, phrases.test), truth)
    simple = _compared([_most_alike(phrases.learned, s) for s, _ in phrases.test], truth)
    known = phrases.learned[:100]
    learned = _compared(_written(network, weights, known), [target for _, target in known])
    forced = evaluate(network, weights, phrases.samples(phrases.test)).accuracy or 0.0
    (lesson,) = _written(network, weights, [(LESSON, ())])
    return Measured(
        Score("share of phrases all right", held.exact, simple.exact, len(truth)),
        (
            f"Held out, {len(truth)} phrases whose words it knows from others, translated freely: "
            f"{held.exact:.0%} are right in every character, and {held.characters:.0%} of the "
            "characters; given the right characters so far, the next one is right in "
            f"{forced:.0%}. To answer with the translation of the most similar phrase that was "
            f"learned: {simple.exact:.0%} and {simple.characters:.0%}.",
            f"Of phrases that it has learned {learned.exact:.0%} are right in every character: "
            f"that is memory. It was trained to the end; {len(phrases.asked)} more phrases, held "
            "out too, chose its size and how long.",
            f"{' '.join(LESSON)}: {''.join(lesson)}. It was held out too, and is looked at because "
            "the sample with attention has it right.",
        ),
    )


_SHOWS = (
    "An encoder reads an English phrase from both sides, a decoder writes it in Chinese, one "
    "character after the other. {how} The two samples have the same phrases and the same recipe. "
    "They have seen a few hundred phrases from the menus of one program, and know no other words; "
    "this shows the mechanism and is no translator."
)

SAMPLES = (
    Sample(
        name="translation",
        title="English to Chinese, one context vector",
        task="translation of short phrases",
        shows=_SHOWS.format(
            how="All that the decoder knows is the context vector, the encoder's last output. Such "
            "a network learns its phrases by heart and can hardly put a new one together."
        ),
        data=("english_chinese",),
        make=partial(_make, None),
    ),
    Sample(
        name="translation_attention",
        title="English to Chinese, with attention",
        task="translation of short phrases",
        shows=_SHOWS.format(
            how="With attention the decoder looks back at each word, and the weights show at "
            "which. It puts new phrases together out of words that it knows, not always rightly."
        ),
        data=("english_chinese",),
        make=partial(_make, 12),
    ),
)
