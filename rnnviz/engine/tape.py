"""The memory of one run of one layer in one direction, and the two loops over it.

A tape holds every value of every step; an adjoint holds the gradient of every value. Both store
time first: `[time, batch, unit]`, states with one place more for the state before the first step.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from copy import copy
from functools import lru_cache
from itertools import repeat

import numpy as np

from rnnviz.engine.array_names import COPY, MATRIX, NUMBER, PRODUCT, SCRATCH, SUMS, TRANSPOSED, kind
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import INPUT
from rnnviz.engine.codegen import Ref
from rnnviz.engine.kernel import Kernel
from rnnviz.engine.kernel_places import locate
from rnnviz.engine.order import Order
from rnnviz.engine.rooms import Room, take

SMALL = 128
"""Numbers in one quantity of a step up to which the views of all steps are kept."""
VIEW = 128
"""Bytes of a view."""
SPARE = 1 << 16
"""Bytes that views and copies may take even where they are more than the values."""
BLOCK = 1 << 15
"""How many coefficients are computed at once: few enough to stay in the processor's cache."""

Arrays = tuple[dict[str, Array], int]

Slabs = dict[str, Array]
"""The weights of one layer and direction side by side, as `Plan.slabs` lists them."""


class Tape:
    """All values of one layer in one direction.

    Parameters
    ----------
    kernel : Kernel
        The compiled cell.
    slabs : dict
        Weights; matrices `[sums * hidden, columns]`, with a leading time axis where each step has
        its own.
    steps, rows, hidden : int
        The sizes.
    counts : list of int or None
        Rows running at each step, where lengths differ.
    dtype : dtype
        float32 or float64.

    Attributes
    ----------
    given : array, Order
        The input `[time, batch, inputs]` as the public sees it, and its process order.
    """

    def __init__(
        self,
        kernel: Kernel,
        slabs: Slabs,
        sizes: tuple[int, int, int],
        counts: list[int] | None,
        dtype: np.dtype[np.floating],
    ) -> None:
        self.kernel, self.slabs, self.counts = kernel, slabs, counts
        self.steps, self.rows, self.hidden = sizes
        self.dtype = dtype
        shapes = [
            (name, (self.steps + places, self.rows, width * self.hidden))
            for name, width, places in kernel.values
        ]
        self.given: tuple[Array, Order]
        self.fixed = _copied(self, sum(math.prod(shape) for _, shape in shapes))
        key = (kernel.plan.cell, kernel.held, sizes, self.fixed, dtype)
        self.room: Room | None = take(key, self, [*shapes, *self.fixed], dtype)
        self.arrays = {name: self.room.arrays[name] for name, _ in shapes}
        for name, _ in self.fixed:
            self.room.arrays[name][...] = slabs[name.removeprefix(COPY)]
        if counts is not None:
            for array in self.arrays.values():
                array.fill(0.0)
        self.keeps_views = self._keeps_views(self.room)

    def _keeps_views(self, room: Room) -> bool:
        """Whether views are kept.

        They are where a step is so small that making them takes as long as the mathematics, and
        where they take no more memory than the values.
        """
        if not self.fixed or self.rows * self.hidden > SMALL:
            return False
        views = VIEW * self.steps * len(self.kernel.forward.refs)
        return views <= max(SPARE, room.block.nbytes)

    def start(self, initial: dict[str, Array]) -> None:
        """Set the states before the first step, `[batch, hidden]`, zero where none is given."""
        for state in self.kernel.plan.cell.states:
            self.arrays[state][0] = initial.get(state, 0.0)

    def project(self, x: Array, start: int = 0) -> None:
        """Fill the sums of steps `start ..` with `W @ x + b`, all steps in one product.

        Parameters
        ----------
        x : array `[time, batch, inputs]`
            In process order.
        start : int
            The first step.
        """
        layout, stop = self.kernel.plan, start + len(x)
        if not layout.sums:
            return
        sums = self.arrays[SUMS][start:stop]
        runs = layout.sources.get(INPUT, ())
        if sum(run.stop - run.start for run in runs) < len(layout.sums):
            sums[...] = 0.0
        row = 0
        for run in runs:
            rows = slice(row, row + (run.stop - run.start) * self.hidden)
            weight = self.slabs[f"products with {INPUT}"][..., rows, :]
            part = sums[..., run.start * self.hidden : run.stop * self.hidden]
            multiply(x, weight, part, start)
            row = rows.stop
        self._add_biases(sums, start, stop)

    def _add_biases(self, sums: Array, start: int, stop: int) -> None:
        layout, hidden = self.kernel.plan, self.hidden
        for position, columns in enumerate(layout.bias_columns):
            bias = self.slabs[f"biases {position}"]
            bias = bias[start:stop, None] if bias.ndim > 1 else bias
            if len(columns) == len(layout.sums):
                np.add(sums, bias, out=sums)
                continue
            for place, column in enumerate(columns):
                part = sums[..., column * hidden : (column + 1) * hidden]
                np.add(part, bias[..., place * hidden : (place + 1) * hidden], out=part)

    def run(self, start: int, stop: int) -> None:
        """Compute the steps `start .. stop - 1`."""
        if self.room is None or not self.keeps_views:
            columns = self.columns(self.kernel.forward.refs, start, stop, self.rows)
            self.kernel.forward.function(zip(*columns, strict=False))
            return
        if "forward" not in self.room.steps:
            columns = self.columns(self.kernel.forward.refs, 0, self.steps, self.rows)
            self.room.keep("forward", list(zip(*columns, strict=False)))
        self.kernel.forward.function(self.room.steps["forward"][start:stop])

    def columns(
        self, refs: tuple[Ref, ...], start: int, stop: int, rows: int, *others: Arrays
    ) -> list[Iterable[Array]]:
        """The views of each ref, one a step, for adjoints of `rows` rows.

        Arrays are looked for in `others` first: pairs of arrays and the step at which they begin.
        """
        found: list[Iterable[Array]] = []
        row = 0 if rows == 1 and self.rows == 1 else slice(None)
        hidden, counts = self.hidden, self.counts
        for ref in refs:
            array, begin = self._find(ref.array, others)
            if array is None:
                found.append(self.constant(ref, start, stop, rows))
                continue
            first = start - begin + ref.shift
            part = array[first : first + stop - start, row, ref.start * hidden : ref.stop * hidden]
            if ref.stacked:
                part = part.reshape(*part.shape[:-1], ref.stop - ref.start, hidden)
            if counts is None:
                found.append(list(part))
            else:
                found.append([part[t, : counts[start + t]] for t in range(stop - start)])
        return found

    def _find(self, name: str, others: tuple[Arrays, ...]) -> tuple[Array | None, int]:
        for arrays, begin in others:
            if name in arrays:
                return arrays[name], begin
        return self.arrays.get(name), 0

    def constant(self, ref: Ref, start: int, stop: int, rows: int) -> Iterable[Array]:
        """Scratch space or a weight: the same at every step, unless each step has its own."""
        what = kind(ref.array)
        rest = ref.array.removeprefix(what)
        columns = slice(ref.start * self.hidden, ref.stop * self.hidden)
        if what == NUMBER:
            return repeat(number(rest, self.dtype))
        if what in (SCRATCH, PRODUCT):
            return self._scratch(ref, start, stop, rows)
        if what in (TRANSPOSED, MATRIX):
            weight = self._slab(f"products with {rest}")[..., columns, :]
            weight = np.swapaxes(weight, -1, -2) if what == TRANSPOSED else weight
            return repeat(weight) if weight.ndim == 2 else list(weight[start:stop])
        weight = self.parameter(ref.array)
        return repeat(weight) if weight.ndim == 1 else list(weight[start:stop])

    def _slab(self, name: str) -> Array:
        """A slab that the loop reads, from the room where it has a copy."""
        if self.room is not None and COPY + name in self.room.arrays:
            return self.room.arrays[COPY + name]
        return self.slabs[name]

    def value(self, name: str) -> Array | None:
        """What is stored of a symbol, `[time, batch, unit]` in process order; None for nothing."""
        if name == INPUT:
            x, order = self.given
            return order.inward(x)
        ref = locate(self.kernel.plan, name)
        array = self.arrays.get(ref.array)
        if array is None:
            return None
        columns = slice(ref.start * self.hidden, ref.stop * self.hidden)
        return array[ref.shift : ref.shift + self.steps, :, columns]

    def parameter(self, name: str) -> Array:
        """An elementwise parameter such as a peephole, `[hidden]` or `[time, hidden]`."""
        place = self.kernel.plan.vectors.index(name)
        return self._slab("vectors")[..., place * self.hidden : (place + 1) * self.hidden]

    def _scratch(self, ref: Ref, start: int, stop: int, rows: int) -> Iterable[Array]:
        width = (ref.stop - ref.start) * self.hidden
        if rows == 1 and self.rows == 1:
            return repeat(np.empty(width, self.dtype))
        whole = np.empty((rows, width), self.dtype)
        if self.counts is None or rows != self.rows:
            return repeat(whole)
        return [whole[: self.counts[step]] for step in range(start, stop)]


