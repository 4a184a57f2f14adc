"""Optional libraries: a clear sentence where one is missing."""

from __future__ import annotations

from importlib.util import find_spec

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.files import FilePath


def needed(path: FilePath, library: str, extra: str) -> None:
    """Raise a FileError where `library`, which comes with `rnnviz[extra]`, is not installed."""
    if find_spec(library) is None:
        raise FileError(
            path,
            f"reading or writing it needs the Python package {library}, which is not installed; "
            f'"pip install rnnviz[{extra}]" brings it',
        )
