"""What an inspector shows of a quantity on the way back: the chain rule, its numbers, the roads."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.engine.expressions import FUNCTIONS, Expression, MatMul, Symbol, walk
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.rendering import GRADIENT, MINUS, Piece, Pieces, plain
from rnnviz.engine.story.backward import backward_story
from rnnviz.engine.story.backward_operation import BackwardOperation
from rnnviz.engine.story.lines import (
    EQUALS,
    Lines,
    Term,
    at,
    by_name,
    chain_lines,
    check_unit,
    find,
)
from rnnviz.engine.story.rules import gradient
from rnnviz.engine.story.sources import NEXT, WITHIN, Part, Split, merged
from rnnviz.engine.text import number, numbers, pieces


@dataclass(frozen=True)
class GradientLines:
    """The chain rule of one quantity at one unit.

    Attributes
    ----------
    lines : Lines
        `∂L/∂f₂ = ∂L/∂c₂ · c₁`, `= 0.036 · 0.621`, `= 0.022`; the terms are the roads on which the
        gradient arrives.
    source : str
        The quantity that the gradient comes through, where it is one alone; else "".
    source_terms : tuple of Term
        The roads on which the gradient of `source` arrives: `through h`, `along c`.
    onward : tuple of Piece
        What goes on to the weighted sum: `∂L/∂a_f = ∂L/∂f₂ · f₂ · (1 − f₂) = 0.004`; else empty.
    """

    lines: Lines
    source: str
    source_terms: tuple[Term, ...]
    onward: Pieces


def gradient_lines(
    gradients: Gradients,
    part: str,
    step: int,
    quantity: str,
    unit: int,
    row: int = 0,
    digits: int = 3,
) -> GradientLines:
    """The gradient of the loss by a quantity with the live numbers of one unit.

    Parameters
    ----------
    gradients : Gradients
        The backward pass.
    part : str
        Layer and direction, such as `layer0/forward`.
    step, unit, row : int
        From 0.
    quantity : str
        The result of an operation of `backward_story`, or its path.
    digits : int
        Decimals.

    Raises
    ------
    EngineError
        A part, step, row, quantity or unit that is not there.
    """
    return back_lines(backward_story(gradients, part, step, row), quantity, unit, digits)


def back_lines(
    records: tuple[BackwardOperation, ...], quantity: str, unit: int, digits: int = 3
) -> GradientLines:
    """`gradient_lines` of a story that was told already.

    Parameters
    ----------
    records : tuple of BackwardOperation
        What `backward_story` gave.
    quantity, unit, digits
        As in `gradient_lines`.
    """
    story = by_name([(one.operation, one) for one in records])
    found = find(story, quantity)
    check_unit(quantity, found.adjoint, unit)
    roads = grouped(found.split.parts)
    source = _source(roads, story)
    others = road_terms(story[source].split, unit) if source else ()
    return GradientLines(
        _lines(found, roads, unit, digits), source, others, _onward(found, unit, digits)
    )


def _lines(found: BackwardOperation, roads: tuple[Part, ...], unit: int, digits: int) -> Lines:
    scene, held = found.operation.scene, found.operation.held
    left = pieces(gradient(found.name), scene.parameters, scene.at)
    total = Piece(number(at(found.adjoint, unit), digits), hue=GRADIENT, kind="number")
    stages = [
        added([_numbers(road, unit, digits) for road in roads]),
        added([_value(road, unit, digits) for road in roads]),
        (total,),
    ]
    texts = [plain(stage) for stage in stages]
    kept = (s for place, s in enumerate(stages) if s and texts[place] not in texts[:place])
    first, rest = chain_lines(tuple(kept))
    symbols = added([_symbols(road) for road in roads])
    return Lines(
        name=found.name,
        symbols=(*left, EQUALS, *symbols) if symbols else left,
        numbers=first,
        result=rest,
        terms=road_terms(found.split, unit),
        value=at(found.adjoint, unit),
        held=held is not None and bool(held[unit]),
    )


def road_terms(split: Split, unit: int) -> tuple[Term, ...]:
    """The parts of a gradient as bars."""
    return tuple(
        Term(road.kind, road.label, _symbols(road), at(road.value, unit))
        for road in grouped(split.parts)
    )


def grouped(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts with all that comes through the products of the next step added up."""
    through = (
        Part(NEXT, "", part.state, part.value)
        if part.kind == NEXT and not _written_out(part)
        else part
        for part in parts
    )
    return merged(through)


def added(rows: list[Pieces]) -> Pieces:
    """Rows of pieces with plus signs between them, minus signs where a row begins with one."""
    found: list[Piece] = []
    for row in rows:
        negative = bool(found) and row[0].text.startswith(MINUS)
        if found:
            found.append(Piece(f" {MINUS} " if negative else " + "))
        first = row[0]
        if negative:
            text = first.text.removeprefix(MINUS)
            first = Piece(text, first.index, first.time, first.hue, first.kind)
        found += [piece for piece in (first, *row[1:]) if piece.text]
    return tuple(found)


def _written_out(road: Part) -> bool:
    """Whether the rule can be shown: within the step, or element by element from the next one.

    Through the gates of the next step lead many products; words say it better.
    """
    if road.rule is None or road.scene is None:
        return False
    has_products = _mixes(road.rule)
    return road.kind == WITHIN or not has_products


def _symbols(road: Part) -> Pieces:
    if road.rule is None or road.scene is None or not _written_out(road):
        return (Piece(f"[{road.label}]"),)
    return pieces(road.rule, road.scene.parameters, road.scene.at)


def _numbers(road: Part, unit: int, digits: int) -> Pieces:
    scene, rule = road.scene, road.rule
    if scene is None or rule is None or not _written_out(road):
        return _value(road, unit, digits)

    def value(node: Expression) -> float | None:
        if isinstance(node, Symbol | MatMul):
            return scene.number(scene.name(node), unit)
        return None

    return numbers(rule, value, digits, scene.parameters)


def _value(road: Part, unit: int, digits: int) -> Pieces:
    return (Piece(number(at(road.value, unit), digits), hue=GRADIENT, kind="number"),)


def _source(roads: tuple[Part, ...], story: dict[str, BackwardOperation]) -> str:
    """The one quantity that all of the gradient comes through unit by unit, if it is one.

    Through a product with a matrix a unit's gradient comes from all units, so none is its own.
    """
    if any(road.rule is None or _mixes(road.rule) for road in roads):
        return ""
    through = {road.through for road in roads if road.kind == WITHIN}
    alone = len(through) == 1 and all(road.kind == WITHIN for road in roads)
    name = through.pop() if alone else ""
    return name if name in story else ""


def _onward(found: BackwardOperation, unit: int, digits: int) -> Pieces:
    if found.operation.kind not in FUNCTIONS:
        return ()
    first = found.contributions[0] if found.contributions else None
    if first is None or not first.alone:
        return ()
    text = number(at(first.value, unit), digits)
    return (*first.symbols, EQUALS, Piece(text, hue=GRADIENT, kind="number"))


def _mixes(rule: Expression) -> bool:
    return any(isinstance(node, MatMul) for node in walk(rule))
