"""What the reader does to the sliders: jump, drag, turn the wheel, and back to what was before."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QPointF, QRectF

from rnnviz.document.document import Document
from rnnviz.document.edits import SetWeightMatrix
from rnnviz.panels.canvas.controls import KNOB, slider_x
from rnnviz.panels.changing import PlaceDrag, Streak
from rnnviz.panels.panel import Panel
from rnnviz.panels.weights.acting import Acting
from rnnviz.panels.weights.below import knob_track
from rnnviz.panels.weights.face import Face
from rnnviz.panels.weights.knobs import Kind, Knob, Radii

NOTCH, FINE_NOTCH = 0.05, 0.01


@final
class Sliding:
    """Turns gestures on sliders into edits.

    Parameters
    ----------
    panel : Panel
        Which wishes them.
    acting : Acting
        Checks and wishes edits.
    radii : Radii
        Keeps spectral radii.
    """

    def __init__(self, panel: Panel, acting: Acting, radii: Radii) -> None:
        self._panel, self._acting, self._radii = panel, acting, radii
        self._streak = Streak()
        self._jumped_from: Document | None = None

    def click(self, face: Face, kind: Kind, at: QPointF) -> None:
        """Jump to where the mouse is; a radius that is not known yet is computed instead."""
        knob, shown = _knob(face, kind), face.shown
        self._jumped_from = None
        if knob is None:
            return
        if knob.value is None:
            matrix = shown.array(knob.path)
            step = shown.step if shown.is_unshared else 0
            self._radii.of(shown.document.weights, knob.path, matrix, step, wait=False)
            self._panel.update()
            return
        track = _track(face, kind)
        if abs(at.x() - slider_x(track, knob.share(knob.value))) > KNOB:
            ghost = shown.sight.frame.ghost
            value = knob.at((at.x() - track.left()) / track.width())
            if self._acting.wish(shown, knob.edit(value)) and ghost is not None:
                self._jumped_from = ghost.document

    def drag(self, face: Face, kind: Kind) -> PlaceDrag | None:
        """A drag of the knob: it stands where the mouse is."""
        knob, track = _knob(face, kind), _track(face, kind)
        if knob is None or knob.value is None:
            return None

        def change(at: QPointF, gesture: int) -> None:
            value = knob.at((at.x() - track.left()) / track.width())
            self._panel.edit_requested.emit(knob.edit(value, gesture))

        return PlaceDrag(self._panel, change)

    def turn(self, face: Face, kind: Kind, notches: float, fine: bool) -> bool:
        """Change the value by the wheel."""
        knob = _knob(face, kind)
        if knob is None or knob.value is None:
            return False
        by = notches * (FINE_NOTCH if fine else NOTCH)
        edit = knob.edit(round(knob.value + by, 4), self._streak.number((kind, knob.path)))
        return self._acting.wish(face.shown, edit)

    def back(self, face: Face, kind: Kind) -> None:
        """Restore the numbers before the last edit, also where the first click of two jumped."""
        knob, source = _knob(face, kind), self._jumped_from
        if knob is None:
            return
        if source is not None:
            self._jumped_from = None
            self._panel.command_requested.emit("undo", None)
        elif face.shown.before(knob.path) is not None:
            ghost = face.shown.sight.frame.ghost
            source = None if ghost is None else ghost.document
        if source is not None and knob.path in source.weights:
            self._acting.wish(face.shown, SetWeightMatrix(knob.path, source.weights[knob.path]))


def _knob(face: Face, kind: Kind) -> Knob | None:
    return next((knob for knob in face.knobs if knob.kind == kind), None)


def _track(face: Face, kind: Kind) -> QRectF:
    place = next(n for n, knob in enumerate(face.knobs) if knob.kind == kind)
    return knob_track(face.places.knobs[place])
