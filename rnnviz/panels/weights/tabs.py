"""Which matrices stand side by side: those of one gate, of the head, of an embedding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from rnnviz.document.document import Document
from rnnviz.engine.cell import Cell
from rnnviz.engine.expressions import symbols
from rnnviz.engine.initial_weights import is_recurrent
from rnnviz.engine.layers import Layer
from rnnviz.engine.weights import Slab
from rnnviz.session.selection import parts


@final
@dataclass(frozen=True)
class Tab:
    """A group of weights with the same rows.

    Attributes
    ----------
    label : str
        What the tab says: the gate's letter, or the name of the first weight.
    part : str
        What they belong to, such as `layer0/forward` or `head`.
    paths : tuple of str
        The weights, from left to right.
    quantity : str
        The quantity of the cell that they make; "" for none.
    recurrent : str
        The path of the matrix that reads the past; "" for none.
    """

    label: str
    part: str
    paths: tuple[str, ...]
    quantity: str = ""
    recurrent: str = ""


def tabs_of(document: Document, part: str) -> tuple[Tab, ...]:
    """The tabs of a layer and direction, and of all that is not a layer's.

    Of an encoder-decoder only the embedding of the side that is looked at.
    """
    layers = parts(document)
    part = part_of(tuple(layers), part)
    found = list(_gates(document, part, layers[part]))
    side = part.partition("/")[0]
    hidden = {"encoder": "target", "decoder": "source"}.get(side, "")
    others = [slab for slab in document.network.layout.slabs if slab.part not in layers]
    found += _others(document, [slab for slab in others if slab.part != hidden])
    return tuple(found)


def part_of(known: tuple[str, ...], part: str) -> str:
    """The layer and direction that comes closest: of a layer its first, else the highest."""
    within = (one for one in known if one == part or one.startswith(f"{part}/"))
    top = known[-1].rpartition("/")[0]
    return next(within, "") or next(one for one in known if one.startswith(f"{top}/"))


def name_of(path: str) -> str:
    """A weight without its part."""
    return path.rpartition("/")[2]


def _gates(document: Document, part: str, layer: Layer) -> Iterator[Tab]:
    cell = layer.cell
    recurrent = {
        path
        for slab in document.network.layout.slabs
        for path in slab.paths
        if slab.part == part and is_recurrent(slab)
    }
    groups: dict[str, list[str]] = {}
    for parameter in sorted(cell.parameters, key=lambda p: _COLUMNS.index(p.columns)):
        groups.setdefault(_gate(cell, parameter.name), []).append(f"{part}/{parameter.name}")
    order = _order(cell)
    for gate in sorted(groups, key=lambda name: order.index(name) if name in order else len(order)):
        paths = tuple(groups[gate])
        past = next((path for path in paths if path in recurrent), "")
        yield Tab(gate, part, paths, gate if gate in cell.quantities else "", past)


_COLUMNS = ("input", "hidden", "")


def _gate(cell: Cell, name: str) -> str:
    """The gate of a weight: its index, or the quantity whose equation it stands in first."""
    index = name.partition("_")[2]
    if index in cell.quantities:
        return index
    users = (e.name for e in cell.equations if name in symbols(e.expression))
    return next(users, index or name)


def _order(cell: Cell) -> tuple[str, ...]:
    """The gates as the states' equations use them, where they use them all, else as computed."""
    used = dict.fromkeys(
        name for e in cell.equations if e.name in cell.states for name in symbols(e.expression)
    )
    gates = [name for name in cell.quantities if name not in cell.states]
    if all(gate in used for gate in gates):
        return (*(name for name in used if name in gates), *cell.states)
    return cell.quantities


def _others(document: Document, slabs: list[Slab]) -> Iterator[Tab]:
    """A matrix begins a tab; the vectors and matrices behind it with as many rows stand in it."""
    group: list[str] = []
    part, rows = "", 0
    for slab in slabs:
        for path in slab.paths:
            shape = document.weights[path].shape
            joins = bool(group) and slab.part == part and len(shape) == 1 and shape[0] == rows
            if group and not joins:
                yield Tab(name_of(group[0]), part, tuple(group))
                group = []
            group.append(path)
            part, rows = slab.part, shape[0]
    if group:
        yield Tab(name_of(group[0]), part, tuple(group))
