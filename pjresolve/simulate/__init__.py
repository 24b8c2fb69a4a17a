"""The simulated life of a registration."""

from pjresolve.simulate.prediction import Prediction
from pjresolve.simulate.run import simulate_scenario

__all__ = ["Prediction", "simulate_scenario"]
