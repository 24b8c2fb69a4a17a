"""From a scenario to a prediction.

Rules of this file: it only joins the parts; a caller can bring another source of answers, or another stack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pjresolve.config.objects import Config, load
from pjresolve.config.reader import read_text
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput
from pjresolve.prediction.machine import traffic_of
from pjresolve.prediction.prediction import Prediction, Registered
from pjresolve.scenario.format import Scenario, refuse_part, roots_of
from pjresolve.scenario.snapshot import SnapshotSource
from pjresolve.simulation.life import Registering
from pjresolve.simulation.run import TAIL, Run, Traffic
from pjresolve.sip.timers import seconds
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.driver import resolve_from
from pjresolve.stacks.protocol import Plan, Refused, Stack
from pjresolve.stacks.telephony import telephony_of
from pjresolve.words import there_are


def scenario_config(scenario: Scenario) -> Config:
    """The configuration of a scenario, read as Asterisk reads it. Raises BadInput, also where it has only a
    part of it.
    """
    refuse_part(scenario)
    where = scenario.pjsip_path or scenario.path
    folder = where.parent if where else None
    name = (
        str(scenario.pjsip_path)
        if scenario.pjsip_path and not scenario.gathered
        else f"{scenario.name}: pjsip"
    )
    return load(read_text(scenario.pjsip, name=name, config_dir=folder, roots=roots_of(scenario)))


def simulate_scenario(
    scenario: Scenario,
    *,
    seed: int | None = None,
    registration: str | None = None,
    stack: str = DEFAULT_STACK,
    config: Config | None = None,
    source: AnswerSource | None = None,
    alone: bool = False,
) -> Prediction:
    """Predict one registration of a scenario: the named one, else the only one, else the first of the file.

    The others live beside it, unless it is `alone`. `seed` draws the lots; without it every round follows the
    most probable order. `config` and `source` stand in for the scenario's own. Raises BadInput for what
    cannot be used.
    """
    config = config or scenario_config(scenario)
    traffic = None if alone else _traffic(scenario, config, stack_named(stack), scenario.name)
    telephony = telephony_of(stack_named(stack))
    begins = telephony.begins(config) if telephony and not alone else 0
    names = registration_names(config)
    if not names and traffic and registration is None:
        return _only_traffic(scenario, traffic, stack, source or SnapshotSource(scenario), seed)
    chosen = choose_registration(config, registration, scenario.name)
    names = [chosen] if alone else names
    source = source or SnapshotSource(scenario)
    together, run = _run(
        scenario,
        names,
        config,
        source,
        seed=seed,
        stack=stack,
        traffic=traffic,
        begins=begins,
        tail=TAIL if traffic else 0,
    )
    prediction = next(prediction for prediction in together if prediction.registration == chosen)
    return replace(
        prediction,
        machine=tuple(together) if len(together) > 1 else (),
        traffic=traffic_of(scenario, config, traffic.telephony, run, source) if traffic else None,
    )


def _traffic(scenario: Scenario, config: Config, program: Stack, where: str) -> Traffic | None:
    """What goes on beside registrations, or None where nothing does. Raises BadInput for a stack whose calls
    are not known.
    """
    telephony = telephony_of(program)
    if telephony is None:
        if scenario.calls or scenario.incoming:
            raise BadInput(f"what {program.title} does with calls is not known", where=where)
        return None
    asked = scenario.calls or scenario.incoming or telephony.qualified(config)
    return Traffic(telephony, config) if asked else None


def _only_traffic(
    scenario: Scenario, traffic: Traffic, stack: str, source: AnswerSource, seed: int | None
) -> Prediction:
    """A machine that registers nowhere."""
    program = stack_named(stack)
    run = Run(scenario, source, {}, program.policy, seed=seed, traffic=traffic, tail=TAIL)
    run.go()
    return Prediction(
        program.name,
        scenario,
        "",
        False,
        "there is no registration",
        traffic=traffic_of(scenario, traffic.config, traffic.telephony, run, source),
        end=seconds(run.engine.now),
    )


def simulate_together(
    scenario: Scenario,
    names: Sequence[str],
    *,
    config: Config,
    seed: int | None = None,
    stack: str = DEFAULT_STACK,
    source: AnswerSource | None = None,
) -> list[Prediction]:
    """Predict these registrations of `config`, in the order of `names`, on a machine that does all that the
    configuration says: the others live beside them, and contacts are qualified.

    As `simulate_scenario`. A scenario that stops at the first success stops once each of these has had its
    own or has given up.
    """
    source = source or SnapshotSource(scenario)
    everybody = list(dict.fromkeys([*registration_names(config), *names]))
    traffic = _traffic(scenario, config, stack_named(stack), scenario.name)
    found, _ = _run(
        scenario, everybody, config, source, seed=seed, stack=stack, awaited=names, traffic=traffic
    )
    told = {prediction.registration: prediction for prediction in found}
    return [told[name] for name in names]


def _run(
    scenario: Scenario,
    names: Sequence[str],
    config: Config,
    source: AnswerSource,
    *,
    seed: int | None,
    stack: str,
    awaited: Sequence[str] | None = None,
    traffic: Traffic | None = None,
    begins: int = 0,
    tail: int = 0,
) -> tuple[list[Prediction], Run | None]:
    program = stack_named(stack)
    loaded = {name: _load(config, program, name) for name in names}
    plans = {name: plan for name, plan in loaded.items() if isinstance(plan, Plan)}
    run = None
    if plans or traffic:
        # a stack of another package says it in its plans alone
        policies = (plan.policy for plan in plans.values())
        policy = next(policies, None) or program.policy
        run = Run(
            scenario,
            source,
            plans,
            policy,
            seed=seed,
            awaited=awaited,
            traffic=traffic,
            begins=begins,
            tail=tail,
        )
        run.go()
    found: list[Prediction] = []
    for name, plan in loaded.items():
        if isinstance(plan, Refused):
            found.append(Prediction(program.name, scenario, name, False, plan.why, plan.evidence))
        elif run:
            found.append(_predicted(run, run.lives[name], program.name, source))
    return found, run


def _load(config: Config, program: Stack, name: str) -> Plan | Refused:
    registration = config.registrations.get(name)
    if registration is not None:  # another of that name may have been refused (recording `td-reg-bad-first`)
        return program.load(config, registration)
    refusals = (r for r in config.refusals if r.type == "registration" and r.name == name)
    return Refused(name, next(refusals).message)


def _predicted(run: Run, life: Registering, stack: str, source: AnswerSource) -> Prediction:
    success, end = life.success, run.end(life)
    resolution = life.first
    if resolution is None and life.plan.resolution is not None:
        # who asks bit by bit never has a whole list: this is what it would try, one after the other
        resolver = life.plan.policy.resolver_with(run.scenario.unbound)
        resolution = resolve_from(life.plan.resolution(), source, resolver)
    return Prediction(
        stack=stack,
        scenario=run.scenario,
        registration=life.who,
        loaded=True,
        plan=life.plan,
        resolution=resolution,
        log=life.log,
        registered=Registered(seconds(success.t), success.target) if success else None,
        status=life.validity.state,
        end=seconds(end),
        unregistered=seconds(end - life.validity.total(end)),
        notes=life.plan.notes,
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
        raise BadInput(f"no registration is called {name!r}", where=where, hint=there_are(names, name))
    return name
