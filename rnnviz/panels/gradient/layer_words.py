"""What another layer is called beside its curve."""

from __future__ import annotations

from rnnviz.panels.texts import translate


def layer_words(part: str, both: bool) -> str:
    """A layer in words, such as `layer 2`; with an arrow where it reads in both directions."""
    pieces = part.split("/")
    number = int(pieces[-2].removeprefix("layer")) + 1
    text = translate("GradientPanel", "layer {number} {arrow}")
    if pieces[0] == "encoder":
        text = translate("GradientPanel", "encoder {number} {arrow}")
    elif pieces[0] == "decoder":
        text = translate("GradientPanel", "decoder {number} {arrow}")
    return text.format(number=number, arrow="⇄" if both else "").rstrip()
