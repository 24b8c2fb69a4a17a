"""What a peer of sip.conf becomes: its endpoint, auth, aor and identify.

Rules of this file:
- an endpoint says how to talk, an aor where, an auth with which secret, an identify from where calls come;
- who registers with us (host=dynamic) is asked for the secret; whom we register with is answered with it.
"""

from __future__ import annotations

from functools import partial

from pjresolve.config.reader import Entry
from pjresolve.config.schema import integer, schema
from pjresolve.migration.auths import realm_auths, write_auths
from pjresolve.migration.converters import QUALIFY_SECONDS, Pairs, qualify, words_of
from pjresolve.migration.names import NAMES, Name, known, reason
from pjresolve.migration.output import Output, OutSection, place
from pjresolve.migration.peer import TRUSTING, Peer, Place, proxy_uri, uri_user
from pjresolve.migration.source import LISTS, Options, truth
from pjresolve.migration.transports import Transports, is_address, put

DEFAULT_CODECS = "ulaw,alaw,gsm"
EXPIRIES = (("minexpiry", "minexpirey"), ("maxexpiry", "maxexpirey"), ("defaultexpiry", "defaultexpirey"))
"""Each with its other name."""
DEFAULTS = {o.name: o.default for o in schema()["endpoint"].values()}


# ---------------------------------------------------------------- the sections


def defaults(out: Output, general: Options, peers: list[Peer]) -> str:
    """Write the template of what [general] says for all peers; returns its name, "" where it says nothing."""
    if not peers:
        return ""
    section = OutSection(
        "endpoint", "sip-defaults", template=True, remark="what [general] said for all peers"
    )
    _endpoint_lines(out, section, general, frozenset())
    _encryption(out, section, general, general)
    if not section.lines:
        return ""
    section.name = out.name("endpoint", section.name)
    out.sections.append(section)
    return section.name


def peer_sections(out: Output, peer: Peer, transports: Transports, template: str) -> None:
    """Write everything of a peer."""
    options = peer.options
    section = out.section("endpoint", peer.name, parent=template, remark=place(options.where))
    peer.endpoint = section.name
    if peer.name != section.name:
        where = next(iter(options.entries)).where if options.entries else options.where
        out.left(Entry("name", peer.name, where), f"called {section.name} here")
    inherited = next((s.lines for s in out.sections if s.template and s.name == template), [])
    _endpoint_lines(out, section, options, frozenset(line.option for line in inherited))
    _encryption(out, section, options, peer.general)
    _identity(out, section, peer)
    if not any(line.option == "allow" for line in [*inherited, *section.lines]):
        named = peer.options.all("allow") or peer.general.all("allow")
        why = "none of the named is known; chan_sip's default" if named else "chan_sip's default"
        out.add(section, "allow", DEFAULT_CODECS, why)
    _insecure(out, options)
    peer.realms = [*realm_auths(out, options, section.name, peer.place is not None), *peer.realms]
    write_auths(out, section, peer)
    _proxy(out, section, peer, transports)
    peer.written = [section]
    if peer.kind != "user":
        aor = _aor(out, peer, transports)
        peer.written.append(aor)
        out.add(section, "aors", aor.name, "")
    _unused_user(out, peer)
    transport = options.last("transport")
    if transport is not None and not peer.protocols() and set(words_of(transport.value)) & {"tcp", "tls"}:
        out.left(transport, "it is not enabled in [general]: UDP, as chan_sip does then")
    if peer.trouble and peer.place_entry is not None:
        out.left(peer.place_entry, peer.trouble)
    for entry in options.left():
        out.left(entry, reason(entry.name), hidden=known(entry.name) is None)


def _endpoint_lines(out: Output, section: OutSection, options: Options, inherited: frozenset[str]) -> None:
    """The options that belong to the endpoint, in their order; of what takes no list the last.

    `inherited` are the options of the template, which even a default has to override.
    """
    rows = {n: row for n, e in enumerate(options.entries) if (row := _own_row(e.name)) is not None}
    last = {row.option: n for n, row in rows.items()}
    for n, row in rows.items():
        entry = options.entries[n]
        options.taken.add(entry.name)
        if entry.name in LISTS or last[row.option] == n:
            put(out, section, entry, partial(_needed, inherited))
    _drop_impossible_timers(out, section, options)


def _own_row(name: str) -> Name | None:
    """The row of an option that belongs to the endpoint by itself; two names may become one option."""
    row = NAMES.get(name)
    return row if row is not None and row.type == "endpoint" and row.alone else None


def _needed(inherited: frozenset[str], pairs: Pairs) -> Pairs:
    """Of several options that one became, those that are no default anyway; at least the first."""
    if len(pairs) < 2:
        return pairs
    return [(n, v) for n, v in pairs if n in inherited or v != DEFAULTS[n]] or pairs[:1]


def _drop_impossible_timers(out: Output, section: OutSection, options: Options) -> None:
    """Asterisk refuses an endpoint whose sessions expire sooner than it allows them to."""
    values = {
        line.option: int(line.value)
        for line in section.lines
        if line.option in ("timers_sess_expires", "timers_min_se")
    }
    if not values or values.get("timers_sess_expires", 1800) > values.get("timers_min_se", 90):
        return
    section.lines = [line for line in section.lines if line.option not in values]
    for entry in options.all("session-expires", "session-minse"):
        out.left(entry, "session-expires must be greater than session-minse, and both at least 90")


