"""Where the files lie that rnnviz brings along."""

from __future__ import annotations

from pathlib import Path

from rnnviz.engine.errors import EngineError

_PACKAGE = Path(__file__).resolve().parent.parent
_ROOTS = (_PACKAGE / "_resources", _PACKAGE.parent / "resources")


def resource(*parts: str) -> Path:
    """The path of one file or folder that comes with rnnviz.

    Parameters
    ----------
    *parts
        Names of the folders and of the file, as in ``resource("data", "names.tsv")``.

    Returns
    -------
    Path
        In ``rnnviz/_resources`` when rnnviz is installed, else in the checkout's ``resources``.

    Raises
    ------
    EngineError
        When neither place has it.
    """
    for root in _ROOTS:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise EngineError(f"resource: {'/'.join(parts)!r} does not come with this rnnviz")
