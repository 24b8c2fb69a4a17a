"""Why `res_pjsip` registers with a target over this protocol and this IP version, read off what led there.

Rules of this file:
- every reason is derived from the plan, the answers and the provenance; none is assumed.
"""

from __future__ import annotations

from pjresolve.config.uris import first_route, read_uri
from pjresolve.dns.srv import SRV_PREFIXES
from pjresolve.model import Family, NaptrData, Record, SrvData, Target
from pjresolve.sip.uri import SipUri
from pjresolve.stacks.protocol import Plan
from pjresolve.stacks.resolution import Resolution
from pjresolve.trace import RecordSkipped, RecordUsed
from pjresolve.words import plural


def reasons(plan: Plan, resolution: Resolution, target: Target) -> list[str]:
    """Why this protocol, and why this IP version where the other could have been: a sentence each."""
    name = target.transport.protocol.upper()
    return [f"{name}: {_protocol(plan, resolution, target)}", *_family(resolution, target)]


def _route(plan: Plan) -> SipUri | None:
    """The URI that is resolved."""
    r = plan.registration
    return first_route(r.outbound_proxy) if r.outbound_proxy else read_uri(r.server_uri)


def _protocol(plan: Plan, resolution: Resolution, target: Target) -> str:
    route = _route(plan)
    if plan.pinned:
        return f"transport={plan.registration.transport} pins {plan.pinned}"
    if route and route.protocol:
        return f"the URI says so, by {'sips:' if route.secure else ';transport='}"
    if route and route.address:
        return "the URI names an address and no transport"
    if route and route.port:
        return "the URI has a port, so neither NAPTR nor SRV is asked"
    first = target.provenance[0] if target.provenance else None
    if first is not None and isinstance(first.data, NaptrData):
        data = first.data
        return f"the NAPTR record {data.order} {data.preference} {data.service} leads there"
    if first is not None and isinstance(first.data, SrvData):
        return _srv(resolution, first)
    return _no_service(resolution)


def _srv_protocol(name: str) -> str:
    """The protocol that an SRV name is for, or the empty text."""
    return next((p.upper() for p, prefix in SRV_PREFIXES.items() if name.startswith(f"{prefix}.")), "")


def _srv(resolution: Resolution, used: Record) -> str:
    """Which SRV names asked before this one led nowhere, and which come before."""
    queries, answers = resolution.asked[0]
    skipped = {e.record: e.why for e in resolution.events if isinstance(e, RecordSkipped)}
    missing: list[str] = []
    passed: list[str] = []
    for query, answer in zip(queries, answers, strict=True):
        if query.rtype != "SRV":
            continue
        if any(r == used for r in answer.records):
            break
        protocol = _srv_protocol(query.name) or query.name
        whys = {skipped[r] for r in answer.records if r in skipped}
        if whys:
            passed.append(f"those for {protocol} are skipped ({', '.join(sorted(whys))})")
        elif answer.records:
            passed.append(f"those for {protocol} come first")
        else:
            missing.append(protocol)
    owner = _srv_protocol(used.name)
    there = f"there is an SRV record for {owner}" if owner else f"{used.name} has an SRV record"
    said = [there] + ([f"none for {' or '.join(missing)}"] if missing else []) + passed
    if len(said) == 1 and owner:
        return f"{there}, which is asked for first"
    return ", ".join(said)


def _no_service(resolution: Resolution) -> str:
    """Why the host's own addresses are used."""
    led_on = [e for e in resolution.events if isinstance(e, RecordUsed)]
    asked = [a for a in resolution.answers if a.query.rtype in ("SRV", "NAPTR")]
    if any(a.records for a in asked) and not led_on:
        return "no SRV or NAPTR record is usable, and the host's own addresses mean UDP"
    failed = [a for a in asked if a.status.failed]
    if failed:
        queries = plural(len(failed), "query")
        return f"{queries} for SRV or NAPTR failed, and the host's own addresses mean UDP"
    return "there is no SRV or NAPTR record, and the host's own addresses mean UDP"


def _family(resolution: Resolution, target: Target) -> list[str]:
    if not target.provenance:
        return []
    owner = target.provenance[-1].name
    version, other = ("IPv6", "A") if Family.of(target.address) is Family.IPV6 else ("IPv4", "AAAA")
    siblings = [t for t in resolution.targets if t.provenance[:-1] == target.provenance[:-1]]
    if len({Family.of(t.address) for t in siblings}) == 2:
        return ["IPv6: AAAA is asked before A"] if version == "IPv6" else []
    answers = [a for a in resolution.answers if a.query.rtype == other and a.query.name == owner]
    if not answers:
        return [f"{version}: {other} records are not asked for"]
    if answers[-1].status.failed:
        return [f"{version}: the query for {other} of {owner} failed"]
    return [] if answers[-1].records else [f"{version}: {owner} has no {other} record"]
