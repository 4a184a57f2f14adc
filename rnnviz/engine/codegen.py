"""Writes straight-line NumPy for expressions: which view is read, which is written, in which order.

A `Ref` names a part of one array of a tape; the kernel asks the tape for the views of all refs that
its code uses and hands them over in that order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rnnviz.engine.array_names import NUMBER, SCRATCH
from rnnviz.engine.expressions import Add, Apply, Expression, Mul, Number, Sub, Symbol

_UFUNCS = {Add: "add", Sub: "subtract", Mul: "multiply"}


@dataclass(frozen=True)
class Ref:
    """Columns `start:stop` (in units of the hidden size) of the array called `array`.

    `shift` 1 is the next place in time (states have one place more than there are steps).
    With `stacked` the columns get an axis of their own: `[..., columns, hidden]`.
    """

    array: str
    start: int = 0
    stop: int = 1
    shift: int = 0
    stacked: bool = False


@dataclass
class Writer:
    """Collects lines of NumPy calls and the refs that they use.

    Parameters
    ----------
    locate : callable
        The ref where a symbol stands.
    """

    locate: Callable[[str], Ref]
    refs: dict[Ref, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    scratch: int = 0

    def name(self, ref: Ref) -> str:
        """The variable that stands for `ref`."""
        return self.refs.setdefault(ref, f"v{len(self.refs)}")

    def call(self, function: str, *arguments: str) -> None:
        """Append one call."""
        self.lines.append(f"{function}({', '.join(arguments)})")

    def constant(self, value: float) -> str:
        """A number, as an array of the tape's precision: NumPy takes that fastest."""
        return self.name(Ref(f"{NUMBER}{value!r}"))

    def product(self, left: str, right: str, out: str) -> None:
        """Append `out = left @ right`."""
        self.lines.append(f"{left}.dot({right}, {out})")

    def borrow(self) -> str:
        """A scratch array of one hidden size, given back with `give_back`."""
        if not self.free:
            self.free.append(self.scratch)
            self.scratch += 1
        return self.name(Ref(f"{SCRATCH}{self.free.pop()}"))

    def give_back(self, name: str) -> None:
        """Return a name that `borrow` gave; any other name is left alone."""
        for ref, known in self.refs.items():
            if known == name and ref.array.startswith(SCRATCH):
                self.free.append(int(ref.array.removeprefix(SCRATCH)))

    def evaluate(self, node: Expression, target: str | None = None) -> str:
        """Write the calls that compute `node`; the variable that holds it is returned.

        With a `target` the value is written there, otherwise where it already stands or in scratch.
        """
        match node:
            case Number(value):
                return self._copied(self.constant(value), target)
            case Symbol(name):
                return self._copied(self.name(self.locate(name)), target)
            case Apply(function, argument):
                out = target or self.borrow()
                self.squash(function, self.evaluate(argument), out)
                return out
            case Add(left, right) | Sub(left, right) | Mul(left, right):
                return self._binary(_UFUNCS[type(node)], left, right, target)
            case _:
                raise AssertionError(node)

    def _copied(self, name: str, target: str | None) -> str:
        if target is None:
            return name
        self.call("copyto", target, name)
        return target

    def _binary(
        self, function: str, left: Expression, right: Expression, target: str | None
    ) -> str:
        simple = isinstance(left, (Symbol, Number))
        first = self.evaluate(left, None if simple else target)
        second = self.evaluate(right)
        if target is None:
            self.give_back(first)
        self.give_back(second)
        out = target or self.borrow()
        self.call(function, first, second, out)
        return out

    def squash(self, function: str, argument: str, out: str) -> None:
        """Write the calls of one squashing function."""
        if function == "sigmoid":
            # np.negative is wrong in NumPy 2.4 for single columns that lie 16 or 64 bytes apart
            self.call("multiply", argument, self.constant(-1.0), out)
            self.call("exp", out, out)
            self.call("add", out, self.constant(1.0), out)
            self.call("reciprocal", out, out)
        elif function == "relu":
            self.call("maximum", argument, self.constant(0.0), f"out={out}")
        else:
            self.call(function, argument, out)
        self.give_back(argument)

    def slope(self, function: str, argument: str, value: str, out: str) -> None:
        """Write the derivative of a squashing function at all steps, from its own value."""
        if function == "sigmoid":
            self.call("subtract", self.constant(1.0), value, out)
            self.call("multiply", out, value, out)
        elif function == "tanh":
            self.call("multiply", value, value, out)
            self.call("subtract", self.constant(1.0), out, out)
        else:
            self.call("greater", argument, self.constant(0.0), out)
