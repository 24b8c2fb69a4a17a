"""The rule PJ415."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.stacks.asterisk22.policy import SRV_POLICY
from pjresolve.trace import RecordSkipped
from pjresolve.words import listed


class TooManyAddresses(Rule):
    """More than 32 addresses.

    A target list holds 32; what comes after is never tried. Recording `many`.

    Bad zone:

        $ORIGIN sip.example.net.
        $GENERATE 1-40 @ 300 IN A 203.0.113.$

    Good zone:

        sip.example.net. 300 IN A 203.0.113.1
        sip.example.net. 300 IN A 198.51.100.2
        sip.example.net. 300 IN AAAA 2001:db8:5::1
        sip.example.net. 300 IN AAAA 2001:db8:6::2
    """

    code = "PJ415"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose list is cut."""
        for trunk in context.predictable:
            events = trunk.resolution.events if trunk.resolution else ()
            left_out = [e for e in events if isinstance(e, RecordSkipped) and e.evidence == "many"]
            if left_out:
                total = SRV_POLICY.room + len(left_out)
                yield self.finding(
                    trunk.registration.where("server_uri"),
                    f"{total} addresses, and a target list holds {SRV_POLICY.room}",
                    f"never tried: {listed(str(e.record.data) for e in left_out)}",
                    subject=trunk.name,
                )
