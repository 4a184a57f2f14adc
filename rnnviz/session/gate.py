"""The gate: holds a training run between two updates, lets one through, or ends it."""

from __future__ import annotations

from threading import Condition
from typing import final


@final
class Gate:
    """Stands between the thread that trains and the one that is clicked in; open at first."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._closed = False
        self._tickets = 0
        self._ended = False

    @property
    def is_closed(self) -> bool:
        """Whether the run is to rest after an update."""
        return self._closed

    @property
    def has_ended(self) -> bool:
        """Whether the run is to end."""
        return self._ended

    def close(self) -> None:
        """Let the run rest after the update that is under way."""
        with self._condition:
            self._closed, self._tickets = True, 0

    def open(self) -> None:
        """Let the run go on."""
        with self._condition:
            self._closed, self._tickets = False, 0
            self._condition.notify_all()

    def admit_one(self) -> None:
        """Let one update through, and rest again."""
        with self._condition:
            self._closed = True
            self._tickets += 1
            self._condition.notify_all()

    def end(self) -> None:
        """Let the run end."""
        with self._condition:
            self._ended = True
            self._condition.notify_all()

    def wait(self) -> bool:
        """Wait, in the thread that trains, until there is leave for an update.

        Returns
        -------
        bool
            False if there is to be none any more.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._ended or not self._closed or self._tickets > 0)
            if self._ended:
                return False
            self._tickets = max(0, self._tickets - 1)
            return True
