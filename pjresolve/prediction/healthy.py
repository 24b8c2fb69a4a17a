"""The healthy world around the targets, and that world with faults.

Rules of this file:
- pure functions from targets and faults to a Scenario;
- what is healthy is decided in `hosts_around` alone: predictions, outages and what-ifs of rules start there;
- a fault says which targets it matched, so that one that matches none can be reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pjresolve.errors import BadInput
from pjresolve.model import Family, Protocol, Query, SrvData, Target
from pjresolve.prediction.faults import DNS_FAULTS, Faults, HostFault
from pjresolve.scenario.behaviour import DROP, OK, YEAR, Behaviour, Certificate, Service
from pjresolve.scenario.format import Client, HostEvent, HostState, Scenario
from pjresolve.stacks.protocol import Sender
from pjresolve.stacks.resolution import Resolution
from pjresolve.words import there_are

HORIZON = 3600.0
"""Seconds to simulate where nobody says how long: what has not registered by then is in trouble."""

Services = dict[Service, Behaviour]


class Reached(NamedTuple):
    """A target, and the hosts by which a registration comes to it.

    `route_host` is the one that is resolved: of outbound_proxy where there is one, else of server_uri.
    `tls_host` is the one that the handshake asks a certificate for, as written.
    """

    target: Target
    route_host: str
    tls_host: str

    @property
    def service(self) -> Service:
        """Protocol and port."""
        return Service(self.target.transport.protocol, self.target.port)

    @property
    def names(self) -> list[str]:
        """The host names that led to it: the last, whose address it is, first, and `route_host` last."""
        return names_of(self.target, self.route_host)


class Composed(NamedTuple):
    """A world, and the places (in `Faults.hosts`) of the faults that matched something."""

    scenario: Scenario
    matched: frozenset[int]


def reached_by(sender: Sender, targets: Iterable[Target]) -> list[Reached]:
    """The targets of whoever sends, with the hosts that it names."""
    host = sender.request.host if sender.request else ""
    return [Reached(target, host, sender.tls_host) for target in targets]


def reachable(resolution: Resolution) -> tuple[Target, ...]:
    """Every target that some order of the resolution holds, those of its own list first."""
    return resolution.every_target


def healthy_hosts(reached: Iterable[Reached], behaviour: Behaviour = OK) -> dict[str, Services]:
    """The hosts by address on which every service that is reached behaves like `behaviour`.

    A TLS service has a certificate for each host that a handshake with it asks for.
    """
    hosts: dict[str, Services] = {}
    for (address, service), names in _certificate_names(reached).items():
        hosts.setdefault(address, {})[service] = certified(behaviour, service, names)
    return hosts


def hosts_around(
    given: Mapping[str, HostState], reached: Iterable[Reached], behaviour: Behaviour = OK
) -> dict[str, HostState]:
    """The hosts of a world that says `given` of some: of every other that is reached, all behaves like
    `behaviour`. The one place that says what is taken for granted.
    """
    return {**given, **healthy_hosts((one for one in reached if one.target.address not in given), behaviour)}


def _certificate_names(reached: Iterable[Reached]) -> dict[tuple[str, Service], tuple[str, ...]]:
    """For each service by address: the hosts that its certificate has to be for."""
    names: dict[tuple[str, Service], dict[str, None]] = {}
    for one in reached:
        names.setdefault((one.target.address, one.service), {})[one.tls_host] = None
    return {key: tuple(hosts) for key, hosts in names.items()}


def certified(behaviour: Behaviour, service: Service, names: tuple[str, ...]) -> Behaviour:
    """The behaviour with a certificate for `names`, where it is a TLS service's that names none."""
    if service.protocol is not Protocol.TLS or behaviour.kind in ("drop", "reject"):
        return behaviour
    cert = behaviour.cert or Certificate()
    then = certified(behaviour.then, service, names) if behaviour.then else None
    return replace(behaviour, cert=cert if cert.names else replace(cert, names=names), then=then)


