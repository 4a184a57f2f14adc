"""A cell's equations taken apart: weighted sums, squashing functions, elementwise rest.

Between matrix products a cell is elementwise. Each *weighted sum* (a pre-activation such as
`W_f @ x + U_f @ h_prev + b_f`) gets a name, each squashing function and each vector that enters a
product gets one too, so that everything worth keeping of a step has a name and a definition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, count

from rnnviz.engine.array_names import FREE, SLOPE
from rnnviz.engine.cell import Cell
from rnnviz.engine.expressions import (
    ONE,
    ZERO,
    Add,
    Apply,
    Expression,
    MatMul,
    Mul,
    Number,
    Sub,
    Symbol,
    add,
    mul,
    sub,
    symbols,
    terms,
    walk,
)
from rnnviz.engine.text import formula


@dataclass(frozen=True)
class WeightedSum:
    """A pre-activation: products with matrices, plain bias vectors and an elementwise rest."""

    name: str
    products: tuple[tuple[str, str], ...]
    biases: tuple[str, ...]
    rest: Expression | None

    def matrix(self, source: str) -> str | None:
        """The matrix that multiplies `source` in this sum."""
        return dict((vector, matrix) for matrix, vector in self.products).get(source)


@dataclass(frozen=True)
class Elementwise:
    """A quantity computed element by element from named ones; `Apply` stands only at its root."""

    name: str
    expression: Expression


Definition = WeightedSum | Elementwise


@dataclass
class _Builder:
    """Takes the equations of a cell apart; `repeated` are the products that stand at two places."""

    cell: Cell
    vectors: frozenset[str]
    repeated: frozenset[Expression]
    taken: set[str]
    found: dict[str, Definition] = field(default_factory=dict)

    def quantity(self, name: str, expression: Expression) -> None:
        if _has_product(expression) and name not in self.cell.states:
            self._sum(name, expression, name)
        elif isinstance(expression, Apply):
            inner = self._argument(expression.argument, name)
            self.found[name] = Elementwise(name, Apply(expression.function, inner))
        else:
            self.found[name] = Elementwise(name, self._reduce(expression, name))

    def _argument(self, argument: Expression, owner: str) -> Expression:
        if _has_product(argument):
            return self._sum(self._fresh(f"a_{owner}"), argument, owner)
        return self._reduce(argument, owner)

    def _sum(self, name: str, expression: Expression, owner: str) -> Symbol:
        products: dict[str, str] = {}
        biases: list[str] = []
        rest: Expression = ZERO
        for term in terms(expression):
            if isinstance(term, MatMul):
                source = self._vector(term.vector, owner)
                if term in self.repeated or source in products:
                    rest = add(rest, self._product(term, owner))
                else:
                    products[source] = term.matrix.name
            elif isinstance(term, Symbol) and self._is_bias(term):
                biases.append(term.name)
            else:
                rest = add(rest, self._reduce(term, owner))
        pairs = tuple((matrix, source) for source, matrix in products.items())
        self.found[name] = WeightedSum(name, pairs, tuple(biases), None if rest == ZERO else rest)
        return Symbol(name)

    def _product(self, product: MatMul, owner: str) -> Symbol:
        """A product as a sum of its own."""
        name = formula(product)
        if name not in self.found:
            pair = (product.matrix.name, self._vector(product.vector, owner))
            self.found[name] = WeightedSum(name, (pair,), (), None)
        return Symbol(name)

    def _is_bias(self, symbol: Symbol) -> bool:
        """Whether this is a vector that stands nowhere else; another one is an ordinary term."""
        uses = sum(n == symbol for e in self.cell.equations for n in walk(e.expression))
        return symbol.name in self.vectors and uses == 1

    def _vector(self, vector: Expression, owner: str) -> str:
        """The name of what enters a product."""
        if isinstance(vector, Symbol):
            return vector.name
        if isinstance(vector, MatMul):
            return self._product(vector, owner).name
        name = formula(vector)
        if name not in self.found:
            if _has_product(vector):
                self._sum(name, vector, owner)
            else:
                reduced = self._reduce(vector, owner)
                self.found.setdefault(name, Elementwise(name, reduced))
        return name

    def _reduce(self, node: Expression, owner: str) -> Expression:
        """The node with every sum and every squashing function inside it replaced by its name."""
        if isinstance(node, MatMul) and node in self.repeated:
            return self._product(node, owner)
        if _has_product(node):
            return self._sum(self._fresh(f"a_{owner}"), node, owner)
        match node:
            case Apply(function, argument):
                name = formula(node)
                if name not in self.found:
                    inner = self._argument(argument, owner)
                    self.found[name] = Elementwise(name, Apply(function, inner))
                return Symbol(name)
            case Add(left, right) | Sub(left, right) | Mul(left, right):
                return type(node)(self._reduce(left, owner), self._reduce(right, owner))
            case _:
                return node

    def _fresh(self, name: str) -> str:
        """A name that nothing has: the cell may have an `a_f` of its own."""
        numbers = (f"{name}{number}" for number in count(2))
        fresh = next(n for n in chain((name,), numbers) if n not in self.taken)
        self.taken.add(fresh)
        return fresh


def _has_product(expression: Expression) -> bool:
    return any(isinstance(term, MatMul) for term in terms(expression))


@lru_cache(maxsize=256)
def definitions(cell: Cell) -> dict[str, Definition]:
    """Everything of a step that has a name, in the order of computation; do not change the dict."""
    nodes = [node for e in cell.equations for node in walk(e.expression)]
    products = Counter(node for node in nodes if isinstance(node, MatMul))
    builder = _Builder(
        cell,
        vectors=frozenset(p.name for p in cell.parameters if not p.columns),
        repeated=frozenset(product for product, uses in products.items() if uses > 1),
        taken={*cell.quantities, *(node.name for node in nodes if isinstance(node, Symbol))},
    )
    for equation in cell.equations:
        builder.quantity(equation.name, equation.expression)
    return builder.found


@lru_cache(maxsize=256)
def anchors(cell: Cell) -> tuple[str, ...]:
    """The quantities whose adjoint the backward loop needs: states, sums, factors of products."""
    found = definitions(cell)
    entering = {v for d in found.values() if isinstance(d, WeightedSum) for _, v in d.products}
    return tuple(
        name
        for name, definition in found.items()
        if isinstance(definition, WeightedSum) or name in cell.states or name in entering
    )


def depends(definition: Definition) -> tuple[str, ...]:
    """The names that a definition needs at the same step, the given ones and parameters left in."""
    if isinstance(definition, Elementwise):
        return symbols(definition.expression)
    rest = symbols(definition.rest) if definition.rest is not None else ()
    return tuple(dict.fromkeys((*(v for _, v in definition.products), *rest)))


@lru_cache(maxsize=4096)
def users(
    cell: Cell, name: str, held: frozenset[str] = frozenset()
) -> tuple[tuple[str, Expression], ...]:
    """The anchors that depend on `name` without a product between, and their derivatives by it."""
    slopes = ((b, derivative(cell, b, name, held)) for b in anchors(cell) if b != name)
    return tuple((anchor, slope) for anchor, slope in slopes if slope != ZERO)


@lru_cache(maxsize=4096)
def derivative(cell: Cell, of: str, by: str, held: frozenset[str] = frozenset()) -> Expression:
    """The elementwise derivative of a quantity by another, paths through anchors left out.

    `by` may also be a previous state or a vector parameter. Where a quantity in `held` stands on
    the way, the factor `free:<name>` (1 where it is not held, else 0) cuts the gradient.
    """
    stops = frozenset(anchors(cell))
    memo: dict[str, Expression] = {}
    found = definitions(cell)

    def inner(name: str) -> Expression:
        if name == by:
            return ONE
        if name in stops or name not in found:
            return ZERO
        if name not in memo:
            memo[name] = total(name)
        return memo[name]

    def total(name: str) -> Expression:
        definition = found[name]
        if isinstance(definition, Elementwise):
            slope = _partial(definition.expression, name, inner)
            return mul(slope, Symbol(FREE + name)) if name in held else slope
        slope = ZERO if definition.rest is None else _partial(definition.rest, "", inner)
        return add(slope, ONE) if by in definition.biases else slope

    slope = total(of)
    if by in held and isinstance(found.get(by), WeightedSum):
        slope = mul(slope, Symbol(FREE + by))
    return slope


def _partial(node: Expression, name: str, inner: Callable[[str], Expression]) -> Expression:
    match node:
        case Symbol(symbol):
            return inner(symbol)
        case Add(left, right):
            return _joined(_partial(left, name, inner), _partial(right, name, inner), add)
        case Sub(left, right):
            return _joined(_partial(left, name, inner), _partial(right, name, inner), sub)
        case Mul(left, right):
            first = _scaled(_partial(left, name, inner), right)
            return _joined(first, _scaled(_partial(right, name, inner), left), add)
        case Apply():
            return mul(Symbol(SLOPE + name), _partial(node.argument, name, inner))
        case _:
            return ZERO


def _scaled(slope: Expression, factor: Expression) -> Expression:
    """`slope * factor` with the slope of a squashing function kept in front."""
    match slope:
        case Mul(Symbol(name) as front, rest) if name.startswith(SLOPE):
            return Mul(front, _scaled(rest, factor))
        case Mul(Number() as front, rest):
            return Mul(front, mul(rest, factor))
    return mul(slope, factor)


def _joined(
    left: Expression, right: Expression, join: Callable[[Expression, Expression], Expression]
) -> Expression:
    """The sum or difference, with the slope that both sides share taken out."""
    match left, right:
        case Mul(Symbol(first) as front, a), Mul(Symbol(second), b) if first == second:
            if first.startswith(SLOPE):
                return Mul(front, join(a, b))
        case Number(0.0), Mul(Symbol(first) as front, b) if join is sub and first.startswith(SLOPE):
            return Mul(front, sub(ZERO, b))
        case Number(0.0), Symbol(first) if join is sub and first.startswith(SLOPE):
            return Mul(right, Number(-1.0))
    return join(left, right)
