"""Words for the values of a prediction: one place, so that every output says them alike.

Rules of this file: from value to a short text; nothing is decided, nothing is laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.model import Answer, NaptrData, Record, SrvData, Status, Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.sip.status import PHRASES
from pjresolve.sip.timers import seconds
from pjresolve.stacks import stack_named
from pjresolve.stacks.resolvers import GLIBC, wait_for
from pjresolve.words import span

STATUSES = {
    Status.NOERROR: "",
    Status.NODATA: "nothing of this type",
    Status.NXDOMAIN: "no such name",
    Status.SERVFAIL: "failed: SERVFAIL",
    Status.REFUSED: "failed: REFUSED",
    Status.TIMEOUT: "failed: no answer",
    Status.MALFORMED: "failed: the answer cannot be read",
    Status.UNKNOWN: "unknown: this was never asked",
}
"""How a query ended; nothing where there are records to show."""


def subject(prediction: Prediction) -> str:
    """Which registration of what is told of: `freedom in pjsip.conf`; a domain's alone by its name."""
    name, where = prediction.registration, prediction.scenario.name
    return where if where == name or where.startswith(f"{name}:") else f"{name} in {where}"


def target_words(target: Target) -> str:
    """`UDP/IPv6 [2001:db8::1]:5060`."""
    return f"{target.transport} {target.socket}"


def socket_words(target: Target) -> str:
    """`203.0.113.1:5060 (UDP/IPv4)`."""
    return f"{target.socket} ({target.transport})"


def response_words(status: int) -> str:
    """`401 Unauthorized`; the number alone where it has no phrase here."""
    return f"{status} {PHRASES.get(status, '')}".strip()


def client_name(prediction: Prediction) -> str:
    """What the program is called that registers."""
    return stack_named(prediction.stack).policy.client_name


def record_words(record: Record) -> str:
    """A record's data as in a zone file."""
    return str(record.data)


def source_words(record: Record) -> str:
    """Which record led on, and to what: `SRV 10 50 _sip._udp.example.net → p1.example.net`."""
    data = record.data
    if isinstance(data, NaptrData):
        return f"NAPTR {data.order} {data.preference} {data.service} → {data.replacement}"
    if isinstance(data, SrvData):
        return f"SRV {data.priority} {data.weight} {record.name} → {data.target}"
    return f"{record.rtype} {record.name}"


def silence_words(answers: Iterable[Answer]) -> Iterator[str]:
    """The name servers that said nothing, and what each query waits for them."""
    places: dict[tuple[int, int], None] = {}
    for answer in answers:
        if answer.servers > 1:
            places.update(((place, answer.servers), None) for place in answer.silent)
    for place, servers in sorted(places):
        wait = span(seconds(wait_for(GLIBC, place, servers)))
        yield f"name server {place + 1} of {servers} gives no answer: a query waits {wait} for it"