def compose(
    base: Scenario,
    reached: Sequence[Reached],
    faults: Faults,
    until: float | None,
    lifetime: float = 0.0,
    behaviour: Behaviour = OK,
) -> Composed:
    """The scenario in which everything `reached` is healthy but for what `base` and `faults` say; by several
    registrations, too.

    `until` is the horizon in seconds; without it the run ends at the first success, or after HORIZON. A run
    with events goes on after the last of them until registrations of `lifetime` seconds have run out, and for
    HORIZON more. `behaviour` is that of whatever is healthy.
    """
    names = _certificate_names(reached)
    later = {a for f in faults.hosts if f.at is not None for a in _hit(f, reached)}
    # a host that comes back needs its services
    back = {address for address in later if base.hosts.get(address) == "down"}
    states = hosts_around({a: state for a, state in base.hosts.items() if a not in back}, reached, behaviour)
    hosts: dict[str, Services] = {a: {} if isinstance(s, str) else dict(s) for a, s in states.items()}
    events = [HostEvent(0.0, address, "down") for address in sorted(back)]
    matched: set[int] = set()
    for number, fault in enumerate(faults.hosts):
        for address, services in _hit(fault, reached).items():
            matched.add(number)
            if isinstance(fault.change, str):
                if fault.change == "down" and fault.at is None and address not in later:
                    states[address] = "down"
                else:
                    events.append(HostEvent(fault.at or 0.0, address, fault.change))
            else:
                change = {s: certified(fault.change, s, names[address, s]) for s in services}
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
        client=_client(base.client, faults),
        events=tuple(sorted(events, key=lambda e: e.at)),
        duration=until if until is not None else min(last + HORIZON + (lifetime if events else 0.0), YEAR),
        stop="duration" if stop else "registered",
    )
    return Composed(scenario, frozenset(matched))


def _client(client: Client, faults: Faults) -> Client:
    return replace(client, ipv4=client.ipv4 and faults.ipv4, ipv6=client.ipv6 and faults.ipv6)


def without(scenario: Scenario, dropped: Iterable[Target]) -> Scenario:
    """The scenario in which the services of `dropped` never answer, from its start, without its events."""
    hosts = silenced(scenario.hosts, dropped)
    return replace(scenario, hosts=hosts, events=(), duration=HORIZON, stop="registered", expect=None)


def silenced(hosts: Mapping[str, HostState], targets: Iterable[Target]) -> dict[str, HostState]:
    """The hosts, with those of their services that are `targets` dropping everything."""
    out = dict(hosts)
    for target in targets:
        state = out.get(target.address, "down")
        if state != "down":
            service = Service(target.transport.protocol, target.port)
            out[target.address] = {**state, service: DROP}
    return out


# ---------------------------------------------------------------- matching


def _hit(fault: HostFault, reached: Iterable[Reached]) -> dict[str, list[Service]]:
    """The addresses that a fault matches, with those of their services that it matches."""
    hit: dict[str, list[Service]] = {}
    for one in reached:
        if matches(fault, one):
            hit.setdefault(one.target.address, []).append(one.service)
    return hit


def matches(fault: HostFault, reached: Reached) -> bool:
    """Whether a fault is about a target: by address, a name that led to it, IP version, protocol, port."""
    target = reached.target
    return (
        fault.who in ("*", target.address, Family.of(target.address).value, *reached.names)
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
    faults: Faults, matched: Collection[int], reached: Collection[Reached], asked: Mapping[Query, object]
) -> None:
    """Raise BadInput for a fault that is about nothing, naming what it could have been about."""
    addresses = [f"{r.target.address}/{r.service}" for r in reached]
    possible = list(dict.fromkeys([*addresses, *(name for r in reached for name in r.names)]))
    for number, fault in enumerate(faults.hosts):
        if number not in matched:
            hint = there_are(possible, limit=12) if possible else "the resolution ends without any target"
            raise BadInput((*fault.written, " matches no target"), hint=hint)
    for query in faults.dns:
        if query not in asked:
            hint = (
                f"asked are {_some([f'{q.name} {q.rtype}' for q in asked])}" if asked else "no query is made"
            )
            raise BadInput((DNS_FAULTS, f" {query.name} {query.rtype} matches no query"), hint=hint)


def _some(things: Sequence[str], most: int = 12) -> str:
    return ", ".join(things[:most]) + (f" and {len(things) - most} more" if len(things) > most else "")
