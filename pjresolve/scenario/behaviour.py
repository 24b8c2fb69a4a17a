"""What a host does with a request: the behaviours of the scenario format.

Rules of this file:
- a behaviour is a value; what it does over time is the simulator's business;
- times are in seconds and lie between 0 and a year;
- each key means what the recorder's registrar does with it (`lab.py --help`, tests/recordings/lab.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pjresolve.errors import Location
from pjresolve.model import Protocol
from pjresolve.scenario.document import Document, Field, shown
from pjresolve.sip.tls import VERSIONS

YEAR = 31_536_000.0
"""The longest time that any value may give, in seconds."""

OWN_CONTACT = "@CONTACT@"
"""What stands in `bindings` for the Contact of the request that is answered."""
MOST_LINES, LONGEST_LINE, MOST_METHODS = 32, 1000, 16
"""Header lines in one list, characters in one of them, and methods with a behaviour of their own, at most."""

Kind = Literal["answer", "silent", "drop", "reject", "close"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A TLS server's certificate: the DNS names in it, its common name, and what is wrong with it.

    Without `cn` the common name is the first of `names`.
    """

    names: tuple[str, ...] = ()
    cn: str = ""
    self_signed: bool = False
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a service does with requests.

    `kind` is `answer` for everything that speaks SIP; `silent` takes requests and never answers, `drop` is a
    firewall that discards, `reject` one that refuses, `close` closes a connection after accepting it.
    The other fields belong to `answer`, except `cert` and the TLS versions, which hold for any TLS service.
    `status` None is 200, after a challenge where `challenge`. `then` replaces the behaviour from the
    (`after` + 1)-th request on. `headers` are lines added to each answer, `challenges` lines in place of the
    challenge, `bindings` lines in place of Contact and Expires of a 2xx (None: the usual ones). `methods` are
    other behaviours for requests of a method, in the order written. Times (`retry_after`, `expires`, `delay`,
    `close_after`, and `ring`, before an INVITE is answered) are in seconds.
    """

    kind: Kind
    status: int | None = None
    reason: str = ""
    retry_after: int | None = None
    expires: int | None = None
    delay: float = 0.0
    challenge: bool = True
    trying: bool = False
    then: Behaviour | None = None
    after: int = 1
    cert: Certificate | None = None
    tls_min: str | None = None
    tls_max: str | None = None
    close_after: float | None = None
    headers: tuple[str, ...] = ()
    challenges: tuple[str, ...] | None = None
    bindings: tuple[str, ...] | None = None
    ring: float = 0.0
    methods: tuple[tuple[str, Behaviour], ...] = ()

    def of(self, method: str) -> Behaviour:
        """The behaviour for requests of a method."""
        return next((other for name, other in self.methods if name == method), self)


OK = Behaviour("answer")
ACCEPT = Behaviour("answer", challenge=False)
SILENT, DROP, REJECT, CLOSE = (Behaviour(kind) for kind in ("silent", "drop", "reject", "close"))
BEHAVIOURS: Mapping[str, Behaviour] = {
    "ok": OK, "accept": ACCEPT, "silent": SILENT, "drop": DROP, "reject": REJECT, "close": CLOSE,
}  # fmt: skip
"""The behaviours that have a name."""


@dataclass(frozen=True, slots=True, order=True)
class Service:
    """A protocol and a port, written `udp/5060`."""

    protocol: Protocol
    port: int

    def __str__(self) -> str:
        return f"{self.protocol.value}/{self.port}"


def behaviour(value: object, where: str | Location) -> Behaviour:
    """The behaviour that a document's value says: a name of BEHAVIOURS, or a mapping of its fields.

    Raises BadInput at `where`.
    """
    return read_behaviour(Field(value, (), Document(where)))


def behaviour_from_text(text: str, where: str | Location) -> Behaviour:
    """The behaviour that an option says: a name (`silent`), a status (`503`), or `{status: 503, …}` in YAML.

    Raises BadInput at `where`.
    """
    from pjresolve.scenario.markup import read_markup

    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) == 3:
        return behaviour({"status": int(text)}, where)
    return behaviour(
        read_markup(text, where if isinstance(where, str) else str(where)).value
        if text.startswith("{")
        else text,
        where,
    )


_KEYS = (
    "status", "reason", "retry_after", "expires", "delay", "challenge", "trying", "then", "after", "cert",
    "tls", "close_after", "headers", "challenges", "bindings", "ring", "methods",
)  # fmt: skip


def read_behaviour(at: Field, depth: int = 0) -> Behaviour:
    """The behaviour at a place of a document; `depth` is how many others it stands in."""
    if isinstance(at.value, str):
        return BEHAVIOURS[at.choice(tuple(BEHAVIOURS))]
    if depth > 16:
        raise at.wrong("more than 16 behaviours follow each other")
    if not isinstance(at.value, dict):
        raise at.expected(f"one of {', '.join(BEHAVIOURS)}, or a mapping")
    keys = at.mapping(_KEYS)
    if "after" in keys and "then" not in keys:
        raise keys["after"].wrong("`after` needs `then`")
    if "methods" in keys and depth:
        raise keys["methods"].wrong("`methods` belongs to a service itself, not to a `then` or a method")
    tls_min, tls_max = _tls_versions(keys["tls"]) if "tls" in keys else (None, None)
    return Behaviour(
        "answer",
        status=keys["status"].integer(100, 699) if "status" in keys else None,
        reason=keys["reason"].line() if "reason" in keys else "",
        retry_after=keys["retry_after"].integer(0, int(YEAR), "seconds") if "retry_after" in keys else None,
        expires=keys["expires"].integer(0, int(YEAR), "seconds") if "expires" in keys else None,
        delay=keys["delay"].number(0, YEAR, "seconds") if "delay" in keys else 0.0,
        challenge=keys["challenge"].flag() if "challenge" in keys else True,
        trying=keys["trying"].flag() if "trying" in keys else False,
        then=read_behaviour(keys["then"], depth + 1) if "then" in keys else None,
        after=keys["after"].integer(0, 1_000_000) if "after" in keys else 1,
        cert=_certificate(keys["cert"]) if "cert" in keys else None,
        tls_min=tls_min,
        tls_max=tls_max,
        close_after=keys["close_after"].number(0, YEAR, "seconds") if "close_after" in keys else None,
        headers=_header_lines(keys["headers"]) if "headers" in keys else (),
        challenges=_header_lines(keys["challenges"]) if "challenges" in keys else None,
        bindings=_header_lines(keys["bindings"]) if "bindings" in keys else None,
        ring=keys["ring"].number(0, YEAR, "seconds") if "ring" in keys else 0.0,
        methods=_methods(keys["methods"], depth) if "methods" in keys else (),
    )


def _header_lines(at: Field) -> tuple[str, ...]:
    """Header lines as they stand in a message, `NAME: VALUE` each."""
    found = tuple(entry.line(LONGEST_LINE) for entry in at.items())
    if len(found) > MOST_LINES:
        raise at.wrong(f"{at.called} has more than {MOST_LINES} header lines")
    for entry, line in zip(at.items(), found, strict=True):
        if not re.match(r"[A-Za-z0-9.!%*_+`'~-]+[ \t]*:", line):
            raise entry.wrong(
                f"{shown(line)} is no header line", "write NAME: VALUE, as in `Min-Expires: 20`"
            )
    return found


def _methods(at: Field, depth: int) -> tuple[tuple[str, Behaviour], ...]:
    """`{METHOD: behaviour, …}`."""
    keys = at.mapping()
    if len(keys) > MOST_METHODS:
        raise at.wrong(f"{at.called} has more than {MOST_METHODS} methods")
    for name, entry in keys.items():
        if not re.fullmatch(r"[A-Z]{1,20}", name):
            raise entry.wrong(
                f"{entry.called} is no SIP method", "write it in capitals: REGISTER, INVITE, OPTIONS"
            )
    return tuple((name, read_behaviour(entry, depth + 1)) for name, entry in keys.items())


def _certificate(at: Field) -> Certificate:
    keys = at.mapping(("names", "cn", "self_signed", "expired"))
    names = keys["names"].items() if "names" in keys else []
    return Certificate(
        names=tuple(name.line(255) for name in names),
        cn=keys["cn"].line(255) if "cn" in keys else "",
        self_signed=keys["self_signed"].flag() if "self_signed" in keys else False,
        expired=keys["expired"].flag() if "expired" in keys else False,
    )


def _tls_versions(at: Field) -> tuple[str | None, str | None]:
    """`min` and `max`; a YAML reader takes an unquoted 1.2 for a number, which is as good."""
    found: dict[str, str] = {}
    for key, entry in at.mapping(("min", "max")).items():
        text = str(entry.value) if isinstance(entry.value, str | float) else ""
        if text not in VERSIONS:
            raise entry.expected(f"one of {', '.join(VERSIONS)}")
        found[key] = text
    low, high = found.get("min"), found.get("max")
    if low and high and low > high:
        raise at.wrong(f"the lowest TLS version {low} is above the highest, {high}")
    return low, high


def read_services(at: Field) -> Mapping[Service, Behaviour]:
    """`{udp/5060: behaviour, …}`."""
    return {_service(entry, key): read_behaviour(entry) for key, entry in at.mapping().items()}


def _service(at: Field, text: str) -> Service:
    protocol, slash, port = text.partition("/")
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    if protocol not in tuple(Protocol) or not slash or not 0 < number < 65536:
        hint = "write udp/PORT, tcp/PORT or tls/PORT, PORT from 1 to 65535"
        raise at.wrong(f"{at.called} is no service", hint)
    return Service(Protocol(protocol), number)
