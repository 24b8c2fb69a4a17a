"""The rule PJ216."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.access import identifies, open_by_name
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.endpoints import ANONYMOUS
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule


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

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration without line, whose endpoints no identify section leads to."""
        config = context.config
        refused = any(refusal.type == "identify" for refusal in config.refusals)
        if refused or not config.endpoints or any(name in config.endpoints for name in ANONYMOUS[:1]):
            return
        for trunk in context.loaded:
            own = context.endpoints_of(trunk)
            if trunk.registration.line or any(identifies(context, e) for e in own) or _matched(trunk):
                continue
            open_ones = [e.name for e in own if open_by_name(e)]
            but = f" (only who says {printable(open_ones[0])} in From gets in)" if open_ones else ""
            yield self.finding(
                trunk.registration.section.where,
                f"nothing says whose calls the ones from {printable(trunk.name)} are: neither an identify "
                "section nor line=yes",
                f"every call from the provider gets 401{but}",
                f"line=yes\nendpoint={printable(own[0].name)}" if len(own) == 1 else "",
                subject=trunk.name,
            )


def _matched(trunk: Trunk) -> bool:
    """Whether an identify section of some other endpoint is about the registration's server, or may be."""
    host = trunk.server.host if trunk.server is not None else ""
    for identify in trunk.context.config.identifies.values():
        # networks: whether the provider's servers are in them is PJ303's to say
        if identify.match_header or identify.match_request_uri or host in identify.match or identify.match:
            return True
    return False
