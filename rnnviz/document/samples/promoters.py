"""Does a gene begin here? Fifty-seven nucleotides of E. coli."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from rnnviz.document.catalogue import load
from rnnviz.document.examples import Labels, has_tokens
from rnnviz.document.history import Score
from rnnviz.document.samples.baselines import naive_bayes, share_right
from rnnviz.document.samples.encoding import ids
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.tokens import Tokens
from rnnviz.engine.arrays import Integers
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Softmax
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.training import train
from rnnviz.engine.weights import Weights

BASES = ("a", "c", "g", "t")
LABELS = ("other", "promoter")
LESSON = tuple("taaaaaactaacagttgtcagcctgtcccgcttataagatcatacgccgttatacgt")
FOLDS = 5
_COPIES, _MUTATED, _CUT = 30, 0.1, 2
_EPOCHS = 10
_NETWORK = Network(
    Reads(len(BASES)),
    (Layer(find_cell("gru"), 16, dropout=0.5),),
    Softmax(len(LABELS)),
    "many-to-one",
)
_RECIPE = Recipe(
    Adam(0.005, weight_decay=1e-4),
    Cosine(_EPOCHS),
    epochs=_EPOCHS,
    batch_size=16,
    clip_norm=1.0,
    dtype="float32",
)


class _Fold(NamedTuple):
    """Numbers of strands."""

    learned: Integers
    test: Integers


@cache
def _strands() -> tuple[tuple[Tokens, str], ...]:
    examples = load("promoters")
    assert has_tokens(examples)
    assert isinstance(examples.targets, Labels)
    return tuple(zip(examples.sequences, examples.targets.values, strict=True))


def _folds() -> list[_Fold]:
    """Five ways to hold a fifth of all strands out."""
    order = np.random.default_rng(0).permutation(len(_strands()))
    tests = np.array_split(order, FOLDS)
    return [_Fold(np.setdiff1d(order, test), test) for test in tests]


def _samples(strands: Iterable[tuple[Tokens, str]]) -> Samples:
    rows = list(strands)
    return Samples([ids(BASES, s) for s, _ in rows], [LABELS.index(label) for _, label in rows])


def _at(places: Integers) -> list[tuple[Tokens, str]]:
    return [_strands()[place] for place in places.tolist()]


def _learned(fold: _Fold) -> Samples:
    """Copies of each strand with some bases replaced and up to two cut off at both ends."""
    rng = np.random.default_rng(_RECIPE.seed)
    return _samples(
        (_varied(strand, rng), label) for _ in range(_COPIES) for strand, label in _at(fold.learned)
    )


def _varied(strand: Tokens, rng: np.random.Generator) -> Tokens:
    other = rng.random(len(strand)) < _MUTATED
    drawn = rng.integers(len(BASES), size=len(strand))
    first, last = rng.integers(_CUT + 1, size=2)
    bases = [BASES[d] if o else b for b, o, d in zip(strand, other, drawn, strict=True)]
    return tuple(bases[first : len(bases) - last])


def _make() -> Task:
    fold = _folds()[0]
    test = _at(fold.test)
    return Task(
        network=_NETWORK,
        recipe=_RECIPE,
        learned=_learned(fold),
        asked=None,
        test=_samples(test),
        measure=partial(_measure, fold),
        parts={
            "vocabulary": BASES,
            "labels": LABELS,
            "sequence": LESSON,
            "targets": (dict(test)[LESSON],),
            "loss_steps": "last",
            "tokeniser": "characters",
            "lower": True,
        },
        further=_crosswise,
    )


def _accuracy(weights: Weights, fold: _Fold) -> float:
    return evaluate(_NETWORK, weights, _samples(_at(fold.test))).accuracy or 0.0


def _measure(fold: _Fold, weights: Weights) -> Measured:
    accuracy, table = _accuracy(weights, fold), _by_place(fold)
    return Measured(
        Score("accuracy", accuracy, table, len(fold.test)),
        (
            f"Held out: {accuracy:.1%} of {len(fold.test)} strands, which is few; a table of the "
            f"base at each place (naive Bayes) is right in {table:.1%} of them. It finds "
            f"{_found(weights, fold)} promoters. The strand that is looked at is one of these.",
        ),
    )


def _found(weights: Weights, fold: _Fold) -> str:
    """How many of the promoters it takes for such."""
    promoters = [place for place in fold.test.tolist() if _strands()[place][1] == "promoter"]
    share = _accuracy(weights, _Fold(fold.learned, np.array(promoters)))
    return f"{round(share * len(promoters))} of the {len(promoters)}"


def _by_place(fold: _Fold) -> float:
    """The share that is right by the base at each place, all places independently."""
    return _bayes(fold, lambda strand: tuple(f"{n}{base}" for n, base in enumerate(strand)))


def _bayes(fold: _Fold, words: Callable[[Tokens], Tokens]) -> float:
    learned = [(words(s), k) for s, k in _at(fold.learned)]
    test = _at(fold.test)
    return share_right(naive_bayes(learned, [words(s) for s, _ in test]), [k for _, k in test])


def _crosswise() -> tuple[str, ...]:
    """Every strand asked once, by a network that has not learned it."""
    folds = _folds()
    reached = [_accuracy(_trained(fold), fold) for fold in folds]
    tables = [_by_place(fold) for fold in folds]
    bags = [_bayes(fold, lambda strand: strand) for fold in folds]
    network, table, bag = (_mean(found, folds) for found in (reached, tables, bags))
    return (
        f"Cross-validation (five such networks, each strand asked by the one that has not learned "
        f"it): {network:.1%} of {len(_strands())}; the table {table:.1%}, the mere count of each "
        f"base {bag:.1%}. By the same strands its size was chosen, one of some ten, so that the "
        "true figure may be a few percent less.",
    )


def _trained(fold: _Fold) -> Weights:
    first = initial_weights(_NETWORK, _RECIPE.seed, dtype="float32")
    *_, last = train(_NETWORK, first, _learned(fold), _RECIPE)
    return last.best.astype(np.float64)


def _mean(shares: Sequence[float], folds: Sequence[_Fold]) -> float:
    return float(np.average(shares, weights=[len(fold.test) for fold in folds]))


SAMPLES = (
    Sample(
        name="promoters",
        title="Does a gene begin here?",
        task="promoter or not",
        shows=(
            "A promoter is a place in the DNA where the reading of a gene begins. Two short "
            "patterns make it, about 35 and 10 nucleotides before the start, and they vary. The "
            "network reads the strand from left to right, a base at a step.\n\n"
            "There are 106 strands only. So that it does not learn them by heart, the network saw "
            "thirty copies of each with one of ten bases replaced by chance and up to two cut off "
            "at each end; none could be spared to choose the best moment of the training. Even so, "
            "a plain table of which base stands where does better: it is told the place, and the "
            "network has to count."
        ),
        data=("promoters",),
        make=_make,
    ),
)
