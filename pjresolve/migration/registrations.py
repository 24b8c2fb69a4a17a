"""The registrations: from `register =>` lines and from peers with callbackextension.

Rules of this file:
- a registration belongs to the peer that the line names, or whose host it registers with;
- chan_sip tries for ever, every 20 s, for 120 s: that is written out, as res_pjsip's defaults differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pjresolve.config.reader import Entry
from pjresolve.config.schema import UINT_MAX, integer
from pjresolve.config.values import is_contact_user
from pjresolve.migration.output import Output, OutSection, source_of
from pjresolve.migration.peer import Peer, Place, proxy_uri, uri_user
from pjresolve.migration.register_line import RegisterLine, parse_register
from pjresolve.migration.source import Options
from pjresolve.migration.transports import Transports

EXPIRY, TIMEOUT = 120, 20
DEFAULT = "chan_sip's default"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A registration to write: its line, where it comes from, and the peer it belongs to."""

    line: RegisterLine
    entry: Entry
    peer: Peer | None


def wanted_registrations(out: Output, general: Options, peers: list[Peer]) -> list[Wanted]:
    """All registrations of a sip.conf; lines that cannot be read are left over."""
    registrations = []
    by_name = {p.name: p for p in peers}
    by_host: dict[str, list[Peer]] = {}
    for peer in peers:
        if peer.place is not None:
            by_host.setdefault(peer.place.host.lower(), []).append(peer)
    for entry in general.all("register"):
        try:
            line = parse_register(entry.value)
        except ValueError as exc:
            out.left(entry, str(exc))
        else:
            registrations.append(_with_peer(line, entry, by_name, by_host.get(line.host.lower(), [])))
    for peer in peers:
        entry_of = peer.options.last("callbackextension")
        if entry_of is None:
            continue
        if peer.place is None or not entry_of.value:
            out.left(entry_of, "there is no fixed host to register with")
            continue
        line = RegisterLine(
            peer.user() or peer.name, peer.place.host, port=peer.place.port, extension=entry_of.value
        )
        registrations.append(Wanted(line, entry_of, peer))
    return registrations


def _with_peer(line: RegisterLine, entry: Entry, by_name: dict[str, Peer], same_host: list[Peer]) -> Wanted:
    """A line may name a peer before `?` or in place of the host; else the only one of its host counts."""
    named = by_name.get(line.host)
    if named is not None and named.place is not None:
        line = replace(line, host=named.place.host, port=line.port or named.place.port)
        return Wanted(line, entry, named)
    if line.peer in by_name:
        return Wanted(line, entry, by_name[line.peer])
    if len(same_host) > 1:
        same_host = [p for p in same_host if p.user() in ("", line.user, line.authuser)]
    return Wanted(line, entry, same_host[0] if len(same_host) == 1 else None)


def protocol_of(wanted: Wanted) -> str:
    """The protocol to register over: the line's, the peer's first, else UDP."""
    return wanted.line.transport or (wanted.peer.protocol if wanted.peer else "udp")


def registration(out: Output, wanted: Wanted, general: Options, transports: Transports) -> None:
    """Write a registration and, where no peer has it, its auth."""
    line, peer = wanted.line, wanted.peer
    name = peer.endpoint if peer else f"{line.user}-{line.host}"
    section = out.section("registration", name, remark=source_of(wanted.entry))
    protocol = protocol_of(wanted)
    suffix = transports.suffix(protocol)
    registrar = str(Place(line.host, line.port))
    if line.domain:
        out.add(section, "server_uri", f"sip:{Place(line.domain, line.domain_port)}{suffix}", wanted.entry)
        out.add(section, "outbound_proxy", f"sip:{registrar}{suffix};lr", "the host of the line")
    else:
        out.add(section, "server_uri", f"sip:{registrar}{suffix}", wanted.entry)
        _proxy(out, section, wanted, general, transports)
    out.add(section, "client_uri", f"sip:{uri_user(line.user)}@{_domain(wanted)}", wanted.entry)
    if line.extension:
        if is_contact_user(line.extension):
            out.add(section, "contact_user", line.extension, wanted.entry)
        else:
            out.add(section, "contact_user", uri_user(line.extension), wanted.entry)
    pin = transports.pin(protocol)
    if pin:
        out.add(section, "transport", pin, "no other transport has this protocol")
    auth = _auth(out, section, wanted)
    if auth:
        out.add(section, "outbound_auth", auth, "")
    if peer is not None:
        out.add(section, "endpoint", peer.endpoint, "")
        out.add(section, "line", "yes", "needed with endpoint=")
    _times(out, section, wanted, general)


