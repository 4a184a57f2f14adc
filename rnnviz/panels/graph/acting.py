"""What the reader does to the graph with the mouse and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from PySide6.QtCore import QRectF

from rnnviz.panels.cell.items import CellNode, CellWire
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph import items as of
from rnnviz.panels.graph.plan import LARGEST, SMALLEST
from rnnviz.panels.graph.present import calmed
from rnnviz.panels.graph.saying import Told
from rnnviz.panels.graph.sides import lane_of
from rnnviz.panels.graph.wishing import Wishing
from rnnviz.panels.texts import translate
from rnnviz.session.moments import Moment, Phase
from rnnviz.session.telling import public_step

if TYPE_CHECKING:
    from rnnviz.panels.graph.panel import GraphPanel

STEP = 1.25
"""By how much a press of a zoom button scales."""


@final
class Acting:
    """Turns gestures into wishes.

    Parameters
    ----------
    panel : GraphPanel
        Where.
    wishing : Wishing
        Wishes edits.
    """

    def __init__(self, panel: GraphPanel, wishing: Wishing) -> None:
        self._panel, self._wishing = panel, wishing

    def _told(self) -> Told | None:
        return self._panel.look.told(self._panel.sight)

    # ----------------------------------------------------------------------------------- clicks

    def click(self, item: Item) -> None:
        """Do what a click on an item does."""
        panel = self._panel
        if panel.sight.present:
            item = calmed(item, self._told())
        match item:
            case CellWire() | CellNode():
                panel.look.cell.click(item, panel.sight, panel)
            case of.StateCell(path, _, unit) if "/" in path:
                self.select(path, unit)
            case of.GateBar(part, step, symbol):
                self.select(f"{part}/{symbol}")
                self.go_to(part, step)
            case of.CellBox(part, step):
                self._visit(part, step)
            case of.Road(part, state, _):
                self.select(f"{part}/{state}")
            case _:
                self._click_around(item)

    def _click_around(self, item: Item) -> None:
        """Clicks on what is read and what is answered."""
        match item:
            case of.Chip(side, step):
                self.edit_word(side, step)
            case of.AddChip():
                self.insert_word(self._panel.sight.frame.document.steps)
            case of.InputCell(side, step, unit):
                self._type_input(item, side, step, unit)
            case of.OutputRow(step, index):
                self._aim(item, step, index)
            case of.Badge():
                self.show_loss()
            case _:
                self._click_button(item)

    def _click_button(self, item: Item) -> None:
        """Clicks on what stands around the graph."""
        panel = self._panel
        match item:
            case of.UnitChip(unit):
                panel.selection_requested.emit({"unit": unit})
            case of.MoreUnits(by):
                self.move_unit(by)
            case of.ZoomButton(name):
                self.scale(name)
            case of.UndoButton():
                panel.command_requested.emit("undo", None)
            case of.Crumb(zoom):
                panel.command_requested.emit("zoom", zoom)
            case of.Overview(step):
                self.go_to(self.part, step)

    def select(self, path: str, unit: int | None = None) -> None:
        """Select a quantity, and a unit of it."""
        parts: dict[str, object] = {"path": path}
        if unit is not None:
            parts["unit"] = unit
        self._panel.selection_requested.emit(parts)

    def _visit(self, part: str, step: int) -> None:
        """Go to a step; the cell that is looked at opens instead."""
        told = self._told()
        if told is None:
            return
        is_here = told.lane.part == part and told.step == step
        if is_here:
            if self._panel.sight.zoom == 1:
                self._panel.command_requested.emit("zoom", 2)
            return
        if told.lane.part != part:
            lane = lane_of(told.numbers.sides, part)[1]
            self.select(f"{part}/{lane.state}")
        self.go_to(part, step)

    def go_to(self, part: str, step: int) -> None:
        """Take the playhead to a step, forward or on the way back."""
        sight, told = self._panel.sight, self._told()
        if told is None:
            return
        side = lane_of(told.numbers.sides, part)[0]
        steps = told.numbers.sides[side].steps
        encodes = told.numbers.sides[side].name == "encoder"
        back: Phase = "encode_back" if encodes else "backward"
        phase: Phase = "encode" if encodes else "forward"
        if sight.moment.phase in ("backward", "encode_back") and sight.story.length(back):
            phase = back
        place = public_step(part, step, steps)
        moment = Moment(phase, place, sight.story.operations(phase, place) - 1)
        if sight.selection.step is not None:
            self._panel.selection_requested.emit({"step": None})
        self._panel.moment_requested.emit(moment)

    @property
    def part(self) -> str:
        """The layer and direction that is looked at."""
        told = self._told()
        return "" if told is None else told.lane.part

    def show_loss(self) -> None:
        """Open the panel of the losses, and go to where they are known."""
        sight = self._panel.sight
        self._panel.command_requested.emit("show_panel", "losses")
        told = self._told()
        if told is not None and not told.timing.has_loss and sight.story.length("loss"):
            self._panel.moment_requested.emit(Moment("loss", sight.story.steps - 1, 0))

    def _aim(self, item: Item, step: int, index: int) -> None:
        told, box = self._told(), self._panel.hits.box_of(item)
        if told is None or box is None:
            return
        if not told.numbers.is_regression:
            self._wishing.set_target(step, index)
            return
        aim = told.numbers.aim(step)
        value = float("nan") if aim is None else float(aim[index])
        name = translate("GraphPanel", "What should be answered")
        self._panel.entry.ask(box, value, name, lambda new: self._wishing.set_aim(step, index, new))

    def _type_input(self, item: Item, side: int, step: int, unit: int) -> None:
        told, box = self._told(), self._panel.hits.box_of(item)
        if told is None or box is None:
            return
        if self._wishing.reads_words or side:
            self.go_to(told.numbers.sides[side].lanes[0].part, step)
            return
        value = told.numbers.number(f"{told.numbers.sides[0].first}/x", step, unit)
        place = QRectF(box.center().x() - 48, box.top() - 3, 96, 27)
        self._panel.entry.ask(
            place,
            value,
            translate("GraphPanel", "Input"),
            lambda new: self._wishing.set_input(step, unit, new),
        )

    def scale(self, name: str) -> None:
        """Make the graph smaller or larger, or fit it."""
        look = self._panel.look
        now = look.plan.scale if look.plan is not None else 1.0
        wanted = {"smaller": now / STEP, "larger": now * STEP, "whole": 1.0, "fit": None}[name]
        look.scale = None if wanted is None else min(max(wanted, SMALLEST), LARGEST)
        self._panel.update()

    def move_unit(self, by: int) -> None:
        """Choose another unit."""
        told = self._told()
        if told is not None:
            unit = min(max(told.unit + by, 0), told.lane.units - 1)
            self._panel.selection_requested.emit({"unit": unit})

    # ------------------------------------------------------------------------------------ words

    def edit_word(self, side: int, step: int) -> None:
        """Let the word of a column be typed; of numbers, go there."""
        told = self._told()
        if told is None:
            return
        box = self._panel.hits.box_of(of.Chip(side, step))
        if side or not self._wishing.reads_words or box is None:
            self.go_to(told.numbers.sides[side].lanes[0].part, step)
            return
        sequence = self._wishing.document.sequence
        if isinstance(sequence, tuple) and step < len(sequence):
            self._panel.field.ask(box, step, sequence[step], insert=False)

    def insert_word(self, step: int) -> None:
        """Let a word be typed that comes before a step, or at the end."""
        if not self._wishing.reads_words:
            self._wishing.add_step(step)
            return
        hits = self._panel.hits
        box = hits.box_of(of.Chip(0, step)) or hits.box_of(of.AddChip())
        box = box or hits.box_of(of.Chip(0, step - 1))
        if box is None:
            middle = QRectF(self._panel.rect()).center()
            box = QRectF(middle.x() - 64, middle.y(), 128, 32)
        self._panel.field.ask(box, step, "", insert=True)
