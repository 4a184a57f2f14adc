"""`rnnviz export`: write a document's network for other programs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from rnnviz.app.commands.command import Command
from rnnviz.app.commands.models import add_model_options, is_document, read_document
from rnnviz.app.commands.output import add_output_options, check_free
from rnnviz.app.screen import Screen
from rnnviz.app.tables import visible
from rnnviz.app.texts import tr
from rnnviz.document.conversion import model_of
from rnnviz.document.errors import FileError
from rnnviz.document.interchange.doors import WRITERS

BESIDE = {"pytorch": ".safetensors", "keras": ".npz"}
"""The ending of the weights that lie beside the code."""
_ENDINGS = {
    "pytorch": ".py",
    "keras": ".py",
    "onnx": ".onnx",
    "safetensors": ".safetensors",
    "npz": ".npz",
}


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help=tr("a document of rnnviz; also a model that import reads"),
    )
    formats = parser.add_mutually_exclusive_group(required=True)
    helps = {
        "pytorch": tr("PyTorch code that runs as it is, its weights beside it"),
        "keras": tr("Keras code that runs as it is, its weights beside it"),
        "onnx": tr("an ONNX graph"),
        "safetensors": tr("the weights under PyTorch's names"),
        "npz": tr("the weights for NumPy"),
        "csv": tr("the weights for a spreadsheet: one .csv, or a folder with one for each"),
    }
    for name in WRITERS:
        formats.add_argument(
            f"--{name}", dest="format", action="store_const", const=name, help=helps[name]
        )
    add_output_options(parser, tr("the file to write"))
    add_model_options(parser)


def _run(arguments: Namespace, screen: Screen) -> int:
    written = list(_files(arguments))
    document = read_document(arguments.file, arguments, screen)
    WRITERS[arguments.format](model_of(document), arguments.output)
    files = tr(" and ").join(visible(str(path)) for path in written)
    screen.line(tr("Written: {files}.").format(files=files))
    return 0


def _files(arguments: Namespace) -> Iterator[Path]:
    """What will be written; each is free to be."""
    output, format_name = arguments.output, arguments.format
    ending = _ENDINGS.get(format_name)
    if ending is not None and output.suffix.lower() != ending:
        raise FileError(output, tr("its name must end in {ending}").format(ending=ending))
    if is_document(output):
        raise FileError(output, tr("the name of a document of rnnviz came for another format"))
    if not (format_name == "csv" and output.is_dir()):
        check_free(output, arguments.force)
    yield output
    if format_name in BESIDE:
        beside = output.with_suffix(BESIDE[format_name])
        check_free(beside, arguments.force)
        yield beside


EXPORT = Command(
    name="export",
    help=tr("write the network for PyTorch, Keras, ONNX, NumPy or a spreadsheet"),
    description=tr(
        "Writes the network of a document with its weights for other programs. The code for "
        "PyTorch and Keras lies beside its weights and can be run at once."
    ),
    epilog=tr("Example: rnnviz export mine.rnnviz --pytorch -o mine.py"),
    options=_options,
    run=_run,
)
