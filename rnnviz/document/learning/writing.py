"""Texts to be continued, and texts to be turned into others."""

from __future__ import annotations

from functools import partial

from rnnviz.document.examples import Examples, Outputs
from rnnviz.document.history import Score
from rnnviz.document.learning.choices import Choices
from rnnviz.document.learning.source import Source, at, parts_of
from rnnviz.document.learning.texts import flat, of_texts, shown, words_of
from rnnviz.document.samples.baselines import by_word, share_right
from rnnviz.document.samples.encoding import SMALL_EMBEDDING, ids
from rnnviz.document.samples.sample import Measured, Task
from rnnviz.document.tokens import Tokens
from rnnviz.document.words import UNKNOWN, Words
from rnnviz.engine.batching import Samples
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.generation import Sampling, generate, translate
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Tokens as Reads
from rnnviz.engine.network import Network
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.weights import Weights

START, STOP = "<start>", "<stop>"
MARKS = (START, STOP, UNKNOWN)

_WRITTEN, _LONGEST, _TRANSLATED = 3, 40, 100
_SHIFTS = "The token that followed most often is right {share:.1%}."


def continued(source: Source, examples: Examples[Tokens], choices: Choices) -> Task:
    """Learn the next token of each text, its end included."""
    if choices.bidirectional:
        raise EngineError(
            "bidirectional: it came for texts to be continued, where nothing stands to the right"
        )
    parts = parts_of(examples, choices.seed)
    words = words_of(at(examples.sequences, parts.train), choices.words, MARKS)
    network = Network(
        Reads(len(words), choices.embedding), choices.stack(), Softmax(len(words)), "one-to-many"
    )
    rows = [(START, *known(words, tokens), STOP) for tokens in examples.sequences]
    learned, asked, test = (
        Samples(
            [ids(words, row[:-1]) for row in at(rows, part)],
            [ids(words, row[1:]) for row in at(rows, part)],
        )
        for part in (parts.train, parts.validation, parts.test)
    )
    baseline = _next_token(at(rows, parts.train), at(rows, parts.test))
    text = shown(rows[parts.test[0]])
    return Task(
        network=network,
        recipe=choices.recipe,
        learned=learned,
        asked=asked,
        test=test,
        measure=partial(_measure_continued, network, words, source, test, baseline),
        scheme=SMALL_EMBEDDING,
        parts={**of_texts(source, words), "sequence": text[:-1], "targets": text[1:]},
    )


def known(words: Words, tokens: Tokens) -> Tokens:
    """The tokens, `<unk>` in place of those that are no words."""
    there = frozenset(words)
    return tuple(token if token in there else UNKNOWN for token in tokens)


def _next_token(learned: list[Tokens], test: list[Tokens]) -> float:
    """How often the token that most often followed the one before is right."""
    pairs = [(row[:-1], row[1:]) for row in learned]
    return share_right(
        flat(by_word(pairs, [row[:-1] for row in test])), flat([row[1:] for row in test])
    )


def _measure_continued(
    network: Network,
    words: Words,
    source: Source,
    test: Samples,
    baseline: float,
    weights: Weights,
) -> Measured:
    found = evaluate(network, weights, test)
    score = Score("accuracy of the next token", found.accuracy or 0.0, baseline, found.n)
    between = "" if source.tokeniser == "characters" else " "
    written = []
    for seed in range(_WRITTEN):
        stop = words.index(STOP)
        made = generate(network, weights, [words.index(START)], _LONGEST, Sampling(0.8, seed), stop)
        tokens = [words[place] for place in made.sequence if place != stop]
        written.append(between.join(tokens))
    return Measured(
        score,
        (
            f"Held out: {score.value:.1%} of {found.n:,} next tokens right. "
            + _SHIFTS.format(share=baseline),
            "It wrote at the temperature 0.8: " + "; ".join(written) + ".",
        ),
    )


def translated(
    source: Source, examples: Examples[Tokens], outputs: Outputs, choices: Choices
) -> Task:
    """Learn to write the other text of each pair."""
    parts = parts_of(examples, choices.seed)
    words = words_of(at(examples.sequences, parts.train), choices.words)
    target = words_of(at(outputs.values, parts.train), choices.words, MARKS)
    network = _translator(words, target, choices)
    answers = [known(target, tokens) for tokens in outputs.values]
    learned, asked, test = (
        Samples(
            [ids(words, tokens) for tokens in at(examples.sequences, part)],
            [ids(target, tokens) for tokens in at(answers, part)],
        )
        for part in (parts.train, parts.validation, parts.test)
    )
    rows = [(START, *tokens, STOP) for tokens in answers]
    baseline = _next_token(at(rows, parts.train), at(rows, parts.test))
    first = parts.test[0]
    return Task(
        network=network,
        recipe=choices.recipe,
        learned=learned,
        asked=asked,
        test=test,
        measure=partial(_measure_translated, network, test, baseline),
        scheme=SMALL_EMBEDDING,
        parts={
            **of_texts(source, words),
            "target_vocabulary": target,
            "sequence": shown(examples.sequences[first]),
            "targets": shown(answers[first]),
        },
    )


def _translator(words: Words, target: Words, choices: Choices) -> EncoderDecoder:
    return EncoderDecoder(
        Reads(len(words), choices.embedding),
        choices.stack(),
        Reads(len(target), choices.embedding),
        choices.stack("forward"),
        choices.attention,
        start=target.index(START),
        stop=target.index(STOP),
    )


def _measure_translated(
    network: EncoderDecoder, test: Samples, baseline: float, weights: Weights
) -> Measured:
    found = evaluate(network, weights, test)
    score = Score("accuracy of the next token", found.accuracy or 0.0, baseline, found.n)
    whole = [
        translate(network, weights, given, len(right) + 2).sequence == (*right, network.stop)
        for given, right in zip(test.inputs[:_TRANSLATED], test.targets[:_TRANSLATED], strict=True)
    ]
    return Measured(
        score,
        (
            f"Held out: {score.value:.1%} of {found.n:,} tokens right where the ones before were "
            f"given. {_SHIFTS.format(share=baseline)}",
            f"By itself it wrote {sum(whole)} of {len(whole)} without any difference.",
        ),
    )
