"""The whole migration: a document of sip.conf in, the text of a pjsip.conf and a list of leftovers out.

Rules of this file:
- peers are read before transports are written, since they decide which are needed;
- what is written loads: `Migration.refusals` is there to show it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pjresolve.config.objects import Refusal, load
from pjresolve.config.reader import Document
from pjresolve.errors import Location, printable
from pjresolve.migration.auths import realm_auths
from pjresolve.migration.mailboxes import mailboxes
from pjresolve.migration.names import NAMES, ROWS, known, reason
from pjresolve.migration.output import Output, OutSection
from pjresolve.migration.peer import Peer
from pjresolve.migration.peers import defaults, identify, peer_sections, told_apart
from pjresolve.migration.registrations import Wanted, protocol_of, registration, wanted_registrations
from pjresolve.migration.sharing import share
from pjresolve.migration.source import Leftover, Options, sip_conf, truth
from pjresolve.migration.transports import put, transports

_TAKEN_ELSEWHERE = """
    register registertimeout registerattempts register_retry_403 outboundproxy transport qualify qualifyfreq
    minexpiry maxexpiry defaultexpiry minexpirey maxexpirey defaultexpirey
    vmexten dtlsenable encryption subscribemwi tos_sip cos_sip
    externaddr externip externhost externtcpport externtlsport externudpport localnet
    bindaddr bindport udpbindaddr tcpbindaddr tlsbindaddr tcpenable tlsenable udpenable
"""
TAKEN_ELSEWHERE = frozenset(_TAKEN_ELSEWHERE.split())
"""General options that are read where they matter, and left over there where they cannot be used."""


@dataclass(frozen=True, slots=True)
class Migration:
    """A pjsip.conf as text, what of the sip.conf has no equivalent, and what Asterisk would refuse of it."""

    text: str
    leftovers: tuple[Leftover, ...]
    refusals: tuple[Refusal, ...]


def migrate(document: Document) -> Migration:
    """The pjsip.conf for a sip.conf that was read as Asterisk reads it."""
    source, out = sip_conf(document), Output()
    general = source.general
    out.leftovers += source.ignored
    peers = [Peer(options, general) for options in source.peers]
    wanted = wanted_registrations(out, general, peers)
    _settings(out, "global", general)
    _settings(out, "system", general)
    written = transports(out, general, _needed(general, peers, wanted), _connects(peers, wanted))
    template = defaults(out, general, peers)
    realms = realm_auths(out, source.realms, "realm", bool(wanted) or any(p.place for p in peers))
    for peer in peers:
        peer.realms = list(realms)
        peer_sections(out, peer, written, template)
    apart, first = told_apart(peers), dict[str, Peer]()
    for peer in peers:
        identify(out, peer, apart, first)
    for one in wanted:
        registration(out, one, general, written, realms)
    mailboxes(out, general, peers)
    share(out, peers)
    general.taken.update(TAKEN_ELSEWHERE)
    _unused(out, general, bool(peers))
    out.leftovers = sorted(dict.fromkeys(out.leftovers), key=_order)
    name = printable(document.files[0]) if document.files else "sip.conf"
    text = out.text(
        [
            f"Made from {name} by pjresolve migrate.",
            "In the dialplan, SIP/peer becomes PJSIP/peer; telephones have to register anew.",
        ]
    )
    return Migration(text, tuple(out.leftovers), load(out.document()).refusals)


def _order(leftover: Leftover) -> tuple[bool, Location]:
    """Warnings first, then as they stand in the files."""
    return not leftover.warning, leftover.where


def _settings(out: Output, kind: str, general: Options) -> None:
    section = OutSection(kind, kind)
    for row in ROWS:
        entry = general.last(row.old) if row.type == kind else None
        if entry is not None:
            put(out, section, entry)
    if section.lines:
        out.sections.append(section)


def _needed(general: Options, peers: list[Peer], wanted: list[Wanted]) -> dict[str, str]:
    """The protocols that somebody uses, and who."""
    users: dict[str, str] = {}
    for peer in peers:
        for protocol in peer.protocols():
            users.setdefault(protocol, f"[{peer.name}]")
    for one in wanted:
        users.setdefault(protocol_of(one), "a register line")
    for entry in general.all("outboundproxy"):
        users.setdefault(entry.value.partition("://")[0].strip().lower(), "outboundproxy")
    return users


def _connects(peers: list[Peer], wanted: list[Wanted]) -> bool:
    """Whether we connect to anybody over TLS."""
    return any(p.protocol == "tls" for p in peers if p.place is not None) or any(
        protocol_of(one) == "tls" for one in wanted
    )


def _unused(out: Output, general: Options, peers: bool) -> None:
    if not peers:
        _without_peers(out, general)
    guests = general.last("allowguest")
    if guests is not None and truth(guests.value):
        out.left(guests, reason("allowguest"))
    port = general.last("port")
    if port is not None:
        out.left(port, "chan_sip takes it in a peer alone; the port of the socket is bindport=")
    for entry in general.left():
        out.left(entry, reason(entry.name), hidden=known(entry.name) is None)


def _without_peers(out: Output, general: Options) -> None:
    """One line for all that [general] says of peers where there are none."""
    idle = [
        e
        for e in general.left()
        if (row := NAMES.get(e.name)) is not None and row.type in ("endpoint", "aor")
    ]
    if idle:
        names = ", ".join(dict.fromkeys(e.name for e in idle))
        out.leftovers.append(Leftover(idle[0].where, names, "there is no peer that it would hold for"))
        general.taken.update(e.name for e in idle)
