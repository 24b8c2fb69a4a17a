"""What the DNS publishes for a registration's host."""

from __future__ import annotations

from collections.abc import Iterator

from pjresolve.config.objects import Identify
from pjresolve.dns.naptr import SERVICES
from pjresolve.dns.srv import SRV_PREFIXES, srv_name
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.networks import without_port
from pjresolve.model import NaptrData, Protocol, SrvData, Target


def srv_records(trunk: Trunk) -> Iterator[tuple[Protocol, str, SrvData]]:
    """Every SRV record of a registration's host, with its protocol and name; through NAPTR, too."""
    host = trunk.route.host if trunk.route else ""
    names = [(protocol, srv_name(protocol, host)) for protocol in SRV_PREFIXES]
    for record in trunk.ask(host, "NAPTR").records:
        if (
            isinstance(record.data, NaptrData)
            and record.data.service.upper() in SERVICES
            and record.data.flags.lower() == "s"
        ):
            names.append((SERVICES[record.data.service.upper()], record.data.replacement))
    for protocol, name in dict.fromkeys(names):
        for record in trunk.ask(name, "SRV").records:
            if isinstance(record.data, SrvData):
                yield protocol, name, record.data


def by_srv(context: Context) -> Iterator[Trunk]:
    """The predicted registrations whose host is a name, asked for without a port."""
    for trunk in context.predictable:
        if trunk.route is not None and not trunk.route.address and trunk.route.port is None:
            yield trunk


def offered(trunk: Trunk) -> list[Protocol]:
    """The protocols for which the host has SRV records that lead somewhere."""
    return list(dict.fromkeys(p for p, _, data in srv_records(trunk) if data.target != "."))


def not_offered(trunk: Trunk) -> Protocol | None:
    """The one protocol that a registration asks for, where the host has SRV records of others alone."""
    request = trunk.plan.request if trunk.plan else None
    if request is None or request.protocol is None or trunk.route is None or trunk.route.port is not None:
        return None
    there = offered(trunk)
    return request.protocol if there and request.protocol not in there else None


def hidden_by_naptr(trunk: Trunk) -> list[Target]:
    """The targets that there would be if the host had no NAPTR records."""
    if trunk.route is None or not trunk.ask(trunk.route.host, "NAPTR").records:
        return []
    return [t for t in trunk.without_records("NAPTR").targets if t not in trunk.targets]


def matched_addresses(name: str, identify: Identify, trunk: Trunk) -> list[str]:
    """The addresses that a host name in `match` means, and with `srv_lookups` those of its SRV targets.

    With a port no SRV record is found: the port is part of the name that is asked for.
    """
    bare = without_port(name)
    hosts = [bare]
    if identify.srv_lookups and bare == name:
        for protocol in Protocol:
            answer = trunk.ask(srv_name(protocol, name), "SRV")
            hosts += [r.data.target for r in answer.records if isinstance(r.data, SrvData)]
    records = (
        r for host in dict.fromkeys(hosts) for rtype in ("AAAA", "A") for r in trunk.ask(host, rtype).records
    )
    return list(dict.fromkeys(str(r.data) for r in records))
