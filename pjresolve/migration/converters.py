"""From the value of a sip.conf option to options of a pjsip.conf endpoint.

Rules of this file:
- a converter gives (option, value) pairs, or raises ValueError with the reason why it cannot;
- where one option of sip.conf became several, all of them are written, so that a later one overrides all.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from pjresolve.config.schema import integer
from pjresolve.migration.source import truth

Pairs = list[tuple[str, str]]
Converter = Callable[[str], Pairs]

_CODECS = """
    all alaw ulaw gsm g722 g723 g726 g726aal2 g729 adpcm lpc10 ilbc speex speex16 speex32 opus slin slin12
    slin16 slin24 slin32 slin44 slin48 slin96 slin192 siren7 siren14 g719 silk8 silk12 silk16 silk24 codec2
    h261 h263 h263p h264 h265 mpeg4 vp8 vp9 jpeg png red t140 t140red
"""
CODECS = frozenset(_CODECS.split())
"""Names that `allow` takes; one that is unknown refuses the whole endpoint."""
TOS_NAMES = frozenset(
    ["ef", *(f"cs{n}" for n in range(8)), *(f"af{c}{d}" for c in range(1, 5) for d in range(1, 4))]
)
_SCREENING = ("", "_not_screened", "_passed_screen", "_failed_screen")
PRESENTATIONS = ("unavailable", *(word + screen for word in ("allowed", "prohib") for screen in _SCREENING))
_USER = re.compile(r"[^\s<>@:;?#\[\]\"\\]+")
_DOMAIN = re.compile(r"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]+\]?")
_GROUPS = re.compile(r"[0-9]{1,2}(?:-[0-9]{1,2})?")


class Partly(ValueError):
    """Part of a value can be converted: to `pairs`. The text says what is wrong with the rest."""

    def __init__(self, why: str, pairs: Pairs) -> None:
        super().__init__(why)
        self.pairs = pairs


def yes_no(value: str) -> str:
    """A boolean as pjsip.conf has it."""
    return "yes" if truth(value) else "no"


def boolean(name: str) -> Converter:
    """yes or no, whatever word stood there."""
    return lambda value: [(name, yes_no(value))]


def text(name: str) -> Converter:
    """The value as it is."""

    def convert(value: str) -> Pairs:
        if not value:
            raise ValueError("it has no value")
        return [(name, value)]

    return convert


def number(name: str) -> Converter:
    """A whole number that is not negative."""

    def convert(value: str) -> Pairs:
        found = integer(value)
        if found is None or found < 0:
            raise ValueError("it is no number")
        return [(name, str(found))]

    return convert


def tos(name: str) -> Converter:
    """A class of service by name, or a number."""

    def convert(value: str) -> Pairs:
        found = integer(value)
        if value.lower() in TOS_NAMES:
            return [(name, value.lower())]
        if found is None or not 0 <= found <= 255:
            raise ValueError("tos is a number up to 255, csN, afNN or ef")
        return [(name, str(found))]

    return convert


def one_of(name: str, *words: str) -> Converter:
    """One of these words."""

    def convert(value: str) -> Pairs:
        if value.lower() not in words:
            raise ValueError(f"it is none of {', '.join(words)}")
        return [(name, value.lower())]

    return convert


def networks(name: str) -> Converter:
    """A network with a length or a mask, or an address."""

    def convert(value: str) -> Pairs:
        parts = [part.strip() for part in value.split(",") if part.strip()]
        for part in parts:
            try:
                ipaddress.ip_network(part.removeprefix("!"), strict=False)
            except ValueError:
                raise ValueError("it is no network, such as 192.0.2.0/24") from None
        return [(name, ",".join(parts))] if parts else []

    return convert


def codecs(name: str) -> Converter:
    """Codecs, each known to Asterisk, perhaps with `:milliseconds`."""

    def convert(value: str) -> Pairs:
        parts = [part.strip() for part in value.split(",") if part.strip()]
        unknown = [p for p in parts if p.split(":")[0].lstrip("!").lower() not in CODECS]
        known = [(name, ",".join(p for p in parts if p not in unknown))]
        if unknown:
            why = f"codec {unknown[0]!r} is unknown, and Asterisk would refuse the endpoint for it"
            raise Partly(why, known if len(unknown) < len(parts) else [])
        return known if parts else []

    return convert


def groups(name: str) -> Converter:
    """Call groups from 0 to 63."""

    def convert(value: str) -> Pairs:
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not parts or not all(_GROUPS.fullmatch(p) and max(map(int, p.split("-"))) <= 63 for p in parts):
            raise ValueError("groups are numbers from 0 to 63")
        return [(name, ",".join(parts))]

    return convert


def user(name: str) -> Converter:
    """The user part of a URI."""

    def convert(value: str) -> Pairs:
        if not _USER.fullmatch(value):
            raise ValueError("it holds a character that Asterisk does not take here")
        return [(name, value)]

    return convert


def domain(name: str) -> Converter:
    """A domain; a port is dropped."""

    def convert(value: str) -> Pairs:
        host = value.rpartition(":")[0] if value.count(":") == 1 else value
        if not _DOMAIN.fullmatch(host):
            raise ValueError("it is no domain")
        return [(name, host)]

    return convert


# ---------------------------------------------------------------- one option, several meanings


def words_of(value: str) -> list[str]:
    """The words of a comma-separated value, lower-case."""
    return [word for word in (w.strip().lower() for w in value.split(",")) if word]


def nat(value: str) -> Pairs:
    """force_rport and comedia, and their automatic forms."""
    words = set(words_of(value))
    known = {"no", "never", "route", "yes", "force_rport", "comedia", "auto_force_rport", "auto_comedia"}
    if not words or not words <= known | {"false", "true", "on", "off", "0", "1"}:
        raise ValueError("it is none of no, force_rport, comedia, auto_force_rport, auto_comedia, yes")
    everything = bool(words & {"yes", "true", "on", "1"})
    rport = everything or bool(words & {"force_rport", "auto_force_rport", "route"})
    symmetric = everything or bool(words & {"comedia", "auto_comedia"})
    return [
        ("force_rport", "yes" if rport else "no"),
        ("rewrite_contact", "yes" if rport else "no"),
        ("rtp_symmetric", "yes" if symmetric else "no"),
    ]


def direct_media(value: str) -> Pairs:
    """yes, no, and the restrictions nonat, update and outgoing."""
    words = set(words_of(value))
    restrictions = words & {"nonat", "update", "outgoing"}
    if words - {"nonat", "update", "outgoing", "yes", "no", "true", "false", "on", "off", "0", "1"}:
        raise ValueError("it is none of yes, no, nonat, update, outgoing")
    allowed = bool(restrictions) or any(truth(w) for w in words)
    return [
        ("direct_media", "yes" if allowed else "no"),
        ("disable_direct_media_on_nat", "yes" if "nonat" in words else "no"),
        ("direct_media_method", "update" if "update" in words else "invite"),
        ("direct_media_glare_mitigation", "outgoing" if "outgoing" in words else "none"),
    ]


def dtmf(value: str) -> Pairs:
    """rfc2833 is called rfc4733 here; shortinfo became info."""
    renamed = {"rfc2833": "rfc4733", "shortinfo": "info", "inband": "inband", "info": "info", "auto": "auto"}
    if value.lower() not in renamed:
        raise ValueError("it is none of rfc2833, info, shortinfo, inband, auto")
    return [("dtmf_mode", renamed[value.lower()])]


def send_rpid(value: str) -> Pairs:
    """Remote-Party-ID or P-Asserted-Identity."""
    pai = value.lower() == "pai"
    rpid = value.lower() == "rpid" or truth(value)
    return [("send_rpid", "yes" if rpid else "no"), ("send_pai", "yes" if pai else "no")]


def fax(value: str) -> Pairs:
    """T.38 with its error correction and its largest datagram."""
    words = words_of(value)
    found = [
        ("t38_udptl", "yes" if any(truth(w) or w in ("fec", "redundancy", "none") for w in words) else "no")
    ]
    for word in words:
        if word in ("fec", "redundancy", "none"):
            found.append(("t38_udptl_ec", word))
        elif word.startswith("maxdatagram="):
            found += number("t38_udptl_maxdatagram")(word.partition("=")[2])
        elif word not in ("yes", "no", "true", "false", "on", "off", "1", "0", "y", "n", "t", "f"):
            raise ValueError("it is none of yes, no, fec, redundancy, none, maxdatagram=N")
    return found


def session_timers(value: str) -> Pairs:
    """accept, originate, refuse."""
    renamed = {"accept": "yes", "originate": "always", "refuse": "no"}
    if value.lower() not in renamed:
        raise ValueError("it is none of accept, originate, refuse")
    return [("timers", renamed[value.lower()])]


def at_least(name: str, least: int) -> Converter:
    """A number of seconds, not less than `least`."""

    def convert(value: str) -> Pairs:
        found = integer(value)
        if found is None or not least <= found <= 86400:
            raise ValueError(f"it is no number of seconds from {least} on")
        return [(name, str(found))]

    return convert


def tag_length(value: str) -> Pairs:
    """32 or 80 bits of SRTP authentication."""
    if value not in ("32", "80"):
        raise ValueError("it is neither 32 nor 80")
    return [("srtp_tag_32", "yes" if value == "32" else "no")]


def fax_detection(value: str) -> Pairs:
    """The kinds of detection became one."""
    return [("fax_detect", "yes" if truth(value) or value.lower() in ("cng", "t38") else "no")]


def redirect(value: str) -> Pairs:
    """Redirections that dial a SIP URI."""
    return [("redirect_method", "uri_pjsip" if truth(value) else "user")]


def moh_passthrough(value: str) -> Pairs:
    """The one meaning that is left."""
    if value.lower() != "passthrough":
        raise ValueError("set CHANNEL(musicclass) in the dialplan")
    return [("moh_passthrough", "yes")]


def variable(value: str) -> Pairs:
    """NAME=value."""
    name, equals, _ = value.partition("=")
    if not equals or not name.strip():
        raise ValueError("it is not NAME=value")
    return [("set_var", value)]


def mailboxes(name: str) -> Converter:
    """Mailboxes, separated by commas."""

    def convert(value: str) -> Pairs:
        parts = [part.strip() for part in value.replace("&", ",").split(",") if part.strip()]
        return [(name, ",".join(parts))] if parts else []

    return convert
