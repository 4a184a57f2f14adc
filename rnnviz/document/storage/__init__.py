"""Documents as files: `load`, `save` and `peek`."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from msgspec.structs import asdict

from rnnviz.document.document import Document
from rnnviz.document.errors import FileError
from rnnviz.document.history import Score
from rnnviz.document.storage import migrations
from rnnviz.document.storage.archive import DOCUMENT, Archive, pack
from rnnviz.document.storage.files import FilePath, faults_named, opened
from rnnviz.document.storage.members import read_members, write_members
from rnnviz.document.storage.networks import AnyNetwork, read_network
from rnnviz.document.storage.writing import write_atomically

SUFFIX = ".rnnviz"
_DAMAGED = "it is damaged, or it is not a document of rnnviz"


@dataclass(frozen=True)
class Preview:
    """What a gallery shows of a file.

    Attributes
    ----------
    title, notes, language, licence : str
        As in the document.
    network : Network or EncoderDecoder
        The parts and sizes; its weights were not read.
    words : int or None
        How many the vocabulary has; None for a network that reads vectors.
    tokens : tuple of str
        The sequence, where it is one of tokens.
    moments : int
        How many moments of training the file holds.
    score : Score or None
        On data held out.
    """

    title: str
    notes: str
    language: str
    licence: str
    network: AnyNetwork
    words: int | None
    tokens: tuple[str, ...]
    moments: int
    score: Score | None

    @property
    def kind(self) -> str:
        """The cells, such as "LSTM", the lowest first."""
        return ", ".join(dict.fromkeys(layer.cell.title for layer in self.network.layers))

    @property
    def parameters(self) -> int:
        """How many numbers the weights hold."""
        return self.network.layout.size


def load(path: FilePath) -> Document:
    """The document in a file. Nothing of it is ever executed.

    Raises
    ------
    FileError
        The file cannot be read, is damaged, too large, of a later format, or no document.
    """
    with faults_named(path, _DAMAGED), opened(path) as file:
        return _read(file)


def from_bytes(data: bytes, name: FilePath = "document") -> Document:
    """The document in the bytes of a file; `name` is what errors call it.

    Raises
    ------
    FileError
        As for `load`.
    """
    with faults_named(name, _DAMAGED):
        return _read(io.BytesIO(data))


def peek(path: FilePath) -> Preview:
    """What a gallery shows of a file, without reading its arrays.

    Raises
    ------
    FileError
        As for `load`, for what was read.
    """
    with faults_named(path, _DAMAGED), opened(path) as file:
        text = migrations.decode(Archive(file).read(DOCUMENT))
        score = text.score
        return Preview(
            text.title,
            text.notes,
            text.language,
            text.licence,
            read_network(text.network, text.cells),
            None if text.vocabulary is None else len(text.vocabulary),
            text.tokens or (),
            0 if text.history is None else len(text.history.epochs),
            None if score is None else Score(**asdict(score)),
        )


def to_bytes(document: Document) -> bytes:
    """The bytes of the document's file; equal documents have equal bytes.

    Raises
    ------
    EngineError
        Something in the document cannot be kept in a file.
    """
    return pack(write_members(document))


def save(document: Document, path: FilePath) -> None:
    """Write a document to a file: at every moment the old or the new one is there, whole.

    Raises
    ------
    FileError
        Nothing was written, and the old file is as it was.
    """
    with faults_named(path, "it cannot be written"):
        write_atomically(path, to_bytes(document))


def _read(file: BinaryIO) -> Document:
    archive = Archive(file)
    text = migrations.decode(archive.read(DOCUMENT))
    return read_members(text, lambda name: archive.read(name) if name in archive else None)


__all__ = ["SUFFIX", "FileError", "Preview", "from_bytes", "load", "peek", "save", "to_bytes"]
