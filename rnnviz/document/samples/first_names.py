"""First names, letter by letter: one symbol in, a whole name out."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import NamedTuple

from rnnviz.document.catalogue import load
from rnnviz.document.examples import Examples, Labels, has_tokens, split
from rnnviz.document.history import Score
from rnnviz.document.samples.encoding import ids, vocabulary, without
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.tokens import Tokens
from rnnviz.document.words import Words
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.generation import Sampling, generate
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.weights import Weights

END = "."
STARTS = {"female": "♀", "male": "♂", "either": "♀♂"}
LESSON = "anna"
TEMPERATURES = (0.5, 1.0)
_EPOCHS = 60
_WEIGHT = 5.0


class _Names(NamedTuple):
    learned: tuple[Tokens, ...]
    asked: tuple[Tokens, ...]
    test: tuple[Tokens, ...]
    letters: Words


@cache
def _names() -> _Names:
    """Names that begin with a symbol; those of both lists are there twice."""
    examples = load("names")
    assert has_tokens(examples)
    kept = set(without([("".join(name),) for name in examples.sequences], [LESSON]))
    parts = split(examples, validation=0.1, test=0.1, seed=0)
    learned, asked, test = (
        tuple(_started(examples.take(place for place in part if place in kept)))
        for part in (parts.train, parts.validation, parts.test)
    )
    return _Names(learned, asked, test, vocabulary(learned, first=(END, "♀", "♂")))


def _started(examples: Examples[Tokens]) -> Iterable[Tokens]:
    assert isinstance(examples.targets, Labels)
    for name, kind in zip(examples.sequences, examples.targets.values, strict=True):
        yield from ((start, *name) for start in STARTS[kind])


def _samples(names: Sequence[Tokens]) -> Samples:
    letters = _names().letters
    return Samples(
        [ids(letters, name) for name in names], [ids(letters, (*name[1:], END)) for name in names]
    )


def _make() -> Task:
    names = _names()
    size = len(names.letters)
    network = Network(Reads(size, 8), (Layer(find_cell("lstm"), 16),), Softmax(size), "one-to-many")
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
        learned=_samples(names.learned),
        asked=_samples(names.asked),
        test=_samples(names.test),
        measure=partial(_measure, network),
        parts={
            "vocabulary": names.letters,
            "sequence": ("♀", *LESSON),
            "targets": (*LESSON, END),
            "tokeniser": "characters",
            "lower": True,
            "language": "en",
        },
    )


class Table:
    """How often each letter follows the letters before it: what memory of a fixed length can do.

    Parameters
    ----------
    names : sequence of tokens
        What is counted; each begins with its symbol.
    memory : int
        How many letters before are looked at; shorter beginnings are mixed in (Witten & Bell 1991,
        with a constant in place of the number of different letters).
    """

    def __init__(self, names: Sequence[Tokens], memory: int, letters: int) -> None:
        self.memory, self.letters = memory, letters
        self.counts: dict[Tokens, Counter[str]] = defaultdict(Counter)
        for name in names:
            for before, letter in self._steps(name):
                for start in range(len(before) + 1):
                    self.counts[before[start:]][letter] += 1

    def _steps(self, name: Tokens) -> Iterable[tuple[Tokens, str]]:
        whole = (*name, END)
        for place in range(1, len(whole)):
            yield whole[max(0, place - self.memory) : place], whole[place]

    def _chance(self, before: Tokens, letter: str) -> float:
        chance = 1 / self.letters
        for start in range(len(before), -1, -1):
            seen = self.counts.get(before[start:])
            if seen is not None:
                chance = (seen[letter] + _WEIGHT * chance) / (seen.total() + _WEIGHT)
        return chance

    def perplexity(self, names: Sequence[Tokens]) -> float:
        """Between how many equally probable letters one would have to choose on average."""
        logs = [math.log(self._chance(*step)) for name in names for step in self._steps(name)]
        return math.exp(-math.fsum(logs) / len(logs))


def _measure(network: Network, weights: Weights) -> Measured:
    names = _names()
    score = evaluate(network, weights, _samples(names.test))
    tables = {n: Table(names.learned, n, len(names.letters)) for n in (1, 2, 3)}
    reached = {n: found.perplexity(names.test) for n, found in tables.items()}
    perplexity = math.exp(score.loss)
    return Measured(
        Score("perplexity of a letter (small is good)", perplexity, reached[2], score.n),
        (
            f"Held out, {score.n} letters: perplexity {perplexity:.2f}. A table of what follows "
            f"one letter reaches {reached[1]:.2f}, two letters {reached[2]:.2f}, three letters "
            f"{reached[3]:.2f} (with {len(tables[3].counts):,} beginnings in it, where the network "
            f"has {network.parameter_count:,} numbers).",
            *(_written(network, weights, temperature) for temperature in TEMPERATURES),
        ),
    )


def _written(network: Network, weights: Weights, temperature: float) -> str:
    """Some names that it wrote, and how many of more are new."""
    names = _names()
    known = {"".join(name[1:]) for name in names.learned}
    drawn: dict[str, list[str]] = {}
    for start in "♀♂":
        given = ids(names.letters, (start,))
        drawn[start] = []
        for seed in range(50):
            sampling = Sampling(temperature, seed)
            written = generate(network, weights, given, 20, sampling, stop=0).sequence
            drawn[start].append("".join(names.letters[place] for place in written).rstrip(END))
    new = sum(name not in known for found in drawn.values() for name in found)
    shown = "; ".join(f"{start} {', '.join(found[:6])}" for start, found in drawn.items())
    return f"Written at temperature {temperature}: {shown}. Of 100 names {new} were not learned."


SAMPLES = (
    Sample(
        name="names",
        title="First names, letter by letter",
        task="names, letter by letter",
        shows=(
            "One symbol goes in, ♀ or ♂, and a name comes out: each letter that the network writes "
            "is what it reads next, until it writes the full stop. What is shown is the name anna "
            "with the right letters; let it run free, with a low temperature for likely names and "
            "a high one for bold ones. The names are from two lists, of women and of men, as "
            "somebody made them; that a name is in one of them says nothing about who bears it."
        ),
        data=("names",),
        make=_make,
    ),
)
