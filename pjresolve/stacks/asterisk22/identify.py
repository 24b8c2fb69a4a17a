"""Which endpoint of Asterisk 22 a request is taken for: the identifiers, in their order.

Rules of this file:
- each quirk names the recording that shows it;
- names in `match` are looked up once, when the configuration is loaded; that is asked for, never done here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pjresolve.config.networks import Network, read_network
from pjresolve.config.objects import Config, Endpoint, Identify
from pjresolve.dns.srv import srv_name
from pjresolve.errors import printable
from pjresolve.model import Answer, Protocol, Query, SrvData
from pjresolve.sip import posix
from pjresolve.sip.message import IncomingMessage, uri_param
from pjresolve.stacks.driver import drive
from pjresolve.stacks.resolution import Answers, Ask
from pjresolve.stacks.telephony import Look

LINE = "line"
HIGHEST_PORT = 0xFFFF
"""Of a port in `match` that is higher, only these bits count (`in-match-port-high`)."""
BUCKETS = 53
"""Places of the table that the names of one section are kept in."""
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
LOCALHOST = ("::1", "127.0.0.1")
"""The addresses of `localhost`, which the DNS is not asked for (`in-match-localhost`; RFC 6761)."""
ORDER = ("ip", "header", "request_uri", "username", "auth_username", "anonymous")
"""The identifiers that `endpoint_identifier_order` does not name follow in this order (`in-order-ip`)."""
SRV_ORDER = (Protocol.UDP, Protocol.TCP, Protocol.TLS)
"""In which the SRV records of a name are asked for (`in-load-srv`)."""


class Matched(NamedTuple):
    """One network of an identify section. `port` 0 means any. `of` is the text in the file."""

    network: Network
    port: int
    negated: bool
    of: str

    def __str__(self) -> str:
        """As `pjsip show identifies` prints it (`in1-006`)."""
        address = str(self.network.network_address)
        hosted = f"[{address}]" if ":" in address and self.port else address
        port = f":{self.port}" if self.port else ""
        return f"{'!' if self.negated else ''}{hosted}{port}/{self.network.prefixlen}"

    def holds(self, address: Address, port: int | None) -> bool:
        """Whether it is about an address with a port."""
        same = self.network.version == address.version
        return same and address in self.network and self.port in (0, port)


@dataclass(frozen=True, slots=True)
class LoadedIdentify:
    """An identify section as it was loaded, with the addresses that its names had then.

    `refusal` says why Asterisk does not load it; then it matches nothing.
    """

    identify: Identify
    networks: tuple[Matched, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Identified:
    """Whose a request is; `endpoint` None: nobody's. `looks` are the identifiers asked, in order."""

    endpoint: Endpoint | None
    by: str | None
    looks: tuple[Look, ...]


# ---------------------------------------------------------------- loading

Lookup = Generator[Ask, Answers, LoadedIdentify]


def load_identifies(
    config: Config, ask: Callable[[tuple[Query, ...]], tuple[Answer, ...]]
) -> tuple[LoadedIdentify, ...]:
    """The identify sections, with their names looked up by `ask`, in the order in which a request is held
    against them: that of their names' bytes, not that of the file (`in-sections-order`). Those refused at
    reading are left out.
    """
    loaded = [drive(_loading(identify), ask) for identify in config.identifies.values()]
    return tuple(sorted(loaded, key=lambda one: one.identify.name.encode()))


def _loading(identify: Identify) -> Lookup:
    """One unresolved name refuses the whole section (`in-load-unresolved`).

    The addresses of names follow all that is written as such, without those that are matched already
    (`i7-001`, `i7-004`, `st-identify-names`).
    """
    literals = ((part, _literal(part)) for part in identify.match)
    found: list[Matched] = []
    names: list[str] = []
    for part, literal in literals:
        names += [part] if literal is None else []
        found += [literal] if literal is not None else []
    for part in sorted(dict.fromkeys(names), key=_bucket):
        addresses, port = yield from _named(part, identify.srv_lookups)
        if not addresses:
            return LoadedIdentify(identify, refusal=f"{printable(part)} resolves to no address")
        for address in map(ipaddress.ip_address, addresses):
            if _matching(found, address, port) is None:
                found.append(Matched(ipaddress.ip_network(address), port, False, part))
    return LoadedIdentify(identify, tuple(found))


