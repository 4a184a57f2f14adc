"""The engine's errors: each names what came, what was expected and what to do."""

from __future__ import annotations


class EngineError(ValueError):
    """An argument that the engine cannot use."""


class ShapeError(EngineError):
    """An array whose shape does not fit."""

    def __init__(self, argument: str, came: tuple[int, ...], expected: str) -> None:
        super().__init__(f"{argument}: the shape is {came}, expected {expected}")


class UnknownError(EngineError):
    """A name that is none of those that exist."""

    def __init__(self, argument: str, came: object, known: object) -> None:
        names = ", ".join(map(str, known)) if isinstance(known, (tuple, list)) else str(known)
        super().__init__(f"{argument}: {came!r} is not known; choose one of: {names}")
