"""`rnnviz info`: tell what is inside a file, in plain words."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from rnnviz.app.commands.command import Command
from rnnviz.app.commands.described import memory_row, network_rows, said_score, show_rows, some
from rnnviz.app.commands.info_data import DATA_SUFFIXES, show_data
from rnnviz.app.commands.models import is_document, listed
from rnnviz.app.commands.options import whole
from rnnviz.app.screen import Screen
from rnnviz.app.texts import tr
from rnnviz.document.document import Document
from rnnviz.document.interchange.doors import read_model
from rnnviz.document.interchange.found import Found
from rnnviz.document.storage import load

DATA = "data:"
"""Before the name of a data set that comes with rnnviz."""
_LENGTH = 100


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help=tr("a document, a model, a data file, or data:NAME for one that comes with rnnviz"),
    )
    parser.add_argument(
        "--length",
        type=whole(1),
        metavar="N",
        help=tr("also say how much memory a sequence of N steps takes"),
    )


def _run(arguments: Namespace, screen: Screen) -> int:
    path = Path(arguments.file)
    if arguments.file.startswith(DATA) or path.suffix.lower() in DATA_SUFFIXES:
        show_data(arguments.file, screen)
    elif is_document(path):
        show_rows(list(_of_document(load(path), arguments.length)), screen)
    else:
        _show_models(path, read_model(path), arguments.length, screen)
    return 0


def _of_document(document: Document, length: int | None) -> Iterator[tuple[str, str]]:
    yield tr("title"), document.title
    yield from network_rows(document.network)
    yield tr("words"), some(document.vocabulary or (), " ")
    yield tr("labels"), some(document.labels)
    yield tr("columns"), some(document.columns)
    if isinstance(document.sequence, tuple):
        yield tr("looks at"), some(document.sequence, " ")
    else:
        yield tr("looks at"), tr("{count} vectors").format(count=document.steps)
    yield tr("score"), said_score(document.score)
    yield tr("training"), _said_training(document)
    yield tr("licence"), document.licence
    yield tr("source"), document.source
    steps = length or max(document.steps, 1)
    yield memory_row(document.network, steps, document.weights.vector.itemsize)
    for number, line in enumerate(document.notes.splitlines()):
        yield tr("notes") if number == 0 else "", line


def _said_training(document: Document) -> str:
    history = document.history
    if history is None:
        return tr("none is stored")
    last = history.moments[-1]
    return tr("{epochs} epochs, {updates:,} updates; {moments} moments are stored").format(
        epochs=last.epoch, updates=last.update, moments=len(history.moments)
    )


def _show_models(path: Path, found: list[Found], length: int | None, screen: Screen) -> None:
    if len(found) > 1:
        screen.line(tr("{count} models are in {file}:").format(count=len(found), file=path.name))
        screen.table(listed(found), "><")
        screen.line(tr("Choose one with --layer to import, export or trace it."))
        return
    model = found[0].model()
    rows = [(tr("title"), model.title), *network_rows(model.network)]
    if model.labels:
        rows.append((tr("labels"), some(model.labels)))
    if model.vocabulary:
        rows.append((tr("words"), some(model.vocabulary, " ")))
    rows.append(memory_row(model.network, length or _LENGTH))
    rows += [(tr("note"), note) for note in model.notes]
    show_rows(rows, screen)


INFO = Command(
    name="info",
    help=tr("tell what is inside a document, a model or a data file"),
    description=tr(
        "Tells what is inside a file: of a document (.rnnviz) its network, its score beside a "
        "baseline and its licence; of a model (safetensors, ONNX, Keras) the recurrent layers; of "
        "a data file (.csv, .tsv, .txt, .conll) the examples. Nothing in a file is executed."
    ),
    epilog=tr("Example: rnnviz info model.safetensors --length 1000; rnnviz info data:clicks"),
    options=_options,
    run=_run,
)
