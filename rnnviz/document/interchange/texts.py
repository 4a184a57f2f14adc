"""Words of a model as literals of generated code, in which nothing can be taken for code."""

from __future__ import annotations

from collections.abc import Iterator

from rnnviz.document.interchange.model import Model


def python_literal(text: str) -> str:
    """The text as Python writes it: nothing in it can end the string."""
    return repr(str(text)) if text.isprintable() else ascii(str(text))


def python_words(model: Model) -> Iterator[str]:
    """Lines that name the title, the vocabulary and the labels, where there are any."""
    if model.title:
        yield f"TITLE = {python_literal(model.title)}"
    for name, words in (("VOCABULARY", model.vocabulary), ("LABELS", model.labels)):
        if words is not None:
            yield from (f"{name} = [", *(f"    {python_literal(word)}," for word in words), "]")
