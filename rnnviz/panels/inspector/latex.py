"""The pieces of a formula as LaTeX."""

from __future__ import annotations

from rnnviz.engine.rendering import MINUS, Piece, Pieces

_SIGNS = {
    MINUS: "-",
    "\N{MIDDLE DOT}": r"\odot",
    "²": "^{2}",
    "ᵀ": r"^{\top}",
    "σ": r"\sigma",
    "tanh": r"\tanh",
    "log": r"\log",
    "∂L/∂": r"\partial L/\partial ",
    "\N{INFINITY}": r"\infty",
    "…": r"\dots",
}


def latex_of(pieces: Pieces) -> str:
    r"""A row of pieces in LaTeX: `f_{3} = \sigma(W_{f} x_{3} + U_{f} h_{2} + b_{f})`."""
    return " ".join("".join(map(_piece, pieces)).split())


def _piece(piece: Piece) -> str:
    text = piece.text
    for sign, code in _SIGNS.items():
        text = text.replace(sign, code)
    if piece.kind == "symbol" and len(piece.text) > 1 and piece.text.isalpha():
        text = rf"\mathrm{{{piece.text}}}"
    lower = piece.lower.replace(MINUS, "-")
    return f"{text}_{{{lower}}}" if lower else text
