"""From a scenario to a prediction.

Rules of this file: it only joins the parts; a caller can bring another source of answers, or another stack.
"""

from __future__ import annotations

from pjresolve.config.objects import Config, load
from pjresolve.config.reader import read_text
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput
from pjresolve.prediction.prediction import Prediction, Registered
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.snapshot import SnapshotSource
from pjresolve.simulation.life import Life
from pjresolve.sip.timers import seconds
from pjresolve.stacks import stack_named
from pjresolve.stacks.protocol import Refused

DEFAULT_STACK = "asterisk-22"


def scenario_config(scenario: Scenario) -> Config:
    """The configuration of a scenario, read as Asterisk reads it. Raises BadInput."""
    where = scenario.pjsip_path or scenario.path
    folder = where.parent if where else None
    name = str(scenario.pjsip_path) if scenario.pjsip_path else f"{scenario.name}: pjsip"
    return load(read_text(scenario.pjsip, name=name, config_dir=folder))


def simulate_scenario(
    scenario: Scenario,
    *,
    seed: int | None = None,
    registration: str | None = None,
    stack: str = DEFAULT_STACK,
    config: Config | None = None,
    source: AnswerSource | None = None,
) -> Prediction:
    """Predict one registration of a scenario: the named one, else the only one, else the first of the file.

    `seed` draws the SRV choices; without it every round follows the most probable order.
    `config` and `source` stand in for the scenario's own. Raises BadInput for what cannot be used.
    """
    config = config or scenario_config(scenario)
    chosen = choose_registration(config, registration, scenario.name)
    program = stack_named(stack)
    refused_at_reading = next(
        (r for r in config.refusals if r.type == "registration" and r.name == chosen), None
    )
    if refused_at_reading is not None:
        return Prediction(program.name, scenario, chosen, False, refused_at_reading.message)
    plan = program.load(config, config.registrations[chosen])
    if isinstance(plan, Refused):
        return Prediction(program.name, scenario, chosen, False, plan.why, plan.evidence)
    life = Life(scenario, source or SnapshotSource(scenario), plan, program, seed)
    life.run()
    success = life.success
    return Prediction(
        stack=program.name,
        scenario=scenario,
        registration=chosen,
        loaded=True,
        plan=plan,
        resolution=life.first.resolution if life.first else None,
        log=life.log,
        registered=Registered(seconds(success.t), success.target) if success else None,
        status=life.state,
        end=seconds(life.end),
        unregistered=seconds(life.unregistered),
        notes=plan.notes,
    )


def registration_names(config: Config) -> list[str]:
    """The registrations of a configuration in its order, those that Asterisk refuses included."""
    return list(
        dict.fromkeys([*config.registrations, *(r.name for r in config.refusals if r.type == "registration")])
    )


def choose_registration(config: Config, name: str | None, where: str) -> str:
    """The registration to predict. Raises BadInput with the names that exist."""
    names = registration_names(config)
    if not names:
        raise BadInput(
            "there is no registration",
            where=where,
            hint="add a section with type=registration and server_uri=",
        )
    if name is None:
        return names[0]
    if name not in names:
        raise BadInput(
            f"no registration is called {name!r}", where=where, hint=f"there is {', '.join(names)}"
        )
    return name
