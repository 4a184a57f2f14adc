"""The document: a network, its weights, what it reads and what it should answer."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from rnnviz.document import checks
from rnnviz.document.history import History, Score
from rnnviz.document.same import same
from rnnviz.document.tokens import Tokeniser
from rnnviz.document.words import UNKNOWN, Words, is_known, word_ids, words_by_name
from rnnviz.engine.arrays import Array
from rnnviz.engine.batch import Batch
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.holds import Hold
from rnnviz.engine.initial_weights import STANDARD, Initialisation
from rnnviz.engine.inputs import Input
from rnnviz.engine.losses import NO_TARGET, LossSteps
from rnnviz.engine.network import Network
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.weights import Weights

Sequence: TypeAlias = Words | Array
Targets: TypeAlias = tuple[str | None, ...] | Array | None


@dataclass(frozen=True)
class Clip:
    """How the gradient of the weights is cut before it is used.

    Attributes
    ----------
    kind : "none", "norm" or "value"
        Not at all; shortened to the norm `limit`; each number brought within ± `limit`.
    limit : float
        Above 0.
    """

    kind: Literal["none", "norm", "value"] = "none"
    limit: float = 1.0

    def __post_init__(self) -> None:
        """Check kind and limit."""
        if self.kind not in ("none", "norm", "value") or not 0 < self.limit < float("inf"):
            raise EngineError(
                f"clip: {self.kind!r} with the limit {self.limit} came, expected 'none', 'norm' or "
                "'value' with a finite limit above 0"
            )


NO_CLIP, TRAINING = Clip(), Recipe()


@dataclass(frozen=True, eq=False, kw_only=True)
class Document:
    """Everything that one window shows and one file holds. It never changes: edits make another.

    Whatever can be constructed can be evaluated and saved.

    Attributes
    ----------
    network : Network or EncoderDecoder
        The parts and their sizes.
    weights : Weights
        Of this network, float32 or float64.
    vocabulary : tuple of str or None
        The words that the network reads, `<unk>` among them if it is to read unknown ones; None
        for a network that reads vectors.
    target_vocabulary : tuple of str or None
        The words that a decoder writes.
    labels : tuple of str
        The names of the outputs; where it is empty, `answers` finds some.
    columns : tuple of str
        The names of the units of an input vector; may be empty.
    sequence : tuple of str, or array `[time, inputs]`
        What the network is looking at: tokens as they were typed, also unknown ones, or vectors.
        May be empty.
    targets : tuple of str or None, array `[time, outputs]`, or None
        What it should answer: one of `answers` a step, or a single one for a network that answers
        once; None or nan at steps without. Of an encoder-decoder: the tokens to write.
    loss_steps : "last", "every" or tuple of int
        The steps whose loss counts.
    holds : tuple of Hold
        Interventions; a later one wins.
    clip : Clip
        How the gradient of the weights is cut.
    truncate : int or None
        Through how many steps the error of a loss travels back; None for all.
    recipe : Recipe
        How the network was, or is to be, trained.
    history : History or None
        The training run that this network had.
    score : Score or None
        How well these weights do on data held out.
    seed : int
        Of the first weights, 0 or more.
    scheme : Initialisation
        How the first weights were drawn.
    tokeniser, lower
        How typed text becomes tokens, and whether a capital letter is looked up as a small one.
    title, notes, language, licence, source : str
        Plain texts; the last two are of the data. The language is a tag such as "en".
    """

    network: Network | EncoderDecoder
    weights: Weights
    vocabulary: Words | None = None
    target_vocabulary: Words | None = None
    labels: Words = ()
    columns: Words = ()
    sequence: Sequence = ()
    targets: Targets = None
    loss_steps: LossSteps = "every"
    holds: tuple[Hold, ...] = ()
    clip: Clip = NO_CLIP
    truncate: int | None = None
    recipe: Recipe = TRAINING
    history: History | None = None
    score: Score | None = None
    seed: int = 0
    scheme: Initialisation = STANDARD
    tokeniser: Tokeniser = "words"
    lower: bool = False
    title: str = ""
    notes: str = ""
    language: str = ""
    licence: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Make arrays read-only and check that the parts fit."""
        if self.vocabulary is None and isinstance(self.sequence, tuple) and not self.sequence:
            object.__setattr__(self, "sequence", np.zeros((0, self.input.size)))
        for name in ("sequence", "targets"):
            if isinstance(value := getattr(self, name), np.ndarray):
                object.__setattr__(self, name, read_only(value))
        checks.check(self)

    def __eq__(self, other: object) -> bool:
        """Whether all parts hold the same; at once for parts that are one object."""
        if not isinstance(other, Document):
            return NotImplemented
        return all(same(getattr(self, f.name), getattr(other, f.name)) for f in fields(self))

    __hash__ = None  # type: ignore[assignment] # arrays have no hash

    def changed(self, **parts: Any) -> Document:
        """The document with other parts; parts that are the same stay the same object.

        If nothing differs, this document itself is returned.

        Raises
        ------
        EngineError
            The parts do not fit together.
        """
        differing = {n: part for n, part in parts.items() if not same(getattr(self, n), part)}
        return replace(self, **differing) if differing else self

    @property
    def input(self) -> Input:
        """What the network reads."""
        network = self.network
        return network.source if isinstance(network, EncoderDecoder) else network.input

    @property
    def steps(self) -> int:
        """How long the sequence is."""
        return len(self.sequence)

    @property
    def answers(self) -> Words:
        """The names of the outputs: labels, words where the outputs are words, or numbers."""
        if self.target_vocabulary is not None:
            return self.target_vocabulary
        if self.labels or self.network.head is None:
            return self.labels
        outputs = self.network.head.outputs
        if self.vocabulary is not None and len(self.vocabulary) == outputs:
            return self.vocabulary
        return tuple(map(str, range(outputs)))

    @property
    def ids(self) -> tuple[int, ...]:
        """The number of each token of the sequence in the vocabulary; () for vectors."""
        if self.vocabulary is None:
            return ()
        return word_ids(self.vocabulary, self.sequence, self.lower)

    def knows(self, token: str) -> bool:
        """Whether `token` is a word of the vocabulary."""
        return is_known(self.vocabulary or (), token, self.lower)

    @property
    def target_ids(self) -> Any:
        """The targets as `Network.batch` takes them; None where there are none."""
        if not isinstance(self.targets, tuple):
            return self.targets
        words = self.answers
        if self.target_vocabulary is not None:
            return list(word_ids(words, (token or "" for token in self.targets), self.lower))
        places = words_by_name(words)
        return [NO_TARGET if t is None else places[t] for t in self.targets]

    def batch(self) -> Batch:
        """The sequence and its targets as a batch of one row.

        Raises
        ------
        EngineError
            The sequence is empty.
        """
        inputs = self.sequence if self.vocabulary is None else list(self.ids)
        targets, dtype = self.target_ids, self.weights.vector.dtype
        if isinstance(targets, list) and isinstance(self.network, Network):
            targets = targets if self.network.single else [targets]
        with np.errstate(over="ignore"):
            # A number too large for float32 is inf there, and shown as such.
            return self.network.batch([inputs], targets, dtype=dtype)


def read_only(values: npt.ArrayLike) -> Array:
    """A float64 array that nobody can write to; one that is so already comes back as it is."""
    array = np.asarray(values)
    fit = array.dtype == np.float64 and array.flags.c_contiguous and not array.flags.writeable
    if not fit:
        array = np.array(array, np.float64, order="C")
        array.flags.writeable = False
    return array


__all__ = ["UNKNOWN", "Clip", "Document", "Sequence", "Targets", "Words", "read_only"]
