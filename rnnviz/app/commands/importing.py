"""`rnnviz import`: make a document of somebody's model."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from rnnviz.app.commands.command import Command
from rnnviz.app.commands.described import show_network
from rnnviz.app.commands.models import add_model_options, is_document, read_document
from rnnviz.app.commands.output import add_output_options, check_free, document_path
from rnnviz.app.screen import Screen
from rnnviz.app.tables import visible
from rnnviz.app.texts import tr
from rnnviz.document.errors import FileError
from rnnviz.document.storage import save


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "model",
        type=Path,
        metavar="MODEL",
        help=tr("a file of safetensors (PyTorch), ONNX or Keras (.keras, .h5)"),
    )
    add_output_options(parser, tr("the document to write, such as mine.rnnviz"))
    parser.add_argument("--title", default="", metavar="TEXT", help=tr("what it is called"))
    add_model_options(parser)


def _run(arguments: Namespace, screen: Screen) -> int:
    if is_document(arguments.model):
        raise FileError(arguments.model, tr("it is a document of rnnviz already"))
    output = document_path(arguments.output)
    check_free(output, arguments.force)
    document = read_document(arguments.model, arguments, screen)
    if arguments.title:
        document = document.changed(title=arguments.title)
    save(document, output)
    show_network(document.network, screen)
    for line in document.notes.splitlines():
        screen.line(visible(line))
    screen.line(tr("The document is in {file}.").format(file=visible(str(output))))
    return 0


IMPORT = Command(
    name="import",
    help=tr("make a document of a model of PyTorch, ONNX or Keras"),
    description=tr(
        "Reads the recurrent layers of somebody's model, with the embedding and the linear layer "
        "around them, and writes a document with them. Pickles (.pt, .pth) are not opened, because "
        "they can run any program; two lines of Python that turn one into safetensors are shown."
    ),
    epilog=tr("Example: rnnviz import model.safetensors -o mine.rnnviz --labels negative,positive"),
    options=_options,
    run=_run,
)
