"""A reader of R's saved data frames of factors (version 2, XDR), as far as one file needs it.

The format is described in "R Internals", section 1.8, Serialization Formats.
"""

from __future__ import annotations

import bz2
from typing import Any, TypeAlias

_SYMBOL, _PAIRS, _CHARS, _INTEGERS, _STRINGS, _LIST = 1, 2, 9, 13, 16, 19
_NOTHING, _REFERENCE = 254, 255
_HAS_ATTRIBUTES, _HAS_TAG = 0x200, 0x400
_HEADER = b"RDX2\nX\n"

Value: TypeAlias = tuple[Any, list[Any]]
"""The content of an item, and its attributes as pairs of name and value."""


def read_factors(data: bytes) -> dict[str, list[str]]:
    """The columns of the one data frame of factors in a bzip2-compressed ``.rda`` file."""
    plain = bz2.decompress(data)
    if not plain.startswith(_HEADER):
        raise ValueError("not R's saved data of version 2 in XDR form")
    # Behind the header: the version of the format, of the writing R, and of the oldest reading R.
    [(_, (columns, attributes))] = _Reader(plain, len(_HEADER) + 12).pairs()
    frame = {}
    for name, (codes, factor) in zip(dict(attributes)["names"][0], columns, strict=True):
        levels = dict(factor)["levels"][0]
        frame[name] = [levels[code - 1] for code in codes]
    return frame


class _Reader:
    """Walks over the items."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data = data
        self._place = place
        self._symbols: list[str] = []

    def pairs(self) -> list[tuple[str, Value]]:
        """A pair list: named values up to the end mark."""
        found = []
        while (flags := self._integer()) & 0xFF != _NOTHING:
            if flags & 0xFF != _PAIRS or not flags & _HAS_TAG or flags & _HAS_ATTRIBUTES:
                raise ValueError(f"a pair with flags {flags:#x}")
            name = self._value()[0]
            found.append((name, self._value()))
        return found

    def _value(self) -> Value:
        flags = self._integer()
        kind = flags & 0xFF
        if kind == _SYMBOL:
            self._symbols.append(self._value()[0])
            return self._symbols[-1], []
        if kind == _REFERENCE:
            return self._symbols[(flags >> 8) - 1], []
        count = self._integer()
        if kind == _CHARS:
            self._place += count
            return self._data[self._place - count : self._place].decode("ascii"), []
        content: list[Any]
        if kind == _INTEGERS:
            content = [self._integer() for _ in range(count)]
        elif kind == _STRINGS:
            content = [self._value()[0] for _ in range(count)]
        elif kind == _LIST:
            content = [self._value() for _ in range(count)]
        else:
            raise ValueError(f"an item of kind {kind}")
        return content, self.pairs() if flags & _HAS_ATTRIBUTES else []

    def _integer(self) -> int:
        self._place += 4
        return int.from_bytes(self._data[self._place - 4 : self._place], "big", signed=True)
