"""What a panel is: it shows sights and says what its reader wishes, and changes nothing."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import ClassVar, Literal, final

from PySide6.QtCore import QRectF, QSizeF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate

Area = Literal["canvas", "transport", "side", "dock"]
_GESTURES = count(1)

GROWN = 18 / 11
"""How much larger a picture that `grows` is when presenting: its smallest letters are 18 px."""


@final
@dataclass(frozen=True)
class PanelInfo:
    """What the program knows of a panel before it is made.

    Attributes
    ----------
    id : str
        Its name in files and commands.
    title : str
        In English; it is translated where it is shown.
    area : "canvas", "transport", "side" or "dock"
        Where it stands at first: in the middle, below it, at the right, or at the foot.
    help : str
        One or two sentences: what it shows, and what can be done with it. In English.
    shown : bool
        Whether it is unfolded at first.
    width : int
        Its share of its row, in px at a width of 1440.
    """

    id: str
    title: str
    area: Area
    help: str
    shown: bool = True
    width: int = 290

    @property
    def caption(self) -> str:
        """The title in the reader's language."""
        return translate("PanelInfo", self.title)


class AbstractWidget(type(QWidget), ABCMeta):  # type: ignore[misc] # Qt's class of classes
    """The class of abstract widgets.

    Qt's class of classes leaves out what `abc` keeps for virtual subclasses; there are none here.
    """

    __instancecheck__ = type.__instancecheck__
    __subclasscheck__ = type.__subclasscheck__


class Panel(QWidget, metaclass=AbstractWidget):
    """A part of the Lab.

    Parameters
    ----------
    sight : Sight
        What is shown first.
    parent : QWidget, optional
        The owner.

    Attributes
    ----------
    legend : callable or None
        Draws a legend into a box at the right of the title's line.
    """

    info: ClassVar[PanelInfo]
    grows: ClassVar[bool] = False
    """Whether the whole picture is drawn larger when presenting; it then draws into its `room`."""

    edit_requested = Signal(object)
    """The reader wishes an `Edit`."""
    edits_requested = Signal(object, str)
    """Several edits as one step of undo, and what it is called."""
    selection_requested = Signal(dict)
    """Fields of `Selection` that the reader chose."""
    hover_requested = Signal(object)
    """The mouse is over a `Spot`, or None."""
    moment_requested = Signal(object)
    """The playhead is to go to a `Moment`."""
    command_requested = Signal(str, object)
    """An action of the program by its name, such as "play", with an argument or None."""
    hint_requested = Signal(str)
    """A sentence for the status bar: what was done, or what can be done here."""
    refused = Signal(str)
    """What the reader wished for cannot be done: a sentence that says why."""
    caption_changed = Signal()
    """The line of the title looks otherwise now: the caption, or the legend."""

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sight, self._caption = sight, self.info.caption
        self.legend: Callable[[QPainter, QRectF], None] | None = None
        self.setObjectName(self.info.id)
        self.setAccessibleName(self.info.caption)
        self.setAccessibleDescription(translate("PanelInfo", self.info.help))

    @property
    def sight(self) -> Sight:
        """What is shown."""
        return self._sight

    @property
    def caption(self) -> str:
        """The title that stands above the panel: that of its `info`, unless it has another now."""
        return self._caption

    @final
    def set_caption(self, caption: str) -> None:
        """Stand under another title."""
        if caption != self._caption:
            self._caption = caption
            self.setAccessibleName(caption)
            self.caption_changed.emit()

    @property
    def grown(self) -> float:
        """How many px there are to a unit of the drawing."""
        if not self.sight.present:
            return 1.0
        return self.sight.scale * (GROWN if self.grows else 1.0)

    @property
    def room(self) -> QSizeF:
        """The size of the panel in the units of the drawing."""
        return QSizeF(self.size()) / self.grown

    @final
    def draw_grown(
        self, painter: QPainter, box: QRectF, draw: Callable[[QPainter, QRectF], None]
    ) -> None:
        """Draw into a box, such as that of the legend, as large as the picture is drawn."""
        painter.save()
        painter.scale(self.grown, self.grown)
        draw(painter, QRectF(box.topLeft() / self.grown, box.size() / self.grown))
        painter.restore()

    @final
    def show_sight(self, sight: Sight) -> None:
        """Show something else."""
        before, self._sight = self._sight, sight
        if sight is not before:
            self._follow(sight, before)

    @abstractmethod
    def _follow(self, now: Sight, before: Sight) -> None:
        """Bring the widgets up to a new sight; what is the same object need not be looked at."""


def next_gesture() -> int:
    """A number for a drag or a run of typing, so that its edits are one step of undo."""
    return next(_GESTURES)
