"""Large arrays whose memory is used again: a page touched for the first time costs a microsecond.

Every forward and backward pass needs the same large arrays as the one before. A block of memory is
handed out again as soon as nothing refers to it any more: every array made from it, and every view
of such an array, keeps a reference to the block.
"""

from __future__ import annotations

import math
import sys
from threading import Lock

import numpy as np
import numpy.typing as npt

from rnnviz.engine.arrays import Array

LINE = 64
"""Bytes of a line of the cache; a matrix that begins on one is multiplied a fifth faster."""
SMALLEST = 1 << 16
"""Bytes below which memory is taken from NumPy."""
LIMIT = 1 << 27
"""Bytes that are kept for later at the most."""

_blocks: list[npt.NDArray[np.uint8]] = []
_lock = Lock()
_UNUSED = 3
"""References to a block that nobody uses: the list's, the loop's and the counting function's."""


def empty(shape: tuple[int, ...], dtype: np.dtype[np.floating]) -> Array:
    """An array with whatever its memory holds, like `np.empty`."""
    size = math.prod(shape) * dtype.itemsize
    if size < SMALLEST:
        return np.empty(shape, dtype)
    block = _block(size + LINE)
    start = -block.ctypes.data % LINE
    return block[start : start + size].view(dtype).reshape(shape)


def zeros(shape: tuple[int, ...], dtype: np.dtype[np.floating]) -> Array:
    """An array of zeros, like `np.zeros`."""
    if math.prod(shape) * dtype.itemsize < SMALLEST:
        return np.zeros(shape, dtype)
    array = empty(shape, dtype)
    array.fill(0.0)
    return array


def aligned(array: Array) -> Array:
    """A large array copied to the beginning of a cache line; a small one as it is."""
    if array.nbytes < SMALLEST:
        return array
    copy = empty(array.shape, array.dtype)
    copy[...] = array
    return copy


def _block(size: int) -> npt.NDArray[np.uint8]:
    with _lock:
        for block in _blocks:
            if size <= block.nbytes <= 2 * size and sys.getrefcount(block) == _UNUSED:
                return block
        made = np.empty(size, np.uint8)
        _make_way(size)
        if size <= LIMIT:
            _blocks.append(made)
        return made


def _make_way(size: int) -> None:
    """Let go of the oldest blocks until `size` more bytes are within the limit.

    A block that is still in use lives on with its users; it is only not handed out again.
    """
    total = size + sum(block.nbytes for block in _blocks)
    while _blocks and total > LIMIT:
        total -= _blocks.pop(0).nbytes
