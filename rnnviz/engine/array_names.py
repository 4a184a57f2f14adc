"""The names of the arrays of a run; a colon, which no equation holds, marks those of the engine.

A quantity that has an array to itself stands under its own name; the rest is named here, so that a
cell may call a quantity `sums` or `product`.
"""

from __future__ import annotations

SUMS = ":sums"
"""All weighted sums side by side."""
GATES = ":gates"
"""What squashing functions make of them, in the same order."""
SLOPES = ":slopes"
"""The derivatives of those functions."""
COEFFICIENTS = ":coefficients"
"""The elementwise derivatives that the loop back through time multiplies with."""

ADJOINT = "d:"
"""Before the name of an array: the gradient by it."""
SLOPE = "slope:"
"""Before a quantity: the derivative of its squashing function."""
FREE = "free:"
"""Before a quantity that may be held: 1 where it is not, 0 where it is."""
VALUE = "value:"
"""Before a quantity that may be held: at what it is held."""
WHERE = "where:"
"""Before a quantity that may be held: whether it is."""
SCRATCH = "scratch:"
"""Before a number: room for a part of an expression."""
PRODUCT = "product:"
"""Before a number of columns: room for a product with a matrix."""
NUMBER = "number:"
"""Before a constant of the equations."""
MATRIX = "matrix:"
"""Before what enters a product: the matrices that multiply it."""
TRANSPOSED = "transposed:"
"""The same, transposed."""
COPY = "copy:"
"""Before a slab of weights: its copy beside the values."""

D_SUMS = ADJOINT + SUMS
D_GATES = ADJOINT + GATES


def kind(name: str) -> str:
    """The first part of a name with its colon, such as `d:`; "" for a quantity."""
    first, colon, _ = name.partition(":")
    return first + colon if colon else ""
