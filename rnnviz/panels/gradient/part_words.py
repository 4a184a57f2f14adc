"""What a layer and direction are called."""

from __future__ import annotations

from rnnviz.panels.texts import translate


def part_words(part: str, arrow: str | None = None) -> str:
    """A layer and direction in words, such as `layer 2 ←`.

    Parameters
    ----------
    part : str
        Such as `layer1/backward`.
    arrow : str, optional
        What stands in place of the direction; may be empty.
    """
    pieces = part.split("/")
    number = int(pieces[-2].removeprefix("layer")) + 1
    if arrow is None:
        arrow = "←" if pieces[-1] == "backward" else "→"
    text = translate("GradientPanel", "layer {number} {arrow}")
    if pieces[0] == "encoder":
        text = translate("GradientPanel", "encoder {number} {arrow}")
    elif pieces[0] == "decoder":
        text = translate("GradientPanel", "decoder {number} {arrow}")
    return text.format(number=number, arrow=arrow).rstrip()
