"""Reads and writes safetensors: names and arrays, nothing that could run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import safetensors
from safetensors.numpy import save

from rnnviz.document.errors import FileError, visible
from rnnviz.document.interchange.description import KEY, decode, encode
from rnnviz.document.interchange.files import (
    COUNT_LIMIT,
    HEADER_LIMIT,
    NAME_LIMIT,
    FilePath,
    check_shape,
    faults_named,
    read_bytes,
    size,
    write_atomically,
)
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.model import Model
from rnnviz.document.interchange.pickles import looks_like_safetensors, refuse_pickles
from rnnviz.document.interchange.pieces import tensors, weights_of
from rnnviz.document.interchange.torch_modules import pieces
from rnnviz.document.interchange.torch_names import find
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError

_FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_INITIAL = "initial."


class _Header(msgspec.Struct):
    """What a header holds beside the tensors."""

    metadata: dict[str, str] = msgspec.field(name="__metadata__", default_factory=dict)


def read_safetensors(path: FilePath) -> list[Found]:
    """The recurrent models in a safetensors file; see `Found.model` for what can be chosen.

    PyTorch's `nn.RNN`, `nn.LSTM`, `nn.GRU` and their `...Cell` forms are found by their names
    (`weight_ih_l0`, `..._reverse`, behind any prefix) and shapes.

    Raises
    ------
    FileError
        The file is damaged, too large, a pickle, or holds nothing that can be read; it says what.
    """
    data = read_bytes(path)
    refuse_pickles(path, data)
    fault = "it is no safetensors file, or it is damaged"
    with faults_named(path, fault), np.errstate(all="ignore"):
        check_header(path, data)
        arrays, skipped = _arrays(path, data)
        notes: tuple[str, ...] = ()
        text = _metadata(data).get(KEY)
        if text is not None:
            try:
                return [_exact(text, arrays)]
            except EngineError as error:
                notes = (f"What the file says of itself does not fit its tensors: {error}",)
        found, faults = find(arrays)
        faults += [
            f"{visible(name)} holds {kind}, expected numbers of 16, 32 or 64 bits with a fraction"
            for name, kind in skipped.items()
            if "weight_ih" in name or "weight_hh" in name
        ]
        if not found:
            raise FileError(path, _nothing(faults, arrays))
        return [_noted(one, (*notes, *faults)) for one in found]


def write_safetensors(model: Model, path: FilePath) -> None:
    """Write the weights under the names that PyTorch's modules give them.

    `nn.LSTM` and its kin load what they have (the names start with `rnn.`); layers that they do not
    have are written under the symbols of their equations. The file also describes the model,
    from which `read_safetensors` makes the same one again.

    Raises
    ------
    FileError
        It cannot be written.
    """
    given: dict[str, Any] = dict(tensors(pieces(model.network), model.weights))
    for state, value in model.initial.items():
        given[_INITIAL + state.replace("/", ".")] = np.ascontiguousarray(value)
    # One entry only: the library writes several in a different order each time.
    write_atomically(path, save(given, {KEY: encode(model)}))


def check_header(path: FilePath, data: bytes) -> None:
    """Raise a FileError for bytes that do not begin as a safetensors file does."""
    if len(data) < 8:
        raise FileError(path, f"it is {len(data)} bytes long and no safetensors file")
    if not looks_like_safetensors(data):
        raise FileError(path, "it is no safetensors file, or it is cut off")
    length = int.from_bytes(data[:8], "little")
    if length > HEADER_LIMIT:
        raise FileError(
            path, f"its header is {size(length)}, at most {size(HEADER_LIMIT)} are read"
        )


def _metadata(data: bytes) -> dict[str, str]:
    """The text beside the tensors; the library has checked the header before."""
    length = int.from_bytes(data[:8], "little")
    return msgspec.json.decode(data[8 : 8 + length], type=_Header).metadata


def _arrays(path: FilePath, data: bytes) -> tuple[dict[str, Array], dict[str, str]]:
    """The arrays of floating numbers, and the kinds of all others."""
    entries = safetensors.deserialize(data)  # type: ignore[no-untyped-call]
    if len(entries) > COUNT_LIMIT:
        raise FileError(path, f"it holds {len(entries)} tensors, at most {COUNT_LIMIT} are read")
    arrays: dict[str, Array] = {}
    skipped: dict[str, str] = {}
    # Sorted, for the library gives them in another order each time.
    for name, entry in sorted(entries, key=lambda pair: str(pair[0])):
        if len(name) > NAME_LIMIT:
            raise FileError(path, f"the name of a tensor has {len(name)} characters")
        if entry["dtype"] in _FLOATS:
            arrays[name] = _array(entry)
        else:
            skipped[name] = str(entry["dtype"])
    return arrays, skipped


def _array(entry: Mapping[str, Any]) -> Array:
    """An array; half precision becomes single (bfloat16 is its upper half)."""
    raw = np.frombuffer(entry["data"], _FLOATS[entry["dtype"]])
    if entry["dtype"] == "BF16":
        raw = (raw.astype(np.uint32) << 16).view(np.float32)
    if raw.dtype == np.float16:
        raw = raw.astype(np.float32)
    return raw.reshape(entry["shape"])


def _exact(text: str, arrays: Mapping[str, Array]) -> Found:
    """The model that the file describes, where every tensor fits."""
    network, words = decode(text)
    sizes = [array.dtype for array in arrays.values()]
    dtype = np.result_type(*sizes) if sizes else np.dtype(np.float64)
    listed = pieces(network)
    for array_name, array in arrays.items():
        check_shape(array_name, array.shape)
    weights = weights_of(network, listed, arrays, dtype)
    initial = {
        name.removeprefix(_INITIAL).replace(".", "/"): array
        for name, array in arrays.items()
        if name.startswith(_INITIAL)
    }
    model = Model(
        network, weights, words.vocabulary, words.labels, words.title, words.notes, initial
    )
    return Found(words.title, exact=model)


def _noted(found: Found, notes: tuple[str, ...]) -> Found:
    return Found(
        found.name, found.layers, found.embeddings, found.heads, notes=(*found.notes, *notes)
    )


def _nothing(faults: list[str], arrays: Mapping[str, Array]) -> str:
    if faults:
        return "; ".join(faults)
    shown = ", ".join(visible(name) for name in list(arrays)[:5])
    names = f"its tensors are {shown}" if shown else "it holds no tensors of numbers"
    return f"no nn.RNN, nn.LSTM or nn.GRU was found in it; {names}"
