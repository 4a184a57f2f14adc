"""Text files taken apart into lines and columns, within bounds, with the line of every fault."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import final

from rnnviz.engine.errors import EngineError

MAX_BYTES = 64 * 2**20
MAX_LINE = 100_000
MAX_LINES = 2_000_000
MAX_COLUMNS = 4_096
_SHOWN = 60


@final
class DataError(EngineError):
    """A file that is no data of the expected form.

    Attributes
    ----------
    file
        The file as it was given.
    line
        Where the fault is, 1 for the first line; None when it is in no one line.
    came, expected
        Both as phrases.
    """

    def __init__(self, file: Path | str, line: int | None, came: str, expected: str) -> None:
        self.file, self.line, self.came, self.expected = str(file), line, came, expected
        where = self.file if line is None else f"{self.file}, line {line}"
        super().__init__(f"{where}: {came}; expected {expected}")


def shown(text: str) -> str:
    """`text` in quotation marks, cut when it is long, for an error message."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def read_text_lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file without their ends; the ends of every system are understood.

    Raises
    ------
    DataError
        When the file cannot be read, is larger than 64 MiB, has too long or too many lines, holds
        a NUL byte, is not UTF-8, or has nothing in it but white space.
    """
    data = _read(path).replace(b"\r\n", b"\n").replace(b"\r", b"\n").removeprefix(b"\xef\xbb\xbf")
    if (zero := data.find(0)) >= 0:
        raise DataError(path, _line_at(data, zero), "a NUL byte", "text in UTF-8")
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        came = f"byte 0x{data[error.start]:02x} that is not UTF-8"
        raise DataError(path, _line_at(data, error.start), came, "text in UTF-8") from None
    if len(lines) > MAX_LINES:
        raise DataError(path, MAX_LINES + 1, f"{len(lines)} lines", f"at most {MAX_LINES}")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            came = f"{len(line)} characters in one line"
            raise DataError(path, number, came, f"at most {MAX_LINE}")
    if not any(map(str.strip, lines)):
        raise DataError(path, None, "an empty file", "at least one example")
    return lines


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            came = "a folder or device" if path.exists() else "no such file"
            raise DataError(path, None, came, "a text file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(path, None, f"it cannot be read ({error})", "a text file") from None
    if len(data) > MAX_BYTES:
        raise DataError(path, None, "a larger file", f"at most {MAX_BYTES // 2**20} MiB")
    return data


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _line_at(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def columns_of(
    path: Path, lines: list[str], least: int, most: int
) -> Iterator[tuple[int, list[str]]]:
    """Line number and tab-separated columns of every line that is not blank.

    Raises
    ------
    DataError
        When a line has fewer columns than `least`, more than `most`, not as many as the first
        line, or an empty one.
    """
    expected = f"{least} columns" if least == most else f"{least} to {most} columns"
    first = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split("\t")]
        came = _counted(len(fields), "column")
        if not least <= len(fields) <= most:
            raise DataError(path, number, came, f"{expected} with a tab between them")
        first = first or len(fields)
        if len(fields) != first:
            raise DataError(path, number, came, f"{first} as in the lines before")
        if "" in fields:
            place = fields.index("") + 1
            raise DataError(path, number, f"column {place} is empty", "text in every column")
        yield number, fields


def records_of(path: Path, lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of every record of a CSV file, the header first.

    Fields are separated by commas, semicolons or tabs, whichever the header has first.

    Raises
    ------
    DataError
        When quotation marks do not close, or a record has not as many fields as the header.
    """
    header = next(line for line in lines if line.strip())
    separator = min(",;\t", key=(header + ",;\t").find)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True)
    count = 0
    while True:
        number = reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise DataError(path, number, f"no CSV ({error})", "fields in columns") from None
        if fields is None:
            return
        if not any(map(str.strip, fields[:1])) and len(fields) <= 1:
            continue
        count = count or len(fields)
        if len(fields) != count:
            came, expected = _counted(len(fields), "field"), f"{count} as in the header"
            raise DataError(path, number, came, expected)
        yield number, [field.strip() for field in fields]
