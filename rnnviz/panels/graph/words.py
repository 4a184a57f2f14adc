"""What every item of the graph says: in its tip, to a screen reader, and when it is copied."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.panels.canvas.text import Line, number, run, size, symbol
from rnnviz.panels.graph.foot import is_known, word_of
from rnnviz.panels.graph.heads import loss_text
from rnnviz.panels.graph.items import (
    AddChip,
    Attended,
    Badge,
    CellBox,
    Chip,
    Crumb,
    GateBar,
    InputCell,
    MoreUnits,
    OutputRow,
    Overview,
    Road,
    StateCell,
    StateNorm,
    UndoButton,
    UnitChip,
    ZoomButton,
)
from rnnviz.panels.graph.saying import Told
from rnnviz.panels.graph.sides import Lane, lane_of
from rnnviz.panels.texts import translate


@dataclass(frozen=True, eq=False)
class Sayer:
    """Says items of what is shown."""

    told: Told

    def say(self, item: object) -> Line:
        """What an item says; nothing for one that is gone."""
        match item:
            case Chip(side, step):
                return self._chip(side, step)
            case InputCell() | StateCell() | StateNorm() | GateBar() | Road() | CellBox():
                return self._of_cell(item)
            case OutputRow() | Badge():
                return self._of_head(item)
            case Attended(step, source):
                return self._attended(step, source)
            case UnitChip(unit):
                return self._unit(unit)
            case _:
                return self.plain(_plain(item, self.told))

    def plain(self, text: str) -> Line:
        """Text in the colour of tips."""
        theme = self.told.sight.theme
        return (run(text, theme.type.control, theme.colours.tx1),) if text else ()

    def named(self, letter: str, step: int, text: str) -> Line:
        """A symbol with its step, and text behind it."""
        theme = self.told.sight.theme
        return (*symbol(letter, str(step + 1), theme, 13), *self.plain(text))

    def _chip(self, side: int, step: int) -> Line:
        numbers = self.told.numbers
        if step >= numbers.sides[side].steps:
            return ()
        word = word_of(numbers, side, step)
        text = translate("GraphPanel", "“{word}”, t = {step}")
        if not is_known(numbers, side, step):
            text = translate("GraphPanel", "“{word}”, t = {step}: not in the vocabulary")
        elif not isinstance(numbers.document.sequence, tuple):
            text = translate("GraphPanel", "step {step}")
        return self.plain(text.format(word=word, step=step + 1))

    def _of_cell(self, item: InputCell | StateCell | StateNorm | GateBar | Road | CellBox) -> Line:
        numbers = self.told.numbers
        match item:
            case InputCell(side, step, unit):
                path = f"{numbers.sides[side].first}/x"
                return self._value(path, step, unit)
            case StateCell(path, step, unit):
                return self._value(path, step, unit)
            case GateBar(part, step, name):
                return self._value(f"{part}/{name}", step, self._unit_in(part))
            case Road(part, state, step):
                return self._road(part, state, step)
            case StateNorm(part, state, step):
                return self._norm(part, state, step)
            case CellBox(part, step):
                lane = lane_of(numbers.sides, part)[1]
                text = translate("GraphPanel", "{cell}, t = {step}")
                return self.plain(text.format(cell=lane.cell.title, step=step + 1))

    def _unit_in(self, part: str) -> int:
        lane: Lane = lane_of(self.told.numbers.sides, part)[1]
        return min(self.told.sight.selection.unit, lane.units - 1)

    def _value(self, path: str, step: int, unit: int) -> Line:
        values = self.told.numbers.values(path)
        if step >= len(values) or unit >= values.shape[1]:
            return ()
        name = path.rpartition("/")[2]
        letter = {"output": "h", "context": "h"}.get(name, name)
        text = translate("GraphPanel", " unit {unit} = {value}")
        if name == "x":
            text = translate("GraphPanel", " number {unit} = {value}")
            text = self._column(unit) or text
        text = text.format(unit=unit + 1, value=number(float(values[step, unit])))
        if self._is_held(path, step, unit):
            text += translate("GraphPanel", ", held")
        if self.told.flow is not None:
            gradient = size(self.told.flow.value(path, step, unit), 3)
            text += translate("GraphPanel", ", gradient {gradient}").format(gradient=gradient)
        return self.named(letter, step, text)

    def _column(self, unit: int) -> str:
        columns = self.told.numbers.document.columns
        if unit >= len(columns):
            return ""
        return " " + columns[unit].replace("{", "").replace("}", "") + " = {value}"

    def _is_held(self, path: str, step: int, unit: int) -> bool:
        return any(
            h.path == path and h.step == step and h.unit in (None, unit)
            for h in self.told.numbers.document.holds
        )

    def _road(self, part: str, state: str, step: int) -> Line:
        numbers, flow = self.told.numbers, self.told.flow
        steps = len(numbers.values(f"{part}/{state}"))
        if not 0 <= step < steps:
            return self.named(state, step, translate("GraphPanel", " before the first step"))
        if flow is not None:
            text = translate("GraphPanel", " sends back a gradient of the norm {norm}")
            return self.named(state, step, text.format(norm=size(flow.edge(part, state, step), 3)))
        return self._value(f"{part}/{state}", step, self._unit_in(part))

    def _norm(self, part: str, state: str, step: int) -> Line:
        flow, path = self.told.flow, f"{part}/{state}"
        if flow is None or step >= len(self.told.numbers.values(path)):
            return ()
        text = translate("GraphPanel", " has a gradient of the norm {norm}")
        return self.named(state, step, text.format(norm=size(flow.norm(path, step), 3)))

    def _of_head(self, item: OutputRow | Badge) -> Line:
        numbers, step = self.told.numbers, item.step
        if step not in numbers.answers:
            return ()
        if isinstance(item, OutputRow):
            return self._output(step, item.index)
        loss = numbers.losses.get(step)
        if loss is None:
            return ()
        target = numbers.target(step)
        kind = getattr(numbers.trace.network.head, "kind", "")
        if target is None or kind != "softmax":
            text = translate("GraphPanel", "loss of step {step} = {loss}")
            return self.plain(text.format(step=step + 1, loss=loss_text(loss)))
        text = translate("GraphPanel", "−log p({label}) = −log {p} = {loss}")
        share = size(float(numbers.predictions(step)[target]), 3)
        label = numbers.document.answers[target]
        return self.plain(text.format(label=label, p=share, loss=loss_text(loss)))

    def _output(self, step: int, index: int) -> Line:
        numbers = self.told.numbers
        values = numbers.predictions(step)
        if index >= len(values):
            return ()
        label, value = numbers.document.answers[index], float(values[index])
        if numbers.is_regression:
            text = translate("GraphPanel", "{label} = {value}").format(
                label=label, value=number(value, 3)
            )
            aim = numbers.aim(step)
            if aim is not None:
                text += translate("GraphPanel", ", should be {aim}").format(
                    aim=number(float(aim[index]), 3)
                )
            return self.plain(text)
        row = 0 if numbers.trace.network.single else step
        logit = float(numbers.values("head/outputs")[row, index])
        text = translate("GraphPanel", "{label}: p = {p}, output {logit}")
        text = text.format(label=label, p=number(value, 3), logit=number(logit))
        if index == numbers.target(step):
            text += translate("GraphPanel", ", the target")
        return self.plain(text)

    def _attended(self, step: int, source: int) -> Line:
        weights = self.told.numbers.attention
        if weights is None or step >= len(weights) or source >= weights.shape[1]:
            return ()
        text = translate("GraphPanel", "step {step} looks at “{word}” with {share}")
        word = word_of(self.told.numbers, 0, source)
        share = number(float(weights[step, source]))
        return self.plain(text.format(step=step + 1, word=word, share=share))

    def _unit(self, unit: int) -> Line:
        lane, step = self.told.lane, self.told.step
        if unit >= lane.units:
            return ()
        parts = [
            f"{state} = {number(self.told.numbers.number(f'{lane.part}/{state}', step, unit))}"
            for state in lane.cell.states
        ]
        text = translate("GraphPanel", "unit {unit}: {values}")
        return self.plain(text.format(unit=unit + 1, values=", ".join(parts)))


def _plain(item: object, told: Told) -> str:
    """The words of what stands around the graph."""
    match item:
        case AddChip():
            return translate("GraphPanel", "Add a step")
        case UndoButton():
            return translate("GraphPanel", "Undo the last edit")
        case MoreUnits():
            return translate("GraphPanel", "Other units")
        case Overview(step):
            text = translate("GraphPanel", "t = {step} of {steps}")
            return text.format(step=step + 1, steps=told.numbers.sides[told.place[0]].steps)
        case ZoomButton(name):
            return {
                "smaller": translate("GraphPanel", "Smaller"),
                "whole": translate("GraphPanel", "100 %"),
                "larger": translate("GraphPanel", "Larger"),
                "fit": translate("GraphPanel", "Fit into the window"),
            }[name]
        case Crumb(zoom):
            if zoom == 3:
                return ""
            return translate("GraphPanel", "Back to the sequence")
    return ""
