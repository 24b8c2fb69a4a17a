"""Where answers come from: live DNS, a zone file, a snapshot, or the bundled examples.

Rules of this file:
- exactly one source is used, and nothing falls back to another.
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

LONGEST_TIMEOUT = 60
"""Seconds to wait for a name server at most."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was said about the source: a zone file, a snapshot, the bundled examples, or else live DNS.

    `nameservers` are `ADDR#PORT`, by default the system's; `timeout` is in seconds, per try.
    """

    nameservers: tuple[str, ...] = ()
    timeout: float = 5.0
    zone: Path | None = None
    snapshot: Path | None = None
    offline: bool = False

    def check(self) -> None:
        """Raise BadInput where more than one source is named."""
        only_one(
            {
                "zone": self.zone is not None,
                "snapshot": self.snapshot is not None,
                "offline": self.offline,
                "nameservers": bool(self.nameservers),
            }
        )

    def world(self, hosts: Iterable[str]) -> Scenario | None:
        """A scenario that holds the answers, or None for live DNS. `hosts` need an example each.

        Raises BadInput for a file that cannot be used, and for a host that no example is bundled of.
        """
        if self.zone is not None:
            text = read_text(self.zone)
            return Scenario(name=self.zone.name, zone=text, zone_where=Location(str(self.zone), 1))
        if self.snapshot is not None:
            return load_scenario(self.snapshot)
        return self._examples(hosts) if self.offline else None

    def _examples(self, hosts: Iterable[str]) -> Scenario:
        """The bundled examples of `hosts` as one; of an address nothing is asked."""
        worlds: list[Scenario] = []
        for host in dict.fromkeys(canonical_name(h) for h in hosts if h and canonical_address(h) is None):
            path = bundled(host)
            if path is None:
                hint = f"there is {', '.join(bundled_names())}"
                raise BadInput(
                    f"there is no bundled snapshot of {host}", where=Parameter("offline"), hint=hint
                )
            worlds.append(load_scenario(path))
        if len(worlds) == 1:
            return worlds[0]
        return Scenario(name="bundled", zone="\n".join(w.zone for w in worlds))

    @property
    def answers_from(self) -> Origin:
        """In words where the answers of `world` come from."""
        if self.zone is not None:
            return Origin(f"answers from zone file {self.zone}")
        if self.snapshot is not None:
            return Origin(f"answers from snapshot {self.snapshot}")
        if not self.offline:
            return UNSAID
        return Origin(f"answers from a bundled snapshot: {ILLUSTRATIVE}", captured=False)

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
