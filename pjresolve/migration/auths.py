"""Who has to say a password, and which: the auth sections of a peer, for calls to us and for calls from us.

Rules of this file:
- whoever is recognised by name, or registers with us, is asked for the secret; if sip.conf has none, that is
  a warning: nobody is let in without a password in silence;
- no secret is lost because of how it is spelt: one that fits no line becomes its MD5 sum;
- whoever is not asked is recognised by address alone, never by the name in From, which anybody can write.
"""

from __future__ import annotations

import hashlib

from pjresolve.config.lines import BLANK
from pjresolve.config.reader import Entry
from pjresolve.migration.output import LONGEST, Output, OutSection, source_of
from pjresolve.migration.peer import Peer
from pjresolve.migration.source import Options

DEFAULT_REALM = "asterisk"
"""chan_sip's realm where realm= says nothing."""


def write_auths(out: Output, section: OutSection, peer: Peer) -> None:
    """Write what `peer` is asked for and what it is answered with, and name both in its endpoint."""
    asked = _asked(out, section, peer)
    if asked:
        out.add(section, "auth", asked, "")
    _recognised(out, section, peer, asked)
    _answered(out, section, peer, asked)


def _asked(out: Output, section: OutSection, peer: Peer) -> str:
    """The auth that a caller or a telephone has to satisfy; "" where nobody is asked."""
    options = peer.options
    own, md5 = options.user_secret or options.last("secret"), options.last("md5secret")
    if peer.trusts() and peer.recognised:
        return ""
    if peer.trusts() and peer.place is None:
        # Without auth= also a REGISTER would be taken without a password, from anywhere
        why = "a telephone keeps its password: it is asked for it in calls as well"
        out.left(options.all("insecure")[-1], why)
    if md5 is not None and md5.value and not _is_md5(md5.value):
        better = own is not None and own.value
        out.left(
            md5, f"it is no MD5 sum of 32 hexadecimal digits; {'secret=' if better else 'it'} is the password"
        )
        own, md5 = (own if better else md5), None
    if md5 is not None and md5.value:
        return _auth(
            out, section, peer.name, (section.name, md5.value, md5), md5_sum=True, general=peer.general
        )
    if own is not None and own.value:
        return _auth(out, section, peer.name, (section.name, own.value, own), general=peer.general)
    return ""


def _recognised(out: Output, section: OutSection, peer: Peer, asked: str) -> None:
    """By what a call is recognised as this peer's: an endpoint without auth never by a name."""
    if peer.kind == "user":
        out.add(section, "identify_by", "username", "type=user")
    elif peer.kind == "peer" and peer.place is not None:
        out.add(section, "identify_by", "ip", "type=peer")
    elif not asked and peer.recognised:
        why = "nobody is asked for a password here: the name in From must not be enough"
        out.add(section, "identify_by", "ip", why)
    if asked or peer.recognised:
        return
    section.warning = (
        "no password: anybody may call as this user"
        if peer.kind == "user"
        else "no password: anybody may register as this telephone and call"
    )
    out.warn(peer.options.where, f"[{peer.name}]", f"{section.warning}, as in chan_sip; give it a secret=")


def _answered(out: Output, section: OutSection, peer: Peer, asked: str) -> None:
    """What we answer with when the other side asks us."""
    options = peer.options
    secret, remote, md5 = options.last("secret"), options.last("remotesecret"), options.last("md5secret")
    own = options.user_secret or secret
    answer = remote if remote is not None and remote.value else secret
    if options.user_secret and secret and remote:
        out.left(secret, "the user of that name is asked for its own, and remotesecret is answered with")
    if peer.place is None or peer.kind == "user":
        if remote is not None:
            out.left(remote, "there is nobody to answer: the host is not fixed")
        return
    if answer is not None and answer.value:
        user = peer.user() or peer.name
        peer.credentials = (user, answer.value)
        shared = asked and user == peer.name and answer is own and not (md5 and md5.value)
        name = section.name if not asked else f"{section.name}-out"
        peer.outbound_auth = asked if shared else _auth(out, section, user, (name, answer.value, answer))
    named = [*peer.realms, *filter(None, [peer.outbound_auth])]
    if named:
        out.add(section, "outbound_auth", ",".join(named), "")


def _auth(
    out: Output,
    endpoint: OutSection,
    user: str,
    what: tuple[str, str, Entry],
    *,
    md5_sum: bool = False,
    general: Options | None = None,
) -> str:
    """Write an auth called, with the secret and from the option that `what` says; returns its name.

    `general` is given where we are the side that asks, so that the realm is known. "" where nothing can be
    written, which for the side that asks never is.
    """
    name, secret, entry = what
    user = user.strip(BLANK) or endpoint.name
    section = OutSection("auth", name, remark=source_of(entry))
    realm = general.last("realm") if general is not None else None
    said = realm.value if realm is not None and realm.value else DEFAULT_REALM
    if general is not None and len(secret.encode("utf-8", "surrogateescape")) > LONGEST:
        secret, md5_sum = _sum(user, said, secret), True
    out.add(section, "auth_type", "md5" if md5_sum else "userpass", "")
    if not out.add(section, "username", user, ""):
        return ""
    if not out.add(section, "md5_cred" if md5_sum else "password", secret, entry):
        return ""
    if md5_sum:
        out.add(section, "realm", said, realm or "chan_sip's default")
    section.name = out.name("auth", name)
    out.sections.append(section)
    return section.name


def realm_auths(out: Output, options: Options, name: str, used: bool) -> list[str]:
    """Write what `auth=user:secret@realm` lines of a section say; the names of the auths, in their order.

    `user#sum@realm` has an MD5 sum in place of the secret.
    """
    names = []
    for entry in options.all("auth"):
        if not used:
            out.left(entry, "there is nobody to answer: no peer has a fixed host, and nothing registers")
            continue
        who, at, realm = entry.value.rpartition("@")
        user, mark, secret = who.partition("#" if "#" in who and ":" not in who.partition("#")[0] else ":")
        user, secret, realm = (part.strip(BLANK) for part in (user, secret, realm))
        summed = mark == "#"
        if not (at and realm and user and secret) or (summed and not _is_md5(secret)):
            out.left(entry, "it is not user:secret@realm")
            continue
        section = OutSection("auth", f"{name}-{realm}", remark=source_of(entry))
        written = (
            out.add(section, "auth_type", "md5" if summed else "userpass", "")
            and out.add(section, "username", user, "")
            and out.add(section, "md5_cred" if summed else "password", secret, entry)
            and out.add(section, "realm", realm, "answers no other realm")
        )
        if written:
            section.name = out.name("auth", section.name)
            out.sections.append(section)
            names.append(section.name)
    return names


def _is_md5(text: str) -> bool:
    return len(text) == 32 and all(c in "0123456789abcdefABCDEF" for c in text)


def _sum(user: str, realm: str, secret: str) -> str:
    """RFC 2617 section 3.2.2.2: H(A1)."""
    text = f"{user}:{realm}:{secret}".encode("utf-8", "surrogateescape")
    return hashlib.md5(text, usedforsecurity=False).hexdigest()
