"""Examples for a network that is there already: encoded with its words and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from rnnviz.document.data_choice import Data
from rnnviz.document.document import Document
from rnnviz.document.examples import (
    AnyExamples,
    Labels,
    Numbers,
    Outputs,
    Tags,
    has_tokens,
    has_vectors,
)
from rnnviz.document.learning.source import FEWEST, at, of_file, parts_of
from rnnviz.document.samples import SAMPLES, Sample
from rnnviz.document.samples.training import rights
from rnnviz.document.series import filled, forecast
from rnnviz.document.texts import tr
from rnnviz.document.words import word_ids, words_by_name
from rnnviz.engine.batching import Samples
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import Regression


@final
@dataclass(frozen=True, eq=False)
class Learned:
    """What is learned, and what is asked after each epoch."""

    samples: Samples
    validation: Samples | None = None


def sample_of(document: Document) -> Sample | None:
    """The sample that a document came from: by its title, else by the source of its data."""
    by_title = [sample for sample in SAMPLES if sample.title == document.title]
    if by_title:
        return by_title[0]
    said = (document.licence, document.source)
    if not all(said):
        return None
    return next((s for s in SAMPLES if s.data and rights(s) == said), None)


def learned_from(document: Document, data: Data) -> Learned:
    """What a document's network learns from a sample's data or from a file; this may take seconds.

    Raises
    ------
    EngineError
        The data do not fit the network, in a sentence.
    """
    if data.kind == "file" and data.path is not None:
        pairs = isinstance(document.network, EncoderDecoder)
        source = of_file(
            data.path,
            "pairs" if pairs else None,
            document.tokeniser if document.vocabulary is not None else None,
            document.lower,
        )
        return _of_examples(document, source.examples)
    sample = sample_of(document)
    if sample is None:
        raise EngineError(tr("It is not known from which data this network has learned."))
    task = sample.make()
    outputs = None if document.network.head is None else document.network.head.outputs
    head = task.network.head
    fits = task.parts.get("vocabulary") == document.vocabulary
    fits &= head is not None and head.outputs == outputs
    fits &= task.network.single == document.network.single
    if not fits or isinstance(head, Regression) != isinstance(document.network.head, Regression):
        raise EngineError(tr("The data of the sample do not fit this network any more."))
    return Learned(task.learned, task.asked)


def _of_examples(document: Document, examples: AnyExamples) -> Learned:
    whole = encoded(document, examples)
    if len(examples) < FEWEST:
        return Learned(whole)
    parts = parts_of(examples, document.recipe.seed)
    learned, asked = (
        Samples(at(whole.inputs, part), at(whole.targets, part))
        for part in ((*parts.train, *parts.test), parts.validation)
    )
    return Learned(learned, asked)


def encoded(document: Document, examples: AnyExamples) -> Samples:
    """Examples as the document's network takes them.

    Raises
    ------
    EngineError
        They do not fit the network, in a sentence.
    """
    if document.network.head is None:
        raise EngineError(tr("The network has no outputs, so there is nothing to learn."))
    if document.vocabulary is None:
        return _of_numbers(document, examples)
    if not has_tokens(examples):
        raise EngineError(tr("The file holds numbers, and the network reads words."))
    texts: Any = examples.sequences
    if isinstance(document.network, EncoderDecoder):
        return _of_pairs(document, texts, examples.targets)
    inputs = [list(word_ids(document.vocabulary, text, document.lower)) for text in texts]
    if examples.targets is None:
        return _continued(document, inputs)
    return Samples(inputs, _classes(document, examples.targets))


def _of_pairs(document: Document, texts: Any, targets: Any) -> Samples:
    if not isinstance(targets, Outputs) or document.target_vocabulary is None:
        raise EngineError(tr("The file holds no pairs of texts, which a decoder learns from."))
    words = document.vocabulary or ()
    read = [list(word_ids(words, text, document.lower)) for text in texts]
    written = document.target_vocabulary
    return Samples(read, [list(word_ids(written, t, document.lower)) for t in targets.values])


def _continued(document: Document, inputs: list[list[int]]) -> Samples:
    """Every token is to be followed by the next."""
    if document.answers != document.vocabulary or document.network.single:
        raise EngineError(tr("The file holds texts alone: the network needs an answer for each."))
    long = [row for row in inputs if len(row) > 1]
    if not long:
        raise EngineError(tr("The file holds no text of two words or more."))
    return Samples([row[:-1] for row in long], [row[1:] for row in long])


def _classes(document: Document, targets: Any) -> list[Any]:
    single, places = document.network.single, words_by_name(document.answers)
    if isinstance(document.network.head, Regression):
        raise EngineError(tr("The file holds names, and the network answers with numbers."))
    if isinstance(targets, Labels) and single:
        return [_place(places, label) for label in targets.values]
    if isinstance(targets, Tags) and not single:
        return [[_place(places, tag) for tag in tags] for tags in targets.values]
    if single:
        raise EngineError(tr("The network answers once, and the file has no label for a sequence."))
    raise EngineError(tr("The network answers at every step, and the file has no tag for each."))


def _place(places: dict[str, int], name: str) -> int:
    if name not in places:
        words = tr("The file has the answer {name}, which is none of the network's: {known}.")
        known = ", ".join(list(places)[:8])
        raise EngineError(words.format(name=name, known=known))
    return places[name]


def _of_numbers(document: Document, examples: AnyExamples) -> Samples:
    if not has_vectors(examples):
        raise EngineError(tr("The file holds words, and the network reads numbers."))
    wide = len(examples.columns)
    if wide != document.input.size:
        words = tr("The file has {came} columns, and the network reads {expected}.")
        raise EngineError(words.format(came=wide, expected=document.input.size))
    head, names = document.network.head, examples.columns
    if examples.targets is None and isinstance(head, Regression):
        ahead = tuple(n for n in document.labels if n in names) or names[: head.outputs]
        examples = forecast(examples, ahead)
    given = filled(examples)
    if not isinstance(given.targets, Numbers):
        return Samples(list(given.sequences), _classes(document, given.targets))
    if not isinstance(head, Regression):
        raise EngineError(tr("The file holds numbers to foretell, and the network names classes."))
    if len(given.targets.columns) != head.outputs:
        words = tr("The file has {came} numbers to foretell, and the network answers with {known}.")
        raise EngineError(words.format(came=len(given.targets.columns), known=head.outputs))
    values = [np.asarray(v) for v in given.targets.values]
    return Samples(
        list(given.sequences), [v[-1] for v in values] if document.network.single else values
    )
