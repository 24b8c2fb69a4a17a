"""A scenario in the hands of a program: found by name, changed one thing at a time, shown as YAML.

Rules of this file:
- a scenario is a value: whatever changes it returns a new one;
- a change is read as strictly as a file, by the same reader.
"""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any

from pjresolve.errors import BadInput, printable
from pjresolve.files import write_atomic
from pjresolve.prediction.run import registration_names, scenario_config
from pjresolve.scenario import format as source
from pjresolve.scenario.library import find_scenario, scenario_paths
from pjresolve.words import span


@dataclass(frozen=True, slots=True, repr=False)
class Scenario(source.Scenario):
    """A world and a configuration: zone, hosts, events, pjsip.conf text. Times in seconds.

    The fields are those of the scenario file: `pjsip` and `zone` are texts, `hosts` lists their services.
    """

    @classmethod
    def of(cls, plain: source.Scenario) -> Scenario:
        """The same scenario with the methods of this class."""
        if isinstance(plain, cls):
            return plain
        return cls(**{field.name: getattr(plain, field.name) for field in fields(plain)})

    @classmethod
    def load(cls, where: str | os.PathLike[str], *, root: str | os.PathLike[str] | None = None) -> Scenario:
        """A scenario file, or a scenario of the library by name or number. Raises BadInput.

        Files that it names lie in its folder or below, or in the folder `root` or below.
        """
        path = find_scenario(where) if isinstance(where, str) else Path(where)
        return cls.of(source.load_scenario(path, None if root is None else Path(root)))

    @classmethod
    def parse(cls, text: str, *, name: str = "scenario", folder: Path | None = None) -> Scenario:
        """The scenario in a text, YAML or JSON. `{file: …}` in it needs `folder`. Raises BadInput."""
        return cls.of(source.parse_scenario(text, name=name, folder=folder))

    @property
    def registrations(self) -> list[str]:
        """The names of the registrations in its pjsip.conf, refused ones included. Raises BadInput."""
        return registration_names(scenario_config(self))

    def replace(self, **changes: Any) -> Scenario:
        """The scenario with other fields, e.g. `duration=600, stop="duration"`, and nothing expected of it.

        Raises TypeError for a field that does not exist.
        """
        another = {"gathered": ""} if "pjsip" in changes else {}
        return replaced(self, **{"expect": None, **another, **changes})

    def with_pjsip(self, old: str, new: str) -> Scenario:
        """The scenario with `new` for `old` in its pjsip.conf. Raises BadInput unless `old` is there once."""
        pjsip = _exchanged(self.pjsip, old, new, f"{self.name}: pjsip")
        return self.replace(pjsip=pjsip, gathered=self.gathered)

    def with_zone(self, old: str, new: str) -> Scenario:
        """The scenario with `new` for `old` in its zone. Raises BadInput unless `old` is there once."""
        return self.replace(zone=_exchanged(self.zone, old, new, f"{self.name}: zone"))

    def with_host(self, address: str, state: str | Mapping[str, Any]) -> Scenario:
        """The scenario in which `address` is `"down"` or has these services, e.g. `{"udp/5060": "drop"}`.

        A port that is not listed is closed. Raises BadInput.
        """
        text = json.dumps({"hosts": {address: state if isinstance(state, str) else dict(state)}})
        read = source.parse_scenario(text, name=f"{self.name}: hosts", folder=None)
        return self.replace(hosts={**self.hosts, **read.hosts})

    def to_yaml(self) -> str:
        """The scenario file: it reads back as this scenario.

        Raises BadInput where its configuration was of several files that no one text can stand for.
        """
        return source.scenario_to_yaml(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the scenario file, whole or not at all. Raises BadInput."""
        write_atomic(Path(path), self.to_yaml(), force=True)

    def __repr__(self) -> str:
        return f"<Scenario {printable(self.name)!r}: {len(self.hosts)} hosts, {span(self.duration)}>"

    def _repr_html_(self) -> str:
        text = source.scenario_to_yaml(replaced(self, gathered=""))
        shown = "\n".join(printable(line, 400) for line in text.splitlines())
        return f'<pre style="white-space: pre-wrap">{html.escape(shown)}</pre>'


def _exchanged(text: str, old: str, new: str, where: str) -> str:
    times = text.count(old) if old else 0
    if times != 1:
        what = f"{printable(old, 60)!r} is there {f'{times} times' if times else 'nowhere'}"
        raise BadInput(what, where=where, hint="give a piece of text that is there exactly once")
    return text.replace(old, new)


def scenarios() -> dict[str, str]:
    """The scenario library in the course's order: each scenario's name and its title of one line."""
    return {name: source.load_scenario(path).name for name, path in scenario_paths().items()}