def _domain(wanted: Wanted) -> str:
    """The domain of our own address: the line's, the peer's fromdomain, else the registrar."""
    line, peer = wanted.line, wanted.peer
    if line.domain:
        return str(Place(line.domain, None))
    own = peer.options.last("fromdomain") if peer else None
    if own is not None and all((c.isalnum() and c.isascii()) or c in ".-_" for c in own.value) and own.value:
        return own.value
    return str(Place(line.host, None))


def _proxy(
    out: Output, section: OutSection, wanted: Wanted, general: Options, transports: Transports
) -> None:
    entry = wanted.peer.setting("outboundproxy") if wanted.peer else general.last("outboundproxy")
    if entry is None or not entry.value:
        return
    try:
        out.add(section, "outbound_proxy", proxy_uri(entry.value, transports, protocol_of(wanted)), entry)
    except ValueError as exc:
        out.left(entry, str(exc))


def _auth(out: Output, section: OutSection, wanted: Wanted) -> str:
    """The auth to answer with: the peer's where the line has no other secret, else one of its own."""
    line, peer = wanted.line, wanted.peer
    user = line.authuser or (peer.user() if peer and not line.secret else "") or line.user
    same = peer is not None and (not line.secret or (user, line.secret) == peer.credentials)
    if peer is not None and same and peer.outbound_auth:
        return peer.outbound_auth
    if not line.secret:
        return ""
    auth = OutSection("auth", section.name, remark=source_of(wanted.entry))
    out.add(auth, "auth_type", "userpass", "")
    if not (out.add(auth, "username", user, "") and out.add(auth, "password", line.secret, "")):
        return ""
    taken = out.taken("auth", section.name)
    auth.name = out.name("auth", f"{section.name}-register" if taken else section.name)
    out.sections.append(auth)
    return auth.name


def _times(out: Output, section: OutSection, wanted: Wanted, general: Options) -> None:
    default = general.last("defaultexpiry", "defaultexpirey")
    if wanted.line.expiry is not None:
        out.add(section, "expiration", str(wanted.line.expiry), wanted.entry)
    else:
        _number(out, section, "expiration", default, EXPIRY, least=1)
    _number(out, section, "retry_interval", general.last("registertimeout"), TIMEOUT, least=1)
    attempts = general.last("registerattempts")
    given = integer(attempts.value) if attempts is not None else 0
    if attempts is not None and (given is None or not 0 <= given < UINT_MAX):
        out.left(attempts, "it is no number; tried for ever")
        attempts, given = None, 0
    origin = attempts or f"{DEFAULT}: for ever"
    out.add(section, "max_retries", str(given or UINT_MAX), origin)
    out.add(section, "auth_rejection_permanent", "no", "as chan_sip")
    again = general.last("register_retry_403")
    if again is not None and general.true("register_retry_403"):
        interval = next(x.value for x in section.lines if x.option == "retry_interval")
        out.add(section, "forbidden_retry_interval", interval, again)


def _number(
    out: Output, section: OutSection, name: str, entry: Entry | None, default: int, least: int
) -> None:
    given = integer(entry.value) if entry is not None else None
    if entry is not None and (given is None or not least <= given < 10**9):
        out.left(entry, f"it is no number of seconds; {default} instead")
        given = None
    if given is None or entry is None:
        out.add(section, name, str(default), DEFAULT)
    else:
        out.add(section, name, str(given), entry)
