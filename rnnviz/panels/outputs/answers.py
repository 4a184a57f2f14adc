"""What a network answers, step by step, beside what it should: the numbers of the panel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.step_words import step_words
from rnnviz.engine import crf
from rnnviz.engine.arrays import Array, Integers, Mask
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.heads import CRF, Regression, crf_parameters
from rnnviz.engine.losses import NO_TARGET, step_mask
from rnnviz.session.moments import PHASES, Moment


@final
@dataclass(frozen=True, eq=False)
class Chain:
    """Two paths of tags through a sequence, each with its score.

    Attributes
    ----------
    tags, score
        The path with the highest score (Viterbi).
    single_tags, single_score
        The most probable tag of each step for itself.
    """

    tags: Integers
    score: float
    single_tags: Integers
    single_score: float


@final
class Answers:
    """The outputs of one evaluation; each part is worked out when it is first asked for.

    Parameters
    ----------
    evaluation : Evaluation
        Of a network with a head.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.document, self.trace = evaluation.document, evaluation.trace
        self.network = self.document.network

    @property
    def is_numeric(self) -> bool:
        """Whether the answers are numbers rather than classes."""
        return isinstance(self.network.head, Regression)

    @property
    def is_chain(self) -> bool:
        """Whether the tags of all steps are chosen together."""
        return isinstance(self.network.head, CRF)

    @property
    def is_written(self) -> bool:
        """Whether a decoder writes the answer."""
        return isinstance(self.network, EncoderDecoder)

    @property
    def single(self) -> bool:
        """Whether there is one answer for the whole sequence."""
        return self.network.single

    @cached_property
    def values(self) -> Array:
        """Probabilities, or the numbers of a regression `[step, output]`."""
        return self.trace.predictions[:, 0]

    @cached_property
    def logits(self) -> Array:
        """The outputs before the softmax `[step, output]`."""
        assert self.trace.logits is not None
        return self.trace.logits[:, 0]

    @property
    def steps(self) -> int:
        """How many answers there are."""
        return len(self.values)

    @property
    def outputs(self) -> int:
        """How many classes, or numbers, an answer has."""
        return int(self.values.shape[1])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the classes, or the numbers, are called."""
        return self.document.answers

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What is read at the steps of the answers."""
        if self.single:
            return ("",)
        return step_words(self.evaluation, "head")

    @cached_property
    def has_targets(self) -> bool:
        """Whether the document says what is right at any step."""
        return self.document.targets is not None

    @cached_property
    def targets(self) -> Integers:
        """The right class at each step, -1 where there is none."""
        given = self.trace.batch.targets
        if not self.has_targets or given is None or self.is_numeric:
            return np.full(self.steps, NO_TARGET)
        return np.asarray(given[:, 0])

    @cached_property
    def wanted(self) -> Array:
        """The right numbers `[step, output]`, nan where there are none."""
        given = self.trace.batch.targets
        if not self.has_targets or given is None or not self.is_numeric:
            return np.full(self.values.shape, np.nan)
        return np.asarray(given[:, 0])

    @cached_property
    def chosen(self) -> Integers:
        """The class that is answered at each step: the most probable, or that of the best path."""
        return np.asarray(self.trace.decoded[:, 0])

    @cached_property
    def right(self) -> Mask:
        """Where the answer is the target."""
        return np.asarray((self.targets != NO_TARGET) & (self.chosen == self.targets))

    @cached_property
    def losses(self) -> Array | None:
        """The loss at each step, whether it counts or not; None without targets."""
        if self.evaluation.gradients is None or not self.has_targets:
            return None
        return self.trace.losses()[:, 0]

    @cached_property
    def counts(self) -> Mask:
        """The steps whose losses make up the whole."""
        if self.single or self.is_chain:
            return np.ones(self.steps, bool)
        return step_mask(self.document.loss_steps, np.array([self.steps]), self.steps)[:, 0]

    @cached_property
    def chain(self) -> Chain:
        """The best path of tags, and the likeliest tag of each step for itself; of a CRF."""
        parameters = crf_parameters(self.trace.weights)
        lengths, emissions = np.array([self.steps]), self.logits[:, None]
        best = crf.viterbi(parameters, emissions, lengths)
        tags = np.where(np.isnan(self.values), -np.inf, self.values).argmax(axis=1)
        score = crf.score(parameters, emissions, tags[:, None], lengths)
        return Chain(best.tags[:, 0], float(best.score[0]), tags, float(score[0]))

    @cached_property
    def forecasts(self) -> bool:
        """Whether the target of a step is what is read at the next: the last answer is ahead."""
        read = self.document.sequence
        if not self.is_numeric or self.single or not isinstance(read, np.ndarray):
            return False
        columns = [self.document.columns.index(n) for n in self.names if n in self.document.columns]
        if len(columns) != self.outputs or self.steps < 2:
            return False
        known = self.wanted[:-1]
        return bool(np.isfinite(known).any() and np.allclose(known, read[1:, columns], 1e-6, 1e-9))


def classes_that_matter(answers: Answers, most: int) -> Integers:
    """At most so many classes: targets, answers, then the most probable, in their own order."""
    if answers.outputs <= most:
        return np.arange(answers.outputs)
    weight = np.nan_to_num(answers.values).max(axis=0, initial=0.0)
    weight[answers.chosen[answers.chosen >= 0]] += 1
    weight[answers.targets[answers.targets != NO_TARGET]] += 2
    return np.sort(np.argsort(-weight, kind="stable")[:most])


def told(answers: Answers, moment: Moment) -> Mask:
    """Whether the story has come to each answer `[step]`."""
    place, steps = PHASES.index(moment.phase), answers.steps
    if place != PHASES.index("forward"):
        return np.full(steps, place > PHASES.index("forward"))
    last = len(answers.trace.batch.inputs) - 1
    if answers.single:
        return np.array([moment.step >= last])
    top, places = answers.network.layers[-1].directions, np.arange(steps)
    reached = places if "forward" in top else np.zeros(steps, int)
    if "backward" in top:
        reached = np.maximum(reached, last - places)
    return np.asarray(reached <= moment.step)


def loss_told(moment: Moment) -> bool:
    """Whether the story has come to the loss."""
    return PHASES.index(moment.phase) >= PHASES.index("loss")
