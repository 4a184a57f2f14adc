"""The picture of one cell: drawn by the graph, in an open column or over the whole canvas."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TypeAlias, final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.document.edits import HoldQuantity, ReleaseQuantity
from rnnviz.document.evaluate import Evaluation
from rnnviz.document.places import places
from rnnviz.document.single_losses import one_loss
from rnnviz.engine.cell import INPUT, PREVIOUS
from rnnviz.engine.gradients import Gradients
from rnnviz.panels.canvas.diagram import CellState, draw_cell
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.text import Line
from rnnviz.panels.cell.drawing import Board, active_way, draw_diagram, draw_numbers_of
from rnnviz.panels.cell.filled import draw_equations, draw_filled
from rnnviz.panels.cell.items import CellItem, CellNode, CellWire
from rnnviz.panels.cell.layout import diagram_of
from rnnviz.panels.cell.saying import gradient_of, value_of
from rnnviz.panels.cell.surroundings import cell_box, draw_surroundings
from rnnviz.panels.cell.told import Step, Told, told
from rnnviz.panels.changing import ValueDrag, limits
from rnnviz.panels.gestures import Drag, Item
from rnnviz.panels.panel import Panel
from rnnviz.panels.pulse import Point, in_widget
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate
from rnnviz.session.selection import Spot

PER_PX = 0.01
Find: TypeAlias = Callable[[Evaluation, int | None], Gradients | None]


def one_loss_or_all(evaluation: Evaluation, loss: int | None) -> Gradients | None:
    """The gradients of one loss alone, or of all, computed at once."""
    return evaluation.gradients if loss is None else one_loss(evaluation, loss)


@final
class CellPicture:
    """Draws the inside of a cell and says what its things are.

    It is no widget: a panel asks it to draw, hands its items back, and emits what it wishes for.
    The numbers of a step are kept until others are computed.

    Parameters
    ----------
    find : callable
        An evaluation, and the loss that is shown alone or None -> its gradients; None: not yet.

    Attributes
    ----------
    active : tuple of points
        In px of the widget: the wire of what was told last, as it was drawn; () for none.
    """

    def __init__(self, find: Find = one_loss_or_all) -> None:
        self.active: tuple[Point, ...] = ()
        self._find = find
        self._key: tuple[Evaluation, str, int, Gradients | None] | None = None
        self._step: Step | None = None

    def draw(
        self,
        painter: QPainter,
        box: QRectF,
        sight: Sight,
        part: str,
        step: int,
        hits: HitMap[Item],
    ) -> None:
        """Draw a cell with its outline into a box.

        Parameters
        ----------
        box : QRectF
            The cell's outline; at `sight.zoom` 3 the whole canvas, in which the cell stands with
            what comes in and goes out.
        part : str
            Layer and direction, such as `layer0/forward`.
        step : int
            The public time step, from 0.
        hits : HitMap
            Takes the items: `CellWire` and `CellNode`.
        """
        if sight.evaluation is None:
            return
        found = self.told(sight, part, step)
        if sight.zoom == 3:
            box = cell_box(box)
        state: CellState = "failed" if found.step.failed and found.done else "current"
        draw_cell(painter, box, sight.theme, state, opened=True)
        board = self._board(painter, box, sight, part, step)
        diagram = diagram_of(found.step.cell)
        self.active = in_widget(painter, active_way(board, diagram, found))
        if sight.zoom == 3:
            end = draw_surroundings(board, found, _token(sight, part, step))
            draw_equations(board, found, end + 24)
        draw_diagram(board, diagram, found, hits)
        draw = draw_filled if sight.zoom == 3 else draw_numbers_of
        draw(board, diagram, found, hits)

    def told(self, sight: Sight, part: str, step: int) -> Told:
        """The numbers of a step and how far the story is in it."""
        evaluation = sight.evaluation
        assert evaluation is not None
        loss = sight.selection.loss_step if sight.goes_back else None
        key = (evaluation, part, step, self._find(evaluation, loss))
        if self._step is None or key != self._key:
            self._key, self._step = key, Step(*key)
        return told(sight, part, step, self._step)

    def _board(self, painter: QPainter, box: QRectF, sight: Sight, part: str, step: int) -> Board:
        chosen = sight.selection
        unit = chosen.unit
        here = [h for h in sight.document.holds if h.path.rpartition("/")[0] == part]
        held = frozenset(
            (h.path.rpartition("/")[2], h.unit) for h in here if h.step in (None, step)
        )
        selected = chosen.symbol if chosen.part == part else ""
        return Board(
            painter, box, sight.theme, sight.zoom, part, step, unit, selected, held, sight.hover
        )

    def describe(self, item: CellItem, sight: Sight) -> Line:
        """The formula of a value with its numbers; on the way back its gradient."""
        if sight.evaluation is None:
            return ()
        found = self.told(sight, item.part, item.step)
        unit = item.unit if isinstance(item, CellWire) else sight.selection.unit
        if found.goes_back:
            return gradient_of(item.name, found, sight, unit)
        return value_of(item.name, found, sight, unit)

    def spot(self, item: CellItem, sight: Sight) -> Spot | None:
        """The number of the trace that an item stands for, where it stands for one."""
        path = f"{item.part}/{item.name}"
        if path not in places(sight.document):
            return None
        unit = item.unit if isinstance(item, CellWire) else sight.selection.unit
        return Spot(path, unit, item.step)

    def click(self, item: CellItem, sight: Sight, panel: Panel) -> None:
        """Select the quantity; what is no quantity of its own selects what it belongs to."""
        spot = self.spot(item, sight)
        if spot is not None:
            panel.selection_requested.emit({"path": spot.path, "unit": spot.unit})
            return
        operation = self.told(sight, item.part, item.step).step.operation(item.name)
        name = item.name.removesuffix(PREVIOUS) if operation is None else operation.quantity
        if name != INPUT:
            panel.selection_requested.emit({"path": f"{item.part}/{name}"})

    def drag(self, item: CellItem, at: QPointF, panel: Panel) -> Drag | None:
        """Hold a number at what the pointer says: 0.01 a px upward."""
        sight = panel.sight
        spot = self.spot(item, sight)
        found = self.told(sight, item.part, item.step)
        if spot is None or isinstance(item, CellNode) or found.goes_back:
            return None
        values = found.step.values[item.name]
        # The inspector tells what is being changed.
        panel.selection_requested.emit({"path": spot.path, "unit": spot.unit})

        def hold(value: float, gesture: int) -> None:
            panel.edit_requested.emit(
                HoldQuantity(spot.path, spot.step, value, unit=spot.unit, gesture=gesture)
            )

        value, operation = float(values[spot.unit]), found.step.operation(item.name)
        within = limits("" if operation is None else operation.kind)
        return ValueDrag(panel, at, value if isfinite(value) else 0.0, hold, PER_PX, within)

    def menu(self, item: CellItem, panel: Panel, parent: QWidget) -> list[QAction]:
        """Hold a quantity at 0 or 1, or release it."""
        sight = panel.sight
        spot = self.spot(item, sight)
        if spot is None:
            return []
        path, step, unit = spot.path, spot.step, spot.unit
        choices = [
            (translate("CellPicture", "Hold at 0"), HoldQuantity(path, step, 0.0, unit=unit)),
            (translate("CellPicture", "Hold at 1"), HoldQuantity(path, step, 1.0, unit=unit)),
        ]
        actions = []
        for text, edit in choices:
            action = QAction(text, parent)
            action.triggered.connect(lambda _=False, e=edit: panel.edit_requested.emit(e))
            actions.append(action)
        release = QAction(translate("CellPicture", "Release"), parent)
        release.setEnabled(any(h.path == path for h in sight.document.holds))
        release.triggered.connect(
            lambda: panel.edit_requested.emit(ReleaseQuantity(path, step, unit))
        )
        return [*actions, release]


def _token(sight: Sight, part: str, step: int) -> str:
    """What a step reads, in a word; the number of the step where it reads no word."""
    sequence = sight.document.sequence
    reads_words = isinstance(sequence, tuple) and not part.startswith("decoder/")
    return sequence[step] if reads_words and step < len(sequence) else f"t = {step + 1}"
