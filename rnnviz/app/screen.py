"""Where a command writes: a stream of which nobody knows what it can show."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TextIO

from rnnviz.app.tables import table

_PLAIN = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "~",
    "\N{MIDDLE DOT}": "*",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{GREEK SMALL LETTER SIGMA}": "sigma",
    "\N{INFINITY}": "inf",
    "\N{LATIN SUBSCRIPT SMALL LETTER T}": "_t",
    "\N{SUBSCRIPT MINUS}": "-",
    "\N{SUBSCRIPT ONE}": "1",
}


class Screen:
    """A stream for text.

    Parameters
    ----------
    stream : text stream or None
        None, as Python has it for a closed stdout, takes everything and shows nothing.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._encoding = getattr(stream, "encoding", None) or "utf-8"

    def can_show(self, text: str) -> bool:
        """Whether the stream's encoding has all of the characters."""
        try:
            text.encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True

    def fit(self, text: str) -> str:
        """The text in characters that the stream has: `-` for a minus sign, `?` for the unknown."""
        if self.can_show(text):
            return text
        plain = "".join(c if self.can_show(c) else _PLAIN.get(c, c) for c in text)
        return plain.encode(self._encoding, "replace").decode(self._encoding)

    def line(self, text: str = "") -> None:
        """Write one line."""
        if self._stream is not None:
            self._stream.write(self.fit(text) + "\n")

    def table(self, rows: Sequence[Sequence[str]], align: str) -> None:
        """Write a table; see `tables.table`."""
        for line in table([[self.fit(cell) for cell in row] for row in rows], align):
            self.line(line)

    def flush(self) -> None:
        """Hand everything over, so that what goes wrong there goes wrong here."""
        if self._stream is not None:
            self._stream.flush()

    def give_up(self) -> None:
        """Write no more: Python would flush the stream at its end, and complain."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
        except (OSError, ValueError):
            return
