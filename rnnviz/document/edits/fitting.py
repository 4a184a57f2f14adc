"""Keeps what still fits when a part of a document changes: targets, loss steps, holds."""

from __future__ import annotations

from collections.abc import Sequence as Order
from dataclasses import replace
from typing import Any

import numpy as np

from rnnviz.document.document import Document, Sequence, Targets
from rnnviz.document.places import check_hold, places
from rnnviz.engine import attention
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.holds import Hold
from rnnviz.engine.losses import LossSteps

_LOOSE = ("targets", "loss_steps", "truncate")


def refitted(document: Document, **parts: Any) -> Document:
    """The document with other parts; targets, loss steps, truncation, holds go if they do not fit.

    Raises
    ------
    EngineError
        The other parts do not fit together.
    """
    try:
        return document.changed(**parts)
    except EngineError:
        loose = {name: parts.pop(name, getattr(document, name)) for name in (*_LOOSE, "holds")}
        single = parts.get("network", document.network).single
        usual: LossSteps = "last" if single else "every"
        bare = {"targets": None, "loss_steps": usual, "truncate": None, "holds": ()}
        found = document.changed(**parts, **bare)
    for name in _LOOSE:
        found = _with(found, name, loose[name])
    known = places(found)
    return found.changed(holds=tuple(h for h in loose["holds"] if _fits(h, known)))


def _with(document: Document, name: str, part: Any) -> Document:
    try:
        return document.changed(**{name: part})
    except EngineError:
        return document


def _fits(hold: Hold, known: dict[str, tuple[int, int]]) -> bool:
    try:
        check_hold(hold, known)
    except EngineError:
        return False
    return True


def rearranged(document: Document, sequence: Sequence, order: Order[int | None]) -> Document:
    """The document with another sequence; what belongs to a step moves with it.

    Parameters
    ----------
    sequence
        The new sequence.
    order : sequence of int or None
        For each new step the old one that it was, None for one that is new.
    """
    new = {old: step for step, old in enumerate(order) if old is not None}
    return refitted(
        document,
        sequence=sequence,
        targets=_moved_targets(document, order),
        loss_steps=_moved_losses(document, new),
        holds=_moved_holds(document, new),
    )


def _moved_targets(document: Document, order: Order[int | None]) -> Targets:
    targets = document.targets
    unaligned = document.network.single or isinstance(document.network, EncoderDecoder)
    if targets is None or unaligned:
        return targets
    if not order:
        return None
    if isinstance(targets, tuple):
        return tuple(None if old is None else targets[old] for old in order)
    nothing = np.full(targets.shape[1], np.nan)
    return np.array([nothing if old is None else targets[old] for old in order])


def _moved_losses(document: Document, new: dict[int, int]) -> LossSteps:
    chosen = document.loss_steps
    unaligned = document.network.single or isinstance(document.network, EncoderDecoder)
    if isinstance(chosen, str) or unaligned:
        return chosen
    kept = tuple(step if step < 0 else new[step] for step in chosen if step < 0 or step in new)
    return kept or "every"


def _moved_holds(document: Document, new: dict[int, int]) -> tuple[Hold, ...]:
    decoding = isinstance(document.network, EncoderDecoder)
    moved = (_moved(hold, new, decoding) for hold in document.holds)
    return tuple(hold for hold in moved if hold is not None)


def _moved(hold: Hold, new: dict[int, int], decoding: bool) -> Hold | None:
    if hold.path in (attention.SCORES, attention.WEIGHTS):
        # The units of these are the steps of the source.
        if hold.unit is None:
            return hold
        return replace(hold, unit=new[hold.unit]) if hold.unit in new else None
    if decoding and not hold.path.startswith("encoder/"):
        return hold
    return replace(hold, step=new[hold.step]) if hold.step in new else None
