"""Networks that learn from data of one's own: from examples to a lesson that can be trained."""

from __future__ import annotations

from functools import partial

from rnnviz.document.document import Document
from rnnviz.document.examples import Labels, Outputs, Tags, has_tokens, has_vectors
from rnnviz.document.learning.choices import Choices
from rnnviz.document.learning.source import Source, of_catalogue, of_file
from rnnviz.document.learning.texts import labelled, tagged
from rnnviz.document.learning.vectors import of_vectors
from rnnviz.document.learning.writing import continued, translated
from rnnviz.document.samples.sample import Sample, Task
from rnnviz.engine.errors import EngineError


def lesson(source: Source, choices: Choices) -> Sample:
    """What `train_sample` trains: a network for the examples of `source`.

    The kind of the examples decides what is learned: the label of a text, the tag of each step, the
    next token, the other text of a pair, the next numbers.
    """
    return Sample(
        name=source.name,
        title=source.examples.name,
        task="learned from data",
        shows=f"Learned from {source.origin or source.examples.name}.",
        data=() if source.origin else (source.name,),
        make=partial(task, source, choices),
    )


def task(source: Source, choices: Choices) -> Task:
    """The network, the samples and the measure for some examples.

    Raises
    ------
    EngineError
        Too few examples, nothing to choose from, a choice that does not fit them.
    """
    examples = source.examples
    if has_vectors(examples):
        _check(choices, attention=False, crf=True)
        return of_vectors(examples, choices)
    assert has_tokens(examples)
    targets = examples.targets
    _check(choices, attention=isinstance(targets, Outputs), crf=isinstance(targets, Tags))
    match targets:
        case Labels():
            return labelled(source, examples, targets, choices)
        case Tags():
            return tagged(source, examples, targets, choices)
        case Outputs():
            return translated(source, examples, targets, choices)
        case None:
            return continued(source, examples, choices)
    raise EngineError("targets: numbers came for texts, expected labels, tags or texts")


def _check(choices: Choices, attention: bool, crf: bool) -> None:
    if choices.attention is not None and not attention:
        raise EngineError("attention: it came for data that are no pairs of texts")
    if choices.crf and not crf:
        raise EngineError("crf: it came without a tag for each step")


def with_rights(document: Document, source: Source) -> Document:
    """The document with nothing said of a licence that rnnviz does not know."""
    return document.changed(licence="", source=source.origin) if source.origin else document


__all__ = [
    "Choices",
    "Source",
    "lesson",
    "of_catalogue",
    "of_file",
    "task",
    "with_rights",
]
