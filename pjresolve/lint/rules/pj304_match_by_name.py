"""The rule PJ304."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.networks import network
from pjresolve.lint.published import matched_addresses
from pjresolve.lint.rule import Rule
from pjresolve.words import listed


class MatchByName(Rule):
    """`match` by host name.

    The name is resolved once, when the section is loaded. Addresses that the provider adds later
    are strangers, and while the name server does not answer, Asterisk refuses the whole section
    (`failed when adding resolution results`), the other `match` lines included. Networks do not
    change.

    Bad:

        [itsp]
        type=identify
        endpoint=itsp
        match=sip.example.net

    Good:

        [itsp]
        type=identify
        endpoint=itsp
        match=203.0.113.0/24
        match=198.51.100.0/24
        match=2001:db8::/32
    """

    code = "PJ304"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each host name in a match."""
        for identify in context.config.identifies.values():
            for name in identify.match:
                if network(name) is not None or "/" in name:
                    continue
                trunk = next(
                    (t for t in context.predictable if t.registration.endpoint == identify.endpoint), None
                )
                held: list[str] = []
                if trunk is not None and context.holds(name):
                    held = matched_addresses(name, identify, trunk)
                yield self.finding(
                    identify.where("match"),
                    f"match={printable(name)} is resolved once, when the section is loaded",
                    f"it means {listed(held)} now, and what the DNS says later counts for nothing"
                    if held
                    else "without a DNS answer at that moment the whole section is refused",
                    advice="name the provider's networks in match",
                    subject=identify.name,
                )
