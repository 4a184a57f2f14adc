"""The file that a person means by a name: their own, or a sample's."""

from __future__ import annotations

from pathlib import Path

from rnnviz.document.resources import resource
from rnnviz.document.storage import SUFFIX
from rnnviz.engine.errors import EngineError


def meant_file(name: str | Path) -> Path:
    """The file of that name or, where there is none and it has no ending, a sample's."""
    path = Path(name)
    if path.suffix or path.exists() or not str(name).isidentifier():
        return path
    try:
        return resource("samples", f"{name}{SUFFIX}")
    except EngineError:
        return path
