"""Memory that is used again: the arrays of a run, and the views of them that the loops want.

A page touched for the first time costs a microsecond and a view a tenth of one, which for a short
sequence is as much as the mathematics. So each run takes a *room*: one block of memory, cut into
arrays, with the views of every step already made. A room is free again when its run is gone and
nobody holds a view of its arrays; every view keeps a reference to the block, and they are counted.
"""

from __future__ import annotations

import math
import sys
import weakref
from collections.abc import Hashable, Iterable, Iterator
from threading import Lock
from typing import Any

import numpy as np

from rnnviz.engine.arrays import Array

LINE = 64
"""Bytes of a line of the cache; a matrix that begins on one is multiplied a fifth faster."""
LIMIT = 1 << 27
"""Bytes that free rooms may keep."""

Steps = list[tuple[Any, ...]]
"""For each step, or each part of the work, the views that its code wants."""


class Room:
    """One block of memory cut into arrays.

    Parameters
    ----------
    shapes : dict
        Name -> shape.
    dtype : dtype
        Of all arrays.
    """

    def __init__(self, shapes: dict[str, tuple[int, ...]], dtype: np.dtype[np.floating]) -> None:
        sizes = {name: math.prod(shape) * dtype.itemsize for name, shape in shapes.items()}
        places = {name: size + -size % LINE for name, size in sizes.items()}
        self.block = np.empty(sum(places.values()) + LINE, np.uint8)
        start = -self.block.ctypes.data % LINE
        self.arrays: dict[str, Array] = {}
        for name, shape in shapes.items():
            self.arrays[name] = self.block[start : start + sizes[name]].view(dtype).reshape(shape)
            start += places[name]
        self.steps: dict[Hashable, Steps] = {}
        self.annexes: dict[Hashable, Room] = {}
        self._owner: weakref.ref[Any] | None = None
        self._own_references = self._references()

    def _references(self) -> int:
        return sys.getrefcount(self.block)

    def keep(self, key: Hashable, views: Steps, *beside: Room) -> None:
        """Keep new views of this room, and of those `beside` it, for the next run."""
        self.steps[key] = views
        blocks = {id(room.block): room for room in (self, *beside)}
        for base in {id(v): id(getattr(v, "base", None)) for v in _flat(views)}.values():
            if base in blocks:
                blocks[base]._own_references += 1

    def occupy(self, owner: object) -> None:
        """Keep the room for `owner` as long as it lives."""
        self._owner = weakref.ref(owner)

    @property
    def free(self) -> bool:
        """Whether no run and no view outside the room uses its memory."""
        if self._owner is not None and self._owner() is not None:
            return False
        return self._references() <= self._own_references

    def claim(self, owner: object) -> bool:
        """Occupy the room if it is free; whether it was."""
        with _lock:
            free = self.free
            if free:
                self.occupy(owner)
            return free

    @property
    def nbytes(self) -> int:
        """The size of the block."""
        return self.block.nbytes + sum(room.nbytes for room in self.annexes.values())


def _flat(views: Iterable[Any]) -> Iterator[Any]:
    """The views in tuples of views and of tuples."""
    for view in views:
        if isinstance(view, tuple):
            yield from _flat(view)
        else:
            yield view


_rooms: dict[Hashable, list[Room]] = {}
_lock = Lock()


def take(
    key: Hashable,
    owner: object,
    shapes: Iterable[tuple[str, tuple[int, ...]]],
    dtype: np.dtype[np.floating],
) -> Room:
    """A free room for `key`, a new one where there is none; it belongs to `owner` while that lives.

    The arrays hold whatever the run before left in them.
    """
    with _lock:
        for room in _rooms.get(key, ()):
            if room.free and all(annex.free for annex in room.annexes.values()):
                room.occupy(owner)
                return room
        made = Room(dict(shapes), dtype)
        made.occupy(owner)
        _make_way(made.nbytes)
        if made.nbytes <= LIMIT:
            _rooms.setdefault(key, []).append(made)
        return made


def _make_way(size: int) -> None:
    """Let go of the oldest rooms until `size` more bytes are within the limit.

    A room in use lives on with its run; it is only not handed out again.
    """
    total = size + sum(room.nbytes for rooms in _rooms.values() for room in rooms)
    for key in list(_rooms):
        while _rooms[key] and total > LIMIT:
            total -= _rooms[key].pop(0).nbytes
        if not _rooms[key]:
            del _rooms[key]
