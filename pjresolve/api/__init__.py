"""What other programs and notebooks use: `pjresolve` passes these names on.

Rules of this package: it joins what the layers below compute and draw, and decides nothing.
"""

from pjresolve.api.calls import aresolve, resolve, simulate
from pjresolve.api.pictures import Graph, Ladder, Picture, Report
from pjresolve.api.prediction import Prediction
from pjresolve.api.scenario import Scenario, scenarios

__all__ = [
    "Graph", "Ladder", "Picture", "Prediction", "Report", "Scenario", "aresolve", "resolve", "scenarios",
    "simulate",
]  # fmt: skip
