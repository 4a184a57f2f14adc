"""The door through which the panels' texts pass on their way to the reader's language.

Within a `QObject` it is `self.tr("...")`; elsewhere `translate("Context", "...")`. The text must
stand in the call as it is: what changes is put in afterwards with `format`.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate
