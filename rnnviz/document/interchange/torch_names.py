"""Finds `nn.RNN`, `nn.LSTM` and `nn.GRU` among tensors by PyTorch's names and their shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rnnviz.document.errors import visible
from rnnviz.document.interchange.files import check_shape
from rnnviz.document.interchange.found import Found, FoundLayer
from rnnviz.document.interchange.gates import FAMILY_OF, TORCH, split
from rnnviz.document.interchange.surroundings import around, left_out, unusual_numbers
from rnnviz.document.interchange.torch_modules import NAMES
from rnnviz.engine.arrays import Array
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError

_NAME = re.compile(
    r"(.*?)(weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(?:_l(\d{1,3})(_reverse)?)?"
)
_LIKE = re.compile(r"(weight|bias)_(ih|hh|hr)(_l\d+)?")
_CELL = {"rnn": "rnn", "lstm": "lstm", "gru": "gru_pytorch"}


Tensors = Mapping[str, Array]
Place = tuple[int, str]


@dataclass(frozen=True)
class Group:
    """The tensors of one module: (layer, direction) -> kind of tensor -> its name."""

    prefix: str
    places: dict[Place, dict[str, str]]


def find(tensors: Tensors) -> tuple[list[Found], list[str]]:
    """All modules among the tensors, and a sentence for each that cannot be read."""
    groups = _groups(tensors)
    used = {name for g in groups for kinds in g.places.values() for name in kinds.values()}
    odd = sorted(n for n in tensors if n not in used and _LIKE.search(n))
    faults = [
        f"{visible(name)} belongs to a changed form of a recurrent layer "
        "(weight norm, weight drop, quantisation), which is not read"
        for name in odd[:8]
    ]
    found = []
    for group in groups:
        try:
            layers = _layers(group, tensors)
            free = {name: array for name, array in tensors.items() if name not in used}
            tables, heads = around(layers, free)
            notes = (*unusual_numbers(layers), *left_out(layers, free))
            found.append(Found(group.prefix, layers, tables, heads, notes=notes))
        except EngineError as error:
            faults.append(f"{visible(group.prefix) or 'the recurrent layer'}: {error}")
    return found, faults


def _groups(tensors: Tensors) -> list[Group]:
    groups: dict[str, Group] = {}
    for name in tensors:
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        prefix, kind, depth, reverse = match.groups()
        group = groups.setdefault(prefix, Group(prefix.rstrip("."), {}))
        place = (int(depth or 0), "backward" if reverse else "forward")
        kinds = group.places.setdefault(place, {})
        if kind not in kinds:
            kinds[kind] = name
    return list(groups.values())


def _layers(group: Group, tensors: Tensors) -> tuple[FoundLayer, ...]:
    depth = 1 + max(number for number, _ in group.places)
    both = any(direction == "backward" for _, direction in group.places)
    layers = []
    for number in range(depth):
        weights: dict[str, dict[str, Array]] = {}
        families = set()
        for direction in ("forward", "backward") if both else ("forward",):
            if (number, direction) not in group.places:
                raise EngineError(f"layer {number} has no {direction} weights")
            part = _part(group.places[number, direction], tensors)
            families.add(part.family)
            weights[direction] = part.weights
        if len(families) > 1:
            raise EngineError(f"layer {number}: its directions have different cells")
        layers.append(FoundLayer(find_cell(_CELL[part.family]), part.inputs, part.hidden, weights))
    return tuple(layers)


@dataclass(frozen=True, eq=False)
class _Part:
    """One layer and direction."""

    family: str
    inputs: int
    hidden: int
    weights: dict[str, Array]


def _part(kinds: dict[str, str], tensors: Tensors) -> _Part:
    if "weight_hr" in kinds:
        raise EngineError(
            f"{visible(kinds['weight_hr'])}: an LSTM with a projection (proj_size) is not supported"
        )
    for kind in ("weight_ih", "weight_hh"):
        if kind not in kinds:
            raise EngineError(f"{kind} is missing beside {visible(next(iter(kinds.values())))}")
    if ("bias_ih" in kinds) != ("bias_hh" in kinds):
        raise EngineError(f"one of the two biases beside {visible(kinds['weight_ih'])} is missing")
    arrays = {kind: tensors[name] for kind, name in kinds.items()}
    for kind, array in arrays.items():
        check_shape(kinds[kind], array.shape)
    family = FAMILY_OF[_gates(arrays, kinds)]
    weights: dict[str, Array] = {}
    for kind, letter in NAMES.items():
        if kind in arrays:
            weights |= split(letter, arrays[kind], TORCH[family])
    inputs, hidden = arrays["weight_ih"].shape[1], arrays["weight_hh"].shape[1]
    return _Part(family, inputs, hidden, weights)


def _gates(arrays: dict[str, Array], kinds: dict[str, str]) -> int:
    """How many blocks are stacked."""
    recurrent, inputs = arrays["weight_hh"], arrays["weight_ih"]
    name = visible(kinds["weight_hh"])
    if recurrent.ndim != 2 or inputs.ndim != 2:
        raise EngineError(f"{name}: the shape is {recurrent.shape}, expected a matrix")
    rows, hidden = recurrent.shape
    if rows % hidden or rows // hidden not in FAMILY_OF:
        raise EngineError(
            f"{name}: the shape is {recurrent.shape}, expected (hidden, hidden) for an RNN, "
            "(3 * hidden, hidden) for a GRU or (4 * hidden, hidden) for an LSTM"
        )
    for kind in ("weight_ih", "bias_ih", "bias_hh"):
        if kind in arrays and (
            len(arrays[kind]) != rows or arrays[kind].ndim != 1 + (kind[0] == "w")
        ):
            raise EngineError(
                f"{visible(kinds[kind])}: the shape is {arrays[kind].shape}, expected {rows} rows "
                f"beside {name} {recurrent.shape}"
            )
    return int(rows // hidden)
