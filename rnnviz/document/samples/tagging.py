"""Parts of speech: a bidirectional LSTM, and one that reads forward only, for contrast."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from rnnviz.document.history import Score
from rnnviz.document.samples.baselines import share_right
from rnnviz.document.samples.encoding import SMALL_EMBEDDING
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.samples.tagged import Corpus, corpus, document_parts, spoken
from rnnviz.document.tokens import Tokens
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.weights import Weights

BANK = "He went to the bank to deposit money"
FOOTBALL = "I love football"
_TAGS = "PRON VERB ADP DET NOUN PART VERB NOUN"
_EPOCHS = 16


def _make(direction: Direction, hidden: int) -> Task:
    found = corpus("pos_english", (BANK, FOOTBALL))
    layer = Layer(find_cell("lstm"), hidden, direction, dropout=0.3)
    network = Network(Reads(len(found.words), 8), (layer,), Softmax(len(found.tags)))
    return Task(
        network=network,
        recipe=Recipe(
            Adam(0.005),
            Cosine(_EPOCHS),
            epochs=_EPOCHS,
            batch_size=16,
            clip_norm=1.0,
            every=50,
            dtype="float32",
        ),
        learned=found.with_gaps(5, 0.2, 0),
        asked=found.samples(found.asked),
        test=found.samples(found.test),
        measure=partial(_measure, found, network),
        scheme=SMALL_EMBEDDING,
        parts=document_parts(found, BANK, _TAGS, lower=True),
    )


def _measure(found: Corpus, network: Network, weights: Weights) -> Measured:
    texts = [tokens for tokens, _ in found.test]
    truth = [tag for _, tags in found.test for tag in tags]
    answers = _flat(found.answers(network, weights, texts))
    simple = _flat(found.baseline(texts))
    score = Score("accuracy", share_right(answers, truth), share_right(simple, truth), len(truth))
    hard = _ambiguous(found)
    places = [n for n, token in enumerate(_flat(texts)) if token in hard]
    share, simple_share = (
        share_right((given[n] for n in places), (truth[n] for n in places))
        for given in (answers, simple)
    )
    return Measured(
        score,
        (
            f"Held out: {score.value:.1%} of {score.count} words right; the most frequent tag of "
            f"each word {score.baseline:.1%}. Of the {len(places)} words that have several tags in "
            f"the corpus {share:.1%}, against {simple_share:.1%}.",
            _asked(found, network, weights),
        ),
    )


def _flat(rows: list[Tokens]) -> list[str]:
    return [entry for row in rows for entry in row]


def _ambiguous(found: Corpus) -> set[str]:
    tags: dict[str, set[str]] = defaultdict(set)
    for tokens, of_them in found.learned:
        for token, tag in zip(tokens, of_them, strict=True):
            tags[token].add(tag)
    return {token for token, several in tags.items() if len(several) > 1}


def _asked(found: Corpus, network: Network, weights: Weights) -> str:
    texts = [tuple(text.split()) for text in (BANK, FOOTBALL)]
    small = [tuple(token.lower() for token in text) for text in texts]
    answers = found.answers(network, weights, small)
    said = ". ".join(spoken(text, tags) for text, tags in zip(texts, answers, strict=True))
    return f"{said}. Neither sentence was learned."


_SHOWS = (
    "Each word gets its part of speech. {direction} The tags are those of Universal Dependencies; "
    "the sentences were written to teach, and about sixty of their words have several tags. Such "
    "sentences are short and clean: the score says nothing about newspapers. Words that "
    "were never learned are <unk>."
)

SAMPLES = (
    Sample(
        name="pos_bilstm",
        title="Parts of speech, both directions",
        task="parts of speech",
        shows=_SHOWS.format(
            direction="A BiLSTM reads the sentence from both sides, so that deposit and money can "
            "say what to and bank are."
        ),
        data=("pos_english",),
        make=partial(_make, "both", 10),
    ),
    Sample(
        name="pos_lstm",
        title="Parts of speech, forward only",
        task="parts of speech",
        shows=_SHOWS.format(
            direction="This LSTM reads from left to right: what stands to the right it has not "
            "seen. At the second to it can only guess, and other sizes or seeds guess otherwise."
        ),
        data=("pos_english",),
        make=partial(_make, "forward", 14),
    ),
)
