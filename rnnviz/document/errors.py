"""The one error of all that reads or writes files: it names the file, the fault and the detail."""

from __future__ import annotations

import os
from pathlib import Path

from rnnviz.engine.errors import EngineError

NAME_LIMIT = 200


def visible(text: object, limit: int = NAME_LIMIT) -> str:
    """`text` from a stranger's file made safe to show: printable, on one line, not too long.

    Control characters, line breaks and characters that change the direction of writing are written
    as escapes.
    """
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(text)[: 4 * limit])
    return shown if len(shown) <= limit else shown[: limit - 3] + "..."


class FileError(EngineError):
    """A file that cannot be read or written.

    Parameters
    ----------
    path : str or Path
        The file.
    fault : str
        What is wrong, a sentence for the person who opened the file.
    detail : str, optional
        What a library said, for the log.

    Attributes
    ----------
    path : Path
        The file.
    fault, detail : str
        As given, made safe to show.
    """

    def __init__(self, path: str | os.PathLike[str], fault: str, detail: object = "") -> None:
        self.path = Path(path)
        self.fault = visible(fault, 2000)
        self.detail = visible(detail, 2000)
        super().__init__(f"{visible(self.path.name or self.path)}: {self.fault}")
