"""Why `chan_sip` registers with an address over this protocol and this IP version, read off what led there.

Rules of this file:
- every reason is derived from the plan, the answers and the provenance; none is assumed.
"""

from __future__ import annotations

from pjresolve.errors import BadInput
from pjresolve.model import Answer, Family, Protocol, SrvData, Target
from pjresolve.sip.uri import SipUri, parse_uri
from pjresolve.stacks.protocol import Plan
from pjresolve.stacks.resolution import Resolution
from pjresolve.words import plural


def reasons(plan: Plan, resolution: Resolution, target: Target) -> list[str]:
    """Why this protocol, why this host, and why this IP version: a sentence each."""
    name, route = target.transport.protocol.upper(), _route(plan)
    said = [f"{name}: {_protocol(plan, route, target)}"]
    if not target.provenance:
        return [*said, "the URI names an address, so nothing is asked"]
    return [*said, _host(resolution, route, target), _family(resolution, target)]


def _route(plan: Plan) -> SipUri | None:
    """The URI that is resolved."""
    r = plan.registration
    try:
        return parse_uri(r.outbound_proxy or r.server_uri)
    except BadInput:
        return None


def _protocol(plan: Plan, route: SipUri | None, target: Target) -> str:
    if route and route.protocol:
        return f"the URI says so, by {'sips:' if route.secure else ';transport='}"
    if target.transport.protocol is not Protocol.UDP:
        return f"transport={plan.registration.transport} says so"
    return "neither the URI nor transport= asks for another protocol"


def _host(resolution: Resolution, route: SipUri | None, target: Target) -> str:
    """Whose address it is: the first SRV record's, or the host's own."""
    services = [a for a in resolution.answers if a.query.rtype == "SRV"]
    first = target.provenance[0]
    if not isinstance(first.data, SrvData):
        failed = any(a.status.failed for a in services)
        why = "the query for SRV failed" if failed else "there is no SRV record"
        return f"{why}, so the host's own addresses are used"
    count = sum(len(a.records) for a in services)
    which = "the SRV record is used"
    if count > 1:
        which = f"of {plural(count, 'SRV record')} only the first is used"
    beside = ", also beside a port" if route and route.port else ""
    return f"{which}{beside}: {first.data.target}"


def _family(resolution: Resolution, target: Target) -> str:
    if Family.of(target.address) is Family.IPV6:
        answer = _answer(resolution, "A")
        return _lacking("IPv6", answer) or "IPv6: the first address is used, IPv6 before IPv4"
    answer = _answer(resolution, "AAAA")
    if answer is None:
        return "IPv4: AAAA records are not asked for, as there is no IPv6 transport"
    return _lacking("IPv4", answer) or "IPv4: there is no route for IPv6"


def _answer(resolution: Resolution, rtype: str) -> Answer | None:
    """The answer to the query of the last set that is of this type."""
    _, answers = resolution.asked[-1]
    return next((a for a in answers if a.query.rtype == rtype), None)


def _lacking(version: str, answer: Answer | None) -> str:
    """Why there is no address of the other version to choose from, or the empty text."""
    if answer is None or answer.records:
        return ""
    query = answer.query
    if answer.status.failed:
        return f"{version}: the query for {query.rtype} of {query.name} failed"
    return f"{version}: {query.name} has no {query.rtype} record"
