"""The story of one step, operation by operation, forward and backward, with its texts and numbers.

`forward_story` and `backward_story` give every operation; `equation_lines` and `gradient_lines`
give what an inspector shows of one quantity.
"""

from __future__ import annotations

from rnnviz.engine.story.backward import backward_story
from rnnviz.engine.story.backward_operation import BackwardOperation
from rnnviz.engine.story.contribution import Contribution
from rnnviz.engine.story.forward import forward_story
from rnnviz.engine.story.gradient_lines import GradientLines, gradient_lines
from rnnviz.engine.story.lines import Lines, Term, equation_lines
from rnnviz.engine.story.operation import Operand, Operation
from rnnviz.engine.story.sources import Part, Split

__all__ = [
    "BackwardOperation",
    "Contribution",
    "GradientLines",
    "Lines",
    "Operand",
    "Operation",
    "Part",
    "Split",
    "Term",
    "backward_story",
    "equation_lines",
    "forward_story",
    "gradient_lines",
]
