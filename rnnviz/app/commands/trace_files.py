"""A network from a file, traced: on a document's own sequence, another sentence, or an array."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rnnviz.app.commands.models import is_document, read_chosen
from rnnviz.app.commands.npy import read_npy
from rnnviz.app.screen import Screen
from rnnviz.app.texts import tr
from rnnviz.document import memory
from rnnviz.document.conversion import model_of
from rnnviz.document.document import Document
from rnnviz.document.evaluate import evaluate
from rnnviz.document.interchange.model import Model
from rnnviz.document.places import FREE_STEPS
from rnnviz.document.storage import load
from rnnviz.document.tokens import tokenise
from rnnviz.engine.arrays import Array
from rnnviz.engine.batch import Batch
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError, ShapeError
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import Regression
from rnnviz.engine.holds import Hold
from rnnviz.engine.network import Network
from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False)
class Run:
    """A network that read something, forward and backward.

    Attributes
    ----------
    title : str
        Of the document, or the name of the file.
    trace, gradients
        What came of it.
    said : str
        What is differentiated.
    value : float
        Its value.
    tokens : tuple of str
        What was read, where it is words.
    answers : tuple of str
        The names of the outputs, where they have some.
    """

    title: str
    trace: Trace
    gradients: Gradients
    said: str
    value: float
    tokens: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


def run_file(path: Path, arguments: Namespace, screen: Screen) -> Run:
    """Run the network in a file.

    Raises
    ------
    EngineError
        The file cannot be read, an input or a target does not fit, it needs more memory than there
        is.
    """
    if is_document(path):
        document = load(path)
        if arguments.input is None:
            return _of_document(document, arguments, screen)
        model = model_of(document)
    else:
        if arguments.sentence is not None:
            raise EngineError(tr("a sentence came; a model of other programs reads --input x.npy"))
        model = read_chosen(path, arguments, screen)
    if arguments.input is None:
        raise EngineError(tr("--input x.npy is missing: what the network is to read"))
    return _of_array(model, model.title or path.stem, arguments, screen)


# ------------------------------------------------------------------------------------- documents


def _of_document(document: Document, arguments: Namespace, screen: Screen) -> Run:
    document = _looking(document, arguments)
    if arguments.hold:
        document = document.changed(holds=(*document.holds, *arguments.hold))
    if arguments.dtype is not None:
        document = document.changed(weights=document.weights.astype(arguments.dtype))
    steps = document.steps
    if isinstance(document.network, EncoderDecoder):
        steps = max(steps, len(document.targets or ()) or FREE_STEPS)
    check_memory(document.network, steps, 1, document.weights.vector.itemsize, arguments, screen)
    found = evaluate(document)
    if found is None:
        raise EngineError(tr("the document has no sequence; give a sentence behind its name"))
    tokens = document.sequence if isinstance(document.sequence, tuple) else ()
    if found.gradients is None or found.loss is None:
        gradients, said, value = differentiated(found.trace, arguments.of)
    else:
        gradients, said, value = found.gradients, tr("the loss"), found.loss
    return Run(document.title, found.trace, gradients, said, value, tokens, document.answers)


def _looking(document: Document, arguments: Namespace) -> Document:
    """The document, looking at the sentence and with the targets that were given."""
    if arguments.sentence is not None:
        if document.vocabulary is None:
            raise EngineError(tr("a sentence came, but the network reads vectors: --input x.npy"))
        tokens = tokenise(arguments.sentence, document.tokeniser)
        first = document.sequence[:1]
        if first and str(first[0]).startswith("<") and document.network.form == "one-to-many":
            tokens = (*map(str, first), *tokens)
        steps = "last" if document.network.single else "every"
        document = document.changed(sequence=tokens, targets=None, loss_steps=steps, holds=())
    if arguments.target is None:
        return document
    if isinstance(document.network.head, Regression):
        raise EngineError(tr("target: names came, but the network answers with numbers"))
    targets = tuple(arguments.target)
    if len(targets) == 1 and not isinstance(document.network, EncoderDecoder):
        targets *= 1 if document.network.single else document.steps
    return document.changed(targets=targets)


# ---------------------------------------------------------------------------------------- arrays


def _of_array(model: Model, title: str, arguments: Namespace, screen: Screen) -> Run:
    network = model.network
    if not isinstance(network, Network):
        raise EngineError(tr("input: an array came, but an encoder-decoder reads sentences"))
    weights = model.weights
    if arguments.dtype is not None:
        weights = weights.astype(arguments.dtype)
    rows = _rows("input", read_npy(arguments.input), vectors=model.vocabulary is None)
    steps, count = len(rows[0]), len(rows)
    check_memory(network, steps, count, weights.vector.itemsize, arguments, screen)
    initial = {path: np.tile(value, (count, 1)) for path, value in model.initial.items()}
    targets = _targets(network, model.labels, arguments.target, steps, count)
    batch = network.batch(rows, targets, initial, weights.vector.dtype)
    return _run_batch(Model(network, weights, labels=model.labels, title=title), batch, arguments)


def _run_batch(model: Model, batch: Batch, arguments: Namespace) -> Run:
    holds: Iterable[Hold] = arguments.hold
    network = model.network
    assert isinstance(network, Network)
    trace = network.forward(model.weights, batch, holds)
    if batch.targets is None:
        gradients, said, value = differentiated(trace, arguments.of)
    else:
        gradients, said, value = backward(trace), tr("the loss"), trace.loss()
    return Run(model.title, trace, gradients, said, value, (), model.labels or ())


def _rows(argument: str, array: npt.NDArray[Any], vectors: bool) -> list[npt.NDArray[Any]]:
    """An array with time first, then maybe rows, as a list of rows."""
    least = 2 if vectors else 1
    if array.ndim not in (least, least + 1) or not all(array.shape):
        expected = "(time, numbers) or (time, rows, numbers)" if vectors else "(time,)"
        raise ShapeError(argument, array.shape, expected)
    if array.ndim == least:
        return [array]
    return [array[:, row] for row in range(array.shape[1])]


def _targets(
    network: Network, labels: tuple[str, ...] | None, given: Any, steps: int, rows: int
) -> Any:
    """Targets from an .npy file or from names, as `Network.batch` takes them."""
    if given is None:
        return None
    if network.head is None:
        raise EngineError(tr("target: it came, but the network has no head to answer"))
    numbers = isinstance(network.head, Regression)
    if len(given) == 1 and given[0].lower().endswith(".npy"):
        array = read_npy(Path(given[0]))
        if network.single:
            return list(np.atleast_2d(array) if numbers else np.atleast_1d(array))
        return _rows("target", array, vectors=numbers)
    if numbers:
        raise EngineError(tr("target: names came, expected an .npy file with numbers"))
    classes = _classes(labels or tuple(map(str, range(network.head.outputs))), given)
    if network.single:
        return classes * rows if len(classes) == 1 else classes
    return [classes * steps if len(classes) == 1 else classes] * rows


def _classes(known: tuple[str, ...], names: tuple[str, ...]) -> list[int]:
    for name in names:
        if name not in known:
            raise EngineError(
                tr("target: {came!r} is not one of {known}").format(
                    came=name, known=", ".join(known[:20])
                )
            )
    return [known.index(name) for name in names]


# ---------------------------------------------------------------------------------------- both


def differentiated(trace: Trace, of: str) -> tuple[Gradients, str, float]:
    """The gradients where there is no loss: of something stated.

    Parameters
    ----------
    of : "sum" or "squares"
        The sum of the highest layer's outputs, or half the sum of their squares.
    """
    read: Array = trace.read
    with np.errstate(all="ignore"):
        if of == "squares":
            gradients, value = (
                backward(trace, d_read=read),
                float((read.astype(float) ** 2).sum() / 2),
            )
        else:
            gradients = backward(trace, d_read=np.ones_like(read))
            value = float(read.sum(dtype=float))
    return gradients, _said(of, trace.network.single), value


def _said(of: str, single: bool) -> str:
    """What is differentiated, in words; a network that answers once is read at its end."""
    texts = {
        ("sum", False): tr("the sum of all that the highest layer gives"),
        ("sum", True): tr("the sum of what the highest layer gives at the end"),
        ("squares", False): tr("half the sum of the squares of all that the highest layer gives"),
        ("squares", True): tr(
            "half the sum of the squares of what the highest layer gives at the end"
        ),
    }
    return texts[of, single]


def check_memory(
    network: Network | EncoderDecoder,
    steps: int,
    rows: int,
    itemsize: int,
    arguments: Namespace,
    screen: Screen,
) -> None:
    """Say what memory a run takes before it takes it, and refuse what the machine has not."""
    taken = memory.needed(network, steps, rows, itemsize)
    memory.check(taken, tr("trace"))
    if not arguments.json:
        words = tr("Takes about {taken} of memory for {steps:,} steps.")
        screen.line(words.format(taken=memory.said(taken), steps=steps))
        screen.flush()
