"""A call out: what becomes of it, and what where its first targets do not answer.

Rules of this file:
- it joins configuration, answers and faults into a world with one call; what a stack decides is the stack's;
- the call begins at 0 where the machine is at rest, and once it has settled where it is running;
- faults with a time count from the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pjresolve.config.objects import Config
from pjresolve.dns.known import KnownAnswers
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.model import Query, Target
from pjresolve.prediction.faults import NO_FAULTS, Faults, HostFault
from pjresolve.prediction.healthy import HORIZON, Reached, check_faults, compose, reachable, reached_by
from pjresolve.prediction.inquiry import refuse_unheld
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.realms import challenging
from pjresolve.prediction.run import registration_names, simulate_scenario
from pjresolve.prediction.traffic import CallPrediction
from pjresolve.scenario.behaviour import ACCEPT, DROP, OK, YEAR
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.traffic import Call
from pjresolve.sip.transaction import Method
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.driver import resolve_from
from pjresolve.stacks.protocol import Plan, Sender
from pjresolve.stacks.telephony import CallPlan, NoCall, Telephony, telephony_of
from pjresolve.trace import State
from pjresolve.words import there_are

DIAL_TIMEOUT = 60.0
"""Seconds that `Dial` waits for an answer, where nobody says how long."""
AFTER = 1.0
"""Seconds from the moment at which a running machine has settled to its call, and from the end of a call to
that of the run."""


@dataclass(frozen=True, slots=True)
class CallInquiry:
    """A call of `number` through `endpoint` of `config`, in `base` with `faults`.

    Without a number the contact is called as it stands. `dial_timeout` in seconds; `running`: the machine has
    registered and qualified its contacts before, else it is at rest. `seed` draws the SRV choices. `host` is
    the one that was asked about, empty where a configuration was.
    """

    config: Config
    endpoint: str
    number: str
    base: Scenario
    stack: str = DEFAULT_STACK
    faults: Faults = NO_FAULTS
    dial_timeout: float = DIAL_TIMEOUT
    running: bool = False
    seed: int | None = None
    host: str = ""


class CallOutage(NamedTuple):
    """The call where `dropped`, the first targets of its list, do not answer from the start on."""

    dropped: tuple[Target, ...]
    call: CallPrediction


class Called(NamedTuple):
    """What becomes of a call. `machine` is the prediction that holds it, at `at` seconds of its run.

    `password`: the endpoint can answer a challenge; `realms` are the only ones whose challenge it can.
    """

    inquiry: CallInquiry
    call: CallPrediction
    machine: Prediction
    outages: tuple[CallOutage, ...]
    at: float
    password: bool
    realms: tuple[str, ...]


def check_call(inquiry: CallInquiry) -> None:
    """Raise BadInput for a call that no world can help: no such endpoint, no contact, no number."""
    telephony = telephony_for(inquiry.stack)
    config, name, where = inquiry.config, inquiry.endpoint, inquiry.base.name
    if name not in config.endpoints:
        refusal = config.refusal("endpoint", name)
        if refusal is not None:
            raise BadInput(f"the endpoint is refused: {refusal.message}", where=str(refusal.where))
        hint = there_are(config.endpoints, name)
        raise BadInput(f"no endpoint is called {printable(name, 60)}", where=where, hint=hint)
    if inquiry.running and not registration_names(config) and not telephony.qualified(config):
        what = "there is no registration and no qualified contact that could run before the call"
        raise BadInput(what, where=Parameter("while_registered"), hint="leave it out")
    found = telephony.dial(config, name, inquiry.number, ())
    if isinstance(found, NoCall):
        hint = "a whole URI needs no contact: write sip:NUMBER@HOST in place of the number"
        raise BadInput(found.why, where=f"endpoint {printable(name, 60)}", hint=hint)


def telephony_for(stack: str) -> Telephony:
    """What the stack does with calls. Raises BadInput where that is not known."""
    found = telephony_of(stack_named(stack))
    if found is None:
        what = f"what {stack_named(stack).title} does with calls is not known"
        raise BadInput(what, where=Parameter("stack"))
    return found


def predict_call(inquiry: CallInquiry, source: AnswerSource, *, what_if: bool = True) -> Called:
    """What becomes of the call, and with `what_if` of the same call without its first targets.

    Everything that is reached is healthy but for the faults. Raises BadInput as `inquiry.predict` does.
    """
    check_call(inquiry)
    plan, *_ = senders = senders_of(inquiry)
    assert isinstance(plan, CallPlan)  # it was checked
    reached, asked = _reached(inquiry, senders, source)
    called, matched = _predicted(inquiry, plan, list(reached), source)
    if isinstance(source, KnownAnswers) and source.missing:
        return called
    if any(sender.resolution for sender in senders):
        check_faults(inquiry.faults, matched, reached, asked)
    if not what_if or plan.resolution is None:
        return called
    targets = called.call.targets or resolve_from(plan.resolution(), source).targets
    outages: list[CallOutage] = []
    for dropped in _dropped(plan, targets):
        silent = tuple(map(_silent, dropped))
        early = (*(fault for fault in inquiry.faults.hosts if fault.at is None), *silent)
        without = replace(inquiry, faults=replace(inquiry.faults, hosts=early))
        outages.append(CallOutage(dropped, _predicted(without, plan, list(reached), source)[0].call))
    return called._replace(outages=tuple(outages))


def predict_calls(
    inquiry: CallInquiry, endpoints: Sequence[str], source: AnswerSource
) -> dict[str, CallPrediction]:
    """A call through each of these endpoints, at the same moment of one run; as `predict_call` of each, but
    that no fault has to match. All are asked for no password, which changes nobody's target.
    """
    inquiries = [replace(inquiry, endpoint=endpoint) for endpoint in endpoints]
    reached: dict[Reached, None] = {}
    for one in inquiries:
        reached.update(_reached(one, senders_of(one), source)[0])
    at = _settled(inquiry, list(reached), source) if inquiry.running else 0.0
    world, _ = _world(inquiry, reached, at, credentials=False, realms=())
    (call,) = world.calls
    world = replace(world, calls=tuple(replace(call, endpoint=endpoint) for endpoint in endpoints))
    made = _machine(inquiry, world, source).traffic
    return {one.endpoint: one for one in made.calls} if made is not None else {}


def _predicted(
    inquiry: CallInquiry, plan: CallPlan, reached: Sequence[Reached], source: AnswerSource
) -> tuple[Called, frozenset[int]]:
    """The call in the world with the faults, and which of these matched something."""
    at = _settled(inquiry, reached, source) if inquiry.running else 0.0
    world, matched = _world(inquiry, reached, at, credentials=plan.credentials, realms=plan.realms)
    machine = _machine(inquiry, world, source)
    assert machine.traffic is not None  # there is a call
    call = machine.traffic.calls[0]
    return Called(inquiry, call, machine, (), at, plan.credentials, plan.realms), matched


def _machine(inquiry: CallInquiry, world: Scenario, source: AnswerSource) -> Prediction:
    """The whole machine, in the world with its calls."""
    config = inquiry.config if inquiry.running else _at_rest(inquiry.config)
    return simulate_scenario(world, config=config, source=source, stack=inquiry.stack, seed=inquiry.seed)


def _at_rest(config: Config) -> Config:
    """The configuration of a machine that sends nothing by itself."""
    aors = {name: replace(aor, qualify_frequency=0) for name, aor in config.aors.items()}
    refusals = tuple(r for r in config.refusals if r.type != "registration")
    return replace(config, registrations={}, aors=aors, refusals=refusals)


def _dropped(plan: CallPlan, targets: Iterable[Target]) -> Iterator[tuple[Target, ...]]:
    """The first target that can be tried, the first two, and so on."""
    tried = [t for t in dict.fromkeys(targets) if plan.pinned in (None, t.transport)]
    return (tuple(tried[:count]) for count in range(1, len(tried) + 1))


def _silent(target: Target) -> HostFault:
    """That nothing comes back from a target, from the start on."""
    return HostFault(target.address, target.transport.protocol, target.port, DROP, None, ())


# ---------------------------------------------------------------- who sends, and to whom


def senders_of(inquiry: CallInquiry) -> list[Sender]:
    """Whoever sends: the call, and where the machine is running its registrations and qualified contacts."""
    config, telephony = inquiry.config, telephony_for(inquiry.stack)
    plan = telephony.dial(config, inquiry.endpoint, inquiry.number, ())
    senders: list[Sender] = [plan] if isinstance(plan, CallPlan) else []
    if inquiry.running:
        program = stack_named(inquiry.stack)
        loaded = (program.load(config, registration) for registration in config.registrations.values())
        senders += [sender for sender in loaded if isinstance(sender, Plan)]
        senders += telephony.qualified(config)
    return senders


def _reached(
    inquiry: CallInquiry, senders: Iterable[Sender], source: AnswerSource
) -> tuple[dict[Reached, None], dict[Query, object]]:
    """The targets that are reached, and the queries that lead there."""
    reached: dict[Reached, None] = {}
    asked: dict[Query, object] = {}
    for sender in senders:
        if sender.resolution is None:
            continue
        resolution = resolve_from(sender.resolution(), source)
        refuse_unheld(sender, inquiry.base, source)
        reached.update(dict.fromkeys(reached_by(sender, reachable(resolution))))
        asked.update(dict.fromkeys(resolution.queries))
    return reached, asked


# ---------------------------------------------------------------- the world


def _world(
    inquiry: CallInquiry, reached: Iterable[Reached], at: float, *, credentials: bool, realms: Sequence[str]
) -> tuple[Scenario, frozenset[int]]:
    """The healthy world with the faults and the call, and which faults matched.

    Whoever has no credentials is asked for none, since a provider that does would never have taken a call.
    """
    shifted = tuple(f if f.at is None else f._replace(at=f.at + at) for f in inquiry.faults.hosts)
    faults = replace(inquiry.faults, hosts=shifted)
    healthy = OK if credentials else replace(OK, methods=((Method.INVITE.value, ACCEPT),))
    call = Call(at, inquiry.endpoint, inquiry.number, timeout=inquiry.dial_timeout)
    until = min(at + inquiry.dial_timeout + call.hold + AFTER, YEAR)
    found = compose(inquiry.base, list(reached), faults, until, behaviour=healthy)
    dns = {**inquiry.base.dns, **inquiry.faults.dns}
    scenario = challenging(replace(found.scenario, dns=dns), realms)
    return replace(scenario, calls=(call,)), found.matched


def _settled(inquiry: CallInquiry, reached: Iterable[Reached], source: AnswerSource) -> float:
    """When every registration has had its success or has given up, and each contact was qualified once."""
    early = replace(inquiry.faults, hosts=tuple(f for f in inquiry.faults.hosts if f.at is None))
    world = compose(inquiry.base, list(reached), early, HORIZON).scenario
    names = registration_names(inquiry.config)
    done = [0.0]
    if names:
        first = simulate_scenario(
            world, config=inquiry.config, source=source, stack=inquiry.stack, seed=inquiry.seed
        )
        machine = first.machine or (first,)
        done += [_done(one) for one in machine if one.loaded]
    qualified = telephony_for(inquiry.stack).qualified(inquiry.config)
    done += [plan.qualify_timeout or plan.frequency for plan in qualified]
    return round(max(done) + AFTER, 3)


def _done(prediction: Prediction) -> float:
    """When a registration has had its success, or has given up; else the end of its run."""
    if prediction.registered is not None:
        return prediction.registered.t
    return next((m.t for m in prediction.states() if m.state is State.REJECTED), prediction.end)
