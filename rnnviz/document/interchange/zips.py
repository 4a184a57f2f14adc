"""Opens strangers' zip archives and reads members by name, within limits; unpacks nothing."""

from __future__ import annotations

import io
import zipfile

from rnnviz.document.errors import FileError, visible
from rnnviz.document.interchange.files import (
    COUNT_LIMIT,
    HEADER_LIMIT,
    RATIO_LIMIT,
    FilePath,
    faults_named,
    size,
)

_END = b"PK\x05\x06"
_END_LENGTH = 22
_LOCATOR_64 = b"PK\x06\x07"
_ENCRYPTED = 1


def is_zip(data: bytes) -> bool:
    """Whether `data` begins as a zip archive does."""
    return data[:4] in (b"PK\x03\x04", _END)


def open_zip(path: FilePath, data: bytes) -> zipfile.ZipFile:
    """The archive in `data`, its list of members checked before it is read.

    Raises
    ------
    FileError
        Damaged, too many members, two of one name.
    """
    place = data.rfind(_END, max(0, len(data) - _END_LENGTH - 65_535))
    end = data[place : place + _END_LENGTH]
    if place < 0 or len(end) < _END_LENGTH:
        raise FileError(path, "it is no zip archive, or it is cut off")
    count, listed = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if count > COUNT_LIMIT or listed > HEADER_LIMIT or data[place - 20 : place - 16] == _LOCATOR_64:
        raise FileError(path, f"it holds more than {COUNT_LIMIT} members")
    with faults_named(path, "it is a damaged zip archive"):
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = archive.namelist()
        if len(names) > COUNT_LIMIT:
            raise FileError(path, f"it holds more than {COUNT_LIMIT} members")
        if len(set(names)) < len(names):
            raise FileError(path, "it holds two members of one name")
        return archive


def read_member(path: FilePath, archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """The bytes of a member of at most `limit` bytes.

    Raises
    ------
    FileError
        It is missing, encrypted, too large, packed too tightly to be honest, or damaged.
    """
    with faults_named(path, f"its member {visible(name)} is damaged"):
        try:
            info = archive.getinfo(name)
        except KeyError:
            raise FileError(path, f"it has no member {visible(name)}") from None
        if info.flag_bits & _ENCRYPTED:
            raise FileError(path, f"its member {visible(name)} is encrypted")
        if info.file_size > limit:
            fault = f"its member {visible(name)} is {size(info.file_size)}, at most {size(limit)}"
            raise FileError(path, f"{fault} are read")
        if info.file_size > RATIO_LIMIT * max(info.compress_size, 1):
            raise FileError(path, f"its member {visible(name)} is packed like a zip bomb")
        with archive.open(info) as member:
            found = member.read(info.file_size + 1)
        if len(found) != info.file_size:
            raise FileError(path, f"its member {visible(name)} is not as long as it says")
        return found
