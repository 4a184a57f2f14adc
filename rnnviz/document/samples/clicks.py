"""The next click of a visitor, from all clicks before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import NamedTuple, final

import numpy as np

from rnnviz.document.catalogue import load
from rnnviz.document.examples import has_tokens, split
from rnnviz.document.history import Score
from rnnviz.document.samples.baselines import by_word, most_frequent, share_right
from rnnviz.document.samples.encoding import (
    SMALL_EMBEDDING,
    forgetful,
    ids,
    plain,
    vocabulary,
    without,
)
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.tokens import Tokens
from rnnviz.document.words import Words
from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.weights import Weights

VISIT = "home search product_view add_to_cart cart shipping_details payment_details purchase"
_BEST = 3
_EPOCHS = 20


@final
class Visits(NamedTuple):
    """Visits in three parts, and the events that come in what is learned, `<unk>` first."""

    learned: tuple[Tokens, ...]
    asked: tuple[Tokens, ...]
    test: tuple[Tokens, ...]
    words: Words

    @property
    def events(self) -> Words:
        """The events that can come next: all words but `<unk>`."""
        return self.words[1:]

    def samples(self, visits: Iterable[Tokens], hidden: float = 0.0) -> Samples:
        """Each click but the last with the one after it; a share of what is read is `<unk>`."""
        rng = np.random.default_rng(0)
        rows = list(visits)
        return Samples(
            [ids(self.words, forgetful(visit[:-1], hidden, rng)) for visit in rows],
            [[place - 1 for place in ids(self.words, visit[1:])] for visit in rows],
        )


@cache
def visits() -> Visits:
    """The visits without the one that is looked at."""
    examples = load("clicks")
    assert has_tokens(examples)
    parts = split(examples, validation=0.1, test=0.15, seed=0)
    kept = set(without(examples.sequences, (VISIT,)))
    learned, asked, test = (
        tuple(examples.sequences[place] for place in part if place in kept)
        for part in (parts.train, parts.validation, parts.test)
    )
    return Visits(learned, asked, test, vocabulary(learned))


def _make() -> Task:
    found = visits()
    layer = Layer(find_cell("lstm"), 12)
    network = Network(Reads(len(found.words), 6), (layer,), Softmax(len(found.events)))
    looked_at = plain(VISIT.split())
    return Task(
        network=network,
        recipe=Recipe(
            Adam(0.01),
            Cosine(_EPOCHS),
            epochs=_EPOCHS,
            batch_size=32,
            clip_norm=1.0,
            dtype="float32",
        ),
        learned=found.samples(found.learned, 0.02),
        asked=found.samples(found.asked),
        test=found.samples(found.test),
        measure=partial(_measure, found, network),
        scheme=SMALL_EMBEDDING,
        parts={
            "vocabulary": found.words,
            "labels": found.events,
            "sequence": looked_at[:-1],
            "targets": looked_at[1:],
            "tokeniser": "spaces",
            "language": "en",
        },
    )


def _measure(found: Visits, network: Network, weights: Weights) -> Measured:
    truth = [event for visit in found.test for event in visit[1:]]
    ranks, chances = _ranks(found, network, weights)
    score = Score(
        "accuracy of the next click",
        float(np.mean(ranks == 0)),
        share_right(_after_one(found), truth),
        len(truth),
    )
    two = share_right(_after_two(found), truth)
    first = share_right([most_frequent(_flat(found.learned))] * len(truth), truth)
    return Measured(
        score,
        (
            f"Held out: {score.value:.1%} of {score.count:,} clicks right. The most frequent click "
            f"after the last one is right for {score.baseline:.1%}, after the last two for "
            f"{two:.1%}, and the most frequent of all for {first:.1%}.",
            f"The click that came is among its {_BEST} best in {np.mean(ranks < _BEST):.1%}. Its "
            f"perplexity is {np.exp(-np.mean(np.log(chances))):.1f}: as unsure as somebody who "
            f"has to choose among so many equally probable events, of {len(found.events)}.",
        ),
    )


def _ranks(found: Visits, network: Network, weights: Weights) -> tuple[Integers, Array]:
    """For every click to be foreseen how many others were thought more probable, and its chance."""
    samples = found.samples(found.test)
    ranks, chances = [], []
    for inputs, targets in zip(samples.inputs, samples.targets, strict=True):
        given = network.forward(weights, network.batch([inputs])).predictions[:, 0]
        right = given[np.arange(len(targets)), targets]
        ranks.append((given > right[:, None]).sum(axis=1))
        chances.append(right)
    return np.concatenate(ranks), np.concatenate(chances)


def _flat(rows: Iterable[Sequence[str]]) -> list[str]:
    return [entry for row in rows for entry in row]


def _after_one(found: Visits) -> list[str]:
    """For each click to be foreseen the event that most often followed the click before it."""
    learned = [(visit[:-1], visit[1:]) for visit in found.learned]
    return _flat(by_word(learned, [visit[:-1] for visit in found.test]))


def _after_two(found: Visits) -> list[str]:
    """The same for the two clicks before it; where they were never learned, for the last one."""
    followers: dict[Tokens, list[str]] = defaultdict(list)
    for visit in found.learned:
        for place in range(2, len(visit)):
            followers[visit[place - 2 : place]].append(visit[place])
    pairs = [visit[max(0, n - 2) : n] for visit in found.test for n in range(1, len(visit))]
    return [
        most_frequent(followers[pair]) if pair in followers else simple
        for pair, simple in zip(pairs, _after_one(found), strict=True)
    ]


SAMPLES = (
    Sample(
        name="clicks",
        title="Next click",
        task="next click of a visitor",
        shows="After each click of a visit to a shop, the chances of what is clicked next. "
        "The visits were invented by a program that throws dice, so most of the next click is "
        "chance, and no method can foresee it; what the network adds lies further back than the "
        "last click. What it finds out says nothing about people. When a visit ends is not "
        "foreseen: their lengths were drawn by lot.",
        data=("clicks",),
        make=_make,
    ),
)
