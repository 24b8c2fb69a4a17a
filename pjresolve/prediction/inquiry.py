"""The main command's question: what will these registrations do, where all is healthy but for some faults?

Rules of this file:
- it joins configuration, answers and faults into predictions, and decides nothing that a stack decides;
- the answers are there before it starts: who has to ask for them looks at `KnownAnswers.missing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pjresolve.config.objects import Config
from pjresolve.config.uris import read_uri
from pjresolve.dns.known import KnownAnswers
from pjresolve.dns.source import AnswerSource, DnsFault
from pjresolve.errors import BadInput, Location, Parameter, printable
from pjresolve.model import Answer, Query, Status, canonical_name
from pjresolve.prediction.faults import NO_FAULTS, Faults
from pjresolve.prediction.healthy import Reached, check_faults, compose, reachable, reached_by
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.realms import challenging, with_choices
from pjresolve.prediction.run import choose_registration, registration_names, simulate_together
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.snapshot import SnapshotSource, scenario_of
from pjresolve.scenario.worlds import SeveralSources, Source, file_of, source_of, surroundings
from pjresolve.sip.uri import SipUri
from pjresolve.stacks import stack_named
from pjresolve.stacks.driver import resolve_from
from pjresolve.stacks.protocol import Plan, Sender
from pjresolve.stacks.resolution import Resolution
from pjresolve.stacks.telephony import telephony_of
from pjresolve.words import there_are


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What to predict: `registrations` of `config` for each of `stacks`, in `base` with `faults`.

    `until` is the horizon in seconds, or None; `seed` draws the SRV choices. `host` is the one that was asked
    about, empty where a configuration was.
    """

    config: Config
    registrations: tuple[str, ...]
    stacks: tuple[str, ...]
    base: Scenario
    faults: Faults = NO_FAULTS
    until: float | None = None
    seed: int | None = None
    host: str = ""


def predict(inquiry: Inquiry, source: AnswerSource) -> list[Prediction]:
    """One prediction for each registration and stack, registrations first.

    All registrations of the configuration, and the contacts that are qualified, live on one machine, in one
    world in which all that any of them reaches is healthy but for the faults: the inquiry says of whom is
    told. `source` already holds the DNS faults. Raises BadInput for a fault that is about nothing, and where
    `source` does not know an answer that is needed, unless it keeps count of that itself.
    """
    matched: set[int] = set()
    asked: dict[Query, object] = {}
    reached: dict[Reached, None] = {}
    columns: list[list[Prediction]] = []
    resolved = False
    for stack in inquiry.stacks:
        senders = list(machine_senders(inquiry.config, stack))
        for sender in senders:
            told = isinstance(sender, Plan) and sender.registration.name in inquiry.registrations
            if told and sender.resolution is not None:
                refuse_unheld(sender, inquiry.base, source)
        reach = reach_of(senders, inquiry.base, source)
        asked.update(reach.asked)
        resolved = resolved or reach.resolved
        world = compose(inquiry.base, list(reach.reached), inquiry.faults, inquiry.until, reach.lifetime)
        matched |= world.matched
        reached.update(reach.reached)
        scenario = replace(world.scenario, dns={**inquiry.base.dns, **inquiry.faults.dns})

        def simulate(
            realms: Sequence[str], scenario: Scenario = scenario, stack: str = stack
        ) -> list[Prediction]:
            return simulate_together(
                challenging(scenario, realms),
                inquiry.registrations,
                config=inquiry.config,
                seed=inquiry.seed,
                stack=stack,
                source=source,
            )

        columns.append(with_choices(simulate(reach.realms), simulate, matching=True))
    predictions = [_assuming(p, inquiry) for row in zip(*columns, strict=True) for p in row]
    if isinstance(source, KnownAnswers) and source.missing:
        return predictions
    refuse_unknown(predictions, inquiry.base)
    if resolved:
        check_faults(inquiry.faults, matched, reached, asked)
    return predictions


def _assuming(prediction: Prediction, inquiry: Inquiry) -> Prediction:
    """The prediction, which knows whether anybody has said that its server works."""
    reg = prediction.registered
    return replace(prediction, assumed=reg is not None and reg.target.address not in inquiry.base.hosts)


def machine_senders(config: Config, stack: str) -> Iterator[Sender]:
    """Whoever sends on a machine by itself: the registrations that are loaded, and the qualified contacts."""
    program = stack_named(stack)
    for registration in config.registrations.values():
        plan = program.load(config, registration)
        if isinstance(plan, Plan):
            yield plan
    telephony = telephony_of(program)
    if telephony is not None:
        yield from telephony.qualified(config)


class Reach(NamedTuple):
    """What senders come to: the targets, the queries that lead there, the realms that their credentials are
    for, how long the longest registration lasts in seconds, and whether any of them resolves anything.
    """

    reached: dict[Reached, None]
    asked: dict[Query, object]
    realms: tuple[str, ...]
    lifetime: float
    resolved: bool


