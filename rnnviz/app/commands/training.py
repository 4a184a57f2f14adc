"""`rnnviz train`: train a network from a sample's recipe or from data of one's own."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from rnnviz.app.commands.command import Command
from rnnviz.app.commands.described import network_rows, said_score, show_rows
from rnnviz.app.commands.options import MOST_LAYERS, cell_names, whole
from rnnviz.app.commands.output import add_output_options, check_free, document_path
from rnnviz.app.commands.progress import followed
from rnnviz.app.screen import Screen
from rnnviz.app.tables import visible
from rnnviz.app.texts import tr
from rnnviz.document import memory
from rnnviz.document.document import Document
from rnnviz.document.errors import FileError
from rnnviz.document.learning import (
    Choices,
    Source,
    lesson,
    of_catalogue,
    of_file,
    with_rights,
)
from rnnviz.document.samples import SAMPLES, find, train_sample
from rnnviz.document.samples.sample import Sample, Task
from rnnviz.document.storage import save
from rnnviz.engine.errors import EngineError

DATA = "data:"
LARGE = 8_000_000
"""With so many weights the moments of the training are not kept: the file would be too large."""

_READING = ("pairs", "split", "lower")
_NETWORK = ("cell", "hidden", "layers", "embedding", "one_hot", "bidirectional", "attention")
_TRAINING = ("crf", "words", "window", "epochs", "batch", "seed", "learning_rate")
_STANDARD = Choices()


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what",
        metavar="NAME|DATA",
        help=tr("a sample's recipe, a data file, or data:NAME for a set that comes with rnnviz"),
    )
    add_output_options(parser, tr("the document to write, such as mine.rnnviz"))
    _add_data_options(parser)
    _add_network_options(parser)
    number = whole(1)
    for name, words in (
        ("epochs", tr("how often all examples are gone through (default: {standard})")),
        ("batch", tr("examples for each update (default: {standard})")),
        ("words", tr("words of the vocabulary at most (default: {standard:,})")),
        ("window", tr("steps of the pieces of a long series (default: {standard})")),
    ):
        standard = getattr(_STANDARD, name)
        parser.add_argument(
            f"--{name}", type=number, metavar="N", help=words.format(standard=standard)
        )
    parser.add_argument(
        "--seed", type=whole(0), metavar="N", help=tr("of all that is left to chance (default: 0)")
    )
    parser.add_argument(
        "--learning-rate",
        type=_rate,
        metavar="X",
        help=tr("the size of the updates (default: {standard})").format(
            standard=_STANDARD.learning_rate
        ),
    )


def _add_data_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--pairs",
        action="store_true",
        default=None,
        help=tr("the file holds pairs: text, tab, translation"),
    )
    parser.add_argument(
        "--split",
        choices=("words", "characters", "spaces"),
        help=tr("what a token is (default: words; characters for lines of a word or two)"),
    )
    parser.add_argument(
        "--lower", action="store_true", default=None, help=tr("read capital letters as small ones")
    )


def _add_network_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--cell",
        metavar="NAME",
        help=tr("one of {names} (default: lstm)").format(names=cell_names()),
    )
    for name, most, words in (
        ("hidden", 10**9, tr("units of a layer and direction (default: 16)")),
        ("layers", MOST_LAYERS, tr("layers, one on top of the other (default: 1)")),
        ("embedding", 10**9, tr("units of a word's embedding (default: 16)")),
        ("attention", 10**9, tr("units of a translator's attention (default: none)")),
    ):
        parser.add_argument(f"--{name}", type=whole(1, most), metavar="N", help=words)
    for name, words in (
        ("one-hot", tr("read words as one-hot vectors, without an embedding")),
        ("bidirectional", tr("read in both directions")),
        ("crf", tr("choose the best path of tags in place of each tag alone")),
    ):
        parser.add_argument(f"--{name}", action="store_true", default=None, help=words)


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ArgumentTypeError(
            tr("{came!r} came, expected a finite number above 0").format(came=text)
        )
    return value


def _run(arguments: Namespace, screen: Screen) -> int:
    output = document_path(arguments.output)
    check_free(output, arguments.force)
    sample, finish = _chosen(arguments)
    task = sample.make()
    rows = [*network_rows(task.network), *_told(task)]
    show_rows(rows, screen)
    screen.line()
    screen.flush()
    with followed(screen) as progress:
        patient = replace(task, further=partial(_unless_interrupted, task.further))
        document = train_sample(replace(sample, make=lambda: patient), progress)
    document = finish(document)
    if document.network.parameter_count > LARGE:
        document = document.changed(history=None)
    save(document, output)
    _show(document, output, screen)
    return 0


def _unless_interrupted(further: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """What other networks reach; nothing where nobody waits for it: the network is trained."""
    try:
        return further()
    except KeyboardInterrupt:
        return ()


def _chosen(arguments: Namespace) -> tuple[Sample, Callable[[Document], Document]]:
    """What is to be trained, and what is done with the document."""
    given = {
        name: value
        for name in (*_READING, *_NETWORK, *_TRAINING)
        if (value := getattr(arguments, name)) is not None
    }
    what: str = arguments.what
    if any(sample.name == what for sample in SAMPLES):
        _refuse(given, (*_READING, *_NETWORK, *_TRAINING), tr("a sample has its own recipe"))
        return find(what), lambda document: document
    source = _source(what, given)
    return lesson(source, _choices(given)), lambda document: with_rights(document, source)


def _refuse(given: dict[str, Any], names: tuple[str, ...], why: str) -> None:
    for name in names:
        if name in given:
            raise EngineError(
                tr("--{option} came, but {why}").format(option=name.replace("_", "-"), why=why)
            )


def _source(what: str, given: dict[str, Any]) -> Source:
    if what.startswith(DATA):
        _refuse(given, _READING, tr("it is known how this set is read"))
        return of_catalogue(what.removeprefix(DATA))
    path = Path(what)
    if not path.suffix and not path.exists():
        names = ", ".join(sample.name for sample in SAMPLES)
        raise FileError(
            path, tr("there is neither such a file nor such a sample; {names}").format(names=names)
        )
    return of_file(
        path,
        "pairs" if given.get("pairs") else None,
        given.get("split"),
        bool(given.get("lower")),
    )


def _choices(given: dict[str, Any]) -> Choices:
    known = {field.name for field in fields(Choices)}
    taken = {name: value for name, value in given.items() if name in known}
    if given.get("one_hot"):
        _refuse(given, ("embedding",), tr("--one-hot leaves it out"))
        taken["embedding"] = None
    return Choices(**taken)


def _told(task: Task) -> list[tuple[str, str]]:
    """How much there is to learn, and the memory that it takes."""
    recipe = task.recipe
    longest = max(map(len, task.learned.inputs))
    taken = memory.needed(task.network, longest, recipe.batch_size, itemsize=4)
    taken += 4 * recipe.epochs * task.network.parameter_count
    memory.check(taken, tr("training"))
    return [
        (tr("examples"), _counted(task)),
        (tr("memory"), tr("about {taken}").format(taken=memory.said(taken))),
    ]


def _counted(task: Task) -> str:
    learned, test = len(task.learned), len(task.test)
    if task.asked is None:
        return tr("{learned:,} to learn from, {test:,} for the end").format(
            learned=learned, test=test
        )
    return tr(
        "{learned:,} to learn from, {asked:,} to find the best moment, {test:,} for the end"
    ).format(learned=learned, asked=len(task.asked), test=test)


def _show(document: Document, output: Path, screen: Screen) -> None:
    ended = "" if document.history is None else document.history.ended
    if ended == "stopped":
        screen.line(tr("Stopped: the best weights so far are kept."))
    elif ended not in ("", "done", "early stopping"):
        screen.line(tr("It ended early: {why}.").format(why=visible(ended)))
    screen.line(tr("Score: {score}.").format(score=said_score(document.score)))
    screen.line(tr("The document is in {file}.").format(file=visible(str(output))))


TRAIN = Command(
    name="train",
    help=tr("train a network from a sample's recipe or from your own data"),
    description=tr(
        "Trains a network and writes a document with its best weights, its score on examples that "
        "it has not seen beside that of something simple, and moments of its training. A data file "
        "is text, tab, label (.tsv), a token and its tag in each line (.conll), numbers in columns "
        "under names (.csv), or text to be continued (.txt). Ctrl-C keeps the best so far."
    ),
    epilog=tr(
        "Example: rnnviz train reviews.tsv -o mine.rnnviz --cell gru --hidden 12. Samples: {names}"
    ).format(names=", ".join(sample.name for sample in SAMPLES)),
    options=_options,
    run=_run,
)
