"""What curves need to know of an upright axis, whatever its scale."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias

Standing: TypeAlias = Literal["within", "over", "under", "nothing"]
"""Of a value on an axis; 0 stands nowhere on a logarithmic one, as it has no logarithm."""


class Upright(Protocol):
    """An upright axis."""

    def standing(self, value: float) -> Standing:
        """Where a value stands: within the axis, beyond an end, or nowhere."""

    def place(self, value: float) -> float:
        """Its place in px; what lies outside is put at the end, what is no number at the top."""
