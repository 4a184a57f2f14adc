"""Which layers of a Keras model follow one another: embedding, recurrent layers, dense layer."""

from __future__ import annotations

from dataclasses import dataclass, field

from rnnviz.document.errors import visible
from rnnviz.document.interchange.found import Found, Linear, Table
from rnnviz.document.interchange.hdf5 import Datasets
from rnnviz.document.interchange.keras_config import Spec
from rnnviz.document.interchange.keras_layers import (
    HEADS,
    OTHERS,
    RECURRENT,
    Read,
    read_head,
    read_recurrent,
    read_table,
)
from rnnviz.document.interchange.keras_places import Place
from rnnviz.document.interchange.surroundings import unusual_numbers
from rnnviz.engine.errors import EngineError

_PASSING = (
    "ActivityRegularization",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "InputLayer",
    "Masking",
    "SpatialDropout1D",
)


@dataclass(eq=False)
class Chain:
    """Recurrent layers that read one another, in the making."""

    reads: list[Read] = field(default_factory=list)
    table: Table | None = None
    head: Linear | None = None
    notes: list[str] = field(default_factory=list)

    def found(self, notes: tuple[str, ...]) -> Found:
        """The chain as a model that can be chosen."""
        layers = tuple(read.layer for read in self.reads)
        own = [note for read in self.reads for note in read.notes]
        return Found(
            " + ".join(read.name for read in self.reads),
            layers,
            () if self.table is None else (self.table,),
            () if self.head is None else (self.head,),
            "many-to-many" if self.reads[-1].sequences else "many-to-one",
            notes=(*self.notes, *own, *unusual_numbers(layers), *notes),
        )


class _Chains:
    """Goes through the layers in their order."""

    def __init__(self, datasets: Datasets, linked: bool) -> None:
        self.datasets, self.linked = datasets, linked
        self.done: list[Chain] = []
        self.faults: list[str] = []
        self._open: Chain | None = None
        self._table: Table | None = None
        self._table_notes: list[str] = []

    def add(self, spec: Spec, place: Place) -> None:
        """Take the next layer."""
        if spec.kind in _PASSING:
            return
        if spec.kind == "Embedding":
            self.close()
            self._table = read_table(spec, place.read(self.datasets))
            if spec.flag("mask_zero"):
                note = "mask_zero: Keras passes over the token 0, here it is read like any other."
                self._table_notes = [note]
        elif spec.kind in RECURRENT:
            self._recurrent(read_recurrent(spec, place.read(self.datasets)))
        elif spec.kind in HEADS and self._open is not None and self.linked:
            self._head(self._open, spec, place)
            self.close()
        else:
            self.close()
            if spec.kind in OTHERS:
                raise EngineError(f"a {spec.kind} is not supported")

    def _recurrent(self, read: Read) -> None:
        chain = self._open
        if chain is None or not self.linked or not chain.reads[-1].sequences:
            self._open = chain = Chain()
            self.done.append(chain)
            table = self._table
            if table is not None and table.values.shape[1] == read.layer.inputs:
                chain.table, chain.notes = table, self._table_notes
            self._table, self._table_notes = None, []
        chain.reads.append(read)

    def _head(self, chain: Chain, spec: Spec, place: Place) -> None:
        try:
            linear, notes = read_head(spec, place.read(self.datasets))
        except EngineError as error:
            chain.notes.append(f"{visible(spec.name)} was left out: {error}.")
            return
        if linear.matrix.shape[1] == chain.reads[-1].layer.outputs:
            chain.head = linear
            chain.notes += notes

    def close(self) -> None:
        """The next layer follows none of these."""
        self._open, self._table, self._table_notes = None, None, []


def chained(
    datasets: Datasets, listed: list[tuple[Spec, Place]], linked: bool
) -> tuple[list[Chain], list[str]]:
    """The chains, and a sentence for each recurrent layer that cannot be read.

    Parameters
    ----------
    linked : bool
        Whether the order of the layers is that of the computation; without a configuration nobody
        knows, and each recurrent layer stands alone.
    """
    chains = _Chains(datasets, linked)
    previous = ""
    for spec, place in listed:
        if spec.below is not None and spec.below != {previous}:
            chains.close()
        previous = spec.name
        try:
            chains.add(spec, place)
        except EngineError as error:
            chains.faults.append(f"{spec.kind} {visible(spec.name)}: {error}")
            chains.close()
    if not linked:
        _surround(datasets, listed, chains.done)
    return chains.done, chains.faults


def _surround(datasets: Datasets, listed: list[tuple[Spec, Place]], chains: list[Chain]) -> None:
    """Give chains of unknown order the one embedding and the one dense layer that fit."""
    for chain in chains:
        first, last = chain.reads[0].layer, chain.reads[-1].layer
        tables, heads = [], []
        for spec, place in listed:
            arrays = place.read(datasets)
            if spec.kind == "Embedding":
                kernel = arrays["forward"].get("embeddings", arrays["forward"].get("kernel"))
                if kernel is not None and kernel.shape[1] == first.inputs:
                    tables.append(Table(spec.name, kernel))
            if spec.kind == "Dense":
                linear, _ = read_head(spec, arrays)
                if linear.matrix.shape[1] == last.outputs:
                    heads.append(linear)
        chain.table = tables[0] if len(tables) == 1 else None
        chain.head = heads[0] if len(heads) == 1 else None
