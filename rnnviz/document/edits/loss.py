"""Edits of targets, of the loss, and of what is done with its gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

import numpy as np

from rnnviz.document.document import Clip, Document, Targets, read_only
from rnnviz.document.edits.base import Edit
from rnnviz.document.edits.fitting import refitted
from rnnviz.document.same import same
from rnnviz.document.texts import one_line, tr
from rnnviz.engine.losses import LossSteps


@final
@dataclass(frozen=True, eq=False)
class SetTargets(Edit):
    """Say what the network should answer; see `Document.targets`. None takes the targets away."""

    targets: Targets

    def __post_init__(self) -> None:
        """Make numbers read-only."""
        if isinstance(self.targets, np.ndarray):
            object.__setattr__(self, "targets", read_only(self.targets))

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Set the targets") if self.targets is not None else tr("Remove the targets")

    def _on(self, document: Document) -> Document:
        targets = self.targets
        if isinstance(targets, tuple) and document.target_vocabulary is not None:
            targets = tuple(one_line(token or "") for token in targets)
        found = refitted(document, targets=targets)
        if not same(found.targets, targets):
            # What was dropped were the new targets: say why.
            return document.changed(targets=targets, loss_steps="every", holds=())
        return found


@final
@dataclass(frozen=True, eq=False)
class SetLossSteps(Edit):
    """Choose the steps whose loss counts: "last", "every", or their numbers."""

    steps: LossSteps

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        if self.steps == "last":
            return tr("Loss at the last step")
        return tr("Loss at every step") if self.steps == "every" else tr("Loss at chosen steps")

    def _on(self, document: Document) -> Document:
        steps = self.steps
        if not isinstance(steps, str):
            steps = tuple(sorted(set(steps)))
        return document.changed(loss_steps=steps)


@final
@dataclass(frozen=True, eq=False)
class SetClip(Edit):
    """Choose how the gradient of the weights is cut; see `Clip`."""

    kind: Literal["none", "norm", "value"]
    limit: float = 1.0

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        if self.kind == "none":
            return tr("No clipping")
        return tr("Clip at {limit}").format(limit=f"{self.limit:.3g}")

    def _on(self, document: Document) -> Document:
        return document.changed(clip=Clip(self.kind, float(self.limit)))


@final
@dataclass(frozen=True, eq=False)
class SetTruncation(Edit):
    """Let the error of a loss travel back through `steps` steps; None for all."""

    steps: int | None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        if self.steps is None:
            return tr("No truncation")
        return tr("Truncate at {steps} steps").format(steps=self.steps)

    def _on(self, document: Document) -> Document:
        return document.changed(truncate=self.steps)
