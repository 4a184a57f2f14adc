"""The edits: everything that a person can do to a document, each a frozen value."""

from __future__ import annotations

from rnnviz.document.edits.about import SetNotes, SetRecipe, SetTitle, SetTraining
from rnnviz.document.edits.architecture import (
    SetCell,
    SetDirection,
    SetEmbedding,
    SetHidden,
    SetLayers,
    SetUnshared,
)
from rnnviz.document.edits.base import Edit, EditError, MergeKey
from rnnviz.document.edits.first_weights import (
    IdentityWeights,
    Reinitialise,
    ScaleSpectralRadius,
    SetForgetBias,
    ZeroWeights,
)
from rnnviz.document.edits.holds import HoldQuantity, ReleaseQuantity
from rnnviz.document.edits.loss import SetClip, SetLossSteps, SetTargets, SetTruncation
from rnnviz.document.edits.sequence import (
    DeleteToken,
    InsertToken,
    MoveToken,
    PasteTokens,
    SetToken,
)
from rnnviz.document.edits.task import AddWord, SetAttention, SetTask
from rnnviz.document.edits.vectors import InsertVector, PasteVectors, SetVector, SetVectorValue
from rnnviz.document.edits.weights import (
    ReplaceWeights,
    SetWeight,
    SetWeightMatrix,
    SetWeightRow,
)

EDITS: tuple[type[Edit], ...] = (
    SetToken,
    InsertToken,
    DeleteToken,
    MoveToken,
    PasteTokens,
    SetVector,
    SetVectorValue,
    InsertVector,
    PasteVectors,
    SetWeight,
    SetWeightRow,
    SetWeightMatrix,
    ReplaceWeights,
    ScaleSpectralRadius,
    SetForgetBias,
    Reinitialise,
    ZeroWeights,
    IdentityWeights,
    HoldQuantity,
    ReleaseQuantity,
    SetCell,
    SetDirection,
    SetLayers,
    SetHidden,
    SetUnshared,
    SetEmbedding,
    SetTask,
    SetAttention,
    AddWord,
    SetTargets,
    SetLossSteps,
    SetClip,
    SetTruncation,
    SetRecipe,
    SetTraining,
    SetTitle,
    SetNotes,
)

__all__ = [
    "EDITS",
    "AddWord",
    "DeleteToken",
    "Edit",
    "EditError",
    "HoldQuantity",
    "IdentityWeights",
    "InsertToken",
    "InsertVector",
    "MergeKey",
    "MoveToken",
    "PasteTokens",
    "PasteVectors",
    "Reinitialise",
    "ReleaseQuantity",
    "ReplaceWeights",
    "ScaleSpectralRadius",
    "SetAttention",
    "SetCell",
    "SetClip",
    "SetDirection",
    "SetEmbedding",
    "SetForgetBias",
    "SetHidden",
    "SetLayers",
    "SetLossSteps",
    "SetNotes",
    "SetRecipe",
    "SetTargets",
    "SetTask",
    "SetTitle",
    "SetToken",
    "SetTraining",
    "SetTruncation",
    "SetUnshared",
    "SetVector",
    "SetVectorValue",
    "SetWeight",
    "SetWeightMatrix",
    "SetWeightRow",
    "ZeroWeights",
]
