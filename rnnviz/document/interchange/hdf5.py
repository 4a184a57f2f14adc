"""Plain datasets of an HDF5 file within limits: no link, no other file, no bomb."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.document.errors import FileError, visible
from rnnviz.document.interchange.files import (
    COUNT_LIMIT,
    DEPTH_LIMIT,
    HEADER_LIMIT,
    MEGABYTE,
    RATIO_LIMIT,
    FilePath,
    check_shape,
    check_total,
    count_of,
)
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_FILTERS = {1: "gzip", 2: "shuffle", 3: "fletcher32", 32000: "lzf"}


class Datasets:
    """The datasets and texts of an HDF5 file.

    Parameters
    ----------
    path : path
        The file, for messages.
    data : bytes
        Its bytes.

    Raises
    ------
    FileError
        Links, circles, too many members.
    """

    def __init__(self, path: FilePath, data: bytes) -> None:
        import h5py

        self._path = path
        self._h5py = h5py
        self._file = h5py.File(io.BytesIO(data), "r")
        self._found: dict[str, Any] = {}
        self._groups: dict[str, Any] = {"": self._file}
        self._known: dict[str, Array] = {}
        self._total = 0
        for name, member in self._members():
            kind = self._found if isinstance(member, h5py.Dataset) else self._groups
            kind[name] = member

    def _members(self) -> Iterator[tuple[str, Any]]:
        """Every member behind hard links, each once."""
        h5py = self._h5py
        seen = {self._address(self._file)}
        todo = [("", self._file, 0)]
        while todo:
            prefix, group, depth = todo.pop()
            if depth > DEPTH_LIMIT:
                raise FileError(self._path, f"it is nested deeper than {DEPTH_LIMIT} levels")
            for key in group:
                name = f"{prefix}/{key}".lstrip("/")
                link = group.get(key, getlink=True)
                if not isinstance(link, h5py.HardLink):
                    raise FileError(self._path, f"{visible(name)} is a link, which is not followed")
                member = group[key]
                address = self._address(member)
                if address in seen:
                    raise FileError(self._path, f"{visible(name)} is there twice")
                seen.add(address)
                if len(seen) > COUNT_LIMIT:
                    raise FileError(self._path, f"it holds more than {COUNT_LIMIT} members")
                if isinstance(member, h5py.Group):
                    todo.append((name, member, depth + 1))
                yield name, member

    def _address(self, member: Any) -> int:
        return int(self._h5py.h5o.get_info(member.id).addr)

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of all datasets, without a leading slash."""
        return tuple(self._found)

    @property
    def groups(self) -> tuple[str, ...]:
        """The paths of all groups; the first is ""."""
        return tuple(self._groups)

    def read(self, name: str) -> Array:
        """The numbers of a dataset; half precision becomes single.

        Raises
        ------
        EngineError
            Kept elsewhere, packed like a bomb, of another kind, out of range.
        """
        if name not in self._known:
            self._known[name] = self._read(name, self._found[name])
        return self._known[name]

    def _read(self, name: str, member: Any) -> Array:
        shown = visible(name)
        if member.dtype.kind != "f" or member.shape is None:
            raise EngineError(
                f"{shown} holds {visible(member.dtype)}, expected numbers with a fraction"
            )
        check_shape(name, member.shape)
        size = count_of(member.shape) * member.dtype.itemsize
        self._total += size
        check_total(self._total)
        self._check_storage(shown, member, size)
        array = np.asarray(member[()])
        return array.astype(np.float32) if array.dtype.itemsize < 4 else array

    def _check_storage(self, shown: str, member: Any, size: int) -> None:
        if member.is_virtual or member.external:
            raise EngineError(f"{shown}: its numbers lie in another file")
        settings = member.id.get_create_plist()
        filters = [settings.get_filter(i)[0] for i in range(settings.get_nfilters())]
        unknown = [str(number) for number in filters if number not in _FILTERS]
        if unknown:
            raise EngineError(f"{shown} is packed with the filter {', '.join(unknown)}, not known")
        if size > RATIO_LIMIT * member.id.get_storage_size():
            raise EngineError(f"{shown} declares far more numbers than the file holds")
        if member.chunks and count_of(member.chunks) * member.dtype.itemsize > 4 * size + MEGABYTE:
            raise EngineError(f"{shown} is cut into pieces larger than itself")

    def text(self, group: str, name: str) -> str | None:
        """The text of an attribute of a group; None where there is none.

        Raises
        ------
        EngineError
            It is no text, or a very long one.
        """
        if group not in self._groups:
            return None
        attributes = self._groups[group].attrs
        if name not in attributes:
            return None
        held = attributes.get_id(name)
        if self._h5py.check_string_dtype(held.dtype) is None or held.shape != ():
            raise EngineError(f"the attribute {visible(name)} is no text")
        value = attributes[name]
        text = value.decode("utf-8") if isinstance(value, bytes) else str(value)
        if len(text) > HEADER_LIMIT:
            raise EngineError(f"the attribute {visible(name)} has {len(text)} characters")
        return text

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
