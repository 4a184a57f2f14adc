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
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from threading import Lock
from typing import Any

import numpy as np

from rnnviz.engine.arrays import Array

LINE = 64
"""Bytes of a line of the cache; a matrix that begins on one is multiplied a fifth faster."""
LIMIT = 1 << 26
"""Bytes that free rooms may keep."""
KINDS = 48
"""Of so many kinds free rooms are kept, those that were asked for last; a network needs a few."""
VIEW = 128
"""About so many bytes a view takes itself."""

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
        self._views = 0
        self._own_references = self._references()

    def _references(self) -> int:
        return sys.getrefcount(self.block)

    def keep(self, key: Hashable, views: Steps, *beside: Room) -> None:
        """Keep new views of this room, and of those `beside` it, for the next run."""
        self.steps[key] = views
        self._views += sum(1 for _ in _flat(views))
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
        """The size of the block and of the views."""
        own = self.block.nbytes + VIEW * self._views
        return own + sum(room.nbytes for room in self.annexes.values())


def _flat(views: Iterable[Any]) -> Iterator[Any]:
    """The views in tuples of views and of tuples."""
    for view in views:
        if isinstance(view, tuple):
            yield from _flat(view)
        else:
            yield view


_rooms: OrderedDict[Hashable, list[Room]] = OrderedDict()
"""The kinds that were asked for last stand last."""
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
        rooms = _rooms.setdefault(key, [])
        _rooms.move_to_end(key)
        for room in rooms:
            if _is_free(room):
                room.occupy(owner)
                return room
        made = Room(dict(shapes), dtype)
        made.occupy(owner)
        if made.nbytes <= LIMIT:
            rooms.append(made)
        _let_go()
        return made


def _is_free(room: Room) -> bool:
    return room.free and all(annex.free for annex in room.annexes.values())


def _let_go() -> None:
    """Forget the free rooms that are too many, those of the kinds first that were long not asked.

    A room in use is kept: it is free again when its run has gone, and then it may be forgotten.
    """
    left, kinds = LIMIT, KINDS
    for key in reversed(list(_rooms)):
        kinds -= 1
        for room in list(_rooms[key]):
            if _is_free(room):
                left -= room.nbytes
                if left < 0 or kinds < 0:
                    _rooms[key].remove(room)
        if not _rooms[key]:
            del _rooms[key]
