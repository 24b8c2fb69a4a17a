"""What Asterisk 22 and its bundled pjproject make of an answer to a REGISTER, beyond its status.

Rules of this file:
- each quirk names the recording that shows it;
- pure functions from header lines, as they arrive, to what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pjresolve.config.objects import Auth, Config
from pjresolve.sip.headers import (
    OWN_CONTACT,
    Binding,
    Challenge,
    bindings,
    challenge,
    challenge_header,
    first,
    seconds_in,
    values,
)

ALGORITHMS = ("MD5", "SHA-256", "SHA-512-256")
"""Digest algorithms that can be answered, in any case (`ch-md5lower`, `ch-bogus`, `ch-md5sess`)."""
ANY_REALM = ("", "*")
"""What `realm=` of an auth says where it answers every challenge (`realm-empty`, `realm-star`)."""
MOST_CONTACTS = 10
"""Contacts of an answer that are looked at (recording `ct2-eleven`)."""
LEAST_WITHOUT_MIN_EXPIRES = 3601
"""What a 423 without Min-Expires is taken to ask for (recordings `me-none-25`, `me-none-3601`)."""
UNSAID = 0xFFFFFFFF
"""The number that stands for none: such a Min-Expires has the next request ask for nothing (`me-huge`)."""
NUMBERS = ("expires", "min-expires", "retry-after")


class Credentials(NamedTuple):
    """An auth section that a registration may use: its realm, "" for any, and its algorithms."""

    realm: str
    algorithms: frozenset[str]


def credentials_of(config: Config, outbound_auth: Sequence[str]) -> tuple[Credentials, ...]:
    """What an `outbound_auth` names, in that order; names without a section count for nothing (`au-missing`,
    `realm-first-missing`).
    """
    auths = [config.auths[name] for name in outbound_auth if name in config.auths]
    return tuple(_credentials(auth, config.global_.default_auth_algorithms_uac) for auth in auths)


def _credentials(auth: Auth, default: Sequence[str]) -> Credentials:
    """Realms compare without regard to case, as they are written (`realm-case`, `realm-quoted`)."""
    realm = "" if auth.realm in ANY_REALM else auth.realm
    algorithms = auth.supported_algorithms_uac or default
    return Credentials(realm, frozenset(name.upper() for name in algorithms))


def realms_of(credentials: Sequence[Credentials]) -> tuple[str, ...]:
    """The only realms that are answered, or none where any is."""
    realms = tuple(dict.fromkeys(own.realm for own in credentials))
    return () if "" in realms else realms


def can_answer(status: int, headers: Sequence[str], credentials: Sequence[Credentials]) -> bool:
    """Whether one of the challenges can be answered: one is enough (`ch-two-first`, `ch-two-second`).

    A 401 challenges by WWW-Authenticate alone, a 407 by Proxy-Authenticate alone (`ch-proxyin401`,
    `ch-407-www`).
    """
    return any(_answers(one, own) for one in _challenges(status, headers) for own in credentials)


def _challenges(status: int, headers: Sequence[str]) -> list[Challenge]:
    """The challenges of an answer that are written as such."""
    read = map(challenge, values(headers, challenge_header(status).lower()))
    return [one for one in read if one is not None]


def _answers(asked: Challenge, own: Credentials) -> bool:
    algorithm = asked.parameters.get("algorithm", "MD5").upper()
    if algorithm not in ALGORITHMS or algorithm not in own.algorithms:  # `ch-sha256`, `alg-sha-256-sha`
        return False
    if own.realm and own.realm.lower() != asked.parameters.get("realm", "").lower():  # `realm-other`
        return False
    offered = [word.strip().lower() for word in asked.parameters.get("qop", "").split(",")]
    return offered == [""] or "auth" in offered  # `ch-qopint`, `ch-qopboth`, `ch-qopempty`


def why_unanswered(status: int, headers: Sequence[str], credentials: Sequence[Credentials]) -> str:
    """In words: what was asked for, and what there is, where no challenge can be answered."""
    found = _challenges(status, headers)
    if not found:
        return f"{status} without {challenge_header(status)}: nothing to answer"
    asked = " or ".join(
        f'realm "{one.parameters.get("realm", "")[:100]}" ({one.parameters.get("algorithm", "MD5")[:20]})'
        for one in found[:4]
    )
    own = ", ".join(
        f"{f'realm={one.realm}' if one.realm else 'any realm'} ({', '.join(sorted(one.algorithms))})"
        for one in credentials[:4]
    )
    return f"{status} asks for credentials for {asked}, and outbound_auth has {own}"


def unreadable(headers: Sequence[str]) -> str:
    """The name of the first header for whose sake the whole answer is dropped, or "".

    pjproject drops an answer with a header that it cannot read, as if it had never come (`ch-basic`,
    `ch-bare`, `me-bogus`, `ct2-contact-malformed`, `ct2-expires-date`, `ct2-headers-retry-after-bogus`).
    """
    for line in headers:
        name = line.partition(":")[0].strip().lower()
        for value in values([line], "contact"):
            found = bindings(value)
            if found is None or any(one.uri.lower() in ("sip:", "sips:") for one in found):
                return "Contact"
        for value in values([line], name) if name in NUMBERS else []:
            digits = value.split("(")[0].split(";")[0].strip() if name == "retry-after" else value
            if not (digits.isascii() and digits.isdigit()):
                return line.partition(":")[0].strip()
        if name in ("www-authenticate", "proxy-authenticate"):
            asked = challenge(line.partition(":")[2].strip())
            if asked is None or asked.scheme.lower() != "digest":
                return line.partition(":")[0].strip()
    return ""


def retry_after(headers: Sequence[str]) -> int | None:
    """Seconds that the first Retry-After asks for (`ct2-headers-retry-after-twice`)."""
    return _number(first(headers, "retry-after"))


def least_expiration(headers: Sequence[str]) -> int:
    """What a 423 wants to be asked for, in seconds: its first Min-Expires."""
    wanted = _number(first(headers, "min-expires"))
    return LEAST_WITHOUT_MIN_EXPIRES if wanted is None else wanted


def granted(headers: Sequence[str], asked: int) -> int:
    """For how many seconds a 2xx registers who asked for `asked`.

    The shortest `expires` of our own contacts; else that of a foreign one, if it stands alone; else the
    Expires header; else what was asked for (`ct2-own-twice`, `ct2-foreign`, `ct2-two-foreign`, `ct2-none`).
    An `expires` of 0 counts as none (`ct2-own-0`, `ct2-foreign-0`, `ct3-own-0-alone`).
    """
    listed = contacts(headers)[:MOST_CONTACTS]
    own = [one for one in listed if one.uri == OWN_CONTACT]
    considered = own or (listed if len(listed) == 1 else [])
    shortest = min((found for one in considered if (found := _expires(one)) is not None), default=0)
    if shortest:
        return shortest
    header = _number(first(headers, "expires"))
    return asked if header is None else header


def unregisters_all(headers: Sequence[str]) -> bool:
    """Whether a Contact says `*`."""
    return any(one.uri == "*" for one in contacts(headers))


def contacts(headers: Sequence[str]) -> list[Binding]:
    """The addresses of all Contact headers."""
    return [one for value in values(headers, "contact") for one in bindings(value) or []]


def _expires(binding: Binding) -> int | None:
    """The `expires` of a contact: the digits that it begins with, else 0 (`ct2-quoted-expires`,
    `ct3-own-12x`).
    """
    text = binding.parameters.get("expires")
    return None if text is None else (seconds_in(text) or 0) & UNSAID


def _number(text: str | None) -> int | None:
    """A header's number, of which 32 bits count (`me-huge2`)."""
    seconds = None if text is None else seconds_in(text)
    return None if seconds is None else seconds & UNSAID