def reach_of(senders: Iterable[Sender], base: Scenario, source: AnswerSource) -> Reach:
    """What these senders come to, with the answers of `source`. A host that is not in the files at hand has
    no address there, so that nothing is sent to it.
    """
    reached: dict[Reached, None] = {}
    asked: dict[Query, object] = {}
    realms: dict[str, None] = {}
    lifetime, resolved = 0.0, False
    for sender in senders:
        resolution = resolution_of(sender, base, source)
        if resolution is None:
            continue
        if isinstance(sender, Plan):
            lifetime = max(lifetime, sender.registration.expiration)
        realms.update(dict.fromkeys(sender.realms))
        reached.update(dict.fromkeys(reached_by(sender, reachable(resolution))))
        asked.update(dict.fromkeys(resolution.queries))
        resolved = True
    return Reach(reached, asked, tuple(realms), lifetime, resolved)


def resolution_of(sender: Sender, base: Scenario, source: AnswerSource) -> Resolution | None:
    """The first resolution of a sender, by the resolver that its machine has; None where it makes none."""
    if sender.resolution is None:
        return None
    return resolve_from(sender.resolution(), source, sender.policy.resolver_with(base.unbound))


def refuse_unheld(sender: Sender, base: Scenario, source: AnswerSource) -> None:
    """Of a host that is not in the files at hand nothing is known, least of all that it does not exist."""
    request = sender.request
    if request is None or request.literal or not isinstance(source, SnapshotSource | SeveralSources):
        return
    if not source.holds(request.host):
        what = f"there is nothing of {printable(request.host, 80)} in it"
        hint = "name the file that holds it; `pjresolve record` writes one"
        raise BadInput(what, where=_answers_file(base), hint=hint)


def refuse_unknown(found: list[Prediction], base: Scenario) -> None:
    """What a snapshot never asked nobody knows: a prediction without it would be a guess."""
    for prediction in found:
        for answer in prediction.resolution.answers if prediction.resolution else ():
            if answer.status is Status.UNKNOWN:
                what, hint = (
                    f"the snapshot holds no answer to {answer.query}",
                    "record it anew with `pjresolve record`",
                )
                raise BadInput(what, where=_answers_file(base), hint=hint)


def _answers_file(base: Scenario) -> str:
    return base.zone_where.file if base.zone_where else base.name


def hosts_asked(inquiry: Inquiry) -> list[str]:
    """The hosts in question: the one asked about, else those of the registrations; "" where there is none."""
    return [inquiry.host] if inquiry.host else [server_host(inquiry.config, n) for n in inquiry.registrations]


def in_worlds(
    base: Scenario, worlds: Sequence[Scenario], faults: Mapping[Query, DnsFault]
) -> tuple[Scenario, Source]:
    """The base in the world that these files describe together, and the source of its answers with `faults`.

    Raises BadInput for a bad zone, and where the files contradict each other.
    """
    around = surroundings(worlds)
    base = replace(base, hosts=around.hosts, client=around.client, unbound=around.unbound)
    if len(worlds) == 1:
        (world,) = worlds
        base = replace(base, zone=world.zone, zone_where=world.zone_where, dns=world.dns)
    else:
        base = replace(base, zone_where=Location(", ".join(map(file_of, worlds))))
    return base, source_of(worlds, faults)


def with_answers(found: Sequence[Prediction], answers: Iterable[Answer]) -> list[Prediction]:
    """The predictions with the answers in their scenarios, so that whoever keeps one can run it again."""
    seen = scenario_of("answers", answers)
    return [
        replace(p, scenario=replace(p.scenario, zone=seen.zone, dns={**seen.dns, **p.scenario.dns}))
        for p in found
    ]


def server_host(config: Config, registration: str) -> str:
    """The host of a registration's server_uri, or "" where the object or its URI cannot be read."""
    found = config.registrations.get(registration)
    uri = read_uri(found.server_uri) if found else None
    return uri.host if uri else ""


def registrations_for(
    config: Config, named: Sequence[str], uri: SipUri | None, where: str
) -> tuple[str, ...]:
    """The registrations to predict: the `named` ones in the file's order, those towards the URI's host, or
    all. Raises BadInput.
    """
    if named:
        chosen = {choose_registration(config, name, where) for name in named}
        return tuple(name for name in registration_names(config) if name in chosen)
    choose_registration(config, None, where)
    names = registration_names(config)
    if uri is None:
        return tuple(names)
    fitting = tuple(n for n in names if canonical_name(server_host(config, n)) == canonical_name(uri.host))
    if not fitting:
        hosts = there_are(filter(None, (server_host(config, n) for n in names)), uri.host)
        raise BadInput(f"no registration has {uri.host} in its server_uri", where=where, hint=hosts)
    return fitting


def pinned(config: Config, pin: str, registrations: tuple[str, ...]) -> Config:
    """The configuration with `transport=pin` in the registrations. Raises BadInput with those there are."""
    if pin not in config.transports:
        known = there_are(config.transports, pin)
        raise BadInput(f"no transport is called {printable(pin, 60)!r}", where=Parameter("pin"), hint=known)
    changed = {
        name: replace(r, transport=pin) if name in registrations else r
        for name, r in config.registrations.items()
    }
    return replace(config, registrations=changed)
