"""What a scenario sends through Asterisk beside registrations: calls out, and requests that come in.

Rules of this file:
- a call and a request are values; what becomes of them is the stack's and the simulator's business;
- times are in seconds; addresses are canonical; nothing here resolves or matches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pjresolve.errors import printable
from pjresolve.model import Protocol, canonical_address
from pjresolve.scenario.behaviour import YEAR
from pjresolve.scenario.document import Field

MOST_CALLS = 100_000
"""Calls, and requests that come in, which one scenario may hold."""
METHOD_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.!%*+`'~0123456789")


@dataclass(frozen=True, slots=True)
class Call:
    """Asterisk calls `number` out through `endpoint`, `at` seconds after the start.

    Without a number the contact of the AoR is called as it stands. `timeout` is how long an answer is waited
    for, `hold` how long after it the call is hung up.
    """

    at: float
    endpoint: str
    number: str = ""
    timeout: float = 60.0
    hold: float = 2.0


@dataclass(frozen=True, slots=True)
class IncomingRequest:
    """A request that reaches Asterisk `at` seconds after the start, from `source` and its `port`.

    `uri` may hold `{contact}` for the Contact of the last REGISTER. `headers` replace the request's own
    or are added. `to` and `to_port` are Asterisk's own address; with `connection` it comes over the
    connection that the last REGISTER went by.
    """

    at: float
    source: str
    port: int = 5060
    transport: Protocol = Protocol.UDP
    to: str = ""
    to_port: int | None = None
    uri: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "INVITE"
    connection: bool = False


def read_calls(at: Field) -> tuple[Call, ...]:
    """The calls of a scenario, in order of time. Raises BadInput with the line."""
    return tuple(sorted((_call(entry) for entry in _list(at)), key=lambda call: call.at))


def _call(at: Field) -> Call:
    keys = at.mapping(("at", "endpoint", "number", "timeout", "hold"))
    for name in ("at", "endpoint"):
        if name not in keys:
            raise at.wrong(f"`{name}` is missing")
    return Call(
        at=keys["at"].number(0, YEAR, "seconds"),
        endpoint=keys["endpoint"].line(),
        number=_number(keys["number"]) if "number" in keys else "",
        timeout=keys["timeout"].number(0, YEAR, "seconds") if "timeout" in keys else 60.0,
        hold=keys["hold"].number(0, YEAR, "seconds") if "hold" in keys else 2.0,
    )


def _number(at: Field) -> str:
    number = at.line(100)
    if any(c in number for c in "/@<>:; "):
        raise at.wrong(
            f"{at.called} cannot be called: {printable(number, 60)}", "write the user of a SIP URI"
        )
    return number


def read_incoming(at: Field) -> tuple[IncomingRequest, ...]:
    """The requests that come in, in order of the file. Raises BadInput with the line."""
    return tuple(_incoming(entry) for entry in _list(at))


_KEYS = ("at", "from", "port", "transport", "to", "to_port", "uri", "headers", "method", "connection")


def _incoming(at: Field) -> IncomingRequest:
    keys = at.mapping(_KEYS)
    for name in ("at", "from"):
        if name not in keys:
            raise at.wrong(f"`{name}` is missing")
    return IncomingRequest(
        at=keys["at"].number(0, YEAR, "seconds"),
        source=read_address(keys["from"]),
        port=keys["port"].integer(1, 65535) if "port" in keys else 5060,
        transport=Protocol(keys["transport"].choice(tuple(Protocol)))
        if "transport" in keys
        else Protocol.UDP,
        to=read_address(keys["to"]) if "to" in keys else "",
        to_port=keys["to_port"].integer(1, 65535) if "to_port" in keys else None,
        uri=keys["uri"].line(2000) if "uri" in keys else "",
        headers=_headers(keys["headers"]) if "headers" in keys else {},
        method=_method(keys["method"]) if "method" in keys else "INVITE",
        connection=keys["connection"].flag() if "connection" in keys else False,
    )


def _headers(at: Field) -> dict[str, str]:
    return {name: entry.line(8000) for name, entry in at.mapping().items()}


def _method(at: Field) -> str:
    method = at.line(32)
    if not method or not METHOD_LETTERS.issuperset(method):
        raise at.wrong(
            f"{at.called} is no method: {printable(method, 40)}", "write INVITE, OPTIONS, MESSAGE …"
        )
    return method


def read_peers(at: Field) -> tuple[str, ...]:
    """Further addresses that requests may come from."""
    return tuple(read_address(entry) for entry in _list(at))


def read_address(at: Field) -> str:
    """The canonical address that the value gives. Raises BadInput with the line."""
    text = at.text(100)
    address = canonical_address(text)
    if address is None or "%" in address:
        raise at.wrong(f"{printable(repr(text), 60)} is no IP address")
    return address


def read_phases(at: Field) -> dict[str, float]:
    """The seconds at which Asterisk begins to qualify each AoR; before the start where they are negative."""
    return {name: entry.number(-YEAR, YEAR, "seconds") for name, entry in at.mapping().items()}


def _list(at: Field) -> list[Field]:
    entries = at.items()
    if len(entries) > MOST_CALLS:
        raise at.wrong(f"{at.called} holds more than {MOST_CALLS:,} entries")
    return entries


def traffic_values(
    calls: Sequence[Call],
    incoming: Sequence[IncomingRequest],
    peers: Sequence[str],
    extensions: str | None,
) -> dict[str, object]:
    """Calls, requests and what belongs to them as the format writes them; defaults are left out."""
    out: dict[str, object] = {}
    if calls:
        out["calls"] = [_changed(call, Call(-1, "")) for call in calls]
    if incoming:
        out["incoming"] = [_incoming_value(request) for request in incoming]
    if peers:
        out["peers"] = list(peers)
    if extensions is not None:
        out["extensions"] = extensions
    return out


def _incoming_value(request: IncomingRequest) -> dict[str, object]:
    out = _changed(request, IncomingRequest(-1, ""))
    out["from"] = out.pop("source")
    if "transport" in out:
        out["transport"] = request.transport.value
    if "headers" in out:
        out["headers"] = dict(request.headers)
    return {key: out[key] for key in _KEYS if key in out}


def _changed(value: Call | IncomingRequest, default: Call | IncomingRequest) -> dict[str, object]:
    names = type(value).__dataclass_fields__
    return {n: getattr(value, n) for n in names if getattr(value, n) != getattr(default, n)}
