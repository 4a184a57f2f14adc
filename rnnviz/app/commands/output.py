"""Where a command puts its file: nothing that is there is lost unless that was asked for."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from rnnviz.app.texts import tr
from rnnviz.document.errors import FileError
from rnnviz.document.storage import SUFFIX


def add_output_options(parser: ArgumentParser, help_text: str) -> None:
    """`-o PATH` and `--force`."""
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PATH", help=help_text)
    parser.add_argument(
        "--force", action="store_true", help=tr("take the place of a file that is there")
    )


def check_free(path: Path, force: bool) -> None:
    """Raise a FileError where something is there that may not be replaced, or no folder is.

    Said before the work begins, so that no work is lost.
    """
    if not path.parent.is_dir():
        raise FileError(path, tr("there is no folder {folder}").format(folder=path.parent))
    if path.is_dir():
        raise FileError(path, tr("it is a folder"))
    if path.exists() and not force:
        raise FileError(path, tr("it is there already; --force replaces it"))


def document_path(path: Path) -> Path:
    """The path of a document, with the ending of one."""
    if path.suffix.lower() != SUFFIX:
        raise FileError(
            path, tr("a document of rnnviz is written to it, its name must end in .rnnviz")
        )
    return path
