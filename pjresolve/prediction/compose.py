"""The world around a target list: everything healthy, but for the faults that were asked for.

Rules of this file:
- pure functions from targets and faults to a Scenario;
- a fault says which targets it matched, so that one that matches none can be reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pjresolve.errors import BadInput
from pjresolve.model import Family, Protocol, Query, SrvData, Target
from pjresolve.prediction.faults import Faults, HostFault
from pjresolve.scenario.behaviour import DROP, OK, YEAR, Behaviour, Certificate, Service
from pjresolve.scenario.format import Client, HostEvent, HostState, Scenario
from pjresolve.stacks.resolution import Resolution

HORIZON = 3600.0
"""Seconds to simulate where nobody says how long: what has not registered by then is in trouble."""

Services = dict[Service, Behaviour]


class Composed(NamedTuple):
    """A world, and the places (in `Faults.hosts`) of the faults that matched something."""

    scenario: Scenario
    matched: frozenset[int]


def reachable(resolution: Resolution) -> tuple[Target, ...]:
    """Every target that some order of the resolution holds, those of its own list first."""
    found = dict.fromkeys(resolution.targets)
    for group in resolution.groups:
        for block in group:
            found.update(dict.fromkeys(block.targets))
    return tuple(found)


def compose(
    base: Scenario, targets: Sequence[Target], host: str, faults: Faults, until: float | None
) -> Composed:
    """The scenario in which all `targets` are healthy but for `faults`.

    `host` is that of server_uri: every TLS certificate is valid for it. `until` is the horizon in seconds;
    without it the run ends at the first success, or after HORIZON.
    """
    hosts: dict[str, Services] = {}
    for target in targets:
        service = Service(target.transport.protocol, target.port)
        hosts.setdefault(target.address, {})[service] = certified(OK, service, host)
    states: dict[str, HostState] = dict(hosts)
    events: list[HostEvent] = []
    matched: set[int] = set()
    later = {a for f in faults.hosts if f.at is not None for a in _hit(f, targets, host)}
    for number, fault in enumerate(faults.hosts):
        for address, services in _hit(fault, targets, host).items():
            matched.add(number)
            if isinstance(fault.change, str):
                if fault.change == "down" and fault.at is None and address not in later:
                    states[address] = "down"
                else:  # a host that comes back needs its services
                    events.append(HostEvent(fault.at or 0.0, address, fault.change))
            else:
                change = {s: certified(fault.change, s, host) for s in services}
                if fault.at is not None:
                    events.append(HostEvent(fault.at, address, change))
                else:  # the last word counts, also over an earlier `down`
                    hosts[address].update(change)
                    states[address] = hosts[address]
    stop = until is not None or bool(events)
    last = max((e.at for e in events), default=0.0)
    scenario = replace(
        base,
        hosts=states,
        client=Client(faults.ipv4, faults.ipv6, base.client.connect_timeout),
        events=tuple(sorted(events, key=lambda e: e.at)),
        duration=until if until is not None else min(last + HORIZON, YEAR),
        stop="duration" if stop else "registered",
    )
    return Composed(scenario, frozenset(matched))


def without(scenario: Scenario, dropped: Iterable[Target]) -> Scenario:
    """The scenario in which the services of `dropped` never answer, from its start, without its events."""
    hosts: dict[str, HostState] = dict(scenario.hosts)
    for target in dropped:
        state = hosts.get(target.address, "down")
        if state != "down":
            services = dict(state)
            services[Service(target.transport.protocol, target.port)] = DROP
            hosts[target.address] = services
    return replace(scenario, hosts=hosts, events=(), duration=HORIZON, stop="registered", expect=None)


def certified(behaviour: Behaviour, service: Service, host: str) -> Behaviour:
    """The behaviour with a certificate valid for `host`, where it is a TLS service's that names none."""
    if service.protocol is not Protocol.TLS or behaviour.kind in ("drop", "reject"):
        return behaviour
    cert = behaviour.cert or Certificate()
    then = certified(behaviour.then, service, host) if behaviour.then else None
    return replace(behaviour, cert=cert if cert.names else replace(cert, names=(host,)), then=then)


# ---------------------------------------------------------------- matching


def _hit(fault: HostFault, targets: Iterable[Target], host: str) -> dict[str, list[Service]]:
    """The addresses that a fault matches, with those of their services that it matches."""
    found: dict[str, list[Service]] = {}
    for target in targets:
        if matches(fault, target, host):
            found.setdefault(target.address, []).append(Service(target.transport.protocol, target.port))
    return found


def matches(fault: HostFault, target: Target, host: str) -> bool:
    """Whether a fault is about a target: by address, a name that led to it, IP version, protocol, port."""
    return (
        fault.who in ("*", target.address, Family.of(target.address).value, *names_of(target, host))
        and fault.protocol in (None, target.transport.protocol)
        and fault.port in (None, target.port)
    )


def names_of(target: Target, host: str) -> list[str]:
    """The host names that led to a target, the last (whose address it is) first, `host` of the URI last."""
    names = [r.name for r in reversed(target.provenance) if r.rtype in ("AAAA", "A")]
    names += [r.data.target for r in reversed(target.provenance) if isinstance(r.data, SrvData)]
    return list(dict.fromkeys([*names, host]))


def host_of(target: Target, host: str) -> str:
    """The name of the host that a target is an address of."""
    return names_of(target, host)[0]


def check_faults(
    faults: Faults,
    matched: Collection[int],
    targets: Sequence[Target],
    host: str,
    asked: Mapping[Query, object],
) -> None:
    """Raise BadInput for a fault that is about nothing, naming what it could have been about."""
    for number, fault in enumerate(faults.hosts):
        if number in matched:
            continue
        known = [f"{t.address}/{t.transport.protocol}/{t.port}" for t in targets]
        names = [n for t in targets for n in names_of(t, host)]
        possible = list(dict.fromkeys([*known, *names]))
        hint = f"there is {_some(possible)}" if possible else "the resolution ends without any target"
        raise BadInput(f"{fault.option} matches no target", hint=hint)
    for query in faults.dns:
        if query not in asked:
            hint = (
                f"asked are {_some([f'{q.name} {q.rtype}' for q in asked])}" if asked else "no query is made"
            )
            raise BadInput(f"--dns-fault {query.name} {query.rtype} matches no query", hint=hint)


def _some(things: Sequence[str], most: int = 12) -> str:
    return ", ".join(things[:most]) + (f" and {len(things) - most} more" if len(things) > most else "")
