"""The door through which the panels' texts pass on their way to the reader's language.

Within a `QObject` it is `self.tr("...")`; elsewhere `translate("Context", "...")`. The text must
stand in the call as it is: what changes is put in afterwards with `format`, and a special character
is written itself, as the translators' tool does not understand its name in braces.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def noop(context: str, text: str) -> str:
    """The text as it is, marked for the translators because it is translated where it is shown.

    Qt calls this `QT_TRANSLATE_NOOP`; its tool is told so by `-tr-function-alias`.
    """
    assert context
    return text


def tip_text(text: str) -> str:
    """Plain text for one of Qt's tips, which takes for HTML whatever looks like it."""
    return f'<span style="white-space: pre-wrap">{escape(text)}</span>' if "<" in text else text


def menu_text(text: str) -> str:
    """Plain text for a menu or a button, where Qt underlines what stands behind an `&`."""
    return text.replace("&", "&&")