def _bucket(name: str) -> int:
    """The place of a name in the table that Asterisk goes through: the string hash of D. J. Bernstein, with
    exclusive or, modulo its size (`st-identify-names`).
    """
    found = 5381
    for byte in name.encode("utf-8", "surrogateescape"):
        found = (found * 33 ^ byte) & 0xFFFFFFFF
    return (found & 0x7FFFFFFF) % BUCKETS


def _literal(part: str) -> Matched | None:
    """An address or network with or without a port, which needs no DNS; None for a name.

    `!` turns the sense of a network around; before an address without a mask it is part of a name
    (`in-load-negated-address`, `in-load-negated-network`).
    """
    if part.startswith("!") and "/" not in part:
        return None
    written = read_network(part, ports=True)
    if written is None:
        return None
    return Matched(written.network, written.port & HIGHEST_PORT, written.negated, part)


def _named(part: str, srv_lookups: bool) -> Generator[Ask, Answers, tuple[list[str], int]]:
    """The addresses of a name. SRV records, where there are any, stand in place of its own (`in-load-srv`);
    with a port none is asked for (`in-load-port`). Of one priority, the heaviest is the likeliest first.
    """
    name, port = part, 0
    if part.count(":") == 1:
        name, _, digits = part.partition(":")
        port = int(digits) if digits.isdigit() else 0
    addresses: list[str] = []
    for protocol in SRV_ORDER if srv_lookups and not port else ():
        answers = yield Ask((Query(srv_name(protocol, name), "SRV"),))
        found = [record.data for record in answers.of_set[0].records if isinstance(record.data, SrvData)]
        for srv in sorted(found, key=lambda data: (data.priority, -data.weight)):
            addresses += yield from _addresses(srv.target)
    if not addresses and not part.startswith("!"):
        addresses = yield from _addresses(name)
    return addresses, port


def _addresses(name: str) -> Generator[Ask, Answers, list[str]]:
    """IPv6 stands before IPv4 (`i7-008`)."""
    asked = name.lower().rstrip(".")
    if asked == "localhost":
        return list(LOCALHOST)
    answers = yield Ask((Query(asked, "A"), Query(asked, "AAAA")))
    return [str(record.data) for answer in reversed(answers.of_set) for record in answer.records]


# ---------------------------------------------------------------- matching


def identify(
    message: IncomingMessage,
    config: Config,
    identifies: Sequence[LoadedIdentify],
    lines: Mapping[str, str],
) -> Identified:
    """Whose the request is. `lines` maps each `line` parameter that was given out to its endpoint."""
    looks: list[Look] = []
    for name in identifier_order(config):
        look = _look(name, message, config, identifies, lines)
        looks.append(look)
        if look.endpoint:
            return Identified(config.endpoints[look.endpoint], name, tuple(looks))
    return Identified(None, None, tuple(looks))


def identifier_order(config: Config) -> tuple[str, ...]:
    """The identifiers in the order in which they are asked.

    `line` comes first. Names with blanks around them are not known (`in-order-blank`); what is not named
    comes behind (`in-order-ip`).
    """
    named = [n for n in config.global_.endpoint_identifier_order.split(",") if n in ORDER]
    return (LINE, *dict.fromkeys(named), *(name for name in ORDER if name not in named))


def _look(
    name: str,
    message: IncomingMessage,
    config: Config,
    identifies: Sequence[LoadedIdentify],
    lines: Mapping[str, str],
) -> Look:
    match name:
        case "line":
            return _by_line(message, config, lines)
        case "ip" | "header" | "request_uri":
            fits = {"ip": _fits_address, "header": _fits_header, "request_uri": _fits_uri}[name]
            return _by_section(name, fits, message, config, identifies)
        case "username":
            user, host = message.from_user
            return _by_user(name, user, [f"{user}@{host}", user], config, "From names")
        case "auth_username":
            return _by_user(name, message.auth_user, [message.auth_user], config, "Authorization names")
    found = "anonymous" if "anonymous" in config.endpoints else ""
    return Look(name, found, "there is an endpoint anonymous" if found else "there is no endpoint anonymous")


