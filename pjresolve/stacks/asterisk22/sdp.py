"""The offer that an INVITE of Asterisk 22 carries (RFC 4566, RFC 3264).

Rules of this file:
- it says what leaves, line for line, as the recordings that are named show;
- what Asterisk draws by lot is a `<placeholder>`; what was never recorded is refused, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pjresolve.config.objects import Endpoint
from pjresolve.config.schema import truth
from pjresolve.errors import BadInput
from pjresolve.model import Family
from pjresolve.stacks.asterisk22.formats import (
    EVENTS,
    FIRST_EVENT,
    SOUND,
    UNKNOWN,
    UNOFFERED,
    USUAL_RATE,
    Allowed,
    Format,
    allowed_formats,
)

WITH_EVENTS = ("rfc4733", "auto", "auto_info")
"""Values of `dtmf_mode` that offer telephone-events (`iv-sdp`)."""
FIRST_DYNAMIC = 96
MOST_RATES = 3
"""Telephone-events whose payload types are known, of the first call after the start (`iv-event-5`)."""
UNRECORDED = ("webrtc", "ice_support", "bundle")
"""Options that bring in lines which hold the machine's addresses and more of chance."""


def offer(endpoint: Endpoint, host: str, family: Family, *, compact: bool = False) -> tuple[str, ...]:
    """The lines of the offer; `host` is where sound is wanted. Raises BadInput where it is not known.

    A `compact` one has no names for the payload types that everybody knows (RFC 3551; `iv-compact`).
    """
    where = f"IN {'IP6' if family is Family.IPV6 else 'IP4'} {host}"
    head = (
        "v=0",
        f"o={endpoint.sdp_owner} <session> <session> {where}",
        f"s={endpoint.sdp_session}",
        f"c={where}",
        "t=0 0",
    )
    _check(endpoint)
    formats = [known for one in allowed_formats(endpoint.section) if (known := _known(one))]
    return (*head, *_sound(endpoint, formats, compact)) if formats else head


def offers_video(endpoint: Endpoint) -> bool:
    """Whether formats of video are allowed, which are offered only if the caller brings some (`iv-video`)."""
    names = {one.name for one in allowed_formats(endpoint.section)}
    return bool(names - SOUND.keys() - UNOFFERED - UNKNOWN)


def _check(endpoint: Endpoint) -> None:
    """Raise BadInput for what no recording shows."""
    option = next((o for o in UNRECORDED if _is_on(endpoint, o)), "")
    if option:
        what = f"what {option} comes to in the offer is not known"
        raise BadInput(what, where=endpoint.where(option))
    _check_formats(endpoint)


def _is_on(endpoint: Endpoint, option: str) -> bool:
    entry = endpoint.section.last(option)
    return entry is not None and truth(entry.value)


def _check_formats(endpoint: Endpoint) -> None:
    names = [one.name for one in allowed_formats(endpoint.section)]
    dynamic = [name for name in names if name in SOUND and SOUND[name].payload == SOUND["amr"].payload]
    unknown = [name for name in names if name in UNKNOWN] or dynamic[1:]
    if unknown:
        what = f"what allow={unknown[0]} comes to in the offer is not known"
        raise BadInput(what, where=endpoint.where("allow"), hint="name formats such as alaw and g722")
    if names and not SOUND.keys() & set(names) and offers_video(endpoint):
        what = "what an offer without sound holds is not known"
        raise BadInput(what, where=endpoint.where("allow"))


def _known(allowed: Allowed) -> Format | None:
    found = SOUND.get(allowed.name)
    return found._replace(usual=allowed.framing or found.usual) if found else None


def _sound(endpoint: Endpoint, formats: Sequence[Format], compact: bool) -> Iterator[str]:
    """Packets are as long as the shortest of the formats wants, and as the least patient takes at most, which
    need not fit together (`iv-frames`).
    """
    events = list(_events(endpoint, formats))
    payloads = [str(known.payload) for known in formats] + [str(number) for number, _ in events]
    yield f"m=audio <port> {_profile(endpoint)} {' '.join(payloads)}"
    yield from _keys(endpoint)
    for known in formats:
        if not compact or known.payload >= FIRST_DYNAMIC:
            yield f"a=rtpmap:{known.payload} {known.name}"
        if known.parameters:
            yield f"a=fmtp:{known.payload} {known.parameters}"
    for number, rate in events:
        yield f"a=rtpmap:{number} {EVENTS}/{rate}"
        yield f"a=fmtp:{number} 0-16"
    yield f"a=ptime:{min(known.usual for known in formats)}"
    yield f"a=maxptime:{min(known.most for known in formats)}"
    yield "a=sendrecv"
    if endpoint.rtcp_mux:
        yield "a=rtcp-mux"


def _events(endpoint: Endpoint, formats: Sequence[Format]) -> Iterator[tuple[int, int]]:
    """One for each clock rate in the formats' order, and one for 8000 Hz in any case (`iv-event-2`)."""
    if endpoint.dtmf_mode not in WITH_EVENTS:
        return
    rates = dict.fromkeys([*(known.rate for known in formats), USUAL_RATE])
    if len(rates) > MOST_RATES:
        what = f"which payload types the telephone-events of {len(rates)} clock rates have is not known"
        raise BadInput(what, where=endpoint.where("allow"))
    yield from enumerate(rates, FIRST_EVENT)


def _profile(endpoint: Endpoint) -> str:
    """Optimistic encryption offers keys without asking for them (`iv-avpf`)."""
    feedback = "F" if endpoint.use_avpf else ""
    if endpoint.media_encryption == "dtls":
        return f"UDP/TLS/RTP/SAVP{feedback}"
    asked = endpoint.media_encryption == "sdes" and not endpoint.media_encryption_optimistic
    return f"RTP/{'S' if asked else ''}AVP{feedback}"


def _keys(endpoint: Endpoint) -> Iterator[str]:
    """The lines that keys are agreed on by: `iv-sdp` has each kind."""
    if endpoint.media_encryption == "sdes":
        yield f"a=crypto:1 AES_CM_128_HMAC_SHA1_{32 if endpoint.srtp_tag_32 else 80} inline:<key>"
    elif endpoint.media_encryption == "dtls":
        yield "a=connection:new"
        yield f"a=setup:{endpoint.dtls_setup.lower()}"
        yield f"a=fingerprint:{endpoint.dtls_fingerprint.upper()} <fingerprint>"
