"""Stored values that the engine is held against; `make_torch.py` says where they come from."""

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("torch.npz")


@functools.cache
def _everything() -> dict[str, tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]]:
    """All cases, read once; the arrays are read-only."""
    found: dict[str, tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]] = {}
    with np.load(FILE, allow_pickle=False) as archive:
        for name in archive.files:
            case, key = name.split("/")
            meta, arrays = found.setdefault(case, ({}, {}))
            value = archive[name]
            if key == "meta":
                meta.update(json.loads(str(value)))
            else:
                value.flags.writeable = False
                arrays[key] = value
    return found


def cases(prefix: str = "") -> tuple[str, ...]:
    """The names of the cases that start with `prefix`: `nn_`, `cell_` or `network_`."""
    return tuple(case for case in _everything() if case.startswith(prefix))


def load(case: str) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The description of a case and its arrays by name.

    Raises
    ------
    KeyError
        There is no such case.
    """
    meta, arrays = _everything()[case]
    return dict(meta), dict(arrays)
