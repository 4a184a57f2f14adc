"""Draws every cell: ``python -m tests.panels.cell_gallery OUT.png --theme dark --zoom 2``."""

from __future__ import annotations

import argparse
import os
import sys

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from rnnviz.app.window.stage import Stage
from rnnviz.document.edits import SetCell
from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import CELLS
from rnnviz.panels.canvas.colour import qcolor
from rnnviz.panels.canvas.fonts import load_fonts
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.theme import theme
from rnnviz.panels.cell import CellPicture
from rnnviz.panels.gestures import Item
from rnnviz.session.moments import Moment
from rnnviz.session.session import Session
from tests.panels.looking import sample
from tests.session.support import Inline

MINIMAL = define(
    "minimal",
    "Minimal gated unit",
    """
    f = sigmoid(W_f @ x + U_f @ h_prev + b_f)
    n = tanh(W_n @ x + U_n @ (f * h_prev) + b_n)
    h = (1 - f) * h_prev + f * n
    """,
)
ALL: tuple[Cell, ...] = (*CELLS, MINIMAL)
PART = "layer0/forward"


def main() -> int:
    """Draw all cells into one picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--zoom", type=int, default=2)
    parser.add_argument("--phase", default="forward")
    parser.add_argument("--operation", type=int, default=None)
    parser.add_argument("--cells", default="")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _application = QApplication(sys.argv[:1])
    load_fonts()
    look = theme(arguments.theme)
    chosen = [c for c in ALL if not arguments.cells or c.name in arguments.cells.split(",")]
    wide, high = (470, 300) if arguments.zoom == 2 else (1080, 720)
    columns = 3 if arguments.zoom == 2 else 1
    rows = -(-len(chosen) // columns)
    image = QImage(wide * columns, high * rows, QImage.Format.Format_RGB32)
    image.fill(qcolor(look.colours.bg0))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, cell in enumerate(chosen):
            session = Session(sample("not_happy"), executors=lambda _: Inline())
            session.apply(SetCell(cell))
            session.clear_ghost()
            stage = Stage(session, look)
            playhead = session.view.playhead
            last = playhead.story.operations(arguments.phase, 2) - 1
            wanted = last if arguments.operation is None else arguments.operation
            playhead.go_to(Moment(arguments.phase, 2, wanted))
            session.view.selector.select(unit=5)
            stage.change(zoom=arguments.zoom)
            x, y = number % columns * wide, number // columns * high
            box = QRectF(x + 30, y + 20, 408, 256)
            if arguments.zoom == 3:
                box = QRectF(x, y, 1080, 720)
            hits: HitMap[Item] = HitMap()
            CellPicture().draw(painter, box, stage.sight, PART, 2, hits)
    image.save(arguments.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