def _copied(tape: Tape, size: int) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The slabs that the loop reads and that are copied into the room, with their shapes.

    The views of a room can be made once only where nothing but its own arrays is read: not where
    steps have weights of their own, quantities are held, or rows end. Nor are weights copied that
    are larger than all values, of which there are `size` numbers.
    """
    if tape.counts is not None or tape.kernel.held:
        return ()
    names = [f"products with {s}" for s in tape.kernel.plan.sources if s != INPUT]
    names += ["vectors"] * bool(tape.kernel.plan.vectors)
    copied = sum(tape.slabs[name].size for name in names)
    if unshared(tape.slabs) or copied > max(size, SPARE // tape.dtype.itemsize):
        return ()
    return tuple((COPY + name, tape.slabs[name].shape) for name in names)


def unshared(slabs: Slabs) -> bool:
    """Whether each step has weights of its own: a leading axis of time."""
    return any(
        slab.ndim > (2 if name.startswith("products with ") else 1) for name, slab in slabs.items()
    )


def multiply(x: Array, weight: Array, out: Array, start: int = 0) -> None:
    """`out[t, b] = weight @ x[t, b]`, with one product where all steps share the weight.

    Parameters
    ----------
    x : array `[time, batch, columns]`
    weight : array `[rows, columns]` or `[time, rows, columns]`
    out : array `[time, batch, rows]`
    start : int
        The step of `x[0]`, where each step has its own weight.
    """
    if weight.ndim == 3:
        np.matmul(x, np.swapaxes(weight[start : start + len(x)], 1, 2), out=out)
    elif x.shape[1] == 1:
        np.matmul(x[:, 0], weight.T, out=out[:, 0])
    elif out.flags.c_contiguous:
        np.matmul(x.reshape(-1, x.shape[2]), weight.T, out=out.reshape(-1, out.shape[2]))
    else:
        out[...] = (x.reshape(-1, x.shape[2]) @ weight.T).reshape(out.shape)


@lru_cache(maxsize=64)
def number(text: str, dtype: np.dtype[np.floating]) -> Array:
    """A constant of the equations in the precision of the tape."""
    return np.array(float(text), dtype)


def window(tape: Tape, start: int, stop: int, row: int = 0) -> Tape:
    """One row's steps `start .. stop - 1` of a finished tape, as a tape of its own (no copy)."""
    part = copy(tape)
    part.steps, part.rows, part.counts = stop - start, 1, None
    states = tape.kernel.plan.cell.states
    part.arrays = {
        name: array[start : stop + (name in states), row : row + 1]
        for name, array in tape.arrays.items()
    }
    part.room = None
    own = unshared(tape.slabs)
    part.slabs = {n: s[start:stop] if own else s for n, s in tape.slabs.items()}
    return part
