"""The sentence above the open cell: what happens there, computed from the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from rnnviz.panels.canvas.text import number, size
from rnnviz.panels.graph.foot import word_of
from rnnviz.panels.graph.heads import loss_text
from rnnviz.panels.graph.numbers import Flow, Numbers
from rnnviz.panels.graph.sides import Lane
from rnnviz.panels.graph.timing import Timing
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate


@dataclass(frozen=True)
class Word:
    """A piece of a sentence, in the hue of a symbol, or in the text's colour."""

    text: str
    symbol: str = ""


@dataclass(frozen=True)
class Caption:
    """What stands above the open cell.

    Attributes
    ----------
    hint : str
        Small, above.
    sentence : tuple of Word
        Large.
    after : tuple of Word
        Below it.
    brief : tuple of Word
        In its place, where there is no room for all of it.
    is_failed : bool
        Whether the last edit should be taken back.
    """

    hint: str
    sentence: tuple[Word, ...]
    after: tuple[Word, ...] = ()
    brief: tuple[Word, ...] = ()
    is_failed: bool = False

    @property
    def text(self) -> str:
        """All of it, for screen readers."""
        parts = (
            self.hint,
            "".join(w.text for w in self.sentence),
            "".join(w.text for w in self.after),
        )
        return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


@dataclass(frozen=True, eq=False)
class Told:
    """What the sentence is about."""

    sight: Sight
    numbers: Numbers
    timing: Timing
    lane: Lane
    place: tuple[int, int]
    flow: Flow | None

    @property
    def step(self) -> int:
        """The step that is looked at."""
        return self.place[1]

    @property
    def unit(self) -> int:
        """The unit that is looked at."""
        return min(self.sight.selection.unit, self.lane.units - 1)


def template(text: str, **words: Word) -> tuple[Word, ...]:
    """A sentence in which `{name}` stands for a coloured word."""
    pieces: list[Word] = []
    for number_, part in enumerate(text.replace("}", "{").split("{")):
        if number_ % 2:
            pieces.append(words[part])
        elif part:
            pieces.append(Word(part))
    return tuple(pieces)


def caption_of(told: Told) -> Caption:
    """The caption of the moment."""
    phase = told.timing.moment.phase
    if phase == "update":
        return _of_update(told)
    if phase in ("backward", "encode_back") and told.flow is not None:
        return _of_backward(told, told.flow)
    if phase == "loss":
        return _of_loss(told)
    return _of_forward(told)


def _quoted(told: Told, step: int) -> str:
    """The word of a step, or its number where numbers are read."""
    if not isinstance(told.numbers.document.sequence, tuple):
        return translate("GraphPanel", "step {step}").format(step=step + 1)
    text = translate("GraphPanel", "“{word}”")
    return text.format(word=word_of(told.numbers, told.place[0], step))


def _of_forward(told: Told) -> Caption:
    step = told.step
    hint = translate("GraphPanel", "t = {step}   {word} arrives")
    if not isinstance(told.numbers.document.sequence, tuple):
        hint = translate("GraphPanel", "t = {step}   the next numbers arrive")
    hint = hint.format(step=step + 1, word=_quoted(told, step))
    if not told.timing.has_state(told.place[0], told.lane, step):
        text = translate("GraphPanel", "Unit {unit} stands at {value}.")
        state = (*told.lane.roads, told.lane.state)[0]
        value = told.numbers.before(told.lane, state, step, told.unit)
        return Caption(
            hint, template(text, unit=Word(str(told.unit + 1)), value=Word(number(value), state))
        )
    state = (*told.lane.roads, told.lane.state)[0]
    before = told.numbers.before(told.lane, state, step, told.unit)
    now = told.numbers.number(f"{told.lane.part}/{state}", step, told.unit)
    if not isfinite(now):
        return _of_overflow(told, hint)
    kept = float(told.numbers.kept(told.lane, state)[step, told.unit])
    sentence = _kept_and_new(told, state, (before, now), kept)
    turn = _turn(state, before, now)
    return Caption(hint, sentence, (*turn, *_answer(told)), (*turn, Word(".")))


def _of_overflow(told: Told, hint: str) -> Caption:
    """Where the numbers left their range, and the way back."""
    first = told.numbers.trace.overflow
    word = Word(translate("GraphPanel", "overflow"), "err")
    if first is None:
        text = translate("GraphPanel", "Here is an {overflow}.")
        return Caption(hint, template(text, overflow=word), is_failed=True)
    text = translate("GraphPanel", "An {overflow} began at t = {step}, in {symbol}.")
    symbol = first.path.rpartition("/")[2]
    sentence = template(
        text, overflow=word, step=Word(str(first.step + 1)), symbol=Word(symbol, symbol)
    )
    return Caption(hint, sentence, is_failed=True)


def _kept_and_new(
    told: Told, state: str, values: tuple[float, float], kept: float
) -> tuple[Word, ...]:
    """What a unit keeps of its state and what it writes; one that keeps nothing writes it anew."""
    before, now = values
    unit = Word(str(told.unit + 1))
    keeps_nothing = not told.numbers.kept(told.lane, state).any()
    if keeps_nothing:
        text = translate("GraphPanel", "Unit {unit} forgets {old} and writes {new} anew.")
        return template(
            text, unit=unit, old=Word(number(before), state), new=Word(number(now), state)
        )
    gates = {symbol for symbol, _ in told.lane.gates}
    keep = "f" if "f" in gates else "z" if "z" in gates else state
    write = "i" if "i" in gates else "g" if "g" in gates else "n" if "n" in gates else state
    share = translate("GraphPanel", "keeps {share} %").format(share=round(100 * kept))
    wrote = translate("GraphPanel", "writes {value}").format(value=number(now - kept * before))
    text = translate("GraphPanel", "Unit {unit} {keeps} of its past and {writes}.")
    return template(text, unit=unit, keeps=Word(share, keep), writes=Word(wrote, write))


