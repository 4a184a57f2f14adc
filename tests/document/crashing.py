"""Saves a file again and again while being killed; run as a program by `test_storage_writing`."""

import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from rnnviz.document import storage
from rnnviz.document.document import Document
from rnnviz.document.edits import SetHidden, SetTitle
from rnnviz.document.new import new_document


def documents() -> tuple[Document, Document]:
    """A small document and one of about a megabyte."""
    small = new_document(title="small")
    return small, SetTitle("large").apply(SetHidden(160).apply(small))


def child(work: Any) -> int:
    """Start a process that does `work`."""
    number = os.fork()
    if number == 0:
        work()
        os._exit(0)
    return number


def check(path: Path, both: tuple[Document, Document]) -> str:
    """Which of both documents the file holds, whole."""
    found = storage.load(path)
    assert found in both
    return found.title


def killed_at_any_time(path: Path, both: tuple[Document, Document], times: int) -> set[str]:
    """Kill a process that saves without end, at a random moment."""
    chance = random.Random(0)
    found = set()

    def save_without_end() -> None:
        while True:
            for one in both:
                storage.save(one, path)

    for _ in range(times):
        number = child(save_without_end)
        time.sleep(chance.uniform(0.002, 0.03))
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
        found.add(check(path, both))
    return found


def killed_at_each_call(path: Path, both: tuple[Document, Document]) -> list[str]:
    """Kill a process that saves the large document, before and after each call that it makes."""
    found = []
    for name in ("open", "fchmod", "fsync", "replace"):
        for before in (True, False):
            storage.save(both[0], path)

            def work(name: str = name, before: bool = before) -> None:
                deadly(name, before)
                storage.save(both[1], path)

            _, status = os.waitpid(child(work), 0)
            assert os.WTERMSIG(status) == signal.SIGKILL, name
            found.append(check(path, both))
    return found


def deadly(name: str, before: bool) -> None:
    """Let a function of `os` kill the process before or after it has done its work."""
    original = getattr(os, name)

    def call(*arguments: Any, **more: Any) -> None:
        if not before:
            original(*arguments, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(os, name, call)


def main() -> None:
    """Print what was found."""
    path, both = Path(sys.argv[1]), documents()
    storage.save(both[0], path)
    print(*killed_at_each_call(path, both))
    print(*sorted(killed_at_any_time(path, both, int(sys.argv[2]))))


if __name__ == "__main__":
    main()
