"""What a peer of sip.conf becomes: its endpoint, auth, aor and identify.

Rules of this file:
- an endpoint says how to talk, an aor where, an auth with which secret, an identify from where calls come;
- who registers with us (host=dynamic) is asked for the secret; whom we register with is answered with it.
"""

from __future__ import annotations

from functools import partial

from pjresolve.config.reader import Entry
from pjresolve.config.schema import integer, schema
from pjresolve.migration.converters import QUALIFY_SECONDS, Pairs, qualify, words_of
from pjresolve.migration.names import NAMES, reason
from pjresolve.migration.output import Output, OutSection, place, source_of
from pjresolve.migration.peer import Peer, proxy_uri, uri_user
from pjresolve.migration.source import LISTS, Options, truth
from pjresolve.migration.transports import Transports, is_address, put

DEFAULT_CODECS = "ulaw,alaw,gsm"
EXPIRIES = (("minexpiry", "minexpirey"), ("maxexpiry", "maxexpirey"), ("defaultexpiry", "defaultexpirey"))
"""Each with its other name."""
DEFAULTS = {o.name: o.default for o in schema()["endpoint"].values()}


# ---------------------------------------------------------------- the sections


def defaults(out: Output, general: Options) -> str:
    """Write the template of what [general] says for all peers; returns its name, "" where it says nothing."""
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
    if not peer.options.all("allow") and not peer.general.all("allow"):
        out.add(section, "allow", DEFAULT_CODECS, "chan_sip's default")
    _auths(out, section, peer)
    _proxy(out, section, peer, transports)
    if peer.kind != "user":
        aor = _aor(out, peer, transports)
        out.add(section, "aors", aor.name, "")
    _identify(out, section, peer)
    if peer.trouble and peer.place_entry is not None:
        out.left(peer.place_entry, peer.trouble)
    for entry in options.left():
        out.left(entry, reason(entry.name))


def _endpoint_lines(out: Output, section: OutSection, options: Options, inherited: frozenset[str]) -> None:
    """The options that belong to the endpoint, in their order; of what takes no list the last.

    `inherited` are the options of the template, which even a default has to override.
    """
    last = {e.name: n for n, e in enumerate(options.entries)}
    for n, entry in enumerate(options.entries):
        row = NAMES.get(entry.name)
        if row is None or row.type != "endpoint" or not row.alone:
            continue
        options.taken.add(entry.name)
        if entry.name in LISTS or last[entry.name] == n:
            put(out, section, entry, partial(_needed, inherited))
    _drop_impossible_timers(out, section, options)


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
    if peer.kind == "user":
        out.add(section, "identify_by", "username", "type=user")
    elif peer.kind == "peer" and peer.place is not None:
        out.add(section, "identify_by", "ip", "type=peer")


def _auths(out: Output, section: OutSection, peer: Peer) -> None:
    options = peer.options
    secret, md5, remote = options.last("secret"), options.last("md5secret"), options.last("remotesecret")
    insecure = options.last("insecure")
    trusted = set(words_of(insecure.value)) & {"invite", "very", "yes"} if insecure is not None else set()
    if insecure is not None and set(words_of(insecure.value)) - {"invite", "port", "very", "yes", "no"}:
        out.left(insecure, "it is none of port, invite, no")
    if insecure is not None and trusted and peer.place is None:
        # Without auth= also a REGISTER would be taken without a password, from anywhere
        out.left(insecure, "a telephone keeps its password: it is asked for it in calls as well")
        trusted = set()
    asked = ""
    own = options.user_secret or secret
    if (own or md5) and not trusted:
        asked = _auth(out, peer.name, peer.name, own, md5, peer.general)
        if asked:
            out.add(section, "auth", asked, "")
    answer = remote or secret
    if options.user_secret and secret and remote:
        out.left(secret, "the user of that name is asked for its own, and remotesecret is answered with")
    if peer.place is not None and peer.kind != "user" and answer is not None and answer.value:
        user = peer.user() or peer.name
        peer.credentials = (user, answer.value)
        shared = asked and user == peer.name and answer is own and not md5
        peer.outbound_auth = (
            asked
            if shared
            else _auth(out, f"{peer.name}-out" if asked else peer.name, user, answer, None, peer.general)
        )
        if peer.outbound_auth:
            out.add(section, "outbound_auth", peer.outbound_auth, "")
    elif remote is not None:
        out.left(remote, "there is nobody to answer: the host is not fixed")


def _auth(
    out: Output, name: str, user: str, secret: Entry | None, md5: Entry | None, general: Options
) -> str:
    """Write an auth; returns its name, or "" where it has no usable secret."""
    entry = md5 or secret
    assert entry is not None
    if md5 is not None and (
        len(md5.value) != 32 or any(c not in "0123456789abcdefABCDEF" for c in md5.value)
    ):
        out.left(md5, "it is no MD5 sum of 32 hexadecimal digits")
        return ""
    if not entry.value or not user:
        out.left(entry, "it is empty, and Asterisk refuses an auth without")
        return ""
    section = out.section("auth", name, remark=source_of(entry))
    out.add(section, "auth_type", "userpass" if md5 is None else "md5", "")
    out.add(section, "username", user, "")
    if md5 is None:
        if not out.add(section, "password", entry.value, entry):
            out.sections.remove(section)
            return ""
    else:
        out.add(section, "md5_cred", md5.value, md5)
        realm = general.last("realm")
        out.add(section, "realm", realm.value if realm else "asterisk", realm or "chan_sip's default")
    return section.name


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
    else:
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
    if peer.options.last("supportpath"):
        put(out, section, peer.options.all("supportpath")[-1])
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


def _identify(out: Output, section: OutSection, peer: Peer) -> None:
    if peer.place is None or peer.kind == "user":
        return
    identify = out.section("identify", peer.name)
    out.add(identify, "endpoint", section.name, "")
    out.add(identify, "match", peer.place.host, peer.place_entry or "")
    if not is_address(peer.place.host):
        identify.remark = "the name is looked up when Asterisk loads; the section is refused if that fails"