def _turn(state: str, before: float, now: float) -> tuple[Word, ...]:
    """From where to where the state turned."""
    text = translate("GraphPanel", "{state} turns from {old} to {new}")
    return template(
        text, state=Word(state, state), old=Word(number(before)), new=Word(number(now), state)
    )


def _answer(told: Told) -> tuple[Word, ...]:
    numbers, step = told.numbers, told.step
    on_last = told.place[0] == len(numbers.sides) - 1
    if not on_last or step not in numbers.answers or not told.timing.has_answer(step):
        return (Word("."),)
    if numbers.is_regression:
        value = number(float(numbers.predictions(step)[0]))
        return (Word(translate("GraphPanel", "; the answer is {value}.").format(value=value)),)
    now = numbers.decoded(step)
    label, share = numbers.document.answers[now], float(numbers.predictions(step)[now])
    if step - 1 in numbers.answers:
        old = numbers.decoded(step - 1)
        if old != now:
            text = translate("GraphPanel", ": {old} becomes {new}.")
            was, label = _as_words(numbers.document.answers[old], label)
            return (Word(text.format(old=was, new=label)),)
    text = translate("GraphPanel", "; {label} is at {share}.")
    return (Word(text.format(label=_as_words(label)[0], share=number(share))),)


def _as_words(*labels: str) -> list[str]:
    """Names of classes in a sentence: letters and signs in quotes."""
    if all(len(label) > 1 and label[0].isalnum() for label in labels):
        return list(labels)
    return [f"“{label}”" for label in labels]


def _of_loss(told: Told) -> Caption:
    losses = told.numbers.losses
    hint = translate("GraphPanel", "the loss")
    if not losses:
        return Caption(hint, (Word(translate("GraphPanel", "No step has a loss.")),))
    total = sum(losses.values())
    text = translate("GraphPanel", "The loss is {total}.")
    sentence = template(text, total=Word(loss_text(total), "∂"))
    if len(losses) == 1:
        return Caption(hint, sentence)
    most = max(losses, key=lambda step: losses[step])
    side = len(told.numbers.sides) - 1
    text = translate("GraphPanel", "The largest part, {part}, arises at {word}.")
    after = template(
        text,
        part=Word(loss_text(losses[most]), "∂"),
        word=Word(f"“{word_of(told.numbers, side, most)}”"),
    )
    return Caption(hint, sentence, after)


def _of_update(told: Told) -> Caption:
    hint = translate("GraphPanel", "one step of learning")
    gradients = told.numbers.evaluation.gradients
    if gradients is None:
        return Caption(hint, ())
    norm = float((gradients.weights.vector.astype(float) ** 2).sum() ** 0.5)
    text = translate("GraphPanel", "Every weight moves against its {gradient}.")
    sentence = template(text, gradient=Word(translate("GraphPanel", "gradient"), "∂"))
    text = translate("GraphPanel", "All of them together have the norm {norm}.")
    return Caption(hint, sentence, template(text, norm=Word(size(norm), "∂")))


def _of_backward(told: Told, flow: Flow) -> Caption:
    """How much of the largest gradient behind has come this far, or that it is largest here."""
    step = told.step
    hint = translate("GraphPanel", "t = {step}   the error travels back").format(step=step + 1)
    here, there, start = _sizes(told, flow)
    word, size_ = Word(_quoted(told, step)), Word(size(here), "∂")
    if not isfinite(here) or not isfinite(there):
        text = translate("GraphPanel", "The gradient overflows at {word}: {size}.")
        return Caption(hint, template(text, word=word, size=size_))
    if not there > 0:
        text = translate("GraphPanel", "No error has come to {word} yet.")
        return Caption(hint, template(text, word=word))
    if start == step:
        text = translate("GraphPanel", "The gradient is {size} at {word}.")
        return Caption(hint, template(text, word=word, size=size_), _largest(told, flow))
    share = translate("GraphPanel", "{share} %").format(share=_percent(here / there))
    text = translate("GraphPanel", "{share} of the gradient is left at {word}.")
    sentence = template(text, share=Word(share, "∂"), word=word)
    text = translate("GraphPanel", "{there} at {word}, {here} here; thicker = larger")
    after = text.format(there=size(there), word=_quoted(told, start), here=size(here))
    return Caption(hint, sentence, (Word(after),))


def _sizes(told: Told, flow: Flow) -> tuple[float, float, int]:
    """The gradient here, the largest that the way back has met, and where that was."""
    lane, step = told.lane, told.step
    path = f"{lane.part}/{lane.state}"
    steps = told.numbers.sides[told.place[0]].steps
    behind = range(step + 1) if lane.is_backward else range(step, steps)
    start = max(behind, key=lambda t: (flow.norm(path, t), t == step))
    return flow.norm(path, step), flow.norm(path, start), start


def _largest(told: Told, flow: Flow) -> tuple[Word, ...]:
    """Why it is largest here: by the error of this very step, or by growing on its way."""
    own = flow.output(told.lane, (told.lane,), told.step)
    if own > 0 and not told.lane.is_backward:
        text = translate("GraphPanel", "{own} comes from this answer; thicker = larger")
        return (Word(text.format(own=size(own))),)
    return (Word(translate("GraphPanel", "It has grown on its way; thicker = larger")),)


def _percent(share: float) -> str:
    if share >= 0.0095:
        return number(100 * share, 0)
    return size(100 * share)
