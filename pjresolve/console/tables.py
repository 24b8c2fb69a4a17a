"""Tables in the layout of Asterisk's own commands, and of `ss`.

Rules of this file:
- each table is the command's output to the byte, from its first empty line to its count;
- rows are sorted as Asterisk sorts them: by name, byte by byte;
- what came from a file is escaped before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pjresolve.config.objects import Transport
from pjresolve.errors import printable

RULE = "=" * 90
TRANSPORTS_HEAD = "Transport:  <TransportId........>  <Type>  <cos>  <tos>  <BindAddress....................>"
REGISTRATIONS_HEAD = (
    " <Registration/ServerURI..............................>  <Auth....................>  <Status.......>"
)
NAME_AND_URI = 54
"""Characters of the first column of registrations; a name longer than that is shown whole."""
NO_OBJECTS = "No objects found.\n\n"
_TOS = {"ef": 0xB8, **{f"cs{n}": n << 5 for n in range(8)}}
_TOS |= {f"af{c}{d}": (c << 5) | (d << 3) for c in range(1, 5) for d in range(1, 4)}


class RegistrationRow(NamedTuple):
    """A row of `pjsip show registrations`. `seconds` until the next round begins; negative once it has."""

    name: str
    server_uri: str
    auth: str
    status: str
    seconds: int


class SocketRow(NamedTuple):
    """A row of `ss -lntu`. `protocol` is udp or tcp."""

    protocol: str
    address: str
    port: int


def transports_table(transports: Iterable[Transport]) -> str:
    """What `pjsip show transports` prints (recording `all-srv` among others)."""
    return table(TRANSPORTS_HEAD, map(transport_row, sorted(transports, key=lambda t: byte_order(t.name))))


def transport_row(transport: Transport) -> str:
    """A transport as its own table and that of endpoints show it."""
    shown = "udp" if transport.protocol == "flow" else transport.protocol
    return (
        f"Transport:  {foreign(transport.name):<21}  {shown:>6}  {_number(transport, 'cos'):>5}  "
        f"{_tos(transport):>5}  {_bound(transport)}"
    )


def _bound(transport: Transport) -> str:
    address = foreign(transport.bind_address)
    port = transport.bind_port or (5060 if transport.protocol in ("ws", "wss") else 0)
    return f"{f'[{address}]' if ':' in address else address}:{port}"


def _number(transport: Transport, option: str) -> int:
    entry = transport.section.last(option)
    try:
        return int(entry.value, 0) if entry else 0
    except ValueError:
        return 0  # such a transport is refused on loading


def _tos(transport: Transport) -> int:
    """The byte of a `tos`: a number, cut to its lower eight bits, or a class of RFC 2474 in its upper six."""
    entry = transport.section.last("tos")
    named = _TOS.get(entry.value.lower()) if entry else None
    return named if named is not None else _number(transport, "tos") & 0xFF


def registrations_table(rows: Sequence[RegistrationRow]) -> str:
    """What `pjsip show registrations` prints."""
    ordered = sorted(rows, key=lambda r: byte_order(r.name))
    return table(REGISTRATIONS_HEAD, map(_registration, ordered))


def _registration(row: RegistrationRow) -> str:
    name, uri = foreign(row.name), foreign(row.server_uri)
    room = NAME_AND_URI - 1 - len(name)
    both = f"{name}/{uri[:room] if room >= 0 else uri}"
    when = f"{row.seconds}s" if row.seconds >= 0 else f"{-row.seconds}s ago"
    return f" {both:<{NAME_AND_URI}}  {foreign(row.auth) or 'n/a':<26}  {row.status:<16}  (exp. {when})"


def sockets_table(rows: Iterable[SocketRow]) -> str:
    """What `ss -lntuH` prints of these sockets, IPv4 before IPv6."""
    ordered = sorted(rows, key=lambda r: (r.protocol != "udp", ":" in r.address, r.port, r.address))
    hosts = [f"[{r.address}]" if ":" in r.address else r.address for r in ordered]
    wide = max([len("0.0.0.0"), *map(len, hosts)])
    digits = max([4, *(len(str(r.port)) for r in ordered)])
    lines = []
    for row, host in zip(ordered, hosts, strict=True):
        state, queue = ("UNCONN", 0) if row.protocol == "udp" else ("LISTEN", 5)
        peer = "[::]:*" if host.startswith("[") else "0.0.0.0:*"
        local = f"{host:>{wide}}:{row.port:<{digits}}"
        lines.append(f"{row.protocol} {state} 0      {queue}      {local} {peer:>9}\n")
    return "".join(lines)


def table(head: str, rows: Iterable[str]) -> str:
    """Rows, each of which may be several lines, between a head and their number."""
    found = list(rows)
    if not found:
        return NO_OBJECTS
    return "\n" + "\n".join([head, RULE, "", *found, "", f"Objects found: {len(found)}"]) + "\n\n"


def byte_order(name: str) -> bytes:
    """What rows are sorted by."""
    return name.encode("utf-8", "surrogateescape")


def filled(text: str, wide: int) -> str:
    """A text of the file as it may be shown, cut and padded to `wide` bytes (recording `st-auths`)."""
    whole = byte_order(text)[:wide]
    return foreign(whole.decode("utf-8", "surrogateescape")) + " " * (wide - len(whole))


def foreign(text: str) -> str:
    """A text of the file as it may be shown."""
    return printable(text, 512)
