"""Edits of what the network is asked: when it answers, with what, in which words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, final, get_args

import numpy as np

from rnnviz.document.document import Document, Targets
from rnnviz.document.edits.architecture import AnyNetwork, check_size
from rnnviz.document.edits.base import Edit, EditError, shortened
from rnnviz.document.edits.keeping import rebuilt
from rnnviz.document.edits.sequence import typed_token
from rnnviz.document.texts import tr
from rnnviz.document.words import UNKNOWN, Words
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import UnknownError
from rnnviz.engine.heads import CRF, Head, Regression, Softmax
from rnnviz.engine.inputs import Input, Tokens
from rnnviz.engine.network import FORMS, Form, Network

START, STOP = "<s>", "</s>"
"""The words that a decoder reads first and writes last."""

UNALIGNED: Literal["many-to-many unaligned"] = "many-to-many unaligned"
HEADS: dict[str, type[Head]] = {"softmax": Softmax, "regression": Regression, "crf": CRF}
"""The heads by their kinds."""

HeadKind = Literal["softmax", "regression", "crf"]
AnyForm = Form | Literal["many-to-many unaligned"]


@final
@dataclass(frozen=True, eq=False)
class SetTask(Edit):
    """Choose when the network answers, and with what.

    Attributes
    ----------
    form : str
        One of `network.FORMS`, or "many-to-many unaligned" for an encoder and a decoder.
    head : "softmax", "regression", "crf" or None
        None shows the hidden states alone. A decoder has a softmax.
    labels : tuple of str
        The names of the outputs: the same as the vocabulary for a network that writes what it
        reads; the words of a decoder, to which `<s>`, `</s>` and `<unk>` are added. As many as
        before are new names for the old outputs.
    """

    form: AnyForm
    head: HeadKind | None = "softmax"
    labels: Words = ()

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Task: {form}").format(form=self.form)

    def _on(self, document: Document) -> Document:
        labels = tuple(dict.fromkeys(typed_token(document, label) for label in self.labels))
        if self.head is not None and not labels:
            raise EditError("labels: none came, expected the name of at least one output")
        if self.form == UNALIGNED:
            return self._translator(document, labels)
        if self.form not in FORMS:
            raise UnknownError("form", self.form, (*FORMS, UNALIGNED))
        if self.head not in (None, *get_args(HeadKind)):
            raise UnknownError("head", self.head, get_args(HeadKind))
        old = document.network
        layers = old.encoder if isinstance(old, EncoderDecoder) else old.layers
        head = None if self.head is None else HEADS[self.head](len(labels))
        network = Network(document.input, layers, head, self.form)
        names = () if head is None or labels == document.vocabulary else labels
        targets = _renamed(document, network, names or labels)
        parts: dict[str, Any] = {"target_vocabulary": None, "labels": names, "targets": targets}
        if network.single != old.single:
            parts["loss_steps"] = "last" if network.single else "every"
        return rebuilt(document, network, **parts)

    def _translator(self, document: Document, labels: Words) -> Document:
        if self.head != "softmax":
            raise EditError(f"head: {self.head} came, a decoder has a softmax")
        words = tuple(dict.fromkeys((START, STOP, UNKNOWN, *labels)))
        words = labels if set(words) == set(labels) else words
        old = document.network
        if isinstance(old, EncoderDecoder):
            target = replace(old.target, vocabulary=len(words))
            network = replace(old, target=target, start=words.index(START), stop=words.index(STOP))
            return rebuilt(document, network, target_vocabulary=words)
        decoder = tuple(replace(layer, direction="forward") for layer in old.layers)
        embedding = old.input.embedding if isinstance(old.input, Tokens) else old.layers[0].hidden
        network = EncoderDecoder(
            old.input,
            old.layers,
            Tokens(len(words), embedding),
            decoder,
            start=words.index(START),
            stop=words.index(STOP),
        )
        return rebuilt(
            document, network, target_vocabulary=words, labels=(), targets=None, loss_steps="every"
        )


def _renamed(document: Document, network: Network, labels: Words) -> Targets:
    """The targets under the new names of the outputs, as far as they fit the form."""
    targets, old = document.targets, document.network
    if targets is None or isinstance(old, EncoderDecoder):
        return None
    if network.single and not old.single:
        targets = targets[-1:]
    elif old.single and not network.single:
        if isinstance(targets, np.ndarray):
            return None
        targets = (*(None,) * (document.steps - 1), *targets)
    if isinstance(targets, np.ndarray) or network.head is None:
        return targets if network.head == old.head else None
    names = document.answers
    if len(names) == len(labels):
        new = dict(zip(names, labels, strict=True))
        return tuple(None if target is None else new[target] for target in targets)
    return tuple(target if target in labels else None for target in targets)


@final
@dataclass(frozen=True, eq=False)
class SetAttention(Edit):
    """Let a decoder look back at the source with `units` of attention; None takes it away."""

    units: int | None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        if self.units is None:
            return tr("No attention")
        return tr("Attention of {units} units").format(units=self.units)

    def _on(self, document: Document) -> Document:
        network = document.network
        if self.units is not None:
            check_size("units", self.units)
        if not isinstance(network, EncoderDecoder):
            raise EditError("attention: the network has no decoder")
        return rebuilt(document, replace(network, attention=self.units))


@final
@dataclass(frozen=True, eq=False)
class AddWord(Edit):
    """Add a word to the vocabulary; its weights are drawn from the document's seed.

    Attributes
    ----------
    word : str
        The word.
    written : bool
        Whether it joins the words that a decoder writes, in place of those that are read.
    """

    word: str
    written: bool = False

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Add {word} to the vocabulary").format(word=shortened(self.word))

    def _on(self, document: Document) -> Document:
        word = typed_token(document, self.word)
        words = document.target_vocabulary if self.written else document.vocabulary
        if words is None:
            raise EditError("vocabulary: the network has none to which a word could be added")
        if word in words:
            return document
        name = "target_vocabulary" if self.written else "vocabulary"
        return rebuilt(document, self._larger(document), **{name: (*words, word)})

    def _larger(self, document: Document) -> AnyNetwork:
        network = document.network
        if isinstance(network, EncoderDecoder):
            if self.written:
                return replace(network, target=_one_more(network.target))
            return replace(network, source=_one_more(network.source))
        read = _one_more(network.input)
        head = network.head
        writes_words = not document.labels and document.answers is document.vocabulary
        if head is not None and writes_words:
            head = replace(head, outputs=read.vocabulary)
        return replace(network, input=read, head=head)


def _one_more(tokens: Input) -> Tokens:
    assert isinstance(tokens, Tokens)
    return replace(tokens, vocabulary=tokens.vocabulary + 1)
