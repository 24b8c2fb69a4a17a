"""The scenario file: one description of a whole world, read strictly and written so that it reads back.

Rules of this file:
- an unknown key, a value of the wrong kind or out of bounds is a BadInput with file and line;
- addresses are canonical, names lower-case, times in seconds;
- a scenario is a value: nothing here resolves, simulates or looks at a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pjresolve.dns.source import DnsFault
from pjresolve.errors import BadInput, Location, Parameter, printable
from pjresolve.files import read_text, within
from pjresolve.model import RTYPES, Query, canonical_name
from pjresolve.scenario.behaviour import (
    BEHAVIOURS,
    YEAR,
    Behaviour,
    Certificate,
    Service,
    read_services,
)
from pjresolve.scenario.document import Field
from pjresolve.scenario.expected import Expect, expect_value, read_expect
from pjresolve.scenario.markup import read_markup, scalar
from pjresolve.scenario.traffic import (
    Call,
    IncomingRequest,
    read_address,
    read_calls,
    read_incoming,
    read_peers,
    read_phases,
    traffic_values,
)

HostState: TypeAlias = Literal["down"] | Mapping[Service, Behaviour]
"""A host that answers nothing at all, or its services. A port that is not listed is closed."""


@dataclass(frozen=True, slots=True)
class HostEvent:
    """A change to a host, `at` seconds after the registration's first DNS query or packet.

    `down` and `up` close and open the host as a whole; a mapping changes only the services it lists.
    """

    at: float
    host: str
    set: Literal["down", "up"] | Mapping[Service, Behaviour]


@dataclass(frozen=True, slots=True)
class Client:
    """The machine Asterisk runs on: the families with an address and a route.

    `connect_timeout` is how many seconds its kernel tries to connect.
    """

    ipv4: bool = True
    ipv6: bool = True
    connect_timeout: float = 135.5


Gathered: TypeAlias = Literal["", "whole", "in part"]
"""The text of one file; what several files say together; or less than they say."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world and a configuration. The `_where` of a text is the place of its first line.

    `qualify_phase` says when each AoR is first qualified, in seconds. `extensions` is a dialplan;
    None answers every extension of every context. `gathered` says of a `pjsip` that several files made
    whether it is the whole of them.
    """

    name: str
    zone: str = ""
    zone_where: Location | None = None
    pjsip: str = ""
    pjsip_where: Location | None = None
    pjsip_path: Path | None = None
    gathered: Gathered = ""
    hosts: Mapping[str, HostState] = field(default_factory=dict)
    dns: Mapping[Query, DnsFault] = field(default_factory=dict)
    client: Client = Client()
    unbound: bool = False
    qualify_phase: Mapping[str, float] = field(default_factory=dict)
    events: tuple[HostEvent, ...] = ()
    calls: tuple[Call, ...] = ()
    incoming: tuple[IncomingRequest, ...] = ()
    peers: tuple[str, ...] = ()
    extensions: str | None = None
    duration: float = 100.0
    stop: Literal["registered", "duration"] = "registered"
    expect: Expect | None = None
    path: Path | None = None
    root: Path | None = None


def load_scenario(path: Path, root: Path | None = None) -> Scenario:
    """The scenario in a file: JSON where the name ends in .json, else YAML. Raises BadInput.

    The files that it names, and those that its configuration includes, lie in its folder or below, or in
    `root` or below.
    """
    text = read_text(path)
    top = read_markup(text, str(path), json_only=path.suffix == ".json")
    return replace(_scenario(top, path.stem, path.parent, root), path=path, root=root)


def parse_scenario(text: str, *, name: str, folder: Path | None) -> Scenario:
    """The scenario in a text. `name` stands for a file in errors; `{file: …}` needs `folder`."""
    return _scenario(read_markup(text, name), name, folder, None)


def refuse_part(scenario: Scenario) -> None:
    """Raise BadInput where a scenario has only a part of the configuration that it was made of."""
    if scenario.gathered == "in part":
        what = "the configuration cannot be written as one text: a scenario would lack a part of it"
        hint = "write one pjsip.conf without #include and pjsip_wizard.conf, of 4 MiB at most"
        raise BadInput(what, where=printable(str(scenario.pjsip_path or scenario.name)), hint=hint)


def roots_of(scenario: Scenario) -> tuple[Path, ...] | None:
    """The folders that the files of a scenario lie in; None where it is no file of its own."""
    if scenario.path is None:
        return None
    return (scenario.path.parent, *((scenario.root,) if scenario.root else ()))


# --- reading, from the top down

_KEYS = (
    "name", "zone", "pjsip", "hosts", "dns", "client", "asterisk", "events", "calls", "incoming", "peers",
    "extensions", "duration", "stop", "expect",
)  # fmt: skip


def _scenario(top: Field, name: str, folder: Path | None, root: Path | None) -> Scenario:
    keys = top.mapping(_KEYS)
    zone, zone_where, _ = _text(keys.get("zone"), folder, root)
    pjsip, pjsip_where, pjsip_path = _text(keys.get("pjsip"), folder, root)
    hosts = _by_address(keys["hosts"]) if "hosts" in keys else {}
    asterisk = keys["asterisk"].mapping(("unbound", "qualify_phase")) if "asterisk" in keys else {}
    events = [_event(e, hosts) for e in keys["events"].items()] if "events" in keys else []
    return Scenario(
        name=keys["name"].line() if "name" in keys else name,
        zone=zone,
        zone_where=zone_where,
        pjsip=pjsip,
        pjsip_where=pjsip_where,
        pjsip_path=pjsip_path,
        hosts=hosts,
        dns=_faults(keys["dns"]) if "dns" in keys else {},
        client=_client(keys["client"]) if "client" in keys else Client(),
        unbound=asterisk["unbound"].flag() if "unbound" in asterisk else False,
        qualify_phase=read_phases(asterisk["qualify_phase"]) if "qualify_phase" in asterisk else {},
        events=tuple(sorted(events, key=lambda event: event.at)),
        calls=read_calls(keys["calls"]) if "calls" in keys else (),
        incoming=read_incoming(keys["incoming"]) if "incoming" in keys else (),
        peers=read_peers(keys["peers"]) if "peers" in keys else (),
        extensions=_text(keys["extensions"], folder, root)[0] if "extensions" in keys else None,
        duration=keys["duration"].number(0, YEAR, "seconds") if "duration" in keys else 100.0,
        stop=_stop(keys["stop"]) if "stop" in keys else "registered",
        expect=read_expect(keys["expect"]) if "expect" in keys else None,
    )


def _text(
    at: Field | None, folder: Path | None, root: Path | None
) -> tuple[str, Location | None, Path | None]:
    """A text that stands in the scenario, or in the file that `{file: path}` names."""
    if at is None:
        return "", None, None
    if isinstance(at.value, str):
        return at.text(), at.document.text_location(at.path), None
    if not isinstance(at.value, dict):
        raise at.expected("text or {file: path}")
    keys = at.mapping(("file",))
    if "file" not in keys:
        raise at.wrong(f"{at.called} names no `file`")
    if folder is None:
        raise keys["file"].wrong("a scenario that is no file cannot name one")
    path = folder / keys["file"].line(4096)
    if not within(path, (folder, root) if root else (folder,)):
        hint = ("allow its folder with ", Parameter("root"))
        raise keys["file"].wrong("the file lies outside of the scenario's folder", hint)
    return read_text(path), Location(str(path), 1), path


def _by_address(at: Field) -> dict[str, HostState]:
    hosts: dict[str, HostState] = {}
    for entry, address in ((e, read_address(Field(k, e.path, e.document))) for k, e in at.mapping().items()):
        if address in hosts:
            raise entry.wrong(f"address {address} stands twice")
        if isinstance(entry.value, str) and entry.value != "down":
            raise entry.expected("`down` or a mapping of services")
        hosts[address] = "down" if entry.value == "down" else read_services(entry)
    return hosts


def _event(at: Field, hosts: Mapping[str, HostState]) -> HostEvent:
    keys = _all(at, ("at", "host", "set"))
    host = read_address(keys["host"])
    if host not in hosts:
        raise keys["host"].wrong(f"`hosts` does not list {host}", "list it there, if only as `down`")
    change = keys["set"]
    if isinstance(change.value, str):
        state: Literal["down", "up"] = change.choice(("down", "up"))
        return HostEvent(keys["at"].number(0, YEAR, "seconds"), host, state)
    return HostEvent(keys["at"].number(0, YEAR, "seconds"), host, read_services(change))


def _all(at: Field, known: tuple[str, ...]) -> dict[str, Field]:
    """The entries of a mapping that must have all its keys."""
    keys = at.mapping(known)
    for key in known:
        if key not in keys:
            raise at.wrong(f"`{key}` is missing")
    return keys


def _faults(at: Field) -> dict[Query, DnsFault]:
    faults: dict[Query, DnsFault] = {}
    for key, entry in at.mapping().items():
        name, _, rtype = key.strip().rpartition(" ")
        if not name.strip() or rtype.upper() not in RTYPES:
            hint = f"write NAME TYPE, TYPE one of {', '.join(RTYPES)}"
            raise entry.wrong(f"{entry.called} is no query", hint)
        faults[Query(canonical_name(name.strip()), rtype.upper())] = _fault(entry)
    return faults


def _fault(at: Field) -> DnsFault:
    if isinstance(at.value, dict):
        return DnsFault("delay", _all(at, ("delay",))["delay"].number(0, YEAR, "seconds"))
    if at.value != "drop" and at.value != "servfail" and at.value != "refused":
        raise at.expected("drop, servfail, refused or {delay: seconds}")
    return DnsFault(at.value)


def _client(at: Field) -> Client:
    keys = at.mapping(("ipv4", "ipv6", "connect_timeout"))
    timeout = keys.get("connect_timeout")
    return Client(
        ipv4=keys["ipv4"].flag() if "ipv4" in keys else True,
        ipv6=keys["ipv6"].flag() if "ipv6" in keys else True,
        connect_timeout=timeout.number(0, YEAR, "seconds") if timeout else 135.5,
    )


def _stop(at: Field) -> Literal["registered", "duration"]:
    return at.choice(("registered", "duration"))


# --- writing


def scenario_to_yaml(scenario: Scenario) -> str:
    """YAML that reads back as `scenario` (but for where it stood); defaults are left out.

    Zone and configuration are block texts that people can edit. Raises BadInput where the configuration is
    there only in part.
    """
    import yaml

    refuse_part(scenario)

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=_style(value))

    Dumper.add_representer(str, text)
    return yaml.dump(_plain(scenario), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=4000)


def _style(value: str) -> str | None:
    """Blocks for texts of several lines, and quotes around what the reader would not take for text."""
    lines = value.split("\n")
    if not all(line.replace("\t", "").isprintable() for line in lines):
        return '"'  # YAML knows more line breaks than one, and folds them
    if len(lines) > 1:
        return "|"
    return None if isinstance(scalar(value), str) else '"'


def _plain(scenario: Scenario) -> dict[str, Any]:
    """The scenario as mappings, lists and scalars: the format of JSON as well."""
    out: dict[str, Any] = {"name": scenario.name}
    if scenario.zone:
        out["zone"] = scenario.zone
    if scenario.pjsip:
        out["pjsip"] = scenario.pjsip
    if scenario.hosts:
        out["hosts"] = {address: _state_value(state) for address, state in scenario.hosts.items()}
    if scenario.dns:
        out["dns"] = {
            f"{query.name} {query.rtype}": {"delay": fault.delay} if fault.kind == "delay" else fault.kind
            for query, fault in scenario.dns.items()
        }
    if client := _changed(scenario.client, Client()):
        out["client"] = client
    if asterisk := _asterisk_value(scenario):
        out["asterisk"] = asterisk
    if scenario.events:
        out["events"] = [_event_value(event) for event in scenario.events]
    out |= traffic_values(scenario.calls, scenario.incoming, scenario.peers, scenario.extensions)
    if scenario.duration != 100.0:
        out["duration"] = scenario.duration
    if scenario.stop != "registered":
        out["stop"] = scenario.stop
    if scenario.expect is not None:
        out["expect"] = expect_value(scenario.expect)
    return out


def _asterisk_value(scenario: Scenario) -> dict[str, Any]:
    out: dict[str, Any] = {"unbound": True} if scenario.unbound else {}
    return out | ({"qualify_phase": dict(scenario.qualify_phase)} if scenario.qualify_phase else {})


def _changed(value: object, default: object) -> dict[str, Any]:
    """The fields of a dataclass that differ from those of `default`; tuples as lists."""
    fields = type(value).__dataclass_fields__  # type: ignore[attr-defined]
    changed = {f: getattr(value, f) for f in fields if getattr(value, f) != getattr(default, f)}
    return {f: list(found) if isinstance(found, tuple) else found for f, found in changed.items()}


def _state_value(state: HostState) -> object:
    return state if isinstance(state, str) else _services(state)


def _services(services: Mapping[Service, Behaviour]) -> dict[str, object]:
    return {str(service): behaviour_value(behaviour) for service, behaviour in services.items()}


def _event_value(event: HostEvent) -> dict[str, object]:
    return {"at": event.at, "host": event.host, "set": _state_value(event.set) if event.set != "up" else "up"}


def behaviour_value(behaviour: Behaviour) -> object:
    """A behaviour as the format writes it: its name, or a mapping."""
    for name, known in BEHAVIOURS.items():
        if behaviour == known:
            return name
    out = _changed(behaviour, Behaviour(behaviour.kind))
    if behaviour.then:
        out["then"] = behaviour_value(behaviour.then)
    if behaviour.methods:
        out["methods"] = {method: behaviour_value(other) for method, other in behaviour.methods}
    if behaviour.cert:
        out["cert"] = _changed(behaviour.cert, Certificate())
    tls = {"min": out.pop("tls_min", None), "max": out.pop("tls_max", None)}
    if any(tls.values()):
        out["tls"] = {bound: version for bound, version in tls.items() if version}
    return out
