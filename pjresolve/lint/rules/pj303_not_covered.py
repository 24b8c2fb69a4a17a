"""The rule PJ303."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.access import identifies
from pjresolve.lint.calling import calls_of
from pjresolve.lint.context import Context, OneAddressEach, Trunk
from pjresolve.lint.edits import add_line
from pjresolve.lint.endpoints import ANONYMOUS
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.networks import network, without_port
from pjresolve.lint.rule import Rule
from pjresolve.model import Answer, Query, Status, addresses
from pjresolve.prediction.call import telephony_for
from pjresolve.prediction.requests import message_of
from pjresolve.scenario.traffic import IncomingRequest
from pjresolve.stacks import DEFAULT_STACK
from pjresolve.stacks.telephony import Door, Received
from pjresolve.words import listed

CHALLENGE = 401
"""What whoever is not recognised is answered."""


class NotCovered(Rule):
    """Targets that `match` does not cover.

    An incoming call is recognised by its source address: `match` of the endpoint's identify section. A
    provider sends calls from its servers, usually those that one registers with and calls; a call from an
    address that no `match` holds is put to Asterisk's identifiers here, and gets the 401 of a stranger.
    `line=yes` catches what the provider sends to the registered Contact, so that it is info there; it is
    as well where nothing registers and only the contact shows the addresses.

    Bad:

        [itsp]
        type=identify
        endpoint=itsp
        match=192.0.2.0/24

    Good:

        [itsp]
        type=identify
        endpoint=itsp
        match=192.0.2.0/24
        match=203.0.113.0/24
        match=198.51.100.0/24
        match=2001:db8::/32
    """

    code = "PJ303"
    also = (Severity.INFO,)
    absent = ("identify",)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint with addresses from which nobody recognises a call."""
        for endpoint in context.config.endpoints.values():
            own = identifies(context, endpoint)
            by_address = [i for i in own if i.match]
            if not by_address or any(i.match_header or i.match_request_uri for i in own):
                continue
            trunks = context.trunks_of(endpoint)
            servers = _servers(trunks)
            shown = dict.fromkeys([*servers, *calls_of(context, endpoint).addresses])
            missing = _strangers(context, shown) if shown else []
            if not missing:
                continue
            lined = bool(trunks) and all(t.registration.line for t in trunks)
            yield self.finding(
                by_address[0].where("match"),
                f"match of {printable(by_address[0].name)} does not cover {listed(missing, 40)}",
                "only the line parameter recognises calls from there"
                if lined
                else "a call from there is a stranger's and gets 401",
                [add_line(by_address[0].section, f"match={a}") for a in missing[:40]],
                subject=by_address[0].name,
                severity=Severity.INFO if lined or not set(servers) & set(missing) else None,
            )


def _servers(trunks: Iterable[Trunk]) -> list[str]:
    """The addresses that registrations show: of all targets, also those that a pin passes over."""
    found: list[str] = []
    for trunk in trunks:
        if trunk.route is not None and trunk.route.address:
            found.append(trunk.route.address)
        elif trunk.has_answers and trunk.resolution is not None:
            found += addresses(trunk.resolution.targets)
    return found


def _strangers(context: Context, shown: Iterable[str]) -> list[str]:
    """The addresses from which a call is nobody's; none where it is not known what a `match` means."""
    door = context.once("door", lambda: _door(context))
    if door is None:
        return []
    calls = ((address, door.receive(message_of(IncomingRequest(0.0, address)))) for address in shown)
    return [address for address, received in calls if _unknown(received)]


def _unknown(received: Received) -> bool:
    """Whether a call is a stranger's; not where an ACL turns its address away, which no `match` mends."""
    return received.taken_for in ANONYMOUS or (received.taken_for is None and received.status == CHALLENGE)


def _door(context: Context) -> Door | None:
    """The door of the configuration, or None where the answers for a name in `match` are not at hand."""
    telephony, source = telephony_for(DEFAULT_STACK), context.source or OneAddressEach()
    names = [name for name in telephony.looked_up(context.config) if network(without_port(name)) is None]
    if names and context.source is None:
        return None
    if any(not context.holds(without_port(name)) for name in names):
        return None
    asked: list[Answer] = []

    def lookup(queries: tuple[Query, ...]) -> tuple[Answer, ...]:
        answers = tuple(map(source.lookup, queries))
        asked.extend(answers)
        return answers

    door = telephony.door(context.config, lookup, {}, None)
    return None if any(answer.status is Status.UNKNOWN for answer in asked) else door
