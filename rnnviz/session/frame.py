"""A frame: everything that the panels draw at one moment, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from rnnviz.document.document import Document
from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.trace import Trace


@final
@dataclass(frozen=True, eq=False)
class Frame:
    """What the panels draw; they compare its parts with `is`.

    Attributes
    ----------
    document : Document
        What is shown: the open document, or in a preview the same with other weights.
    evaluation : Evaluation or None
        What was computed; of an older document while the frame is stale. None for an empty
        sequence, and before the first answer.
    stale : bool
        Whether the evaluation is still that of an older document.
    ghost : Frame or None
        What was seen before the last edit; it is not stale and has no ghost itself.
    preview : bool
        Whether the weights are those of a moment of training in place of the document's own.
    """

    document: Document
    evaluation: Evaluation | None = None
    stale: bool = False
    ghost: Frame | None = None
    preview: bool = False

    @property
    def trace(self) -> Trace | None:
        """The forward pass."""
        return None if self.evaluation is None else self.evaluation.trace

    @property
    def gradients(self) -> Gradients | None:
        """The backward pass."""
        return None if self.evaluation is None else self.evaluation.gradients

    def as_seen(self) -> Frame | None:
        """A ghost of this frame: the last document whose numbers were seen, with these numbers.

        None where no numbers were seen.
        """
        if self.evaluation is None:
            return None
        return Frame(self.evaluation.document, self.evaluation, preview=self.preview)
