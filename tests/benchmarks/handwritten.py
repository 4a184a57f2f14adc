"""The yardstick of speed: an LSTM layer and its full BPTT written by hand in NumPy.

Everything a reader may look at is kept for every step (pre-activations, gates, `c`, `tanh c`, `h`,
and the adjoints of all of them), so the engine, which compiles the same equations, can be held
against it. Medians of one evaluation (forward and backward) in ms, float64, OpenBLAS:

                     one thread                                two threads, nobody else working
    T, B, I, H       first layout   this one   memory anew     this one   memory anew
    4, 1, 8, 8               0.07       0.04          0.09         0.04          0.09
    16, 1, 16, 16            0.15       0.10          0.17         0.10          0.17
    64, 1, 16, 32            0.55       0.40          0.59         0.40          0.59
    200, 1, 32, 64     2.5 to 3.6        2.4           3.0          2.0           2.5
    50, 32, 32, 64             11        8.8           9.6          6.3           7.0
    1000, 1, 64, 256          109         83            93           78            82

"First layout" is `[time, batch, unit]`, new arrays on every call, views cut inside the loop.
With two threads and a neighbour that works, the last three take 31, 800 and 150: OpenBLAS spins
until its second thread gets a turn. One thread is what a program with a window should use.

What paid:

* One allocation for all arrays. A page touched for the first time costs 1.7 us: ten arrays of 17 MB
  in all, made and dropped, cost 7.1 ms (4,100 pages); one array of 17 MB 0.3 ms, since the heap
  keeps what it gave out in one piece. That was a third of the time at T = 200.
* Start matrices at a cache line (NumPy gives 16 bytes) and make their rows a multiple of one:
  1024 x 256 times a vector takes 23.8 us instead of 28.4, there and back, so 8 ms in 1,000 steps.
* Batch last, `[time, unit, batch]`: a gate, or a run of neighbouring gates, of one step is then one
  contiguous block for any batch and NumPy takes its short path, 0.2 us a call. Rows of 64 units
  inside wider rows cost 50 ns each (32 of them: 2.0 us against 0.46), in the loop and outside.
  `[time, batch, unit]` is a `swapaxes` view; the weight gradients need one copy, 0.1 ms of 6.
* Plan once for a shape: a slice costs 50 to 75 ns, 18 of them a step. It halves the time of short
  sequences; from T = 200 on, in cold caches, reading kept views costs what cutting them would.
* No broadcasting in the loop: `[3, H] * [H]` costs 0.75 us, three plain products 0.6.
* `U.dot(h, out)` 0.29 us, `np.dot(U, h, out)` 0.41, `np.matmul(U, h, out)` 0.78 (H = 16).
  `out` by position saves 30 ns, a 0-d array instead of a Python number 150, `multiply(x, y, x)`
  instead of `x *= y` 100.
* sigmoid(a) = tanh(a / 2) / 2 + 1 / 2 with the rows of the sigmoid gates halved beforehand, which
  is exact: one tanh for all four gates, two cheap calls for three, nothing overflows.
* `[i, f] * [g, c']` is one product where `c'` is stored beside `g`.
* `[U, W, b] @ [h'; x; 1]` in one product saves a call where that is small (I = 16) or batched; else
  all `W x` in one GEMM first. One GEMM gives the gradients of U, W and b.

What did not: `h @ U.T` instead of `U @ h`; U read to and fro in blocks that stay in L2; smaller or
larger blocks of coefficients (256 kB to everything: within the noise, but small ones save memory);
a second Python thread for what is not sequential (75 to 100 ms where this took 84, erratic); more
BLAS threads for U h (up to 390,000 elements it stayed on one). At H = 256 the two products with U
are 48 to 55 of the 83 ms: 2 MB a product from L3, which no order of the rest can help.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy import add, multiply, subtract, tanh

from rnnviz.engine.arrays import Array

Calls: TypeAlias = list[tuple[Any, Array, Array, Array]]
Views: TypeAlias = list[tuple[Array, ...]]

GATES = ("o", "i", "f", "g")
"""The order of the gates in the rows of W, U and b."""

BLOCK_BYTES = 1 << 20
JOINED_ELEMENTS = 4096
LINE = 64


def carved(shapes: Sequence[tuple[int, ...]], dtype: Any) -> list[Array]:
    """Empty arrays side by side in one allocation, each from the start of a cache line on."""
    itemsize = np.dtype(dtype).itemsize
    sizes = [math.prod(shape) * itemsize for shape in shapes]
    ends = list(itertools.accumulate(-(-size // LINE) * LINE for size in sizes))
    raw = np.empty(ends[-1] + LINE, np.uint8)
    first = -raw.ctypes.data % LINE
    starts = [first, *(first + end for end in ends)]
    parts = zip(starts, sizes, shapes, strict=False)
    return [raw[at : at + size].view(dtype).reshape(shape) for at, size, shape in parts]


def _steps(*arrays: Array) -> Views:
    """The views of each step, one-dimensional when the batch is one."""
    return list(zip(*((a[:, :, 0] if a.shape[2] == 1 else a) for a in arrays), strict=False))


class LSTMLayer:
    """A plan for one shape: arrays and views made once, filled by every evaluation.

    f, i, o = sigmoid(W x + U h' + b), g = tanh(W x + U h' + b), c = f * c' + i * g,
    h = o * tanh(c) (Hochreiter & Schmidhuber 1997; the forget gate: Gers, Schmidhuber & Cummins
    2000).
    """

    def __init__(self, shape: tuple[int, int, int, int], dtype: Any) -> None:
        T, B, N, H = self.shape = shape
        self.half, self.one, self.two = (np.array(value, dtype) for value in (0.5, 1.0, 2.0))
        self.joined = B > 1 or 4 * H * (N + 1) <= JOINED_ELEMENTS
        width = -(-(H + N + 1) // 8) * 8
        length = max(1, min(T, BLOCK_BYTES // (20 * H * B * np.dtype(dtype).itemsize)))
        shapes = [
            *((4 * H, width), (4 * H, H), (4 * H, H), (4 * H, width)),
            *((T + 1, width, B), (T + 1, 5 * H, B), (T, B, N)),
            *[(T, H, B)] * 3,
            *[(T, 4 * H, B)] * 3,
            *((length, 5 * H, B), (2 * H, B), (4 * H, B), (H, B), (H, B)),
            *([(4 * H, T, B), (width, T, B)] if B > 1 else [(0,), (0,)]),
        ]
        parts = carved(shapes, dtype)
        # U, W, b, 0 with the sigmoid rows halved; U alone, halved and as it is; the gradient
        self.matrix, self.halved, self.U, self.gradient = parts[:4]
        self.z, self.s, self.dx = parts[4:7]  # h', x, 1, 0 and o, i, f, g, c'
        self.tanh_c, self.dh, self.dc, self.a, self.da, self.dgates = parts[7:13]
        self.k = parts[13]  # dc/dh, then the slopes by a_o, a_i, a_f, a_g
        self.product, self.sum, self.returned, self.carry = (
            part[:, 0] if B == 1 else part for part in parts[14:18]
        )
        self.da_flat, self.z_flat = parts[18:]
        self.recurrent = self.matrix if self.joined else self.halved
        self.z[:, H + N], self.z[:, H + N + 1 :], self.matrix[:, H + N + 1 :] = 1.0, 0.0, 0.0
        self._plan()

    def _plan(self) -> None:
        """Cut every view once."""
        T, _, _, H = self.shape
        s, now = self.s, self.s[:T]
        h = self.z[1:, :H]
        self.forward_steps = _steps(
            self.z[:T] if self.joined else self.z[:T, :H],
            *(self.a, now[:, : 4 * H], now[:, : 3 * H], now[:, H : 3 * H], now[:, 3 * H :]),
            *(s[1:, 4 * H :], self.tanh_c, now[:, :H], h),
        )
        length = len(self.k)
        per_gate = (self.da[:, n * H : (n + 1) * H] for n in range(4))
        back = _steps(self.dh, self.dc, self.da, *per_gate, now[:, 2 * H : 3 * H])
        factors = _steps(*(self.k[:, n * H : (n + 1) * H] for n in range(5)))
        self.blocks: list[tuple[Calls, Views, Calls]] = []
        for start in reversed(range(0, T, length)):
            stop = min(T, start + length)
            steps = [b + k for b, k in zip(back[start:stop], factors, strict=False)]
            self.blocks.append(
                (self._coefficients(start, stop), steps[::-1], self._adjoints(start, stop))
            )

    def _coefficients(self, start: int, stop: int) -> Calls:
        """The calls that fill the diagonal Jacobians of a block of steps."""
        H, one = self.shape[3], self.one
        s, k, tanh_c = self.s[start:stop], self.k[: stop - start], self.tanh_c[start:stop]
        o, i, g, sigmoids = s[:, :H], s[:, H : 2 * H], s[:, 3 * H : 4 * H], s[:, : 3 * H]
        k_h, k_o, k_g, k_sigmoids = k[:, :H], k[:, H : 2 * H], k[:, 4 * H :], k[:, H : 4 * H]
        k_if = k[:, 2 * H : 4 * H]
        return [
            (subtract, one, sigmoids, k_sigmoids),
            (multiply, k_sigmoids, sigmoids, k_sigmoids),
            (multiply, k_o, tanh_c, k_o),
            (multiply, k_if, s[:, 3 * H :], k_if),
            (multiply, g, g, k_g),
            (subtract, one, k_g, k_g),
            (multiply, k_g, i, k_g),
            (multiply, tanh_c, tanh_c, k_h),
            (subtract, one, k_h, k_h),
            (multiply, k_h, o, k_h),
        ]

    def _adjoints(self, start: int, stop: int) -> Calls:
        """The calls that fill the adjoints of the gates of a block of steps."""
        H = self.shape[3]
        dh, dc, dgates = self.dh[start:stop], self.dc[start:stop], self.dgates[start:stop]
        s, tanh_c = self.s[start:stop], self.tanh_c[start:stop]
        return [
            (multiply, dh, tanh_c, dgates[:, :H]),
            (multiply, dc, s[:, 3 * H : 4 * H], dgates[:, H : 2 * H]),
            (multiply, dc, s[:, 4 * H :], dgates[:, 2 * H : 3 * H]),
            (multiply, dc, s[:, H : 2 * H], dgates[:, 3 * H :]),
        ]

    def forward(
        self, x: Array, W: Array, U: Array, b: Array, h: Array | float = 0.0, c: Array | float = 0.0
    ) -> None:
        """Fill the forward trace.

        Parameters
        ----------
        x : array `[T, B, I]`
            The inputs.
        W, U, b : array `[4H, I]`, `[4H, H]`, `[4H]`
            The weights, gates in the order of `GATES`.
        h, c : array `[B, H]`
            The states before the first step.
        """
        T, _, N, H = self.shape
        self.W = W
        self.U[...] = U
        self.z[0, :H], self.s[0, 4 * H :] = np.transpose(h), np.transpose(c)
        matrix = self.matrix
        matrix[:, :H], matrix[:, H : H + N], matrix[:, H + N] = U, W, b
        sigmoids = matrix[: 3 * H]
        multiply(sigmoids, self.half, sigmoids)
        self.z[:T, H : H + N] = x.swapaxes(1, 2)
        if self.joined:
            self._forward_joined()
        else:
            a = self.a[:, :, 0]
            np.dot(x[:, 0], matrix[:, H : H + N].T, a)
            add(a, matrix[:, H + N], a)
            self.halved[...] = matrix[:, :H]
            self._forward_split()
        doubled = self.a[:, : 3 * H]
        multiply(doubled, self.two, doubled)

    def _forward_joined(self) -> None:
        """Loop with [U, W, b] @ [h'; x; 1]."""
        H, half, product, dot = self.shape[3], self.half, self.product, self.recurrent.dot
        kept, written = product[H:], product[:H]
        for z, a, gates, sigmoids, i_f, g_c, c, tanh_c, o, h in self.forward_steps:
            dot(z, a)
            tanh(a, gates)
            multiply(sigmoids, half, sigmoids)
            add(sigmoids, half, sigmoids)
            multiply(i_f, g_c, product)
            add(kept, written, c)
            tanh(c, tanh_c)
            multiply(o, tanh_c, h)

    def _forward_split(self) -> None:
        """Loop with U @ h' added to the W x + b that are there already."""
        H, half, product, dot = self.shape[3], self.half, self.product, self.recurrent.dot
        kept, written, total = product[H:], product[:H], self.sum
        for before, a, gates, sigmoids, i_f, g_c, c, tanh_c, o, h in self.forward_steps:
            dot(before, total)
            add(a, total, a)
            tanh(a, gates)
            multiply(sigmoids, half, sigmoids)
            add(sigmoids, half, sigmoids)
            multiply(i_f, g_c, product)
            add(kept, written, c)
            tanh(c, tanh_c)
            multiply(o, tanh_c, h)

    def backward(self, dh: Array) -> None:
        """Fill the adjoints and gradients from the adjoint of h, dh [T, B, H], as it comes in."""
        returned, carry, dot = self.returned, self.carry, self.U.T.dot
        returned.fill(0.0)
        carry.fill(0.0)
        self.dh[...] = dh.swapaxes(1, 2)
        for coefficients, steps, adjoints in self.blocks:
            for call, left, right, out in coefficients:
                call(left, right, out)
            for d_h, d_c, da, a_o, a_i, a_f, a_g, f, k_h, k_o, k_i, k_f, k_g in steps:
                add(d_h, returned, d_h)
                multiply(d_h, k_o, a_o)
                multiply(d_h, k_h, d_c)
                add(d_c, carry, d_c)
                multiply(d_c, k_i, a_i)
                multiply(d_c, k_f, a_f)
                multiply(d_c, k_g, a_g)
                multiply(d_c, f, carry)
                dot(da, returned)
            for call, left, right, out in adjoints:
                call(left, right, out)
        self._gradients()

    def _gradients(self) -> None:
        """One GEMM for the gradients of U, W and b, one for those of the inputs."""
        T, B, N, H = self.shape
        if B == 1:
            da, z = self.da[:, :, 0].T, self.z[:T, :, 0].T
        else:
            self.da_flat[...] = self.da.transpose(1, 0, 2)
            self.z_flat[...] = self.z[:T].transpose(1, 0, 2)
            da, z = self.da_flat.reshape(4 * H, -1), self.z_flat.reshape(len(self.z_flat), -1)
        np.dot(da, z.T, self.gradient)
        np.dot(da.T, self.W, self.dx.reshape(T * B, N))

    def trace(self) -> dict[str, Array]:
        """Views of all that is kept: by step [T, B, units], and the gradients of W, U, b."""
        T, _, N, H = self.shape
        views = {"c": self.s[1:, 4 * H :], "tanh_c": self.tanh_c, "h": self.z[1:, :H]}
        views |= {"d_c": self.dc, "d_h": self.dh}
        for n, gate in enumerate(GATES):
            rows = slice(n * H, (n + 1) * H)
            views |= {gate: self.s[:T, rows], f"a_{gate}": self.a[:, rows]}
            views |= {f"d_{gate}": self.dgates[:, rows], f"d_a_{gate}": self.da[:, rows]}
        trace: dict[str, Array] = {name: view.swapaxes(1, 2) for name, view in views.items()}
        gradient = self.gradient
        trace |= {"d_U": gradient[:, :H], "d_W": gradient[:, H : H + N], "d_b": gradient[:, H + N]}
        trace["d_x"] = self.dx
        return trace
