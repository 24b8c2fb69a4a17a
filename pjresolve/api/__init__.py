"""What other programs and notebooks use: `pjresolve` passes these names on.

Rules of this package: it joins what the layers below compute and draw, and decides nothing.
"""

from pjresolve.api.calls import acall, aresolve, atrunk, awho, call, resolve, simulate, trunk, who
from pjresolve.api.incoming import Who
from pjresolve.api.outgoing import Call
from pjresolve.api.pictures import Graph, Ladder, Picture, Report
from pjresolve.api.prediction import Prediction
from pjresolve.api.scenario import Scenario, scenarios
from pjresolve.api.trunks import Trunk

__all__ = [
    "Call", "Graph", "Ladder", "Picture", "Prediction", "Report", "Scenario", "Trunk", "Who", "acall",
    "aresolve", "atrunk", "awho", "call", "resolve", "scenarios", "simulate", "trunk", "who",
]  # fmt: skip
