"""What is to go wrong, as values and as people write it: which hosts, services and queries, and how.

Rules of this file:
- a fault is read from its own text alone; from when on it holds comes beside it;
- nothing here knows the targets; `prediction.healthy` matches faults against them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from pjresolve.dns.source import DnsFault
from pjresolve.errors import BadInput, Parameter, Words, printable
from pjresolve.model import RTYPES, Protocol, Query, canonical_address, canonical_name
from pjresolve.prediction.times import read_time
from pjresolve.scenario.behaviour import BEHAVIOURS, DROP, Behaviour, behaviour_from_text

DOWN, FAULTS, DNS_FAULTS = Parameter("down"), Parameter("faults"), Parameter("dns_faults")
LATE = ("write it in ", Parameter("events"))
Change: TypeAlias = Literal["down", "up"] | Behaviour


class HostFault(NamedTuple):
    """A change to the hosts or services that `who` (with `protocol` and `port`) selects.

    `who` is an address, a host name, `ipv4`, `ipv6` or `*`. `at` is in seconds from the first DNS query;
    None holds from the start. `written` are the words that asked for it.
    """

    who: str
    protocol: Protocol | None
    port: int | None
    change: Change
    at: float | None
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Faults:
    """Everything that is to go wrong. `ipv4`, `ipv6`: the client has an address and a route of the family."""

    hosts: tuple[HostFault, ...] = ()
    dns: Mapping[Query, DnsFault] = field(default_factory=dict)
    ipv4: bool = True
    ipv6: bool = True


_FAILURES = {"drop": DnsFault("drop"), "servfail": DnsFault("servfail"), "refused": DnsFault("refused")}
NO_FAULTS = Faults()
"""A healthy world."""


def host_down(text: str, at: float | None = None) -> HostFault:
    """The fault that `ADDRESS[/PROTO[/PORT]]` does not answer, from `at` seconds on. Raises BadInput."""
    if "=" in text:
        what = f"{printable(text, 60)!r} is no address"
        raise BadInput(what, where=DOWN, hint=("a behaviour belongs to ", FAULTS))
    who, protocol, port = _selector(text, DOWN)
    # of a host with more services than that only the one named goes silent
    return HostFault(who, protocol, port, DROP if protocol else "down", at, _written(DOWN, text))


def host_fault(
    text: str,
    at: float | None = None,
    *,
    where: Parameter = FAULTS,
    late: Words = LATE,
) -> HostFault:
    """The fault that `ADDRESS[/PROTO[/PORT]]=BEHAVIOUR` says, from `at` seconds on.

    Raises BadInput at `where`. `late` is how to say since when, for a host that is to come up.
    """
    selector, equals, behaviour = text.partition("=")
    if not equals:
        what = f"{printable(text, 60)!r} says no behaviour"
        raise BadInput(what, where=where, hint="write ADDRESS[/PROTO[/PORT]]=BEHAVIOUR")
    change = _change(behaviour, where)
    who, protocol, port = _selector(selector, where)
    if change == "up" and at is None:
        raise BadInput("every host is up from the start", where=where, hint=late)
    if change == "down" and protocol is not None:
        change = DROP
    if change == "up" and protocol is not None:
        raise BadInput("`up` opens a whole host", where=where, hint="for one service write =ok")
    return HostFault(who, protocol, port, change, at, _written(where, text))


def _written(parameter: Parameter, text: str) -> tuple[str, ...]:
    return parameter, f" {printable(text, 60)}"


def _change(text: str, where: Parameter) -> Change:
    word = text.strip()
    if word == "down":
        return "down"
    if word == "up":
        return "up"
    try:
        return behaviour_from_text(word, where)
    except BadInput:
        if word.startswith("{") or (word.isdigit() and len(word) == 3):
            raise
        hint = (
            f"use {', '.join(BEHAVIOURS)}, down, up, a status such as 503, or {{status: 503, retry_after: 5}}"
        )
        raise BadInput(f"no behaviour is called {printable(word, 40)!r}", where=where, hint=hint) from None


def _selector(text: str, where: Parameter) -> tuple[str, Protocol | None, int | None]:
    who, *rest = text.strip().lower().split("/")
    if who in tuple(Protocol):
        who, rest = "*", [who, *rest]
    if not who or len(rest) > 2 or any(not part for part in rest):
        raise BadInput(
            f"{printable(text, 60)!r} names no host", where=where, hint="write ADDRESS[/PROTO[/PORT]]"
        )
    protocol = port = None
    if rest:
        if rest[0] not in tuple(Protocol):
            raise BadInput(
                f"no protocol is called {printable(rest[0], 40)!r}",
                where=where,
                hint=f"use {', '.join(Protocol)}",
            )
        protocol = Protocol(rest[0])
    if len(rest) == 2:
        port = int(rest[1]) if re.fullmatch(r"[0-9]{1,5}", rest[1]) else 0
        if not 0 < port < 65536:
            raise BadInput(f"{printable(rest[1], 40)!r} is no port", where=where, hint="use 1 to 65535")
    return canonical_address(who) or canonical_name(who), protocol, port


def dns_fault(text: str) -> tuple[Query, DnsFault]:
    """The fault that `NAME TYPE=drop|servfail|refused|delay:SECONDS` says. Raises BadInput."""
    where = DNS_FAULTS
    question, equals, fault = text.partition("=")
    name, _, rtype = question.strip().rpartition(" ")
    if not equals or not name.strip() or rtype.upper() not in RTYPES:
        hint = f"write 'NAME TYPE=drop', TYPE one of {', '.join(RTYPES)}"
        raise BadInput(f"{printable(text, 80)!r} is no DNS fault", where=where, hint=hint)
    query = Query(canonical_name(name.strip()), rtype.upper())
    word = fault.strip().lower()
    if word.startswith("delay:"):
        return query, DnsFault("delay", read_time(word.removeprefix("delay:"), where))
    if word not in _FAILURES:
        hint = "use drop, servfail, refused or delay:SECONDS"
        raise BadInput(f"no DNS fault is called {printable(fault, 40)!r}", where=where, hint=hint)
    return query, _FAILURES[word]
