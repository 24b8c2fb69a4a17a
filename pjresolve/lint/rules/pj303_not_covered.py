"""The rule PJ303."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Identify
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import add_line
from pjresolve.lint.endpoints import pairs
from pjresolve.lint.finding import Finding
from pjresolve.lint.networks import covers, network
from pjresolve.lint.published import matched_addresses
from pjresolve.lint.rule import Rule
from pjresolve.model import addresses
from pjresolve.words import listed


class NotCovered(Rule):
    """Targets that `match` does not cover.

    An incoming call is recognised by its source address: `match` of the endpoint's identify
    section. A provider sends calls from its servers, usually those that one registers with; an
    address that no `match` holds is a call from a stranger. `line=yes` catches what the provider
    sends to the registered Contact.

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
    absent = ("identify",)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint with addresses that its identify sections leave out."""
        for endpoint, trunk in pairs(context):
            own = [i for i in context.config.identifies.values() if i.endpoint == endpoint.name]
            by_address = [i for i in own if i.match]
            if not by_address or any(i.match_header or i.match_request_uri for i in own):
                continue
            held = [m for i in by_address for m in _expanded(i, trunk)]
            missing = [a for a in _sources(trunk) if not any(covers(m, a) for m in held)]
            if not missing:
                continue
            then = (
                "only the line parameter recognises calls from there"
                if trunk.registration.line
                else ("calls from there are calls from a stranger")
            )
            yield self.finding(
                by_address[0].where("match"),
                f"match of {printable(by_address[0].name)} does not cover {listed(missing, 40)}",
                then,
                [add_line(by_address[0].section, f"match={a}") for a in missing[:40]],
                subject=by_address[0].name,
            )


def _sources(trunk: Trunk) -> list[str]:
    """The addresses of the provider that are known: of all targets, also those that a pin passes over."""
    if trunk.route is not None and trunk.route.address:
        return [trunk.route.address]
    if not trunk.has_answers or trunk.resolution is None:
        return []
    return addresses(trunk.resolution.targets)


def _expanded(identify: Identify, trunk: Trunk) -> Iterator[str]:
    """The networks of `match`, host names replaced by their addresses where the answers are at hand."""
    for text in identify.match:
        if network(text) is not None:
            yield text
        elif trunk.has_answers:
            yield from matched_addresses(text, identify, trunk)
