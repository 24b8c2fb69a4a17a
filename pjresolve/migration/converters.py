"""From the value of a sip.conf option to options of a pjsip.conf endpoint.

Rules of this file:
- a converter gives the new value, or (option, value) pairs where one option of sip.conf became several; or
  it raises ValueError with the reason why it cannot;
- where one option became several, all of them are written, so that a later one overrides all;
- an empty value is none: nothing is written for it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from pjresolve.config.schema import FALSE_WORDS, decimal, integer
from pjresolve.config.values import split_list
from pjresolve.migration.source import truth

Pairs = list[tuple[str, str]]
Converter = Callable[[str], str | Pairs]

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
QUALIFY_SECONDS, QUALIFY_MILLISECONDS = 60, 2000
"""How often chan_sip asks a peer whether it is there, and how long it waits."""
_SCREENING = ("", "_not_screened", "_passed_screen", "_failed_screen")
PRESENTATIONS = ("unavailable", *(word + screen for word in ("allowed", "prohib") for screen in _SCREENING))
_USER = re.compile(r"[^\s<>@:;?#\[\]\"\\]+")
_DOMAIN = re.compile(r"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]+\]?")
_GROUPS = re.compile(r"[0-9]{1,2}(?:-[0-9]{1,2})?")


class Partly(ValueError):
    """Part of a value can be converted: to `value`. The text says what is wrong with the rest."""

    def __init__(self, why: str, value: str) -> None:
        super().__init__(why)
        self.value = value


# ---------------------------------------------------------------- one option, one value


def boolean(value: str) -> str:
    """yes or no, whatever word stood there."""
    return "yes" if truth(value) else "no"


def negated(value: str) -> str:
    """The opposite of what is said."""
    return "no" if truth(value) else "yes"


def fixed(word: str) -> Converter:
    """The same word whatever stood there."""
    return lambda value: word


def where_true(word: str) -> Converter:
    """`word` for yes, else no."""
    return lambda value: word if truth(value) else "no"


def shaped(pattern: str) -> Converter:
    """The value in its place: the `{}` of `pattern`."""
    return lambda value: pattern.format(value)


def text(value: str) -> str:
    """The value as it is."""
    if not value:
        raise ValueError("it has no value")
    return value


def number(value: str) -> str:
    """A whole number that is not negative."""
    count = integer(value)
    if count is None or count < 0:
        raise ValueError("it is no number")
    return str(count)


def tos(value: str) -> str:
    """A class of service by name, or a number."""
    if value.lower() in TOS_NAMES:
        return value.lower()
    octet = integer(value)
    if octet is None or not 0 <= octet <= 255:
        raise ValueError("tos is a number up to 255, csN, afNN or ef")
    return str(octet)


def one_of(*words: str) -> Converter:
    """One of these words."""

    def convert(value: str) -> str:
        if value.lower() not in words:
            raise ValueError(f"it is none of {', '.join(words)}")
        return value.lower()

    return convert


def at_least(least: int) -> Converter:
    """A number of seconds, not less than `least`."""

    def convert(value: str) -> str:
        seconds = integer(value)
        if seconds is None or not least <= seconds <= 86400:
            raise ValueError(f"it is no number of seconds from {least} on")
        return str(seconds)

    return convert


def networks(value: str) -> str:
    """Networks with a length or a mask, or addresses."""
    parts = split_list(value)
    for part in parts:
        try:
            ipaddress.ip_network(part.removeprefix("!"), strict=False)
        except ValueError:
            raise ValueError("it is no network, such as 192.0.2.0/24") from None
    return ",".join(parts)


def codecs(value: str) -> str:
    """Codecs, each known to Asterisk, perhaps with `:milliseconds`."""
    parts = split_list(value)
    unknown = [p for p in parts if p.split(":")[0].lstrip("!").lower() not in CODECS]
    if unknown:
        why = f"codec {unknown[0]!r} is unknown, and Asterisk would refuse the endpoint for it"
        raise Partly(why, ",".join(p for p in parts if p not in unknown))
    return ",".join(parts)


def groups(value: str) -> str:
    """Call groups from 0 to 63."""
    parts = split_list(value)
    if not parts or not all(_GROUPS.fullmatch(p) and max(map(int, p.split("-"))) <= 63 for p in parts):
        raise ValueError("groups are numbers from 0 to 63")
    return ",".join(parts)


def user(value: str) -> str:
    """The user part of a URI."""
    if not value:
        raise ValueError("it has no value")
    if not _USER.fullmatch(value):
        raise ValueError("it holds a character that Asterisk does not take here")
    return value


def domain(value: str) -> str:
    """A domain; a port is dropped."""
    if not value:
        raise ValueError("it has no value")
    host = value.rpartition(":")[0] if value.count(":") == 1 else value
    if not _DOMAIN.fullmatch(host):
        raise ValueError("it is no domain")
    return host


def mailboxes(value: str) -> str:
    """Mailboxes, separated by commas."""
    return ",".join(split_list(value.replace("&", ",")))


def tag_length(value: str) -> str:
    """32 or 80 bits of SRTP authentication."""
    if value not in ("32", "80"):
        raise ValueError("it is neither 32 nor 80")
    return "yes" if value == "32" else "no"


def fax_detection(value: str) -> str:
    """The kinds of detection became one."""
    return "yes" if truth(value) or value.lower() in ("cng", "t38") else "no"


def redirect(value: str) -> str:
    """Redirections that dial a SIP URI."""
    return "uri_pjsip" if truth(value) else "user"


def moh_passthrough(value: str) -> str:
    """The one meaning that is left."""
    if value.lower() != "passthrough":
        raise ValueError("set CHANNEL(musicclass) in the dialplan")
    return "yes"


def variable(value: str) -> str:
    """NAME=value."""
    name, equals, _ = value.partition("=")
    if not equals or not name.strip():
        raise ValueError("it is not NAME=value")
    return value


def dtmf(value: str) -> str:
    """rfc2833 is called rfc4733 here; shortinfo became info."""
    renamed = {"rfc2833": "rfc4733", "shortinfo": "info", "inband": "inband", "info": "info", "auto": "auto"}
    if value.lower() not in renamed:
        raise ValueError("it is none of rfc2833, info, shortinfo, inband, auto")
    return renamed[value.lower()]


def overlap(value: str) -> str:
    """Overlap dialling, on or off."""
    if value.lower() == "dtmf":
        raise ValueError("overlap dialling by DTMF: allow_overlap= says yes or no")
    return boolean(value)


def session_timers(value: str) -> str:
    """accept, originate, refuse."""
    renamed = {"accept": "yes", "originate": "always", "refuse": "no"}
    if value.lower() not in renamed:
        raise ValueError("it is none of accept, originate, refuse")
    return renamed[value.lower()]


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


def send_rpid(value: str) -> Pairs:
    """Remote-Party-ID or P-Asserted-Identity."""
    pai = value.lower() == "pai"
    rpid = value.lower() == "rpid" or truth(value)
    return [("send_rpid", "yes" if rpid else "no"), ("send_pai", "yes" if pai else "no")]


def fax(value: str) -> Pairs:
    """T.38 with its error correction and its largest datagram."""
    words = words_of(value)
    on = any(truth(w) or w in ("fec", "redundancy", "none") for w in words)
    pairs = [("t38_udptl", "yes" if on else "no")]
    for word in words:
        if word in ("fec", "redundancy", "none"):
            pairs.append(("t38_udptl_ec", word))
        elif word.startswith("maxdatagram="):
            pairs.append(("t38_udptl_maxdatagram", number(word.partition("=")[2])))
        elif word not in ("yes", "no", "true", "false", "on", "off", "1", "0", "y", "n", "t", "f"):
            raise ValueError("it is none of yes, no, fec, redundancy, none, maxdatagram=N")
    return pairs


def contact(value: str) -> Pairs:
    """Where a peer is; one that registers with us has its place then."""
    if value.lower() == "dynamic":
        return [("max_contacts", "1"), ("remove_existing", "yes")]
    return [("contact", f"sip:{text(value)}")]


def qualify(value: str) -> Pairs:
    """How often a peer is asked whether it is there, and how long it may take; frequency 0 for never."""
    limit = integer(value)
    if not truth(value) and (limit is None or limit <= 1):
        if value.lower() not in ("", "0", "1", *FALSE_WORDS):
            raise ValueError("it is none of yes, no and a number of milliseconds")
        return [("qualify_frequency", "0")]
    seconds = f"{(limit if limit is not None and limit > 1 else QUALIFY_MILLISECONDS) / 1000:g}"
    if decimal(seconds) is None or "e" in seconds:
        raise ValueError("no number of milliseconds")
    return [("qualify_frequency", str(QUALIFY_SECONDS)), ("qualify_timeout", seconds)]
