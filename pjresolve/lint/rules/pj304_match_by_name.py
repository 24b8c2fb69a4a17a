"""The rule PJ304."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Identify
from pjresolve.errors import BadInput, printable
from pjresolve.lint.access import is_public
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.networks import network, without_port
from pjresolve.lint.published import matched_addresses
from pjresolve.lint.rule import Rule
from pjresolve.sip.uri import host_name
from pjresolve.words import listed


class MatchByName(Rule):
    """`match` by host name.

    The name is resolved once, when the section is loaded. Addresses that the provider adds later
    are strangers, and while the name server does not answer, Asterisk refuses the whole section
    (`failed when adding resolution results`), the other `match` lines included. Networks do not
    change. What can be no host name is an error: the section never loads.

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
    severity = Severity.INFO
    also = (Severity.ERROR,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each host name in a match: one that cannot exist is an error."""
        for identify in context.config.identifies.values():
            unknown: list[str] = []
            for text in identify.match:
                name = without_port(text)
                if network(name) is not None or "/" in name:
                    continue
                try:
                    host_name(name)
                except BadInput as wrong:
                    yield self.finding(
                        identify.where("match"),
                        f"match={printable(text)} is neither an address nor a host name",
                        "it can never be resolved, and Asterisk refuses the whole section",
                        advice=wrong.hint,
                        subject=identify.name,
                        severity=Severity.ERROR,
                    )
                    continue
                held = _held(context, identify, text)
                if held:
                    then = f"it means {listed(held)} now, and what the DNS says later counts for nothing"
                    yield self._resolved(identify, [text], then)
                else:
                    unknown.append(text)
            if unknown:
                then = "without a DNS answer at that moment the whole section is refused"
                yield self._resolved(identify, unknown, then)

    def _resolved(self, identify: Identify, names: list[str], then: str) -> Finding:
        """That names of a section are resolved once; `then` is what follows from it."""
        known = any(is_public(without_port(name)) for name in names)
        verb = "is" if len(names) == 1 else "are"
        return self.finding(
            identify.where("match"),
            f"match={listed(names)} {verb} resolved once, when the section is loaded",
            then,
            advice="name the provider's networks in match"
            if known
            else "name its address in match, where that stays the same",
            subject=identify.name,
        )


def _held(context: Context, identify: Identify, name: str) -> list[str]:
    """The addresses that a name means now, where the answers at hand say so."""
    trunks = (t for t in context.predictable if t.registration.endpoint == identify.endpoint)
    trunk = next(trunks, None)
    known = trunk is not None and context.holds(without_port(name))
    return matched_addresses(name, identify, trunk) if trunk is not None and known else []
