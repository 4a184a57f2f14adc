"""What is inside a data file: how many examples, how long, and what belongs to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from rnnviz.app.commands.described import show_rows
from rnnviz.app.screen import Screen
from rnnviz.app.texts import tr
from rnnviz.document.catalogue import find, load
from rnnviz.document.examples import (
    AnyExamples,
    Labels,
    Numbers,
    Outputs,
    Tags,
    has_tokens,
    has_vectors,
)
from rnnviz.document.reading import read

DATA_SUFFIXES = (".csv", ".tsv", ".txt", ".conll", ".conllu")


def show_data(name: str, screen: Screen) -> None:
    """Print what is in a data file, or in the data set `data:NAME`."""
    rows: list[tuple[str, str]] = []
    if name.startswith("data:"):
        entry = find(name.removeprefix("data:"))
        examples = load(entry.name)
        rows = [
            (tr("use"), entry.use),
            (tr("licence"), entry.licence),
            (tr("source"), entry.source),
            (tr("note"), entry.note),
        ]
    else:
        examples = read(Path(name))
    told = [(tr("title"), examples.name), *_told(examples), *rows]
    show_rows(told, screen)


def _told(examples: AnyExamples) -> Iterator[tuple[str, str]]:
    lengths = examples.lengths
    yield tr("sequences"), f"{len(examples):,}"
    yield (
        tr("steps"),
        tr("{least:,} to {most:,}, the middle one {middle:,.0f}").format(
            least=min(lengths), most=max(lengths), middle=median(lengths)
        ),
    )
    if has_tokens(examples):
        words = Counter(token for tokens in examples.sequences for token in tokens)
        yield (
            tr("words"),
            tr("{count:,} different ones, the most frequent {words}").format(
                count=len(words), words=" ".join(word for word, _ in words.most_common(10))
            ),
        )
    if has_vectors(examples):
        gaps = sum(int(np.isnan(array).sum()) for array in examples.sequences)
        yield tr("columns"), ", ".join(examples.columns)
        yield tr("gaps"), f"{gaps:,}"
    yield tr("to learn"), _said_targets(examples)
    if examples.parts:
        yield tr("parts"), _counted(Counter(examples.parts))
    if has_tokens(examples):
        yield tr("the first"), " ".join(examples.sequences[0][:30])


def _said_targets(examples: AnyExamples) -> str:
    match examples.targets:
        case Labels(values):
            return tr("a label for each: {labels}").format(labels=_counted(Counter(values)))
        case Tags(values):
            tags = Counter(tag for row in values for tag in row)
            return tr("a tag for each step: {tags}").format(tags=_counted(tags))
        case Outputs():
            return tr("another sequence for each")
        case Numbers(columns=columns):
            return tr("numbers at each step: {columns}").format(columns=", ".join(columns))
    return tr("how each goes on")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common(12))
