"""Texts that people read or type: marked for translation, and made fit for a document."""

from __future__ import annotations

import unicodedata


def tr(text: str) -> str:
    """`text` itself: the mark by which the translators' tool finds what people read."""
    return text


def one_line(text: str) -> str:
    """`text` as it may stand in a document on one line.

    Half characters (lone surrogates) become the replacement character, line breaks and tabs
    spaces; other control characters, and those that change the direction of writing, go.
    """
    spaced = " ".join(whole(text).splitlines()).replace("\t", " ")
    return "".join(c for c in unicodedata.normalize("NFC", spaced) if not _hidden(c))


def several_lines(text: str) -> str:
    """`text` as it may stand in a document on several lines, each ended by a line feed."""
    lines = whole(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or not _hidden(c))


def whole(text: str) -> str:
    """`text` without half characters, which no file can hold: two halves become one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _hidden(character: str) -> bool:
    return unicodedata.category(character) == "Cc" or character in _DIRECTIONS
