"""What `document.json` holds: everything of a document but its arrays."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct

from rnnviz.document.limits import CELLS, HOLDS, MOMENTS, NOTES, SIZE, STEPS, WORD
from rnnviz.document.storage.networks import AnyNetworkText, CellText, Line, Place
from rnnviz.document.storage.training import (
    Count,
    InitialisationText,
    LossSteps,
    RecipeText,
)

Word = Annotated[str, Meta(min_length=1, max_length=WORD)]
Words = Annotated[tuple[Word, ...], Meta(max_length=SIZE)]
Steps = Annotated[int, Meta(ge=0, lt=STEPS)]


class HoldText(Struct, forbid_unknown_fields=True, frozen=True):
    """An intervention."""

    path: Line
    step: Steps
    value: float
    unit: Place | None
    row: Literal[0] | None


class ClipText(Struct, forbid_unknown_fields=True, frozen=True):
    """See `document.Clip`."""

    kind: Literal["none", "norm", "value"]
    limit: float


class ScoreText(Struct, forbid_unknown_fields=True, frozen=True):
    """See `history.Score`."""

    name: Line
    value: float
    baseline: float | None
    count: Count


Counts = Annotated[tuple[Count, ...], Meta(min_length=1, max_length=MOMENTS)]


class HistoryText(Struct, forbid_unknown_fields=True, frozen=True):
    """See `history.History`; measures and weights are tensors."""

    epochs: Counts
    updates: Counts
    ended: Line


class DocumentText(Struct, forbid_unknown_fields=True, frozen=True):
    """See `document.Document`; arrays are tensors, and then `tokens` or `targets` is null."""

    format: Literal[2]
    title: Line
    notes: Annotated[str, Meta(max_length=NOTES)]
    language: Line
    licence: Line
    source: Line
    network: AnyNetworkText
    cells: Annotated[tuple[CellText, ...], Meta(max_length=CELLS)]
    vocabulary: Words | None
    target_vocabulary: Words | None
    labels: Words
    columns: Words
    tokeniser: Literal["words", "characters", "spaces"]
    lower: bool
    tokens: Annotated[tuple[Word, ...], Meta(max_length=STEPS)] | None
    targets: Annotated[tuple[Word | None, ...], Meta(max_length=STEPS)] | None
    loss_steps: LossSteps
    holds: Annotated[tuple[HoldText, ...], Meta(max_length=HOLDS)]
    clip: ClipText
    truncate: Annotated[int, Meta(ge=1, lt=2**53)] | None
    recipe: RecipeText
    history: HistoryText | None
    score: ScoreText | None
    seed: Count
    scheme: InitialisationText


class FormatText(Struct, frozen=True):
    """The one field that every format has."""

    format: int


def encode(text: DocumentText) -> bytes:
    """The bytes of `document.json`, which are known to be readable; equal texts, equal bytes.

    Raises
    ------
    MsgspecError
        A number that is not finite or too large, a text that is too long.
    """
    data = msgspec.json.encode(text, enc_hook=_plain)
    # Once more, so that 1 and 1.0 give the same bytes where both are the same number.
    return msgspec.json.encode(msgspec.json.decode(data, type=DocumentText))


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} in a document")
