"""A scenario as YAML.

Rules of this file:
- what is written reads back as the same scenario;
- what is as by default is left out; zone and configuration are block texts that people can edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from pjresolve.scenario.behaviour import BEHAVIOURS, Behaviour, Service
from pjresolve.scenario.format import Client, Expect, ExpectedTarget, HostEvent, HostState, Scenario
from pjresolve.scenario.markup import scalar


def yaml_text(scenario: Scenario) -> str:
    """`scenario` as a YAML document, in the order of the format's description."""
    return yaml.dump(plain(scenario), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=4000)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and quotes what the reader would not take for text."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    lines = value.split("\n")
    style = None if isinstance(scalar(value), str) else '"'
    if not all(line.replace("\t", "").isprintable() for line in lines):
        style = '"'  # YAML knows more line breaks than one, and folds them
    elif len(lines) > 1:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def plain(scenario: Scenario) -> dict[str, Any]:
    """The scenario as mappings, lists and scalars: the format of JSON as well."""
    out: dict[str, Any] = {"name": scenario.name}
    if scenario.zone:
        out["zone"] = scenario.zone
    if scenario.pjsip:
        out["pjsip"] = scenario.pjsip
    if scenario.hosts:
        out["hosts"] = {address: _state(state) for address, state in scenario.hosts.items()}
    if scenario.dns:
        out["dns"] = {
            f"{query.name} {query.rtype}": {"delay": fault.delay} if fault.kind == "delay" else fault.kind
            for query, fault in scenario.dns.items()
        }
    if client := _changed(scenario.client, Client()):
        out["client"] = client
    if scenario.unbound:
        out["asterisk"] = {"unbound": True}
    if scenario.events:
        out["events"] = [_event(event) for event in scenario.events]
    if scenario.duration != 100.0:
        out["duration"] = scenario.duration
    if scenario.stop != "registered":
        out["stop"] = scenario.stop
    if scenario.expect is not None:
        out["expect"] = _expect(scenario.expect)
    return out


def _changed(value: object, default: object) -> dict[str, Any]:
    """The fields of a dataclass that differ from those of `default`."""
    fields = type(value).__dataclass_fields__  # type: ignore[attr-defined]
    return {f: getattr(value, f) for f in fields if getattr(value, f) != getattr(default, f)}


def _state(state: HostState) -> object:
    return state if isinstance(state, str) else _services(state)


def _services(services: Mapping[Service, Behaviour]) -> dict[str, object]:
    return {str(service): behaviour_value(behaviour) for service, behaviour in services.items()}


def _event(event: HostEvent) -> dict[str, object]:
    return {"at": event.at, "host": event.host, "set": _state(event.set) if event.set != "up" else "up"}


def behaviour_value(behaviour: Behaviour) -> object:
    """A behaviour as the format writes it: its name, or a mapping."""
    for name, known in BEHAVIOURS.items():
        if behaviour == known:
            return name
    out = _changed(behaviour, Behaviour(behaviour.kind))
    if behaviour.then:
        out["then"] = behaviour_value(behaviour.then)
    if behaviour.cert:
        names = {"names": list(behaviour.cert.names)} if behaviour.cert.names else {}
        flags = {f: True for f in ("self_signed", "expired") if getattr(behaviour.cert, f)}
        out["cert"] = names | flags
    tls = {"min": out.pop("tls_min", None), "max": out.pop("tls_max", None)}
    if any(tls.values()):
        out["tls"] = {bound: version for bound, version in tls.items() if version}
    return out


def _expect(expect: Expect) -> dict[str, object]:
    out = _changed(expect, Expect())
    if isinstance(expect.registered, ExpectedTarget):
        out["registered"] = _target(expect.registered)
    if expect.targets is not None:
        out["targets"] = [_target(target) for target in expect.targets]
    return out


def _target(target: ExpectedTarget) -> dict[str, object]:
    out = _changed(target, ExpectedTarget())
    if target.transport:
        out["transport"] = target.transport.value
    return out
