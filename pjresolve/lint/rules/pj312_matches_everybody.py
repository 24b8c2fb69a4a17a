"""The rule PJ312."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.access import NEARLY_ALL, accepts_registrations, share_of_all
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.words import listed


class MatchesEverybody(Rule):
    """`match` of nearly everybody.

    The address of a request decides before the name in it does. With `match=0.0.0.0/0` every INVITE of the
    Internet is one of this endpoint, without a password (recording `wi-match-all-4`; `0.0.0.0/1` with
    `128.0.0.0/1` and `::/0` do the same, `wi-match-all-halves` and `wi-match-all-6`). Telephones are
    taken for it, too: the REGISTER of one with a password of its own gets 404, and cannot succeed (recording
    `wi-match-all-and-phone`); with `auth` it is asked for the other endpoint's password (recording
    `wi-match-all-and-auth`). Public networks are told that together are larger than a /8.

    Bad:

        [itsp]
        type=identify
        endpoint=itsp
        match=0.0.0.0/0

    Good:

        [itsp]
        type=identify
        endpoint=itsp
        match=203.0.113.0/24
    """

    code = "PJ312"
    also = (Severity.ERROR,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each identify section whose networks hold nearly everything; an error where telephones register."""
        endpoints = context.config.endpoints
        for identify in context.config.identifies.values():
            endpoint = endpoints.get(identify.endpoint)
            if endpoint is None or share_of_all(identify.match) <= NEARLY_ALL:
                continue
            phones = [
                e.name for e in endpoints.values() if e is not endpoint and accepts_registrations(context, e)
            ]
            name, where = printable(endpoint.name), printable(endpoint.context)
            calls = f"anybody calls into the context {where} without a password"
            if endpoint.auth:
                calls = f"everybody is asked for the password of {name}"
            then = (
                f"; {listed(phones)} cannot register: their requests are taken for {name}'s" if phones else ""
            )
            yield self.finding(
                identify.where("match"),
                f"match of {printable(identify.name)} holds nearly every address ({listed(identify.match)})",
                f"{calls}{then}",
                subject=identify.name,
                severity=Severity.ERROR if phones else Severity.WARNING,
            )