def _encryption(out: Output, section: OutSection, options: Options, general: Options) -> None:
    srtp, dtls = options.last("encryption"), options.last("dtlsenable")
    if dtls is not None and truth(dtls.value):
        out.add(section, "media_encryption", "dtls", dtls)
    elif srtp is not None:
        inherited = general.true("dtlsenable") and dtls is None
        if not (inherited and truth(srtp.value)):
            out.add(section, "media_encryption", "sdes" if truth(srtp.value) else "no", srtp)
    elif dtls is not None:
        out.add(section, "media_encryption", "no", dtls)


def _identity(out: Output, section: OutSection, peer: Peer) -> None:
    options = peer.options
    name, given = options.last("fullname"), options.last("cid_number")
    if not any(line.option == "callerid" for line in section.lines) and (name or given):
        words = [f'"{name.value}"' if name else "", f"<{given.value}>" if given else ""]
        out.add(section, "callerid", " ".join(filter(None, words)), given or name or "")
    box = options.last("mailbox")
    subscribes = options.true("subscribemwi") or peer.general.true("subscribemwi")
    if box is not None and peer.kind == "user":
        out.left(box, "a user has no address to notify; make it a friend")
    elif box is not None and not subscribes:
        put(out, section, box)
    extension = peer.setting("vmexten")
    if extension is not None:
        out.add(section, "voicemail_extension", extension.value, extension)


def _unused_user(out: Output, peer: Peer) -> None:
    """Without a fixed host, what a peer calls us means nothing; its own name says nothing new."""
    entry = peer.options.last("defaultuser", "username")
    if entry is None or entry.value in ("", peer.name) or peer.recognised:
        return
    why = (
        f"it has no effect: a telephone logs in as {peer.name} and is called at the Contact that it registers"
    )
    if peer.kind == "user":
        why = f"it has no effect: a type=user logs in as {peer.name} and is never called"
    out.left(entry, why)


def _insecure(out: Output, options: Options) -> None:
    entry = options.last("insecure")
    if entry is not None and set(words_of(entry.value)) - {"port", "no", *TRUSTING}:
        out.left(entry, "it is none of port, invite, no")


def _proxy(out: Output, section: OutSection, peer: Peer, transports: Transports) -> None:
    entry = peer.setting("outboundproxy")
    if entry is None or not entry.value:
        return
    try:
        out.add(section, "outbound_proxy", proxy_uri(entry.value, transports, peer.protocol), entry)
    except ValueError as exc:
        out.left(entry, str(exc))


def _aor(out: Output, peer: Peer, transports: Transports) -> OutSection:
    section = out.section("aor", peer.name)
    if peer.place is not None:
        user = f"{uri_user(peer.user())}@" if peer.user() else ""
        suffix = transports.suffix(peer.protocol)
        out.add(section, "contact", f"sip:{user}{peer.place}{suffix}", peer.place_entry or "")
    elif not peer.trouble:
        out.add(section, "max_contacts", "1", "one registration replaces the other")
        out.add(section, "remove_existing", "yes", "")
        for names in EXPIRIES:
            entry = peer.general.last(*names)
            if entry is not None:
                put(out, section, entry)
    _qualify(out, section, peer)
    box = peer.options.last("mailbox")
    if box is not None and (peer.options.true("subscribemwi") or peer.general.true("subscribemwi")):
        put(out, section, box)
    path = peer.setting("supportpath")
    if path is not None and (truth(path.value) or peer.options.last("supportpath")):
        put(out, section, path)
    return section


def _qualify(out: Output, section: OutSection, peer: Peer) -> None:
    entry, often = peer.setting("qualify"), peer.setting("qualifyfreq")
    if entry is None:
        return
    try:
        pairs = dict(qualify(entry.value))
    except ValueError as exc:
        out.left(entry, str(exc))
        return
    if "qualify_timeout" not in pairs:
        return
    seconds = integer(often.value) if often is not None else QUALIFY_SECONDS
    if seconds is None or not 0 < seconds <= 86400:
        out.left(often or entry, f"no number of seconds; every {QUALIFY_SECONDS} s instead")
        seconds = QUALIFY_SECONDS
    out.add(section, "qualify_frequency", str(seconds), often or entry)
    out.add(section, "qualify_timeout", pairs["qualify_timeout"], entry)


def identify(out: Output, peer: Peer, told_apart: set[str], first: dict[str, Peer]) -> None:
    """Write from where the calls of a peer come. `told_apart` are hosts of which several peers have ports.

    `first` holds who has a `match` already: of several, chan_sip takes the first in the file.
    """
    if peer.place is None or peer.kind == "user":
        return
    host, port = peer.place.host, peer.port_to_match()
    given = peer.place.port is not None or host in told_apart
    match = str(Place(host, port if given else None)) if port is not None and given else host
    if match.lower() in first:
        other = first[match.lower()]
        why = f"calls from there are [{other.name}]'s, as in chan_sip, but those to a registration's Contact"
        out.left(
            Entry("match", match, peer.place_entry.where if peer.place_entry else peer.options.where), why
        )
        return
    first[match.lower()] = peer
    section = out.section("identify", peer.name)
    out.add(section, "endpoint", peer.endpoint, "")
    out.add(section, "match", match, peer.place_entry or "")
    if not is_address(host):
        section.remark = "the name is looked up when Asterisk loads; the section is refused if that fails"


def told_apart(peers: list[Peer]) -> set[str]:
    """The hosts that several peers have with different ports."""
    ports: dict[str, set[int | None]] = {}
    for peer in peers:
        if peer.place is not None and peer.kind != "user":
            ports.setdefault(peer.place.host, set()).add(peer.port_to_match())
    return {host for host, numbers in ports.items() if len(numbers) > 1}
