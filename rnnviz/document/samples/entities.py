"""Names in text: a bidirectional LSTM under a plain classifier, and under a CRF."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rnnviz.document.history import Score
from rnnviz.document.samples.baselines import share_right
from rnnviz.document.samples.encoding import SMALL_EMBEDDING
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.samples.tagged import Corpus, corpus, document_parts, spoken
from rnnviz.document.tokens import Tokens
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import CRF, Head, Softmax
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.weights import Weights

OBAMA = "Barack Obama was born in Hawaii"
_TAGS = "B-PER I-PER O O O B-LOC"
_EPOCHS = 16


def names(tags: Sequence[str]) -> set[tuple[int, int, str]]:
    """First place, place behind the last, and kind of each name that BIO tags mark.

    An I- that follows nothing of its kind begins a name, as in the evaluation of CoNLL 2003.
    """
    found = set()
    start, kind = 0, ""
    for place, tag in enumerate((*tags, "O")):
        goes_on = tag == f"I-{kind}" and kind
        if kind and not goes_on:
            found.add((start, place, kind))
            kind = ""
        if tag != "O" and not goes_on:
            start, kind = place, tag[2:]
    return found


def f1(answers: Sequence[Tokens], truth: Sequence[Tokens]) -> float:
    """The harmonic mean of precision and recall of whole names, 0 to 1."""
    given = [names(tags) for tags in answers]
    true = [names(tags) for tags in truth]
    right = sum(len(a & b) for a, b in zip(given, true, strict=True))
    return 2 * right / max(1, sum(map(len, given)) + sum(map(len, true)))


def broken(answers: Sequence[Tokens]) -> int:
    """How often an I- follows nothing of its kind, which no right answer does."""
    return sum(
        tag.startswith("I-") and before[1:] != tag[1:]
        for tags in answers
        for before, tag in zip(("O", *tags), tags, strict=False)
    )


def _make(head: type[Head]) -> Task:
    found = corpus("ner_english", (OBAMA, "Barack Obama"))
    layer = Layer(find_cell("lstm"), 10, "both", dropout=0.3)
    network = Network(Reads(len(found.words), 8), (layer,), head(len(found.tags)))
    return Task(
        network=network,
        recipe=Recipe(
            Adam(0.005),
            Cosine(_EPOCHS),
            epochs=_EPOCHS,
            batch_size=16,
            clip_norm=5.0,
            every=50,
            per="row" if head is CRF else "position",
            dtype="float32",
        ),
        learned=found.with_gaps(5, 0.2, 0),
        asked=found.samples(found.asked),
        test=found.samples(found.test),
        measure=partial(_measure, found, network),
        scheme=SMALL_EMBEDDING,
        parts=document_parts(found, OBAMA, _TAGS, lower=False),
    )


def _measure(found: Corpus, network: Network, weights: Weights) -> Measured:
    texts = [tokens for tokens, _ in found.test]
    truth = [tags for _, tags in found.test]
    answers, simple = found.answers(network, weights, texts), found.baseline(texts)
    count = sum(len(names(tags)) for tags in truth)
    score = Score("F1 of names", f1(answers, truth), f1(simple, truth), count)
    words = [
        share_right((t for tags in given for t in tags), (t for tags in truth for t in tags))
        for given in (answers, simple)
    ]
    obama = tuple(OBAMA.split())
    said = spoken(obama, found.answers(network, weights, [obama])[0])
    return Measured(
        score,
        (
            f"Held out: F1 {score.value:.3f} over {count} names (a name counts if all its words "
            f"and its kind are right); the most frequent tag of each word {score.baseline:.3f}. "
            f"Single tags: {words[0]:.1%} against {words[1]:.1%}. I- without a beginning: "
            f"{broken(answers)} times.",
            f"{said}. The sentence was not learned.",
        ),
    )


_SHOWS = (
    "Names of persons (PER), places (LOC) and organisations (ORG) in BIO tags: B- begins a name, "
    "I- goes on with it, O is outside. {head} The sentences were written to teach, with many names "
    "that are ambiguous (Washington, Ford, May). Words that were never learned are <unk>, and an "
    "unknown name is guessed from what stands around it. The score says nothing about newspapers."
)

SAMPLES = (
    Sample(
        name="ner_crf",
        title="Names in text, BiLSTM and CRF",
        task="names in text",
        shows=_SHOWS.format(
            head="The CRF knows which tag follows which: it scores the whole path, and the best "
            "path is the answer."
        ),
        data=("ner_english",),
        make=partial(_make, CRF),
    ),
    Sample(
        name="ner_softmax",
        title="Names in text, BiLSTM and softmax",
        task="names in text",
        shows=_SHOWS.format(
            head="The classifier decides at each word alone, so I- may follow where nothing began."
        ),
        data=("ner_english",),
        make=partial(_make, Softmax),
    ),
)
