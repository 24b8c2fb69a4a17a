"""The registrations: from `register =>` lines and from peers with callbackextension.

Rules of this file:
- chan_sip 16.28 was asked what it sends for a line: tests/migration/chan_sip/register-*.json. The
  request goes to the line's host, over UDP where the line says nothing else. Its URI is the fromdomain of a
  peer that the line names, else the line's domain, else the host. From and To have the line's domain, else
  the host of the peer that it names, else the line's host;
- a registration belongs to the peer that the line names, else to the only one of that host, from which it
  then takes nothing: it says only whose the calls over it are;
- chan_sip tries for ever, every 20 s, for 120 s: that is written out, as res_pjsip's defaults differ.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace

from pjresolve.config.reader import Entry
from pjresolve.config.schema import UINT_MAX, integer
from pjresolve.config.uris import is_contact_user
from pjresolve.migration.output import Output, OutSection, source_of
from pjresolve.migration.peer import Peer, Place, proxy_uri, uri_user
from pjresolve.migration.register_line import RegisterLine, host_and_port, parse_register
from pjresolve.migration.source import Options, truth
from pjresolve.migration.transports import Transports, put

EXPIRY, TIMEOUT = 120, 20
DEFAULT = "chan_sip's default"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A registration to write: its line, where it comes from, and the peer it belongs to.

    `named`: the line itself says the peer, which then gives what the line does not say.
    """

    line: RegisterLine
    entry: Entry
    peer: Peer | None
    named: bool = False


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
        # port= of the peer has no part in it (register-peers.json)
        line = RegisterLine(peer.user() or peer.name, peer.place.host, extension=entry_of.value)
        registrations.append(Wanted(line, entry_of, peer, named=True))
    return registrations


def _with_peer(line: RegisterLine, entry: Entry, by_name: dict[str, Peer], same_host: list[Peer]) -> Wanted:
    """A line may name a peer before `?` or in place of the host; else the only one of its host counts."""
    named = by_name.get(line.host)
    if named is not None and named.place is not None:
        return Wanted(replace(line, host=named.place.host), entry, by_name.get(line.peer, named), named=True)
    if line.peer in by_name:
        return Wanted(line, entry, by_name[line.peer], named=True)
    if len(same_host) > 1:
        same_host = [p for p in same_host if p.user() in ("", line.user, line.authuser)]
    return Wanted(line, entry, same_host[0] if len(same_host) == 1 else None)


def protocol_of(wanted: Wanted) -> str:
    """The protocol to register over: the line's, else UDP unless the peer that it names has none of it."""
    if wanted.line.transport or not (wanted.peer and wanted.named):
        return wanted.line.transport or "udp"
    protocols = wanted.peer.protocols()
    return "udp" if not protocols or "udp" in protocols else protocols[0]


def registration(
    out: Output, wanted: Wanted, general: Options, transports: Transports, realms: list[str]
) -> None:
    """Write a registration and, where no peer has it, its auth. `realms` are auths that any may use."""
    line, peer = wanted.line, wanted.peer
    section = OutSection("registration", peer.endpoint if peer else f"{line.user}-{line.host}")
    section.remark = source_of(wanted.entry)
    protocol = protocol_of(wanted)
    suffix = transports.suffix(protocol)
    registrar, asked = Place(line.host, line.port), _request_place(wanted)
    out.add(section, "server_uri", f"sip:{asked}{suffix}", wanted.entry)
    if not _proxy(out, section, wanted, general, transports) and asked != registrar:
        out.add(section, "outbound_proxy", f"sip:{registrar}{suffix};lr", "the host of the line")
    out.add(section, "client_uri", f"sip:{uri_user(line.user)}@{_domain(wanted)}", wanted.entry)
    if line.extension:
        plain = is_contact_user(line.extension)
        out.add(section, "contact_user", line.extension if plain else uri_user(line.extension), wanted.entry)
    path = general.last("supportpath")
    if path is not None and truth(path.value):
        put(out, section, path)
    pin = transports.pin(protocol)
    if pin:
        out.add(section, "transport", pin, "no other transport has this protocol")
    fault = out.fault(section)
    if fault:
        out.left(wanted.entry, fault)
        return
    section.name = out.name("registration", section.name)
    auths = [*realms_of(wanted, realms), *filter(None, [_auth(out, section, wanted)])]
    if auths:
        out.add(section, "outbound_auth", ",".join(auths), "")
    if peer is not None:
        out.add(section, "endpoint", peer.endpoint, "")
        out.add(section, "line", "yes", "needed with endpoint=")
    _times(out, section, wanted, general)
    out.sections.append(section)


def realms_of(wanted: Wanted, realms: list[str]) -> list[str]:
    """The auths of one realm that a registration may use: all, and before them those of the peer it names."""
    own = wanted.peer.realms if wanted.peer is not None and wanted.named else []
    return list(dict.fromkeys([*own, *realms]))


def _request_place(wanted: Wanted) -> Place:
    """What is asked for: fromdomain of the peer that the line names, the line's domain, or its host."""
    line, peer = wanted.line, wanted.peer
    own = peer.options.last("fromdomain") if peer is not None and wanted.named else None
    if own is not None and own.value:
        with contextlib.suppress(ValueError):
            return Place(*host_and_port(own.value))
    if line.domain:
        return Place(line.domain, line.domain_port)
    return Place(line.host, line.port)


def _domain(wanted: Wanted) -> Place:
    """The domain of our own address: the line's, that of the peer it names, else the registrar."""
    line, peer = wanted.line, wanted.peer
    if line.domain:
        return Place(line.domain, None)
    if peer is not None and wanted.named and peer.place is not None:
        return Place(peer.place.host, None)
    return Place(line.host, None)


def _proxy(
    out: Output, section: OutSection, wanted: Wanted, general: Options, transports: Transports
) -> bool:
    named = wanted.peer is not None and wanted.named
    entry = wanted.peer.setting("outboundproxy") if wanted.peer and named else general.last("outboundproxy")
    if entry is None or not entry.value:
        return False
    try:
        uri = proxy_uri(entry.value, transports, protocol_of(wanted))
    except ValueError as exc:
        out.left(entry, str(exc))
        return False
    return out.add(section, "outbound_proxy", uri, entry)


def _auth(out: Output, section: OutSection, wanted: Wanted) -> str:
    """The auth to answer with: one of its own, or that of the peer where it is the same."""
    line, peer = wanted.line, wanted.peer
    secret = line.secret
    if peer is not None and wanted.named and (not secret or peer.has_remote_secret()):
        secret = peer.answer()  # remotesecret even before the line's own
    user = line.authuser or line.user
    if peer is not None and peer.outbound_auth and (user, secret) == peer.credentials:
        return peer.outbound_auth
    if not secret:
        out.left(wanted.entry, "there is no secret, and Asterisk cannot answer with an empty one")
        return ""
    name = f"{section.name}-register" if out.taken("auth", section.name) else section.name
    auth = OutSection("auth", name, remark=source_of(wanted.entry))
    out.add(auth, "auth_type", "userpass", "")
    if not (
        out.add(auth, "username", user, wanted.entry) and out.add(auth, "password", secret, wanted.entry)
    ):
        return ""
    auth.name = out.name("auth", name)
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
