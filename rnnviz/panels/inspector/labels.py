"""Formulas with words in the place of numbers that only the engine counts: tokens, answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.rendering import Piece, Pieces
from rnnviz.engine.story import Lines, Operation
from rnnviz.engine.story.inputs import token_of
from rnnviz.engine.story.step import Step

_PLACE = re.compile(r"\[(\d+)\]")
_JOINED = re.compile(r"\[\w+_(forward|backward); \w+_(forward|backward)\]")
_ARROWS = {"forward": "\N{RIGHTWARDS ARROW}", "backward": "\N{LEFTWARDS ARROW}"}


def labelled(lines: Lines, operation: Operation, step: Step, evaluation: Evaluation) -> Lines:
    """The same lines as the reader knows their parts.

    `p₄[0]` becomes `p₄[negative]`, `E[5]` becomes `E[not]`, and what both directions give side by
    side becomes `[h₃→; h₃←]`.
    """
    names = _names(operation, step, evaluation)
    if not names and operation.scope not in ("output", "head"):
        return lines

    is_head = operation.scope == "head"

    def changed(pieces: Pieces) -> Pieces:
        return tuple(new for piece in pieces for new in _changed(piece, names, step, is_head))

    return replace(
        lines,
        symbols=changed(lines.symbols),
        numbers=changed(lines.numbers),
        result=changed(lines.result),
        terms=tuple(replace(term, symbols=changed(term.symbols)) for term in lines.terms),
    )


def _names(operation: Operation, step: Step, evaluation: Evaluation) -> dict[int, str]:
    """The words behind the numbers in square brackets of one operation."""
    document = evaluation.document
    if operation.scope == "head":
        return dict(enumerate(document.answers))
    token = token_of(step) if operation.scope == "input" else None
    if token is None:
        return {}
    is_target = step.prefix.startswith("decoder")
    words = document.target_vocabulary if is_target else document.vocabulary
    return {} if words is None or token >= len(words) else {token: words[token]}


def _changed(piece: Piece, names: dict[int, str], step: Step, is_head: bool) -> Iterator[Piece]:
    is_read = is_head and piece.text in ("output", "read") and piece.kind == "symbol"
    is_plain = not step.run.layer.residual and step.run.mask is None
    if _JOINED.fullmatch(piece.text) or (
        is_read and is_plain and len(step.run.layer.directions) > 1
    ):
        yield from _side_by_side(piece, step)
        return
    found = _PLACE.search(piece.text)
    name = None if found is None else names.get(int(found[1]))
    if name is not None:
        text = _PLACE.sub(lambda _: f"[{name}]", piece.text, count=1)
        piece = replace(piece, text=text)
    yield replace(piece, hue="h") if piece.hue == "output" else piece


def _side_by_side(piece: Piece, step: Step) -> Iterator[Piece]:
    """`[h₃→; h₃←]` for `[h_forward; h_backward]`."""
    state, now = step.cell.states[0], step.at.now
    times = {"forward": now, "backward": now}
    if piece.text == "read" or step.trace.network.single:
        times = {"forward": str(step.length), "backward": "1"}
    if "output_" in piece.text:
        state = "output"
    sign = "["
    for way in step.run.layer.directions:
        yield Piece(sign)
        yield Piece(state, "", times[way], "h", "symbol")
        yield Piece(_ARROWS[way], hue="h")
        sign = "; "
    yield Piece("]")
