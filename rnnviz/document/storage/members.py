"""A document as the parts of a file, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec.structs import asdict

from rnnviz.document.document import Clip, Document, Sequence, Targets
from rnnviz.document.history import MEASURES, History, Moment, Score
from rnnviz.document.storage import schema, tensors
from rnnviz.document.storage.archive import DOCUMENT, HISTORY, MEMBER_BYTES, SEQUENCE, WEIGHTS
from rnnviz.document.storage.files import megabytes
from rnnviz.document.storage.networks import AnyNetwork, read_network, write_network
from rnnviz.document.storage.tensors import TensorError
from rnnviz.document.storage.training import read_recipe, read_scheme, write_recipe, write_scheme
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError, ShapeError
from rnnviz.engine.holds import Hold
from rnnviz.engine.weights import Layout, Weights

VECTORS, TARGETS = "vectors", "targets"
MEASURED = "measures"
_TEXTS = (
    *("title", "notes", "language", "licence", "source", "labels", "columns", "seed", "lower"),
    *("vocabulary", "target_vocabulary", "tokeniser", "loss_steps", "truncate"),
)


def write_members(document: Document) -> dict[str, bytes]:
    """The parts of the file.

    Raises
    ------
    EngineError
        Something in the document cannot be kept in a file.
    """
    members = {
        DOCUMENT: schema.encode(write_text(document)),
        WEIGHTS: tensors.encode(dict(document.weights)),
    }
    if document.history is not None:
        members[HISTORY] = tensors.encode(_write_history(document.history))
    sequence = {VECTORS: document.sequence, TARGETS: document.targets}
    arrays = {name: part for name, part in sequence.items() if isinstance(part, np.ndarray)}
    if arrays:
        members[SEQUENCE] = tensors.encode(arrays)
    for name, data in members.items():
        if len(data) > MEMBER_BYTES[name]:
            most = megabytes(MEMBER_BYTES[name])
            raise EngineError(f"{name}: it would have {megabytes(len(data))}, at most {most} fit")
    return members


def write_text(document: Document) -> schema.DocumentText:
    """Everything but the arrays."""
    network, cells = write_network(document.network)
    score, history, clip = document.score, document.history, document.clip
    tokens, targets = document.sequence, document.targets
    return schema.DocumentText(
        format=2,
        network=network,
        cells=cells,
        tokens=tokens if isinstance(tokens, tuple) else None,
        targets=targets if isinstance(targets, tuple) else None,
        holds=tuple(schema.HoldText(**vars(hold)) for hold in document.holds),
        clip=schema.ClipText(clip.kind, clip.limit),
        recipe=write_recipe(document.recipe),
        history=None if history is None else _history_text(history),
        score=None if score is None else schema.ScoreText(**vars(score)),
        scheme=write_scheme(document.scheme),
        **{name: getattr(document, name) for name in _TEXTS},
    )


def _history_text(history: History) -> schema.HistoryText:
    moments = history.moments
    epochs, updates = (tuple(getattr(m, n) for m in moments) for n in ("epoch", "update"))
    return schema.HistoryText(epochs, updates, history.ended)


def _write_history(history: History) -> dict[str, Array]:
    rows = [[getattr(moment, name) for name in MEASURES] for moment in history.moments]
    vectors = {str(number): moment.vector for number, moment in enumerate(history.moments)}
    return {MEASURED: np.array(rows, np.float64), **vectors}


def read_members(text: schema.DocumentText, part: Callable[[str], bytes | None]) -> Document:
    """The document of a file.

    Parameters
    ----------
    text : DocumentText
        What its `document.json` says.
    part : callable
        The bytes of another part, by its name; None where it is not there.

    Raises
    ------
    EngineError
        The parts are damaged or do not fit together.
    """
    network = read_network(text.network, text.cells)
    score = text.score
    data = part(SEQUENCE)
    arrays = _tensors(data)
    if set(arrays) - {VECTORS, TARGETS} or (data is not None and not arrays):
        raise TensorError(f"sequence: {sorted(arrays)} came, expected {VECTORS} or {TARGETS}")
    fields: dict[str, Any] = {name: getattr(text, name) for name in _TEXTS}
    return Document(
        network=network,
        weights=_read_weights(network, _tensors(part(WEIGHTS))),
        sequence=_read_sequence(text, arrays),
        targets=_read_targets(text, arrays),
        holds=tuple(Hold(**asdict(hold)) for hold in text.holds),
        clip=Clip(text.clip.kind, text.clip.limit),
        recipe=read_recipe(text.recipe),
        history=_read_history(text.history, part(HISTORY)),
        score=None if score is None else Score(**asdict(score)),
        scheme=read_scheme(text.scheme),
        **fields,
    )


def _tensors(data: bytes | None) -> dict[str, Array]:
    return {} if data is None else tensors.decode(data)


def _read_sequence(text: schema.DocumentText, arrays: dict[str, Array]) -> Sequence:
    if (text.tokens is None) != (VECTORS in arrays):
        raise EngineError("sequence: expected either tokens or vectors")
    return arrays[VECTORS] if text.tokens is None else text.tokens


def _read_targets(text: schema.DocumentText, arrays: dict[str, Array]) -> Targets:
    if text.targets is not None and TARGETS in arrays:
        raise EngineError("targets: expected either words or numbers, both came")
    return arrays.get(TARGETS, text.targets)


def _read_weights(network: AnyNetwork, found: dict[str, Array]) -> Weights:
    layout: Layout = network.layout
    if set(found) != set(layout.paths) or sum(a.size for a in found.values()) != layout.size:
        raise EngineError(
            f"weights: {len(found)} with {sum(a.size for a in found.values())} numbers came, the "
            f"network has {len(layout.paths)} with {layout.size}"
        )
    vector = np.empty(layout.size, np.result_type(*found.values()))
    for path, array in found.items():
        view = layout.view(vector, path)
        if view.shape != array.shape:
            raise ShapeError(path, array.shape, str(view.shape))
        view[...] = array
    return Weights(layout, vector)


def _read_history(text: schema.HistoryText | None, data: bytes | None) -> History | None:
    if text is None and data is None:
        return None
    if text is None or data is None:
        raise EngineError("history: one half is missing")
    found = tensors.decode(data)
    count = len(text.epochs)
    measures = found.pop(MEASURED, np.zeros((0, 0)))
    if set(found) != set(map(str, range(count))) or len(text.updates) != count:
        raise EngineError(f"history: {len(found)} moments came, expected {count}")
    if measures.shape != (count, len(MEASURES)):
        raise ShapeError(MEASURED, measures.shape, f"({count}, {len(MEASURES)})")
    moments = (
        Moment(epoch, update, found[str(number)], *measures[number].tolist())
        for number, (epoch, update) in enumerate(zip(text.epochs, text.updates, strict=True))
    )
    return History(tuple(moments), text.ended)
