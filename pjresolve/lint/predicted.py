"""The findings on a configuration that was predicted already: with the same answers, in the same world."""

from __future__ import annotations

from pjresolve.config.objects import Config
from pjresolve.lint.context import Context
from pjresolve.lint.run import findings
from pjresolve.lint.sources import world_of
from pjresolve.model import Finding
from pjresolve.scenario.format import Scenario


def findings_in(world: Scenario, config: Config) -> tuple[Finding, ...]:
    """What every rule finds in `config` with the answers of `world`. Raises BadInput for a bad zone."""
    source, holds = world_of(world)
    return tuple(findings(Context(config, source, world, holds)))
