"""What stands in the inspector for a subject: blocks, from the top down."""

from __future__ import annotations

from collections.abc import Sequence

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.places import places
from rnnviz.engine.rendering import GRADIENT
from rnnviz.engine.story import GradientLines, Lines, Term
from rnnviz.engine.text import number as written
from rnnviz.panels.inspector.account import Account
from rnnviz.panels.inspector.bars import Bar, Bars
from rnnviz.panels.inspector.equation import Equation
from rnnviz.panels.inspector.head import Head
from rnnviz.panels.inspector.items import TermItem, WeightItem
from rnnviz.panels.inspector.names import badge_of, operation_name, quantity_name, term_name
from rnnviz.panels.inspector.sheet import Block, Space
from rnnviz.panels.inspector.words import Words
from rnnviz.panels.texts import translate

TERMS_MOST = 9
_HUES = {"input": "x", "past": "h", "kept": "c", "written": "i"}


def head_of(account: Account, evaluation: Evaluation, pinned: bool = False) -> Head:
    """The first line of the page."""
    subject, operation = account.subject, account.operation
    if operation is not None:
        letter, name = badge_of(operation), operation_name(operation)
    else:
        letter, name = subject.symbol[:1], quantity_name(subject.symbol) or subject.path
    step = account.step.place + 1
    single = operation is not None and operation.value.ndim == 0
    if single:
        place = translate("Inspector", "t = {step}").format(step=step)
    elif operation is not None and operation.scope == "head":
        unit = _answer(evaluation, account.unit)
        place = translate("Inspector", "t = {step}  ·  {name}").format(step=step, name=unit)
    else:
        text = translate("Inspector", "t = {step}  ·  unit {unit}")
        place = text.format(step=step, unit=account.unit + 1)
    return Head(letter, name, place, pinned)


def _answer(evaluation: Evaluation, unit: int) -> str:
    answers = evaluation.document.answers
    return answers[unit] if unit < len(answers) else str(unit + 1)


def forward_blocks(account: Account, before: Account | None, evaluation: Evaluation) -> list[Block]:
    """The equations on the way forward, each with its terms."""
    if account.operation is None:
        return _given(account, evaluation)
    found: list[Block] = []
    for number, (lines, operation) in enumerate(
        zip(account.lines, account.operations, strict=True)
    ):
        if number:
            found.append(Space(10))
        old = _same(lines, before)
        weight, text = weight_of(account, number, evaluation)
        hold = operation.path
        can_hold = hold in places(evaluation.document) and lines.name == operation.name
        found.append(
            Equation(
                number,
                lines,
                badge_of(operation),
                before=_was(lines, old),
                weight=weight,
                weight_text=text,
                path=hold if can_hold else "",
            )
        )
        bars = _bars(lines.terms, number, None if old is None else old.terms)
        if bars:
            found += [Space(8), Bars(bars)]
    return found


def _same(lines: Lines, before: Account | None) -> Lines | None:
    """The lines of the same quantity before the last edit."""
    others = () if before is None else before.lines
    return next((other for other in others if other.name == lines.name), None)


def _was(lines: Lines, old: Lines | None, digits: int = 2) -> str:
    """`was 0.43`, where it was another number as it is written."""
    if old is None:
        return ""
    then, now = written(old.value, digits), written(lines.value, digits)
    return "" if then == now else translate("Inspector", "was {value}").format(value=then)


def _bars(
    terms: Sequence[Term], group: int, before: Sequence[Term] | None, digits: int = 2
) -> tuple[Bar, ...]:
    old = {(term.label, str(term.symbols)): term.value for term in before or ()}
    found = []
    for place, term in enumerate(terms[:TERMS_MOST]):
        then = old.get((term.label, str(term.symbols)))
        changed = then is not None and written(then, digits) != written(term.value, digits)
        bar = Bar(
            TermItem(group, place),
            term_name(term.label),
            term.value,
            _hue(term),
            term.symbols,
            then if changed else None,
            digits,
        )
        found.append(bar)
    return tuple(found)


def _hue(term: Term) -> str:
    """The quantity in whose colour a term stands."""
    if term.kind in _HUES:
        return _HUES[term.kind]
    for start in ("through ", "along "):
        if term.label.startswith(start):
            return term.label.removeprefix(start)[:1]
    return "" if term.kind == "bias" else next((p.hue for p in term.symbols if p.hue), "")


def weight_of(
    account: Account, number: int, evaluation: Evaluation
) -> tuple[WeightItem | None, str]:
    """The bias among the numbers of an equation, and how it is written: it can be changed there."""
    operation, document = account.operations[number], evaluation.document
    for term in account.lines[number].terms:
        if term.kind != "bias" or len(term.symbols) != 1:
            continue
        symbol = term.symbols[0]
        name = f"{symbol.text}_{symbol.index}" if symbol.index else symbol.text
        part = "head" if operation.scope == "head" else account.subject.part
        path = f"{part}/{name}"
        if path in document.weights:
            is_own = document.weights[path].ndim == 2
            front = (account.step.place,) if is_own else ()
            return WeightItem(path, (*front, account.unit)), written(abs(term.value))
    return None, ""


def _given(account: Account, evaluation: Evaluation) -> list[Block]:
    """A quantity without an equation of its own: its number, and where it comes from."""
    if not account.lines:
        return [Words(translate("Inspector", "It has no number at this step."))]
    path, symbol = account.path, account.subject.symbol
    is_held = path in places(evaluation.document)
    found: list[Block] = [Equation(0, account.lines[0], symbol[:1], path=path if is_held else "")]
    if symbol != "x":
        return found
    words = translate("Inspector", "It comes from outside: a number of the input.")
    if not path.endswith("layer0/x"):
        words = translate("Inspector", "It is the output of the layer below.")
    return [*found, Space(8), Words(words)]


def backward_blocks(account: Account, before: Account | None) -> list[Block]:
    """The chain rule with its numbers, and the roads on which the gradient arrives."""
    back, operation = account.back, account.operation
    if back is None or operation is None:
        if account.value is None:
            return [Words(translate("Inspector", "No gradient arrives here."))]
        text = translate("Inspector", "∂L/∂{name} = {value}")
        value = written(account.value, 3)
        return [Words(text.format(name=account.subject.symbol, value=value), large=True)]
    old = None if before is None or before.back is None else before.back
    found: list[Block] = [
        Equation(
            0,
            back.lines,
            badge_of(operation),
            is_gradient=True,
            before=_was(back.lines, None if old is None else old.lines, 3),
            onward=back.onward,
        )
    ]
    bars = _roads(back, old)
    if bars:
        found += [Space(6), Bars(bars)]
    if account.subject.loss_step is not None:
        text = translate("Inspector", "Only the loss of step {step} is followed back.")
        found += [Space(6), Words(text.format(step=account.subject.loss_step + 1))]
    return found


def _roads(back: GradientLines, old: GradientLines | None) -> tuple[Bar, ...]:
    """The parts of a gradient, and their sum."""
    terms = back.source_terms or back.lines.terms
    name = back.source if back.source_terms else back.lines.name
    if not terms:
        return ()
    then = None if old is None else old.source_terms or old.lines.terms
    bars = _bars(terms, 0, then, 3)
    label = translate("Inspector", "sum {name}").format(name=f"∂L/∂{name}")
    total = sum(term.value for term in terms)
    return (*bars, Bar(TermItem(0, len(bars)), label, total, GRADIENT, digits=3))
