"""The cases `network_...`: from tokens or numbers to a loss, with the gradients of everything."""

from collections.abc import Iterator

import torch
from torch.nn.functional import cross_entropy

from tests.references.torch_case import Case

STEPS, BATCH, VOCABULARY, EMBEDDED, HIDDEN, CLASSES = 5, 3, 9, 4, 5, 3
NUMBERS, TARGETS = 3, 2
LENGTHS = (5, 2, 4)


def randomize(case: Case, **parts: torch.nn.Module) -> None:
    """Random weights under the names `part.weight_...`."""
    for part, module in parts.items():
        for name, parameter in module.named_parameters():
            with torch.no_grad():
                parameter.copy_(case.normal(*parameter.shape, scale=0.5))
            case.leaf(f"{part}.{name}", parameter)


def classify(case: Case) -> Case:
    """Embedding, LSTM, linear layer, softmax; the loss is a sum over steps, a mean over batch."""
    embedding = torch.nn.Embedding(VOCABULARY, EMBEDDED)
    layer, linear = torch.nn.LSTM(EMBEDDED, HIDDEN), torch.nn.Linear(HIDDEN, CLASSES)
    randomize(case, embedding=embedding, lstm=layer, linear=linear)
    tokens = case.keep("tokens", case.integers(VOCABULARY, STEPS, BATCH))
    lengths = torch.tensor(case.meta["lengths"] or [STEPS] * BATCH)
    embedded = case.inner("embedded", embedding(tokens))
    output = case.inner("output", layer(embedded)[0])
    if case.meta["targets"] == "last":
        output = output[lengths - 1, torch.arange(BATCH)]
    logits = case.inner("logits", linear(output))
    case.keep("probabilities", logits.softmax(-1))
    targets = case.keep("targets", case.integers(CLASSES, *logits.shape[:-1]))
    losses = cross_entropy(logits.flatten(0, -2), targets.flatten(), reduction="none")
    losses = losses.reshape(targets.shape)
    if case.meta["targets"] == "every":
        losses = losses * (torch.arange(STEPS)[:, None] < lengths)
    return case.finish(losses.sum() / BATCH)


def regress(case: Case) -> Case:
    """GRU in PyTorch's convention and a linear layer; half the sum of the squared errors."""
    layer, linear = torch.nn.GRU(NUMBERS, HIDDEN), torch.nn.Linear(HIDDEN, TARGETS)
    randomize(case, gru=layer, linear=linear)
    inputs = case.leaf("input", case.normal(STEPS, BATCH, NUMBERS))
    output = case.inner("output", layer(inputs)[0])
    predicted = case.inner("predicted", linear(output))
    targets = case.keep("targets", case.normal(STEPS, BATCH, TARGETS))
    return case.finish(0.5 * ((predicted - targets) ** 2).sum())


def cases() -> Iterator[Case]:
    """Cross-entropy at the last and at every step, of equal and unequal lengths; regression."""
    sizes = {"T": STEPS, "B": BATCH, "I": EMBEDDED, "H": HIDDEN}
    shared = {"layers": 1, "directions": 1, "variant": "", "states_given": False}
    for targets in ("last", "every"):
        for kind, lengths in (("equal", None), ("unequal", list(LENGTHS))):
            meta = {"cell": "lstm", "sizes": {**sizes, "vocabulary": VOCABULARY}, **shared}
            meta |= {"targets": targets, "lengths": lengths, "loss": "cross-entropy"}
            meta["outputs"] = CLASSES
            yield classify(Case(f"network_classify_{targets}_{kind}", meta))
    meta = {"cell": "gru", "sizes": {**sizes, "I": NUMBERS}, **shared, "lengths": None}
    meta |= {"targets": "every", "loss": "squared error", "outputs": TARGETS}
    yield regress(Case("network_regress", meta))
