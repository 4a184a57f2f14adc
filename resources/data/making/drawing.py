"""Draws that come out the same everywhere: by the digest of the text, not by a generator."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

SEED = "rnnviz data 1"


def shuffled(items: Iterable[T], key: Callable[[T], str] = str) -> list[T]:
    """`items` in an order that depends on the text that `key` gives for each, and on the seed."""
    return sorted(items, key=lambda item: (_digest(key(item)), key(item)))


def drawn(items: Iterable[T], count: int, key: Callable[[T], str] = str) -> list[T]:
    """`count` of `items` by lot (all when there are fewer), shuffled."""
    return shuffled(items, key)[:count]


def _digest(text: str) -> str:
    return hashlib.sha256(f"{SEED}\n{text}".encode()).hexdigest()


def rows(records: Iterable[Iterable[str]], separator: str = "\t") -> str:
    """Text of `records`, one a line."""
    return "".join(separator.join(record) + "\n" for record in records)
