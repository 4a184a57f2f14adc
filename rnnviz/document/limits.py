"""How large the parts of a document may be: what a document may hold, a file may hold, and back."""

from __future__ import annotations

STEPS = 65_536
"""Time steps of a sequence."""

SIZE = 65_536
"""Units, classes, words of a vocabulary: the length of any axis."""

LAYERS = 64
"""Recurrent layers, one above the other."""

WORD = 256
"""Characters of a token, a label or the name of a column."""

LINE = 1_000
"""Characters of a title and other texts of one line."""

NOTES = 1_000_000
"""Characters of the notes."""

HOLDS = 65_536
"""Interventions."""

MOMENTS = 4_000
"""Moments of a training run."""

CELLS = 16
"""Different cells in one network."""

EQUATIONS = 64
"""Equations of a cell."""

STATES = 16
"""States of a cell."""

TERMS = 4_096
"""Terms of all derivatives of a cell together."""
