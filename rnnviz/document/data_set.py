"""What is known about a data set that comes with rnnviz."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, final

from rnnviz.document.reading import Form
from rnnviz.document.resources import resource
from rnnviz.document.tokens import Tokeniser

Use: TypeAlias = Literal["text", "time series", "DNA", "audio", "user behaviour"]
"""The kinds of sequences that the subject knows."""


@final
@dataclass(frozen=True)
class DataSet:
    """One data set.

    Attributes
    ----------
    name
        By which :func:`load` finds it.
    title
        What people call it.
    file
        In the folder ``data`` of the resources.
    form
        How the file is written.
    use
        The kind of sequences.
    licence
        The licence of the data, shortly.
    licence_files
        Where its words are, in ``data``.
    source
        Who made the data.
    note
        What it is for, what was changed, what to beware of.
    tokeniser, target, lower
        How the text is cut into tokens; see :func:`rnnviz.document.reading.read`.
    """

    name: str
    title: str
    file: str
    form: Form
    use: Use
    licence: str
    licence_files: tuple[str, ...]
    source: str
    note: str
    tokeniser: Tokeniser = "words"
    target: Tokeniser = "words"
    lower: bool = False

    @property
    def path(self) -> Path:
        """Where the file lies on this machine."""
        return resource("data", *self.file.split("/"))
