"""What the transport says: the names of the phases, and the operation at a moment."""

from __future__ import annotations

from typing import final

from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.rendering import Pieces
from rnnviz.engine.story import BackwardOperation, backward_story, forward_story
from rnnviz.engine.story.rules import gradient
from rnnviz.engine.text import pieces
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.text import Line, Run, formula, number
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.texts import translate
from rnnviz.session.moments import RETURNING, Moment, Phase
from rnnviz.session.telling import public_step, told_part

QUOTED = "\N{LEFT DOUBLE QUOTATION MARK}{word}\N{RIGHT DOUBLE QUOTATION MARK}"
DOT = "  \N{MIDDLE DOT}  "


def phase_name(phase: Phase, encoded: bool) -> str:
    """What a phase is called.

    Parameters
    ----------
    encoded : bool
        Whether an encoder reads before.
    """
    if encoded and phase in ("forward", "backward"):
        decoding = translate("Transport", "Decode"), translate("Transport", "Decode, back")
        return decoding[phase == "backward"]
    return {
        "nothing": "",
        "encode": translate("Transport", "Encode"),
        "forward": translate("Transport", "Forward"),
        "loss": translate("Transport", "Loss"),
        "backward": translate("Transport", "Backward"),
        "encode_back": translate("Transport", "Encode, back"),
        "update": translate("Transport", "Update"),
    }[phase]


def words_of(evaluation: Evaluation | None, phase: Phase) -> tuple[str, ...]:
    """The word that is read at each step of a phase; empty where numbers are read."""
    if evaluation is None or phase not in ("encode", "forward", "backward", "encode_back"):
        return ()
    document = evaluation.document
    if isinstance(document.network, EncoderDecoder) and not phase.startswith("encode"):
        known = document.target_vocabulary or ()
        read = evaluation.trace.batch.inputs[:, 0].tolist()
        return tuple(known[int(token)] for token in read) if known else ()
    return document.sequence if isinstance(document.sequence, tuple) else ()


def place_of(evaluation: Evaluation, selected: str, moment: Moment) -> tuple[str, int]:
    """The layer and direction that a moment tells of, and the public step there."""
    part = told_part(evaluation, selected, moment.phase)
    if not part:
        return "", moment.step
    length = len(evaluation.trace.runs[part.rpartition("/")[0]].x)
    return part, public_step(part, moment.step, length)


@final
class Operations:
    """The formulas of the operations of one evaluation, step by step as they are asked for."""

    def __init__(self) -> None:
        self._evaluation: Evaluation | None = None
        self._known: dict[tuple[str, int, bool], tuple[Pieces, ...]] = {}

    def at(self, evaluation: Evaluation, selected: str, moment: Moment) -> Pieces:
        """The operation that is done last at a moment; () where there is none."""
        if evaluation is not self._evaluation:
            self._evaluation, self._known = evaluation, {}
        part, step = place_of(evaluation, selected, moment)
        key = (part, step, moment.phase in RETURNING)
        if key not in self._known:
            self._known[key] = _formulas(evaluation, *key) if part else ()
        found = self._known[key]
        return found[min(moment.operation, len(found) - 1)] if found else ()


def _formulas(evaluation: Evaluation, part: str, step: int, returning: bool) -> tuple[Pieces, ...]:
    if not returning:
        return tuple(one.symbols for one in forward_story(evaluation.trace, part, step))
    if evaluation.gradients is None:
        return ()
    return tuple(map(_gradient, backward_story(evaluation.gradients, part, step)))


def _gradient(one: BackwardOperation) -> Pieces:
    scene = one.operation.scene
    return pieces(gradient(one.name), scene.parameters, scene.at)


def describe_moment(
    evaluation: Evaluation, selected: str, moment: Moment, operations: Operations, theme: Theme
) -> Line:
    """The step, its word and the operation, as one line."""
    colours, small = theme.colours, role_font(theme.type.hint)
    strong = role_font(theme.type.control_on)
    if moment.phase == "loss":
        loss = evaluation.loss
        name = Run(translate("Transport", "Loss"), strong, colours.tx1)
        value = "" if loss is None else "  L = " + number(loss, 3)
        return (name, Run(value, small, theme.hue("∂").text))
    if moment.phase == "update":
        taken = translate("Transport", "Update: the weights take one step down the gradient")
        return (Run(taken, strong, colours.tx1),)
    _, step = place_of(evaluation, selected, moment)
    words = words_of(evaluation, moment.phase)
    called = f"t = {step + 1}"
    if step < len(words):
        called += " " + QUOTED.format(word=_short(words[step]))
    line = (Run(called, strong, colours.tx1),)
    symbols = operations.at(evaluation, selected, moment)
    if not symbols:
        return line
    return (*line, Run(DOT, small, colours.tx3), *formula(symbols, theme, 13))


def _short(word: str, most: int = 24) -> str:
    return word if len(word) <= most else word[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"