def _by_line(message: IncomingMessage, config: Config, lines: Mapping[str, str]) -> Look:
    """The `line` of To counts before that of the request URI, whatever it holds (`in-line-to`)."""
    to = uri_param(_between_brackets(message.header("to") or ""), LINE)
    value = to or uri_param(message.uri, LINE)
    if not value:
        return Look(LINE, "", "neither To nor the request URI has a line parameter")
    endpoint = lines.get(value, "")
    if endpoint in config.endpoints:
        return Look(LINE, endpoint, "it carries the line parameter of that registration")
    return Look(LINE, "", f"no registration has given out line={printable(value, 40)}")


def _between_brackets(value: str) -> str:
    _, opened, rest = value.partition("<")
    return rest.partition(">")[0] if opened else value


Fits = Callable[[IncomingMessage, LoadedIdentify], str]
"""Why a section fits a request, or empty."""


def _by_section(
    name: str, fits: Fits, message: IncomingMessage, config: Config, identifies: Sequence[LoadedIdentify]
) -> Look:
    """The first section that fits; one that names no endpoint finds nobody (`in-gone`)."""
    for loaded in identifies:
        why = "" if loaded.refusal else fits(message, loaded)
        if not why:
            continue
        section = printable(loaded.identify.name)
        if loaded.identify.endpoint in config.endpoints:
            return Look(name, loaded.identify.endpoint, f"[{section}]: {why}")
        return Look(name, "", f"[{section}] fits and names no endpoint that exists")
    return Look(name, "", "no identify section fits")


def _fits_address(message: IncomingMessage, loaded: LoadedIdentify) -> str:
    """The last network that holds the address decides, with its port where it has one (`in-match-port`)."""
    found = _matching(loaded.networks, ipaddress.ip_address(message.source), message.port)
    return f"match={printable(found.of)} holds {message.source}" if found else ""


def _matching(networks: Sequence[Matched], address: Address, port: int | None) -> Matched | None:
    """The network that decides for an address, or None where it is negated or there is none."""
    last = next((m for m in reversed(networks) if m.holds(address, port)), None)
    return last if last and not last.negated else None


def _fits_header(message: IncomingMessage, loaded: LoadedIdentify) -> str:
    wanted = loaded.identify.match_header
    name, _, pattern = wanted.partition(":")
    if not wanted:
        return ""
    found = message.header(name.strip())
    return f"match_header={printable(wanted)}" if found is not None and fits(pattern.strip(), found) else ""


def _fits_uri(message: IncomingMessage, loaded: LoadedIdentify) -> str:
    wanted = loaded.identify.match_request_uri
    return f"match_request_uri={printable(wanted)}" if wanted and fits(wanted, message.uri) else ""


def fits(pattern: str, text: str) -> bool:
    """Whether a text is the pattern, or contains what it describes where it stands between slashes.

    Case matters (`in-header-regex`). A pattern that cannot be evaluated safely fits nothing.
    """
    if len(pattern) > 1 and pattern[0] == pattern[-1] == "/":
        return posix.search(pattern[1:-1], text) or False
    return pattern == text


def _by_user(name: str, user: str, candidates: list[str], config: Config, what: str) -> Look:
    """Endpoints are looked for as user@host and as user; each must name the identifier in `identify_by`."""
    if not user:
        return Look(name, "", f"{what} no user")
    shown, why = printable(user, 60), "no endpoint is called that"
    for candidate in candidates:
        endpoint = config.endpoints.get(candidate)
        if endpoint is None:
            continue
        if name in endpoint.identify_by:
            return Look(name, candidate, f"{what} {shown}")
        why = f"its identify_by={printable(','.join(endpoint.identify_by))} does not hold {name}"
    return Look(name, "", f"{what} {shown}: {why}")


def names_in_match(parts: Iterable[str]) -> Iterator[str]:
    """Of values of `match`, the names that have to be looked up when the configuration is loaded."""
    return (part for part in parts if _literal(part) is None)
