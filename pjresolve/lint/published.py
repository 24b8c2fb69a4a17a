"""What the DNS publishes for a registration's host."""

from __future__ import annotations

from collections.abc import Iterator

from pjresolve.config.objects import Identify
from pjresolve.lint.context import Context, Trunk
from pjresolve.model import NaptrData, Protocol, SrvData

SRV = {Protocol.TLS: "_sips._tcp", Protocol.TCP: "_sip._tcp", Protocol.UDP: "_sip._udp"}
NAPTR = {"SIPS+D2T": Protocol.TLS, "SIP+D2T": Protocol.TCP, "SIP+D2U": Protocol.UDP}


def srv_records(trunk: Trunk) -> Iterator[tuple[Protocol, str, SrvData]]:
    """Every SRV record of a registration's host, with its protocol and name; through NAPTR, too."""
    host = trunk.route.host if trunk.route else ""
    names = [(protocol, f"{prefix}.{host}") for protocol, prefix in SRV.items()]
    for record in trunk.ask(host, "NAPTR").records:
        if (
            isinstance(record.data, NaptrData)
            and record.data.service.upper() in NAPTR
            and record.data.flags.lower() == "s"
        ):
            names.append((NAPTR[record.data.service.upper()], record.data.replacement))
    for protocol, name in dict.fromkeys(names):
        for record in trunk.ask(name, "SRV").records:
            if isinstance(record.data, SrvData):
                yield protocol, name, record.data


def by_srv(context: Context) -> Iterator[Trunk]:
    """The predicted registrations whose host is a name, asked for without a port."""
    for trunk in context.predictable:
        if trunk.route is not None and not trunk.route.address and trunk.route.port is None:
            yield trunk


def matched_addresses(name: str, identify: Identify, trunk: Trunk) -> list[str]:
    """The addresses that a host name in `match` means, and with `srv_lookups` those of its SRV targets."""
    hosts = [name]
    if identify.srv_lookups:
        for prefix in reversed(SRV.values()):
            answer = trunk.ask(f"{prefix}.{name}", "SRV")
            hosts += [r.data.target for r in answer.records if isinstance(r.data, SrvData)]
    records = (
        r for host in dict.fromkeys(hosts) for rtype in ("AAAA", "A") for r in trunk.ask(host, rtype).records
    )
    return list(dict.fromkeys(str(r.data) for r in records))
