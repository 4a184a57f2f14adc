"""The panels of the Lab: each shows sights and emits wishes, and knows no other panel."""

from __future__ import annotations

from rnnviz.panels.factors import FactorsPanel
from rnnviz.panels.gates import GatesPanel
from rnnviz.panels.gradient import GradientPanel
from rnnviz.panels.graph import GraphPanel
from rnnviz.panels.highway import HighwayPanel
from rnnviz.panels.inspector import InspectorPanel
from rnnviz.panels.losses import LossMatrixPanel
from rnnviz.panels.outputs import OutputsPanel
from rnnviz.panels.panel import Panel
from rnnviz.panels.training import TrainingPanel
from rnnviz.panels.transport import TransportPanel
from rnnviz.panels.weights import WeightsPanel

PANELS: tuple[type[Panel], ...] = (
    GraphPanel,
    TransportPanel,
    InspectorPanel,
    WeightsPanel,
    GatesPanel,
    HighwayPanel,
    GradientPanel,
    LossMatrixPanel,
    FactorsPanel,
    OutputsPanel,
    TrainingPanel,
)
"""Every panel, in the order in which they stand in their areas."""
