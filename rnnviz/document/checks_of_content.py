"""Whether what a network looks at, and what it should answer, fits the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.document import limits
from rnnviz.document.checks_of_words import check_tokens
from rnnviz.document.words import Words, words_by_name
from rnnviz.engine.arrays import Array
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError
from rnnviz.engine.heads import Head, Regression

if TYPE_CHECKING:
    from rnnviz.document.document import Document, Targets


def check_sequence(document: Document) -> None:
    """Raise an EngineError for a sequence that the network cannot read."""
    steps = document.steps
    if isinstance(document.sequence, tuple):
        _tokens(document, document.sequence)
    else:
        _vectors(document, document.sequence)
    if steps > limits.STEPS:
        raise EngineError(f"sequence: {steps} steps came, expected at most {limits.STEPS}")
    if steps > 1 and document.network.form == "one-to-one":
        raise EngineError(
            f"sequence: {steps} steps came, one-to-one reads one: delete the others first"
        )
    for layer in document.network.layers if steps else ():
        if layer.unshared not in (None, steps):
            raise EngineError(
                f"sequence: {steps} steps came, the unshared weights are for {layer.unshared}"
            )


def _tokens(document: Document, tokens: Words) -> None:
    if document.vocabulary is None:
        size = document.input.size
        raise EngineError(f"sequence: tokens came, the network reads vectors of {size} numbers")
    check_tokens("sequence", tokens)
    _ = document.ids


def _vectors(document: Document, vectors: Array) -> None:
    if document.vocabulary is not None:
        raise EngineError("sequence: vectors came, the network reads tokens")
    if vectors.ndim != 2 or vectors.shape[1] != document.input.size:
        raise ShapeError("sequence", vectors.shape, f"(time, {document.input.size})")


def check_targets(document: Document) -> None:
    """Raise an EngineError for targets that the network cannot answer."""
    targets, network = document.targets, document.network
    if targets is None:
        return
    if network.head is None:
        raise EngineError("targets: some came, but the network has no head to answer")
    if isinstance(network, EncoderDecoder):
        _written(document, targets)
        return
    steps = 1 if network.single else document.steps
    if len(targets) != steps or not steps:
        raise EngineError(f"targets: {len(targets)} came, expected {steps}")
    if isinstance(network.head, Regression):
        _numbers(targets, steps, network.head)
    else:
        _classes(document, targets)


def _written(document: Document, targets: Targets) -> None:
    if not isinstance(targets, tuple) or not targets or None in targets:
        raise EngineError("targets: expected the tokens to write, at least one")
    if len(targets) >= limits.STEPS:
        raise EngineError(f"targets: {len(targets)} tokens came, at most {limits.STEPS - 1} fit")
    check_tokens("targets", tuple(token or "" for token in targets))
    _ = document.target_ids


def _numbers(targets: Targets, steps: int, head: Head) -> None:
    if not isinstance(targets, np.ndarray):
        raise EngineError("targets: words came, the network answers with numbers")
    if targets.shape != (steps, head.outputs):
        raise ShapeError("targets", targets.shape, f"({steps}, {head.outputs})")


def _classes(document: Document, targets: Targets) -> None:
    if not isinstance(targets, tuple):
        raise EngineError("targets: numbers came, expected the names of classes")
    known = words_by_name(document.answers)
    for target in targets:
        if target is not None and target not in known:
            raise UnknownError("targets", target, document.answers)


def check_loss_steps(document: Document) -> None:
    """Raise an EngineError for a loss at steps that are not there."""
    chosen, steps = document.loss_steps, answered_steps(document)
    if isinstance(chosen, str):
        if chosen not in ("last", "every"):
            raise UnknownError("loss_steps", chosen, ("last", "every", "a tuple of step numbers"))
        return
    if len(chosen) > limits.STEPS:
        raise EngineError(f"loss_steps: {len(chosen)} came, expected at most {limits.STEPS}")
    for step in chosen:
        if steps is not None and not -steps <= step < steps:
            raise EngineError(f"loss_steps: {step} came, there are {steps} steps")
        if abs(step) > limits.STEPS:
            raise EngineError(f"loss_steps: {step} came, expected at most {limits.STEPS}")


def answered_steps(document: Document) -> int | None:
    """At how many steps the network answers; None where that is not known yet."""
    if document.network.single:
        return 1
    if not isinstance(document.network, EncoderDecoder):
        return document.steps or None
    return None if document.targets is None else len(document.targets) + 1


def is_complete(document: Document) -> bool:
    """Whether there are targets enough for a loss: some, or for a CRF all."""
    targets, head = document.targets, document.network.head
    if targets is None or head is None:
        return False
    if not isinstance(targets, tuple):
        return not bool(np.isnan(targets).all())
    given = [target is not None for target in targets]
    return all(given) if head.kind == "crf" else any(given)
