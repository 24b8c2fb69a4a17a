"""What must come out of a scenario: its key `expect`, read strictly and written so that it reads back.

Rules of this file: None leaves a point open; "none" stands for nothing, nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pjresolve.model import Protocol, Target
from pjresolve.scenario.behaviour import YEAR
from pjresolve.scenario.document import Field
from pjresolve.scenario.traffic import read_address

Reachability: TypeAlias = Literal["reachable", "unreachable"]


@dataclass(frozen=True, slots=True)
class ExpectedTarget:
    """A target as an expectation describes it; None matches anything."""

    transport: Protocol | None = None
    address: str | None = None
    port: int | None = None

    def matches(self, target: Target) -> bool:
        return (
            self.transport in (None, target.transport.protocol)
            and self.address in (None, target.address)
            and self.port in (None, target.port)
        )

    def __str__(self) -> str:
        host = f"[{self.address}]" if self.address and ":" in self.address else self.address or "*"
        return f"{self.transport.value if self.transport else '*'} {host}:{self.port or '*'}"


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """What must become of a call: who answers it, which targets are tried before and with that.

    `within`: at most so many seconds from its begin until it is answered, or else over. `status` is the final
    answer, or what its end counts as.
    """

    answered: ExpectedTarget | Literal["none"] | None = None
    within: float | None = None
    status: int | None = None
    tried: tuple[ExpectedTarget, ...] | None = None


@dataclass(frozen=True, slots=True)
class ExpectedRequest:
    """What must become of a request that comes in; "none" where no call is set up, or nothing matches."""

    endpoint: str | None = None
    matched_by: str | None = None
    status: int | None = None
    context: str | None = None
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What must come out. `within` is in seconds; calls and requests in order of time, one for each."""

    registered: ExpectedTarget | Literal["none"] | None = None
    within: float | None = None
    targets: tuple[ExpectedTarget, ...] | None = None
    refused: bool | None = None
    rejected: bool | None = None
    calls: tuple[ExpectedCall, ...] | None = None
    contacts: tuple[tuple[str, Reachability], ...] | None = None
    incoming: tuple[ExpectedRequest, ...] | None = None


# --- reading


def read_expect(at: Field) -> Expect:
    """The expectations of a scenario. Raises BadInput with the line."""
    names = ("registered", "within", "targets", "refused", "rejected", "calls", "contacts", "incoming")
    keys = at.mapping(names)
    return Expect(
        registered=_target_or_none(keys["registered"]) if "registered" in keys else None,
        within=_seconds(keys),
        targets=_targets(keys["targets"]) if "targets" in keys else None,
        refused=keys["refused"].flag() if "refused" in keys else None,
        rejected=keys["rejected"].flag() if "rejected" in keys else None,
        calls=tuple(map(_call, keys["calls"].items())) if "calls" in keys else None,
        contacts=_contacts(keys["contacts"]) if "contacts" in keys else None,
        incoming=tuple(map(_request, keys["incoming"].items())) if "incoming" in keys else None,
    )


def _call(at: Field) -> ExpectedCall:
    keys = at.mapping(("answered", "within", "status", "tried"))
    return ExpectedCall(
        answered=_target_or_none(keys["answered"]) if "answered" in keys else None,
        within=_seconds(keys),
        status=keys["status"].integer(100, 699) if "status" in keys else None,
        tried=_targets(keys["tried"]) if "tried" in keys else None,
    )


def _request(at: Field) -> ExpectedRequest:
    keys = at.mapping(("endpoint", "matched_by", "status", "context", "extension"))
    texts = {name: entry.line() for name, entry in keys.items() if name != "status"}
    return ExpectedRequest(**texts, status=keys["status"].integer(100, 699) if "status" in keys else None)


def _contacts(at: Field) -> tuple[tuple[str, Reachability], ...]:
    states: tuple[Reachability, ...] = ("reachable", "unreachable")
    return tuple((aor, entry.choice(states)) for aor, entry in at.mapping().items())


def _seconds(keys: dict[str, Field]) -> float | None:
    return keys["within"].number(0, YEAR, "seconds") if "within" in keys else None


def _targets(at: Field) -> tuple[ExpectedTarget, ...]:
    return tuple(map(_target, at.items()))


def _target_or_none(at: Field) -> ExpectedTarget | Literal["none"]:
    return "none" if at.value == "none" else _target(at)


def _target(at: Field) -> ExpectedTarget:
    if not isinstance(at.value, dict) or not at.value:
        none = "" if isinstance(at.path[-1], int) else ", or none"
        raise at.expected(f"a mapping of transport, address and port{none}")
    keys = at.mapping(("transport", "address", "port"))
    return ExpectedTarget(
        transport=Protocol(keys["transport"].choice(tuple(Protocol))) if "transport" in keys else None,
        address=read_address(keys["address"]) if "address" in keys else None,
        port=keys["port"].integer(1, 65535) if "port" in keys else None,
    )


# --- writing


def expect_value(expect: Expect) -> dict[str, object]:
    """The expectations as the format writes them; what is left open is left out."""
    out = {name: _value(value) for name, value in _said(expect) if value is not None}
    if expect.contacts is not None:
        out["contacts"] = dict(expect.contacts)
    return out


def _said(value: Expect | ExpectedCall | ExpectedRequest | ExpectedTarget) -> list[tuple[str, object]]:
    return [(name, getattr(value, name)) for name in type(value).__dataclass_fields__]


def _value(value: object) -> object:
    if isinstance(value, ExpectedCall | ExpectedRequest | ExpectedTarget):
        return {name: _value(part) for name, part in _said(value) if part is not None}
    if isinstance(value, Protocol):
        return value.value
    return [_value(part) for part in value] if isinstance(value, tuple) else value
