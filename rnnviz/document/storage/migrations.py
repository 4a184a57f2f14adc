"""Old formats of `document.json`, each made into the next one; never changed once released."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from rnnviz.document.storage.networks import write_cell
from rnnviz.document.storage.schema import DocumentText, FormatText
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError

FORMAT = 2

Json: TypeAlias = dict[str, Any]


def from_1(old: Json) -> Json:
    """Format 1 had only built-in cells, by their names, only clipping by norm, only words."""
    names: list[str] = []
    network = dict(old["network"])
    for part in ("layers", "encoder", "decoder"):
        if part in network:
            network[part] = [_numbered(layer, names) for layer in network[part]]
    limit = old["clip_norm"]
    clip = {"kind": "none", "limit": 1.0} if limit is None else {"kind": "norm", "limit": limit}
    kept = {name: value for name, value in old.items() if name != "clip_norm"}
    return {
        **kept,
        "format": 2,
        "network": network,
        "cells": [msgspec.structs.asdict(write_cell(find_cell(name))) for name in names],
        "clip": clip,
        "columns": [],
        "tokeniser": "words",
        "lower": False,
    }


def _numbered(layer: Json, names: list[str]) -> Json:
    if layer["cell"] not in names:
        names.append(layer["cell"])
    return {**layer, "cell": names.index(layer["cell"])}


MIGRATIONS: tuple[Callable[[Json], Json], ...] = (from_1,)
"""The first makes format 2 out of format 1, and so on."""


class NewerFormatError(EngineError):
    """A file of a format that is not known yet."""


def decode(data: bytes) -> DocumentText:
    """What `document.json` says, whichever format it has.

    Raises
    ------
    NewerFormatError
        It was written by a later rnnviz.
    MsgspecError, or any other error
        It is damaged.
    """
    number = msgspec.json.decode(data, type=FormatText).format
    if number > FORMAT:
        raise NewerFormatError(
            f"it was written by a later rnnviz (format {number}, this one reads up to {FORMAT}); "
            "install a newer rnnviz to open it"
        )
    if number == FORMAT:
        return msgspec.json.decode(data, type=DocumentText)
    if number < 1:
        raise EngineError(f"format: {number} came, expected 1 to {FORMAT}")
    found: Json = msgspec.json.decode(data)
    for migrate in MIGRATIONS[number - 1 :]:
        found = migrate(found)
    return msgspec.convert(found, DocumentText)
