"""What quantities and the terms of their equations are called in words."""

from __future__ import annotations

from rnnviz.engine.story import Operation
from rnnviz.engine.text import hue
from rnnviz.panels.texts import translate


def quantity_name(name: str) -> str:
    """A quantity in words, such as `Forget gate`; "" for one that has only its letter."""
    match name:
        case "f":
            return translate("Inspector", "Forget gate")
        case "i":
            return translate("Inspector", "Input gate")
        case "o":
            return translate("Inspector", "Output gate")
        case "z":
            return translate("Inspector", "Update gate")
        case "r":
            return translate("Inspector", "Reset gate")
        case "g" | "n":
            return translate("Inspector", "Candidate")
    return _around_gates(name)


def _around_gates(name: str) -> str:
    match name:
        case "c":
            return translate("Inspector", "Cell state")
        case "h":
            return translate("Inspector", "Hidden state")
        case "x":
            return translate("Inspector", "Input")
        case "y" | "outputs":
            return translate("Inspector", "Output")
        case "p" | "predictions":
            return translate("Inspector", "Probability")
        case "L":
            return translate("Inspector", "Loss")
        case "output":
            return translate("Inspector", "Output of the layer")
    return ""


def operation_name(operation: Operation) -> str:
    """What an operation makes: a quantity, a sum, a product."""
    named = quantity_name(operation.name)
    if named:
        return named
    if operation.name.startswith("a_"):
        return translate("Inspector", "Weighted sum of {name}").format(name=operation.quantity)
    return _kind_name(operation)


def _kind_name(operation: Operation) -> str:
    match operation.kind:
        case "matmul":
            return translate("Inspector", "Matrix times vector")
        case "multiply":
            return translate("Inspector", "Product, unit by unit")
        case "add":
            return translate("Inspector", "Sum")
        case "subtract":
            return translate("Inspector", "Difference")
        case "concatenate":
            return translate("Inspector", "Side by side")
        case "sigmoid" | "tanh" | "relu":
            return translate("Inspector", "{name}, unit by unit").format(name=operation.kind)
    return operation.name


def badge_of(operation: Operation) -> str:
    """The letter in whose colour an operation stands."""
    name = operation.name if operation.name.isidentifier() else operation.quantity
    return "h" if name in ("output", "read") else hue(name)[:1] or name[:1]


def term_name(label: str) -> str:
    """A term of an equation in words."""
    known = _known_terms().get(label)
    if known is not None:
        return known
    for start, text in (
        ("through ", translate("Inspector", "through {name}")),
        ("along ", translate("Inspector", "along {name}")),
        ("from ", translate("Inspector", "from {name}")),
    ):
        if label.startswith(start):
            return text.format(name=label.removeprefix(start))
    return label


def _known_terms() -> dict[str, str]:
    return {
        "from the token": translate("Inspector", "from the token"),
        "from the input": translate("Inspector", "from the input"),
        "from the layer below": translate("Inspector", "from the layer below"),
        "from the past": translate("Inspector", "from the past"),
        "bias": translate("Inspector", "bias"),
        "kept": translate("Inspector", "kept"),
        "written": translate("Inspector", "written"),
        "along c": translate("Inspector", "along the road"),
        "from the next step": translate("Inspector", "from the next step"),
        "from the loss": translate("Inspector", "from the loss"),
        "from the decoder": translate("Inspector", "from the decoder"),
        "from outside": translate("Inspector", "from outside"),
        "from the last state": translate("Inspector", "from the last state"),
        "cut by the truncation": translate("Inspector", "cut by the truncation"),
        "from the residual connection": translate("Inspector", "from the residual connection"),
    }
