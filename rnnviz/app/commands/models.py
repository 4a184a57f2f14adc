"""Which file a command reads, and which of the models in somebody's file is meant."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from rnnviz.app.commands.options import names
from rnnviz.app.screen import Screen
from rnnviz.app.tables import visible
from rnnviz.app.texts import tr
from rnnviz.document.conversion import document_of, words_from
from rnnviz.document.document import Document
from rnnviz.document.errors import FileError
from rnnviz.document.interchange.doors import read_model
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.model import Model
from rnnviz.document.storage import SUFFIX, load
from rnnviz.engine.network import FORMS

MODEL_SUFFIXES = (".safetensors", ".onnx", ".keras", ".h5", ".hdf5")
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle")


def add_model_options(parser: ArgumentParser) -> None:
    """What is chosen in somebody's file, and what the file does not tell."""
    parser.add_argument(
        "--layer", metavar="NAME", help=tr("which of several models in it: its name or number")
    )
    parser.add_argument(
        "--vocabulary",
        type=Path,
        metavar="FILE",
        help=tr("the words that it reads, one in every line, from number 0 on"),
    )
    parser.add_argument(
        "--labels", type=names, metavar="A,B,...", help=tr("the names of its outputs")
    )
    parser.add_argument(
        "--relu", action="store_true", help=tr("its vanilla cell has relu in place of tanh")
    )
    parser.add_argument(
        "--form", choices=FORMS, help=tr("when it answers, where that is not as found")
    )
    parser.add_argument(
        "--embedding",
        metavar="NAME",
        help=tr('which of several embeddings that fit; "" for none'),
    )
    parser.add_argument(
        "--head", metavar="NAME", help=tr('which of several linear layers that fit; "" for none')
    )
    parser.add_argument(
        "--answers", choices=("classes", "numbers"), help=tr("what its outputs are")
    )


def is_document(path: Path) -> bool:
    """Whether a file is to be read as a document of rnnviz."""
    return path.suffix.lower() == SUFFIX


def read_document(path: Path, arguments: Namespace, screen: Screen) -> Document:
    """The document in a file of rnnviz, or a document of the model in somebody's file.

    Raises
    ------
    EngineError
        The file cannot be read, several models are in it and none was chosen, a choice that does
        not fit.
    """
    if is_document(path):
        return load(path)
    model = read_chosen(path, arguments, screen)
    words = getattr(arguments, "vocabulary", None)
    vocabulary = None if words is None else words_from(words)
    labels = getattr(arguments, "labels", None)
    document = document_of(model, vocabulary, labels, model.title or path.stem)
    return document.changed(source=path.name)


def read_chosen(path: Path, arguments: Namespace, screen: Screen) -> Model:
    """The model in somebody's file."""
    found = _chosen(path, read_model(path), arguments.layer, screen)
    given: dict[str, Any] = vars(arguments)
    taken = {n: given[n] for n in ("form", "embedding", "head", "answers") if n in given}
    return found.model(relu=given.get("relu", False), **taken)


def listed(found: list[Found]) -> list[list[str]]:
    """A row for each model: number, name, summary."""
    return [
        [str(number), visible(one.name or tr("(no name)")), one.summary]
        for number, one in enumerate(found, 1)
    ]


def _chosen(path: Path, found: list[Found], wish: str | None, screen: Screen) -> Found:
    if wish is None and len(found) == 1:
        return found[0]
    if wish is None and _asks():
        wish = _asked(found, screen)
    for number, one in enumerate(found, 1):
        if wish is not None and wish in (one.name, str(number)):
            return one
    models = "; ".join(f"{number} {name} ({text})" for number, name, text in listed(found))
    if wish is None:
        raise FileError(
            path,
            tr("{count} models are in it, choose one with --layer: {models}").format(
                count=len(found), models=models
            ),
        )
    raise FileError(
        path, tr("there is no model {name!r} in it: {models}").format(name=wish, models=models)
    )


def _asks() -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _asked(found: list[Found], screen: Screen) -> str | None:
    screen.table(listed(found), "><")
    screen.line(tr("Which one? Its number:"))
    screen.flush()
    return sys.stdin.readline().strip() or None
