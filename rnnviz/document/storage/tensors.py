"""Arrays as safetensors: read within bounds, and only as floating-point numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from rnnviz.document.errors import visible
from rnnviz.document.limits import SIZE
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError

HEADER_BYTES = 2 << 20
TENSORS = 8_192
AXES = 4

_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_LONGEST = 8 * SIZE


class TensorError(EngineError):
    """Bytes that are not the tensors of a document."""


def encode(tensors: Mapping[str, Array]) -> bytes:
    """Tensors as the bytes of a safetensors file; the same tensors give the same bytes."""
    return safetensors.numpy.save({name: np.ascontiguousarray(a) for name, a in tensors.items()})


def decode(data: bytes) -> dict[str, Array]:
    """Tensors by name, read-only, float64 or float32 (half precision becomes float32).

    Inf and nan are numbers like any other here: a network that overflowed can be kept.

    Raises
    ------
    TensorError
        The bytes are damaged, the tensors are too many or too long, or hold something else.
    """
    header = int.from_bytes(data[:8], "little")
    if header > HEADER_BYTES:
        raise TensorError(f"tensors: a header of {header} bytes came, expected {HEADER_BYTES}")
    read: Callable[[bytes], Any] = safetensors.deserialize
    try:
        found = read(data)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # A panic inside of the library is no Exception.
        raise TensorError(f"tensors: {visible(error)}") from error
    if len(found) > TENSORS:
        raise TensorError(f"tensors: {len(found)} came, expected at most {TENSORS}")
    tensors: dict[str, Array] = {}
    for name, tensor in found:
        if name in tensors:
            raise TensorError(f"tensors: {visible(name)} came twice")
        tensors[name] = _array(name, tensor["dtype"], tuple(tensor["shape"]), tensor["data"])
    return tensors


def _array(name: str, kind: str, shape: tuple[int, ...], data: bytes) -> Array:
    if kind not in _TYPES:
        raise TensorError(
            f"tensors: {visible(name)} holds {visible(kind)}, expected floating-point numbers"
        )
    if len(shape) > AXES or any(not 0 <= size <= _LONGEST for size in shape[1:]):
        raise TensorError(f"tensors: {visible(name)} has the shape {visible(shape)}")
    flat = np.frombuffer(data, _TYPES[kind])
    if kind == "BF16":
        # The upper half of a float32.
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    elif kind == "F16":
        flat = flat.astype(np.float32)
    array: Array = flat.astype(flat.dtype.newbyteorder("="), copy=False).reshape(shape)
    array.flags.writeable = False
    return array
