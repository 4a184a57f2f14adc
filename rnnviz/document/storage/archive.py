"""The zip around a document: written the same to the bit, read within bounds."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Mapping
from typing import BinaryIO

from rnnviz.document.errors import visible
from rnnviz.document.storage.files import Deadline, megabytes
from rnnviz.engine.errors import EngineError

DOCUMENT, WEIGHTS = "document.json", "weights.safetensors"
HISTORY, SEQUENCE = "history.safetensors", "sequence.safetensors"

MEMBER_BYTES = {DOCUMENT: 8 << 20, WEIGHTS: 512 << 20, HISTORY: 512 << 20, SEQUENCE: 512 << 20}
"""What a document is made of, in the order of the file, and how large each part may be."""

TOTAL_BYTES = 1 << 30
RATIO = 100
"""How many bytes one byte of a compressed part may stand for."""

_END = b"PK\x05\x06"
_END_BYTES = 22
_LOCATOR = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_DIRECTORY_BYTES = 64 << 10
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1 | 0x40 | 0x2000


class ArchiveError(EngineError):
    """Bytes that are not the zip of a document; the text says what is wrong."""


def pack(members: Mapping[str, bytes]) -> bytes:
    """The zip of some of the parts; the same parts give the same bytes.

    Nothing is compressed: weights hardly can be, and compressors differ from machine to machine.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in MEMBER_BYTES:
            if name in members:
                info = zipfile.ZipInfo(name, _EPOCH)
                info.create_system = 3  # Unix, whatever this is
                info.external_attr = (stat.S_IFREG | 0o644) << 16
                archive.writestr(info, members[name])
    return target.getvalue()


class Archive:
    """The zip of a document, open for reading; every declared size has been checked.

    Parameters
    ----------
    file : binary file
        Stays open as long as parts are read.

    Raises
    ------
    ArchiveError
        It is no zip, or holds what no document holds.
    """

    def __init__(self, file: BinaryIO) -> None:
        length = _check_end(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except Exception as error:
            # zipfile lets the errors of struct and of codecs through as they are.
            raise ArchiveError(f"the zip is damaged: {visible(error)}") from error
        infos = self._zip.infolist()
        for info in infos:
            _check_member(info)
        names = [info.filename for info in infos]
        if len(set(names)) < len(names):
            raise ArchiveError("a part is there twice")
        missing = {DOCUMENT, WEIGHTS} - set(names)
        if missing:
            raise ArchiveError(f"the part {min(missing)} is missing")
        if sum(info.compress_size for info in infos) > length:
            raise ArchiveError("the parts declare more bytes than there are")
        if sum(info.file_size for info in infos) > TOTAL_BYTES:
            raise ArchiveError(f"the parts are together larger than {megabytes(TOTAL_BYTES)}")
        self._infos = {info.filename: info for info in infos}
        self._deadline = Deadline()

    def __contains__(self, name: str) -> bool:
        """Whether the part is there."""
        return name in self._infos

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises
        ------
        ArchiveError
            They are damaged, or reading them takes too long.
        """
        info = self._infos[name]
        try:
            with self._zip.open(info) as member:
                data = self._deadline.read(member, info.file_size + 1)
        except EngineError:
            raise
        except Exception as error:
            raise ArchiveError(f"the part {name} is damaged: {visible(error)}") from error
        if len(data) != info.file_size:
            raise ArchiveError(f"the part {name} has another size than declared")
        return data


def _check_end(file: BinaryIO) -> int:
    """Look at the last bytes before zipfile does, which takes memory for all that they declare.

    Returns
    -------
    int
        How many bytes the file has.
    """
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    start = file.read(4)
    tail_bytes = min(length, _END_BYTES + _LOCATOR_BYTES)
    file.seek(length - tail_bytes)
    tail = file.read(tail_bytes)
    end = tail[-_END_BYTES:]
    if start != b"PK\x03\x04":
        raise ArchiveError("it is not a document of rnnviz")
    if len(end) < _END_BYTES or not end.startswith(_END) or end[-2:] != b"\0\0":
        raise ArchiveError("it is not a document of rnnviz, or its end is missing")
    count = int.from_bytes(end[10:12], "little")
    directory = int.from_bytes(end[12:16], "little")
    if tail.startswith(_LOCATOR) or count > len(MEMBER_BYTES) or directory > _DIRECTORY_BYTES:
        raise ArchiveError("it holds more parts than a document of rnnviz has")
    return length


def _check_member(info: zipfile.ZipInfo) -> None:
    name, size, packed = info.filename, info.file_size, info.compress_size
    limit = MEMBER_BYTES.get(name)
    if limit is None:
        raise ArchiveError(f"it holds {visible(name)}, which is no part of a document")
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveError(f"the part {name} is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveError(f"the part {name} is compressed in a way that is not read here")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise ArchiveError(f"the part {name} is not an ordinary file")
    if size > limit:
        raise ArchiveError(
            f"the part {name} declares {megabytes(size)}, at most {megabytes(limit)} are read"
        )
    if info.compress_type == zipfile.ZIP_STORED and size != packed:
        raise ArchiveError(f"the part {name} declares two sizes")
    if size > RATIO * max(packed, 1):
        raise ArchiveError(f"the part {name} is compressed more than {RATIO} times")
