"""Tables of plain text that stay aligned whatever the cells hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

GAP = "  "
CUT = "\N{HORIZONTAL ELLIPSIS}"


def width(text: str) -> int:
    """How many columns of a terminal the text takes.

    East Asian wide characters take two, combining marks none (Unicode Standard Annex 11).
    """
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def visible(text: str) -> str:
    r"""The text with all that a terminal would obey or hide written out, such as `\x1b`."""
    return "".join(
        _escape(character) if unicodedata.category(character)[0] == "C" else character
        for character in text
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def shortened(text: str, columns: int) -> str:
    """The text in at most so many columns; what is cut off leaves an ellipsis."""
    if width(text) <= columns:
        return text
    kept, used = "", width(CUT)
    for character in text:
        used += _columns(character)
        if used > columns:
            break
        kept += character
    return kept + CUT


def table(rows: Sequence[Sequence[str]], align: str) -> list[str]:
    """The lines of a table.

    Parameters
    ----------
    rows : sequence of rows
        A row may be shorter than others.
    align : str
        "<" or ">" for each column; the last one serves all that follow.

    Returns
    -------
    One line a row, without spaces at the end.
    """
    columns = list(zip_longest(*rows, fillvalue=""))
    widths = [max(map(width, column)) for column in columns]
    sides = align.ljust(len(widths), align[-1])
    return [GAP.join(map(_padded, row, widths, sides)).rstrip() for row in rows]


def _padded(text: str, columns: int, side: str) -> str:
    space = " " * (columns - width(text))
    return space + text if side == ">" else text + space
