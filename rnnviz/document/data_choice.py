"""What a document's network is to learn from; the data themselves are read when they are needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, final

Kind: TypeAlias = Literal["own", "sample", "file"]


@final
@dataclass(frozen=True)
class Data:
    """What is learned from.

    Attributes
    ----------
    kind : "own", "sample" or "file"
        The document's own sequence; the data of the sample that it came from; a file.
    path : Path or None
        The file.
    """

    kind: Kind = "own"
    path: Path | None = None


OWN = Data()
