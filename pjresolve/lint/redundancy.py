"""What several targets share: the ground of the rules on single points of failure."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import result
from pjresolve.model import Family, SrvData, Target, addresses


def host_of(target: Target, trunk: Trunk) -> str:
    """The host that a target's address belongs to: that of the SRV record, else the domain's own."""
    names = [r.data.target for r in target.provenance if isinstance(r.data, SrvData)]
    return names[-1] if names else trunk.route.host if trunk.route else ""


def by_family(addresses: Iterable[str]) -> dict[Family, list[str]]:
    """Addresses by IP version."""
    out: dict[Family, list[str]] = {}
    for address in addresses:
        out.setdefault(Family.of(address), []).append(address)
    return out


class Redundancy(Rule):
    """What the four rules on redundancy share."""

    severity = Severity.INFO
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose several targets have one thing in common."""
        for trunk in context.predictable:
            own = addresses(trunk.targets)
            hosts = list(dict.fromkeys(host_of(t, trunk) for t in trunk.targets))
            if trunk.route is None or trunk.route.address or len(own) + len(hosts) < 3:
                continue
            shared = self.shared(trunk, hosts, own)
            if shared:
                yield self.finding(
                    trunk.registration.where("server_uri"),
                    f"all targets of {printable(trunk.route.host)} share {shared}",
                    f"outage of it: {result(trunk.outage(own))}",
                    subject=trunk.name,
                )

    def shared(self, trunk: Trunk, hosts: list[str], own: list[str]) -> str:
        """What all targets share, in words; empty where nothing."""
        raise NotImplementedError
