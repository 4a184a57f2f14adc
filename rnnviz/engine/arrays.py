"""The array types of the engine and the one place where an array becomes read-only."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

AnyArray: TypeAlias = npt.NDArray[Any]
Array: TypeAlias = npt.NDArray[np.floating[Any]]
Integers: TypeAlias = npt.NDArray[np.integer[Any]]
Mask: TypeAlias = npt.NDArray[np.bool_]


def frozen(array: AnyArray) -> AnyArray:
    """A read-only view of `array` (the memory is shared)."""
    view = array.view()
    view.flags.writeable = False
    return view
