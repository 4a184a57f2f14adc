"""The gradients of one layer in one direction: the backward loop and what follows from it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from copy import copy

import numpy as np

from rnnviz.engine.array_names import ADJOINT, D_GATES, D_SUMS, NUMBER, SCRATCH
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import INPUT
from rnnviz.engine.codegen import Ref
from rnnviz.engine.kernel import Kernel
from rnnviz.engine.order import Order
from rnnviz.engine.rooms import Room, Steps, take
from rnnviz.engine.tape import BLOCK, Tape, number


class Adjoint:
    """The gradient of one or more scalars by every value of a tape.

    Parameters
    ----------
    tape : Tape
        The forward run.
    kernel : Kernel
        Compiled for the states that receive a gradient at every step.
    rows : int
        How many adjoint rows: those of the batch, or any number where the batch has one row
        (each row is then the gradient of another scalar).
    """

    def __init__(self, tape: Tape, kernel: Kernel, rows: int) -> None:
        self.tape, self.kernel, self.rows = tape, kernel, rows
        shapes = {
            name: (tape.steps + places, rows, width * tape.hidden)
            for name, width, places in kernel.adjoints
        }
        self.size = max(1, BLOCK // (tape.rows * tape.hidden * max(1, kernel.slots)))
        size = min(self.size, tape.steps)
        work = {name: (size, tape.rows, width * tape.hidden) for name, width, _ in kernel.work}
        gates = (tape.steps, rows, len(kernel.plan.gates) * tape.hidden)
        self.room = self._room({**shapes, **work, D_GATES: gates})
        self.arrays = {name: self.room.arrays[name] for name in shapes}
        self.work = {name: self.room.arrays[name] for name in work}
        for name, _, places in kernel.adjoints:
            if places or tape.counts is not None:
                self.arrays[name].fill(0.0)

    def _room(self, shapes: dict[str, tuple[int, ...]]) -> Room:
        """A room beside the tape's, whose views are kept with it, where it has one to itself."""
        tape = self.tape
        self.kept = tape.room is not None and tape.keeps_views and self.rows == tape.rows
        if not self.kept or tape.room is None:
            return take(
                (self.kernel.plan.cell, *shapes.items(), tape.dtype),
                self,
                shapes.items(),
                tape.dtype,
            )
        annex = tape.room.annexes.get(self.kernel)
        if annex is None:
            annex = tape.room.annexes[self.kernel] = Room(shapes, tape.dtype)
        self.kept = annex.claim(self)
        return annex if self.kept else Room(shapes, tape.dtype)

    def state(self, name: str) -> Array:
        """dL/d(state) `[time + 1, rows, hidden]`, place 0 before the first step.

        Before the loop: what arrives from outside the layer.
        """
        return self.arrays[ADJOINT + name]

    def collapsed(self) -> Adjoint:
        """The sum over the rows, as an adjoint of one row."""
        if self.rows == 1:
            return self
        total = copy(self)
        total.rows, total.kept = 1, False
        total.arrays = {n: a.sum(axis=1, keepdims=True) for n, a in self.arrays.items()}
        gates = (self.tape.steps, 1, len(self.kernel.plan.gates) * self.tape.hidden)
        total.room = Room({D_GATES: gates}, self.tape.dtype)
        return total

    def add_final(self, order: Order, finals: Mapping[str, Array]) -> None:
        """Add dL/d(the last value of each state) `[batch, hidden]`, where each row ends."""
        for state, value in finals.items():
            inner = order.rows_inward(value)
            if order.lengths is None:
                self.state(state)[-1] += inner
            else:
                lengths = order.rows_inward(order.lengths)
                self.state(state)[lengths, np.arange(len(lengths))] += inner

    def run(self, start: int = 0, stop: int | None = None) -> None:
        """Go back from step `stop - 1` to step `start`."""
        tape = self.tape
        end = tape.steps if stop is None else stop
        while end > start:
            begin = max(start, end - self.size)
            self._block(begin, end)
            end = begin

    def _block(self, start: int, stop: int) -> None:
        """Compute the coefficients of some steps, then go back through them."""
        blocks, steps = self.room.steps.get((start, stop)) or self._views(start, stop)
        self.kernel.coefficients.function(blocks)
        self.kernel.backward.function(steps)

    def _views(self, start: int, stop: int) -> Steps:
        """The views that the two functions want; kept where the room is the tape's."""
        work = {n: a[: stop - start] for n, a in self.work.items()}
        blocks = tuple(self._whole(ref, start, stop, work) for ref in self.kernel.coefficients.refs)
        shared = {n: a for n, a in work.items() if not n.startswith(SCRATCH)}
        views = self.tape.columns(
            self.kernel.backward.refs, start, stop, self.rows, (self.arrays, 0), (shared, start)
        )
        columns = [v[::-1] if isinstance(v, list) else v for v in views]
        steps = tuple(zip(*columns, strict=False))
        return self._keep((start, stop), [blocks, steps])

    def _keep(self, key: Hashable, views: Steps) -> Steps:
        """Keep views for the next run, where the room lies beside the tape's."""
        if self.kept and self.tape.room is not None:
            self.room.keep(key, views, self.tape.room)
        return views

    def _whole(self, ref: Ref, start: int, stop: int, work: dict[str, Array]) -> Array:
        """The columns of a ref at the steps `start .. stop - 1` together."""
        tape, hidden = self.tape, self.tape.hidden
        columns = slice(ref.start * hidden, ref.stop * hidden)
        if ref.array in tape.arrays:
            return tape.arrays[ref.array][start + ref.shift : stop + ref.shift, :, columns]
        if ref.array in work:
            first = ref.shift
            return work[ref.array][first : first + stop - start, :, columns]
        if ref.array in self.kernel.plan.vectors:
            weight = tape.parameter(ref.array)
            return weight if weight.ndim == 1 else weight[start:stop, None]
        return number(ref.array.removeprefix(NUMBER), tape.dtype)

    def inputs(self, start: int = 0, stop: int | None = None) -> Array:
        """dL/dx of the steps `start .. stop - 1`, `[time, rows, inputs]`, in process order."""
        total = self.through_products(INPUT, start, stop)
        if total is None:
            steps = len(range(self.tape.steps)[start:stop])
            return np.zeros((steps, self.rows, self.tape.given[0].shape[2]), self.tape.dtype)
        return total

    def through_products(
        self, source: str, start: int = 0, stop: int | None = None
    ) -> Array | None:
        """The part of dL/d(source) that arrives through matrices; None for what enters none."""
        layout, hidden = self.kernel.plan, self.tape.hidden
        if source not in layout.sources:
            return None
        sums, row = self.arrays[D_SUMS][start:stop], 0
        slab = self.tape.slabs[f"products with {source}"]
        total: Array | None = None
        for run in layout.sources[source]:
            rows = slice(row, row + (run.stop - run.start) * hidden)
            part = sums[:, :, run.start * hidden : run.stop * hidden]
            product = part @ slab[..., rows, :] if slab.ndim == 3 else _flat(part, slab[rows])
            total = product if total is None else total + product
            row = rows.stop
        return total

    def gate(self, name: str) -> Array:
        """dL/d(a gate) `[time, rows, hidden]`, in process order; the first call fills all gates."""
        layout, hidden = self.kernel.plan, self.tape.hidden
        if D_GATES not in self.arrays:
            self._fill_gates()
        column = layout.gates.index(name) * hidden
        return self.arrays[D_GATES][:, :, column : column + hidden]

    def _fill_gates(self) -> None:
        self.arrays[D_GATES] = self.room.arrays[D_GATES]
        if self.tape.counts is not None:
            self.arrays[D_GATES].fill(0.0)
        views = self.room.steps.get(D_GATES) or self._gate_views()
        with np.errstate(all="ignore"):
            self.kernel.gates.function(views[0])

    def _gate_views(self) -> Steps:
        tape = self.tape
        work = {
            name: np.empty((tape.steps, tape.rows, columns * tape.hidden), tape.dtype)
            for name, columns, _ in self.kernel.gate_work
        }
        arrays = {**self.arrays, **work}
        views = tuple(self._whole(ref, 0, tape.steps, arrays) for ref in self.kernel.gates.refs)
        return self._keep(D_GATES, [views])

    def anchor(self, name: str) -> Array:
        """dL/d(a quantity that the loop kept) `[time, rows, hidden]`, in process order.

        Of a held weighted sum this is what flows on, which is 0 where it is held.
        """
        layout, hidden = self.kernel.plan, self.tape.hidden
        if name in layout.sums:
            column = layout.column(name) * hidden
            return self.arrays[D_SUMS][:, :, column : column + hidden]
        array = self.arrays[ADJOINT + name]
        return array[1:] if name in layout.cell.states else array


def _flat(part: Array, weight: Array) -> Array:
    product = part.reshape(-1, part.shape[2]) @ weight
    return product.reshape(*part.shape[:2], -1)
