"""Calls out of Asterisk 22, and the contacts that it qualifies: before any DNS.

Rules of this file: each quirk names the recording that shows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pjresolve.config.dialplan import Context
from pjresolve.config.objects import Aor, Config, Endpoint
from pjresolve.errors import BadInput, printable
from pjresolve.model import Protocol, canonical_address
from pjresolve.sip.timers import microseconds
from pjresolve.sip.transaction import Method
from pjresolve.sip.uri import SipUri, parse_uri
from pjresolve.stacks.asterisk22.answers import Credentials, credentials_of, realms_of
from pjresolve.stacks.asterisk22.causes import dial_result
from pjresolve.stacks.asterisk22.identify import load_identifies, names_in_match
from pjresolve.stacks.asterisk22.incoming import Door
from pjresolve.stacks.asterisk22.outgoing import Outgoing, outgoing
from pjresolve.stacks.asterisk22.resolution import resolution
from pjresolve.stacks.asterisk22.rounds import HANDED_ON, Numbered, one_round
from pjresolve.stacks.protocol import Lots, OneRound, Sender
from pjresolve.stacks.resolution import Machine, Request
from pjresolve.stacks.telephony import (
    AskAll,
    CallEnd,
    CallPlan,
    ContactName,
    Dialled,
    DialResult,
    NoCall,
    QualifyPlan,
)
from pjresolve.trace import Cause

ENDS_WITH = frozenset({408})
"""A call whose target answers 408 ends with that transaction: at once over TCP and TLS
(`cc-408-silent-tcp`, and in most runs also where the next target answers, `cc-408-accept-tcp`), after
`timer_b` over UDP (`cc-408-trying-udp`)."""
LOADING = microseconds(1.05)
"""From the first look-up of an identify section to the first REGISTER, without a delay in the DNS."""


class Calls:
    """What Asterisk 22 does with calls and contacts, as `telephony.Telephony`."""

    def dial(self, config: Config, endpoint: str, number: str, away: Container[ContactName]) -> Dialled:
        """A call through an endpoint, to the number at its contact or, without one, to the contact itself. A
        whole URI in place of the number needs no contact, and is called as it stands (`du-uri`,
        `du-uri-no-aor`, `du-uri-away`).
        """
        found = config.endpoints.get(endpoint)
        if found is None:
            return NoCall(endpoint, number, f"no endpoint is called {printable(endpoint)}")
        contact: ContactName | None = None
        if is_uri(number):
            dialled, number_ = number, ""
        else:
            chosen = _contact_for(config, found, away)
            if isinstance(chosen, str):
                return NoCall(endpoint, number, chosen)
            contact, dialled, number_ = chosen, chosen.uri, number
        try:
            uri = parse_uri(dialled)
        except BadInput as exc:
            return NoCall(endpoint, number, exc.what)
        if number_:
            uri = replace(uri, user=number_)
        sending = _sending(config, found, uri, "Timer B", Cause.DIALLED, f"{number or uri} is called")
        if isinstance(sending, str):
            return NoCall(endpoint, number, sending)
        return CallPlan(
            method=Method.INVITE,
            endpoint=endpoint,
            number=number,
            uri=str(uri),
            contact=contact,
            ends_with=ENDS_WITH,
            handed_on=frozenset(HANDED_ON),
            **sending,
        )

    def dial_result(self, end: CallEnd, status: int) -> DialResult | None:
        """As `causes.dial_result`."""
        return dial_result(end, status)

    def qualified(self, config: Config) -> list[QualifyPlan]:
        """The static contacts of all AoRs with a `qualify_frequency`."""
        return [plan for aor in config.aors.values() for plan in _qualified(config, aor)]

    def door(
        self, config: Config, ask: AskAll, lines: Mapping[str, str], dialplan: dict[str, Context] | None
    ) -> Door:
        """What decides about requests that come in."""
        return Door(config, load_identifies(config, ask), lines, dialplan)

    def looked_up(self, config: Config) -> list[str]:
        """The names in the `match` of identify sections."""
        parts = (part for identify in config.identifies.values() for part in identify.match)
        return list(names_in_match(parts))

    def resolution(self, request: Request) -> Machine:
        """As `resolution.resolution`."""
        return resolution(request)

    def begins(self, config: Config) -> int:
        """Names in the `match` of identify sections and those of external addresses are looked up on loading,
        a second before the first REGISTER (recordings `in-load-srv`, `na-unresolved`).
        """
        hosts = (
            value
            for t in config.transports.values()
            for value in (t.external_media_address, t.external_signaling_address)
        )
        named = any(_looked_up(host) for host in hosts)
        return LOADING if named or any(names_in_match(config.looked_up)) else 0


def contacts_of(aor: Aor) -> list[ContactName]:
    """The static contacts of an AoR, in the order in which they are looked at: that of the MD5 of their URIs
    (`cb-contacts-0`, `co-two-contacts-rev`).
    """
    contacts = [ContactName(aor.name, uri) for uri in dict.fromkeys(aor.contact)]
    return sorted(contacts, key=lambda c: hashlib.md5(c.uri.encode(), usedforsecurity=False).hexdigest())


def _looked_up(host: str) -> bool:
    """Whether the value is a host name, as far as the C library goes (`na-no-name`)."""
    return bool(host) and canonical_address(host) is None and all(c.isalnum() or c in ".-_" for c in host)


def _contact_for(config: Config, endpoint: Endpoint, away: Container[ContactName]) -> ContactName | str:
    """The first contact of the first AoR that has one which is not unreachable; else why there is none."""
    found = [contact for aor in config.aors_of(endpoint) for contact in contacts_of(aor)]
    there = next((contact for contact in found if contact not in away), None)
    if there is not None:
        return there
    if found:
        return "its contacts are all unreachable, so that nothing is asked or sent"
    if not endpoint.aors:
        return "the endpoint has no aors: only a whole URI can be called through it"
    gone = next((name for name in endpoint.aors if name not in config.aors), "")
    return f"no AoR is called {printable(gone)}" if gone else "the AoR has no contact"


def is_uri(number: str) -> bool:
    """Whether what is dialled is a whole URI; what only looks like one is called by nobody (`du-uri-bad`)."""
    return ":" in number or "@" in number


class Sending(Outgoing):
    """The fields of a Sender that a call and a qualified contact fill alike."""

    program: Callable[[Any, Lots], OneRound]
    credentials: bool
    realms: tuple[str, ...]


def _sending(
    config: Config, endpoint: Endpoint, uri: SipUri, timer: str, cause: Cause, why: str
) -> Sending | str:
    """How a request to `uri` leaves through an endpoint, or why it cannot.

    The endpoint's `outbound_proxy` is resolved in place of the URI; the AoR's is not used (`co-aor-proxy2`).
    """
    route, named = uri, uri.protocol
    if endpoint.outbound_proxy:
        try:
            route = parse_uri(endpoint.outbound_proxy)
        except BadInput as exc:
            return exc.what
        named = Protocol.TLS if uri.secure else route.protocol
    credentials = credentials_of(config, endpoint.outbound_auth)
    ticks = named not in (Protocol.TCP, Protocol.TLS)
    return Sending(
        program=partial(_once, cause=cause, why=why, ticks=ticks, credentials=credentials),
        credentials=bool(credentials),
        realms=realms_of(credentials),
        **outgoing(config, route, named, endpoint.transport, timer),
    )


def _once(
    plan: Sender, lots: Lots, *, cause: Cause, why: str, ticks: bool, credentials: Sequence[Credentials]
) -> OneRound:
    """One round: what is sent is resolved by itself, and begins at its own first target."""
    ended = yield from one_round(plan, Numbered(1, None, ticks), credentials, cause, why)
    return ended.outcomes[-1]


def _qualified(config: Config, aor: Aor) -> Iterator[QualifyPlan]:
    """A contact is asked the way that the endpoint which has its AoR would call it (`cb-q-pin`,
    `cb-q-proxy`); those of an AoR that no endpoint has are not asked (`cb-q-unused-aor`).
    """
    owner = next((e for e in config.endpoints.values() if aor.name in e.aors), None)
    if not aor.qualify_frequency or owner is None:
        return
    for contact in contacts_of(aor):
        try:
            uri = parse_uri(contact.uri)
        except BadInput:
            continue
        why = f"{contact.uri} is qualified"
        sending = _sending(config, owner, uri, "Timer F", Cause.QUALIFY, why)
        if isinstance(sending, str):
            continue
        yield QualifyPlan(
            method=Method.OPTIONS,
            contact=contact,
            frequency=aor.qualify_frequency,
            qualify_timeout=aor.qualify_timeout,
            only_2xx=aor.qualify_2xx_only,
            handed_on=frozenset(HANDED_ON),  # `qt-503-then-late`, `qt-timer-f-first`
            **sending,
        )
