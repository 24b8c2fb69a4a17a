"""What the command line says of outages, as values: which hosts and services, from when on, and how.

Rules of this file:
- options are read in the order they were written: `--at` holds for every host fault after it;
- nothing here knows the targets; `prediction.healthy` matches faults against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias, cast

from pjresolve.dns.source import DnsFault
from pjresolve.errors import BadInput, printable
from pjresolve.model import RTYPES, Protocol, Query, canonical_address, canonical_name
from pjresolve.scenario.behaviour import BEHAVIOURS, DROP, YEAR, Behaviour, behaviour_from_text
from pjresolve.words import span

Change: TypeAlias = Literal["down", "up"] | Behaviour
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")


class HostFault(NamedTuple):
    """A change to the hosts or services that `who` (with `protocol` and `port`) selects.

    `who` is an address, a host name, `ipv4`, `ipv6` or `*`. `at` is in seconds from the first DNS query;
    None holds from the start. `option` is how it was written.
    """

    who: str
    protocol: Protocol | None
    port: int | None
    change: Change
    at: float | None
    option: str


@dataclass(frozen=True, slots=True)
class Faults:
    """Everything that is to go wrong. `ipv4`, `ipv6`: the client has an address and a route of the family."""

    hosts: tuple[HostFault, ...] = ()
    dns: Mapping[Query, DnsFault] = field(default_factory=dict)
    ipv4: bool = True
    ipv6: bool = True


NO_FAULTS = Faults()
"""A healthy world."""


def read_faults(options: Iterable[tuple[str, str]]) -> Faults:
    """The faults that (option, value) pairs describe, in their order; other options are passed over.

    Options are `down`, `fault`, `dns_fault`, `no_ipv4`, `no_ipv6` and `at`. Raises BadInput.
    """
    hosts: list[HostFault] = []
    dns: dict[Query, DnsFault] = {}
    families = {"no_ipv4": True, "no_ipv6": True}
    at: float | None = None
    unused = ""
    for option, value in options:
        if option == "at":
            at, unused = read_time(value, "--at"), value
        elif option in ("down", "fault"):
            hosts.append(_host_fault(option, value, at))
            unused = ""
        elif option == "dns_fault" or option in families:
            if at is not None:
                name = option.replace("_", "-")
                raise BadInput(
                    f"--{name} holds from the start, not from {span(at)} on",
                    where="--at",
                    hint=f"write --{name} before --at",
                )
            if option == "dns_fault":
                query, fault = _dns_fault(value)
                dns[query] = fault
            else:
                families[option] = False
    if unused:
        raise BadInput(
            f"--at {printable(unused, 40)} has no fault after it", hint="write --at SECONDS --down ADDRESS"
        )
    return Faults(tuple(hosts), dns, families["no_ipv4"], families["no_ipv6"])


def read_time(text: str, where: str) -> float:
    """Seconds: `90`, `1.5`, `20m`, `1h30m`, `2d`; 0 to a year. Raises BadInput."""
    bare = text.strip().lower()
    parts = _LENGTH.findall(bare)
    if _LENGTH.sub("", bare).strip() or not parts or any(u and u not in _UNITS for _, u in parts):
        what = (
            f"{printable(text, 40)!r} is no length of time"
            if not bare.startswith("-")
            else f"{printable(text, 40)} is negative"
        )
        raise BadInput(what, where=where, hint="write seconds, or e.g. 20m, 1h30m, 2d")
    if len(parts) > 1 and any(not unit for _, unit in parts):
        raise BadInput(
            f"{printable(text, 40)!r} is no length of time", where=where, hint="give each number a unit"
        )
    seconds = sum(float(number[:20]) * _UNITS[unit or "s"] for number, unit in parts)
    if seconds > YEAR:
        raise BadInput(f"{printable(text, 40)} is more than a year", where=where, hint="at most 365d")
    return seconds


def _host_fault(option: str, value: str, at: float | None) -> HostFault:
    where = f"--{option}"
    shown = f"{where} {printable(value, 60)}"
    selector, equals, behaviour = value.partition("=")
    if option == "down":
        if equals:
            raise BadInput(
                f"{printable(value, 60)!r} is no address", where=where, hint="a behaviour belongs to --fault"
            )
        change: Change = "down"
    elif not equals:
        raise BadInput(
            f"{printable(value, 60)!r} says no behaviour",
            where=where,
            hint="write ADDRESS[/PROTO[/PORT]]=BEHAVIOUR",
        )
    else:
        change = _change(behaviour, where)
    who, protocol, port = _selector(selector, where)
    if change == "up" and at is None:
        raise BadInput("every host is up from the start", where=where, hint="write --at SECONDS before it")
    if change == "down" and protocol is not None:
        change = DROP  # only this service goes silent: the host has others
    if change == "up" and protocol is not None:
        raise BadInput("`up` opens a whole host", where=where, hint="for one service write =ok")
    return HostFault(who, protocol, port, change, at, shown)


def _change(text: str, where: str) -> Change:
    word = text.strip()
    if word in ("down", "up"):
        return cast(Literal["down", "up"], word)
    try:
        return behaviour_from_text(word, where)
    except BadInput:
        if word.startswith("{") or (word.isdigit() and len(word) == 3):
            raise
        hint = (
            f"use {', '.join(BEHAVIOURS)}, down, up, a status such as 503, or {{status: 503, retry_after: 5}}"
        )
        raise BadInput(f"no behaviour is called {printable(word, 40)!r}", where=where, hint=hint) from None


def _selector(text: str, where: str) -> tuple[str, Protocol | None, int | None]:
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


def _dns_fault(value: str) -> tuple[Query, DnsFault]:
    """`NAME TYPE=drop|servfail|refused|delay:SECONDS`."""
    where = "--dns-fault"
    question, equals, fault = value.partition("=")
    name, _, rtype = question.strip().rpartition(" ")
    if not equals or not name.strip() or rtype.upper() not in RTYPES:
        hint = f"write 'NAME TYPE=drop', TYPE one of {', '.join(RTYPES)}"
        raise BadInput(f"{printable(value, 80)!r} is no DNS fault", where=where, hint=hint)
    query = Query(canonical_name(name.strip()), rtype.upper())
    word = fault.strip().lower()
    if word.startswith("delay:"):
        return query, DnsFault("delay", read_time(word.removeprefix("delay:"), where))
    if word not in ("drop", "servfail", "refused"):
        hint = "use drop, servfail, refused or delay:SECONDS"
        raise BadInput(f"no DNS fault is called {printable(fault, 40)!r}", where=where, hint=hint)
    return query, DnsFault(cast(Literal["drop", "servfail", "refused"], word))
