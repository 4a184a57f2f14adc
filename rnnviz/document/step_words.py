"""What the steps of a layer are called: the words that it reads there, or numbers."""

from __future__ import annotations

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.words import Words
from rnnviz.engine.encoder_decoder import EncoderDecoder


def step_words(evaluation: Evaluation, part: str) -> Words:
    """The name of each step, in the order of time.

    Parameters
    ----------
    evaluation : Evaluation
        What was computed.
    part : str
        Layer and direction, such as `layer0/forward`; any other text stands for the steps of the
        answers.
    """
    document, trace = evaluation.document, evaluation.trace
    decodes = isinstance(document.network, EncoderDecoder) and not part.startswith("encoder/")
    if decodes:
        words = document.target_vocabulary or ()
        return tuple(words[int(token)] for token in trace.batch.inputs[:, 0])
    if isinstance(document.sequence, tuple):
        return document.sequence
    return tuple(map(str, range(1, document.steps + 1)))
