"""The whole migration: a document of sip.conf in, the text of a pjsip.conf and a list of leftovers out.

Rules of this file:
- peers are read before transports are written, since they decide which are needed;
- what is written loads: `Migration.refusals` is there to show it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pjresolve.config.objects import Refusal, load_text
from pjresolve.config.reader import Document
from pjresolve.errors import printable
from pjresolve.migration.names import ROWS, reason
from pjresolve.migration.output import Output, OutSection
from pjresolve.migration.peer import Peer
from pjresolve.migration.peers import defaults, peer_sections
from pjresolve.migration.registrations import Wanted, protocol_of, registration, wanted_registrations
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
    written = transports(out, general, _needed(general, peers, wanted))
    template = defaults(out, general)
    for peer in peers:
        peer_sections(out, peer, written, template)
    for one in wanted:
        registration(out, one, general, written)
    general.taken.update(TAKEN_ELSEWHERE)
    _unused(out, general)
    out.leftovers = list(dict.fromkeys(out.leftovers))
    name = printable(document.files[0]) if document.files else "sip.conf"
    text = out.text(
        [
            f"Made from {name} by pjresolve migrate.",
            "In the dialplan, SIP/peer becomes PJSIP/peer; telephones have to register anew.",
        ]
    )
    return Migration(text, tuple(out.leftovers), load_text(text, name="pjsip.conf").refusals)


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


def _unused(out: Output, general: Options) -> None:
    guests = general.last("allowguest")
    if guests is not None and truth(guests.value):
        out.left(guests, reason("allowguest"))
    for entry in general.left():
        out.left(entry, reason(entry.name))
