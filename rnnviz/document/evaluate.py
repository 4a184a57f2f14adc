"""What a document shows: the trace of its network, and the gradients of its loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.document.checks_of_content import is_complete
from rnnviz.document.document import Document
from rnnviz.document.places import FREE_STEPS
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.generation import translate
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.optimisers import Clipped
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What was computed from a document.

    Attributes
    ----------
    document : Document
        From which.
    trace : Trace
        Every value of every step; of a decoder without targets, on the tokens that it chose.
    gradients : Gradients or None
        Of the loss by everything, truncated as the document says; None without targets enough.
    """

    document: Document
    trace: Trace
    gradients: Gradients | None = None

    @property
    def loss(self) -> float | None:
        """The loss at the steps that count."""
        return None if self.gradients is None else self.trace.loss(self.document.loss_steps)

    def clipped(self) -> tuple[Weights, Clipped] | None:
        """The gradient of the weights after clipping, and what was cut; None where nothing is."""
        clip = self.document.clip
        if self.gradients is None or clip.kind == "none":
            return None
        cut = self.gradients.clip_norm if clip.kind == "norm" else self.gradients.clip_value
        return cut(clip.limit)


def evaluate(document: Document) -> Evaluation | None:
    """Compute a document forward and, where it has targets, backward.

    Returns
    -------
    Evaluation or None
        None for an empty sequence.
    """
    if not document.steps:
        return None
    network = document.network
    if isinstance(network, EncoderDecoder) and document.targets is None:
        source = document.sequence if document.vocabulary is None else list(document.ids)
        with np.errstate(over="ignore"):
            free = translate(network, document.weights, source, FREE_STEPS, holds=document.holds)
        return Evaluation(document, free.trace)
    trace = network.forward(document.weights, document.batch(), document.holds)
    if not is_complete(document):
        return Evaluation(document, trace)
    gradients = backward(trace, document.loss_steps, truncate=document.truncate)
    return Evaluation(document, trace, gradients)
