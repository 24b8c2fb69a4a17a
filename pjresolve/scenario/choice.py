"""Where answers come from: live DNS, a zone file, a snapshot, or the bundled examples.

Rules of this file:
- exactly one kind of source is used, and nothing falls back to another; of files there can be several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pjresolve.dns.live import LiveSource, parse_nameserver
from pjresolve.dns.source import UNSAID, Origin
from pjresolve.errors import BadInput, Location, Parameter
from pjresolve.files import read_text
from pjresolve.model import canonical_address, canonical_name
from pjresolve.scenario.examples import ILLUSTRATIVE, bundled, bundled_names
from pjresolve.scenario.format import Scenario, load_scenario
from pjresolve.words import there_are

LONGEST_TIMEOUT = 60
"""Seconds to wait for a name server at most."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was said about the source: zone files, snapshots, the bundled examples, or else live DNS.

    `nameservers` are `ADDR#PORT`, by default the system's; `timeout` is how many seconds a silent one is
    listened to.
    """

    nameservers: tuple[str, ...] = ()
    timeout: float = 5.0
    zones: tuple[Path, ...] = ()
    snapshots: tuple[Path, ...] = ()
    offline: bool = False

    def check(self) -> None:
        """Raise BadInput where more than one source is named."""
        only_one(
            {
                "zone": bool(self.zones),
                "snapshot": bool(self.snapshots),
                "offline": self.offline,
                "nameservers": bool(self.nameservers),
            }
        )

    def worlds(self, hosts: Iterable[str]) -> list[Scenario]:
        """The scenarios that hold the answers; none for live DNS. `hosts` need an example each.

        Raises BadInput for a file that cannot be used, and for a host that no example is bundled of.
        """
        if self.zones:
            return [
                Scenario(name=path.name, zone=read_text(path), zone_where=Location(str(path), 1))
                for path in dict.fromkeys(self.zones)
            ]
        if self.snapshots:
            return [load_scenario(path) for path in dict.fromkeys(self.snapshots)]
        return [self._examples(hosts)] if self.offline else []

    def _examples(self, hosts: Iterable[str]) -> Scenario:
        """The bundled examples of `hosts` as one; of an address nothing is asked."""
        worlds: list[Scenario] = []
        for host in dict.fromkeys(canonical_name(h) for h in hosts if h and canonical_address(h) is None):
            path = bundled(host)
            if path is None:
                hint = there_are(bundled_names(), host)
                raise BadInput(
                    f"there is no bundled snapshot of {host}", where=Parameter("offline"), hint=hint
                )
            worlds.append(load_scenario(path))
        if len(worlds) == 1:
            return worlds[0]
        return Scenario(name="bundled", zone="\n".join(w.zone for w in worlds))

    @property
    def answers_from(self) -> Origin:
        """In words where the answers of `worlds` come from."""
        for kind, paths in (("zone file", self.zones), ("snapshot", self.snapshots)):
            if paths:
                many = "s" if len(paths) > 1 else ""
                names = tuple(map(str, paths))
                words = f"answers from {kind}{many} {', '.join(names)}"
                return Origin(words, kind=kind.partition(" ")[0], names=names)
        if not self.offline:
            return UNSAID
        return Origin(f"answers from a bundled snapshot: {ILLUSTRATIVE}", captured=False, kind="bundled")

    def connect(self) -> Callable[[], LiveSource]:
        """Connects to the name servers that were named, else the system's. Raises BadInput.

        What it returns raises DnsUnavailable where none is known.
        """
        if not 0 < self.timeout <= LONGEST_TIMEOUT:
            what, hint = (
                f"{self.timeout:g} s is no timeout",
                f"use a number above 0, at most {LONGEST_TIMEOUT}",
            )
            raise BadInput(what, where=Parameter("timeout"), hint=hint)
        servers = [parse_nameserver(text) for text in self.nameservers]
        return lambda: LiveSource(servers, timeout=self.timeout)


def only_one(given: Mapping[str, bool]) -> None:
    """Raise BadInput where more than one of the sources, by their parameters' names, was `given`."""
    named = [Parameter(name) for name, there in given.items() if there]
    if len(named) > 1:
        pieces = (piece for name in named for piece in (" and ", name))
        raise BadInput((*tuple(pieces)[1:], " exclude each other"), hint="answers come from one source")
