"""The rule PJ216."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.access import identifies, open_by_name
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.endpoints import ANONYMOUS, called_by_line
from pjresolve.lint.finding import Finding
from pjresolve.lint.networks import covers, network
from pjresolve.lint.rule import Rule
from pjresolve.model import addresses


class NobodyRecognises(Rule):
    """A registration whose incoming calls nobody recognises.

    Registering tells the provider where to send calls, not Asterisk whose they are: that is said by an
    identify section with the provider's addresses, or by `line=yes`. Without either a call from the
    provider belongs to no endpoint and gets 401, as a stranger's does, though the registration is well
    (recordings `wi-registration` and `wi-nobody-recognises`). The caller's number in From leads nowhere.

    Bad:

        ; without [itsp] identify
        [itsp]
        type=registration
        ; without line
        ; without endpoint

    Good:

        [itsp]
        type=registration
        line=yes
        endpoint=itsp
    """

    code = "PJ216"
    absent = ("identify", "endpoint")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration without line, whose endpoints no identify section leads to."""
        config = context.config
        refused = any(refusal.type == "identify" for refusal in config.refusals)
        if refused or not config.endpoints or any(name in config.endpoints for name in ANONYMOUS[:1]):
            return
        taken = {e.name for trunk in context.trunks for e in context.endpoints_of(trunk)}
        for trunk in context.loaded:
            own = context.endpoints_of(trunk)
            if (
                trunk.registration.line
                or any(identifies(context, e) for e in own)
                or _matched(trunk, taken - {e.name for e in own})
            ):
                continue
            open_ones = [e.name for e in own if open_by_name(e)]
            but = f" (only who says {printable(open_ones[0])} in From gets in)" if open_ones else ""
            yield self.finding(
                trunk.registration.section.where,
                f"nothing says whose calls the ones from {printable(trunk.name)} are: neither an identify "
                "section nor line=yes",
                f"every call from the provider gets 401{but}",
                called_by_line(trunk.registration, own[0]) if len(own) == 1 else (),
                subject=trunk.name,
            )


def _matched(trunk: Trunk, others: set[str]) -> bool:
    """Whether an identify section of an endpoint without a registration of its own may be about the server:
    by a header or request URI, by its name or address, or by networks where its addresses are not known.
    """
    host, address = (trunk.server.host, trunk.server.address) if trunk.server is not None else ("", None)
    known = [address] if address else addresses(trunk.targets) if trunk.has_answers else []
    for identify in trunk.context.config.identifies.values():
        if identify.endpoint in others:
            continue
        if identify.match_header or identify.match_request_uri or host in identify.match:
            return True
        if not known or any(network(m) is None or covers(m, a) for m in identify.match for a in known):
            return True
    return False
