"""Counts what an ONNX file would become in memory before a parser builds it.

An empty message is two bytes in the file and some hundred in memory, so a file within the size
limit could still fill the machine. Only the numbers of tensors are as large in memory as in the
file.
The field numbers are those of `onnx.proto`.
"""

from __future__ import annotations

from rnnviz.document.interchange.files import MEGABYTE, size
from rnnviz.engine.errors import EngineError

FIELDS_LIMIT = 250_000
STRUCTURE_LIMIT = 16 * MEGABYTE
NESTING_LIMIT = 90

_INSIDE: dict[str, dict[int, str]] = {
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor"},
    "function": {7: "node"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph"},
    "tensor": {},
}
_NUMBERS = {4, 9, 10}
"""The fields of a tensor whose packed numbers are as long in the file as in memory."""

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5


def check_structure(data: bytes) -> None:
    """Raise an EngineError where `data` is no protobuf or would need too much memory."""
    todo = [(0, len(data), "model", 0)]
    fields = structure = 0
    while todo:
        place, end, kind, depth = todo.pop()
        if depth > NESTING_LIMIT:
            raise EngineError(f"it is nested deeper than {NESTING_LIMIT} levels")
        while place < end:
            number, wire, start, place = _field(data, place, end)
            fields += 1
            inside = _INSIDE[kind].get(number) if wire == _BYTES else None
            if inside is not None:
                if start < place:
                    todo.append((start, place, inside, depth + 1))
            elif not (kind == "tensor" and number in _NUMBERS and wire == _BYTES):
                structure += place - start
            if fields > FIELDS_LIMIT or structure > STRUCTURE_LIMIT:
                raise EngineError(
                    f"it holds more than {FIELDS_LIMIT} fields or {size(STRUCTURE_LIMIT)} "
                    "beside the numbers of its tensors"
                )


def _field(data: bytes, place: int, end: int) -> tuple[int, int, int, int]:
    """The field at `place`: its number, its wire type, where its value starts and where it ends."""
    key, place = _varint(data, place, end)
    start, wire = place, key & 7
    if wire == _VARINT:
        place = _varint(data, place, end)[1]
    elif wire == _BYTES:
        length, start = _varint(data, place, end)
        place = start + length
    elif wire in (_EIGHT, _FOUR):
        place += 8 if wire == _EIGHT else 4
    else:
        raise EngineError("it is no ONNX file, or it is damaged")
    if place > end:
        raise EngineError("it is no ONNX file, or it is cut off")
    return key >> 3, wire, start, place


def _varint(data: bytes, place: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while place < end and shift < 70:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise EngineError("it is no ONNX file, or it is damaged")
