"""pjsip.conf as Asterisk holds it once loaded: typed objects, and those that it refuses.

Rules of this file:
- every class of `types` is at home here too: this is the module to import from;
- a value that Asterisk corrects is corrected, an object that it refuses is a Refusal and nothing else;
- what depends on the machine (files, addresses, host names) is not judged here;
- what depends on several objects, such as a registration without a transport of its type, is the stack's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pjresolve.config.loading import Refusal, Verdict, load_sections, with_wizards
from pjresolve.config.reader import Document, Section, read_text
from pjresolve.config.schema import Option, decimal, integer, schema, truth
from pjresolve.config.types import (
    Acl,
    Aor,
    Auth,
    Endpoint,
    Global,
    Identify,
    Object,
    Registration,
    System,
    Transport,
)
from pjresolve.config.values import parse_bind, split_list
from pjresolve.errors import Location, printable
from pjresolve.model import Family, Protocol, TransportType, canonical_address

if TYPE_CHECKING:
    from pjresolve.config.sorcery import Mapping

__all__ = [
    "Acl",
    "Aor",
    "Auth",
    "Config",
    "Endpoint",
    "Global",
    "Identify",
    "Object",
    "Refusal",
    "Registration",
    "System",
    "Transport",
    "load",
    "load_path",
    "load_text",
]

TIMER_T1_LEAST = 100
"""Milliseconds that a lower `timer_t1` is raised to."""
TIMER_B_LEAST = 64
"""Times `timer_t1` that a lower `timer_b` is raised to."""


@dataclass(frozen=True, slots=True)
class Config:
    """The objects of one configuration by name, in file order, and the refused ones.

    `bound` are the transports that send: all of them, and where a duplicate has taken them away, those that
    stand before it. No other object finds these by name, and no command of the console shows them (recordings
    `td-tcp-between`, `td-pin-first`, `td-tcp-after`). `looked_up` are the values of `match` that Asterisk
    goes through on loading, also those of identify sections that are refused for what it finds. `wizard` is
    the pjsip_wizard.conf that made some of them, and `mapped` is what is taken from elsewhere.
    """

    document: Document
    transports: dict[str, Transport]
    bound: dict[str, Transport]
    registrations: dict[str, Registration]
    endpoints: dict[str, Endpoint]
    aors: dict[str, Aor]
    auths: dict[str, Auth]
    identifies: dict[str, Identify]
    acls: dict[str, Acl]
    system: System
    global_: Global
    refusals: tuple[Refusal, ...]
    looked_up: tuple[str, ...] = ()
    wizard: Document | None = None
    mapped: tuple[Mapping, ...] = ()

    @property
    def unread(self) -> frozenset[str]:
        """The types whose sections come to nothing."""
        return _unread(self.mapped)

    @property
    def in_one_file(self) -> bool:
        """Whether the text of its first file is all of it."""
        return len(self.document.files) < 2 and self.wizard is None and not self.unread

    def refusal(self, type: str, name: str) -> Refusal | None:
        """Why the object of that type and name was refused, or None."""
        return next((r for r in self.refusals if r.type == type and r.name == name), None)

    def aors_of(self, endpoint: Endpoint) -> list[Aor]:
        """The AoRs of an endpoint, as far as they exist, in the order in which it names them."""
        return [self.aors[name] for name in endpoint.aors if name in self.aors]


def _unread(mapped: Iterable[Mapping]) -> frozenset[str]:
    return frozenset(mapping.type for mapping in mapped if mapping.alone)


def load(document: Document, wizard: Document | None = None, mapped: tuple[Mapping, ...] = ()) -> Config:
    """The objects that Asterisk creates from a document, and from that of a pjsip_wizard.conf beside it.

    Sections of types that are `mapped` to elsewhere alone come to nothing.
    """
    loaded = load_sections(document, Sockets().starts, _unread(mapped))
    if wizard is not None:
        document = with_wizards(document, wizard, loaded)
    sections, refusals = loaded.sections, loaded.refusals
    transports = {name: _transport(s) for name, s in sections["transport"].items()}
    undone = {name: _transport(s) for name, s in loaded.undone.get("transport", {}).items()}
    return Config(
        document=document,
        transports=transports,
        bound=transports or undone,
        registrations={
            n: Registration(**_values("registration", s)) for n, s in sections["registration"].items()
        },
        endpoints={n: Endpoint(**_values("endpoint", s)) for n, s in sections["endpoint"].items()},
        aors={n: Aor(**_values("aor", s)) for n, s in sections["aor"].items()},
        auths={n: Auth(**_values("auth", s)) for n, s in sections["auth"].items()},
        identifies={n: Identify(**_values("identify", s)) for n, s in sections["identify"].items()},
        acls={n: Acl(**_values("acl", s)) for n, s in sections["acl"].items()},
        system=_system(_only("system", sections["system"], document)),
        global_=Global(**_values("global", _only("global", sections["global"], document))),
        refusals=tuple(refusals),
        looked_up=tuple(p for s in loaded.looked_up for e in s.all("match") for p in split_list(e.value)),
        wizard=wizard,
        mapped=mapped,
    )


def load_text(text: str, *, name: str = "pjsip.conf", config_dir: Path | None = None) -> Config:
    """The objects of a configuration text. Raises BadInput as `reader.read_text` does."""
    return load(read_text(text, name=name, config_dir=config_dir))


def load_path(path: str | Path, *, config_dir: Path | None = None, goes_on: bool = False) -> Config:
    """The objects of a configuration file, and of a pjsip_wizard.conf beside a pjsip.conf.

    Raises BadInput as `reader.read` does, which says what `goes_on` means.
    """
    from pjresolve.config.beside import read_around  # who asks for a domain needs no file

    return load(*read_around(Path(path), config_dir, goes_on))


# ---------------------------------------------------------------- from sections to values


_CLASSES: dict[str, type[Object]] = {
    "transport": Transport,
    "registration": Registration,
    "endpoint": Endpoint,
    "aor": Aor,
    "auth": Auth,
    "identify": Identify,
    "acl": Acl,
    "system": System,
    "global": Global,
}


@cache
def _wanted(kind: str) -> dict[str, Option]:
    names = {f.name for f in fields(_CLASSES[kind])} - {"name", "section", "type"}
    return {lower: o for lower, o in schema()[kind].items() if o.name in names}


def _values(kind: str, section: Section) -> dict[str, Any]:
    """The arguments for the type's class: what the section writes, converted. The rest is the defaults'."""
    out: dict[str, Any] = {"name": section.name, "section": section}
    lists: dict[str, list[str]] = {}
    wanted = _wanted(kind)
    for entry in section.entries:
        definition = wanted.get(entry.name.lower())
        if definition is not None and definition.repeats:
            lists.setdefault(definition.name, []).extend(split_list(entry.value))
        elif definition is not None:
            out[definition.name] = _convert(definition, entry.value)
    return out | {name: tuple(parts) for name, parts in lists.items()}


def _convert(option: Option, value: str) -> Any:
    match option.kind:
        case "bool":
            return truth(value)
        case "uint" | "int":
            return integer(value) or 0
        case "float":
            return decimal(value) or 0.0
        case "names":
            return split_list(value)
        case "enum":
            return value.lower()
    return value


class Sockets:
    """The sockets that transports hold, as they are taken in file order."""

    def __init__(self) -> None:
        self._held: dict[tuple[bool, Family, int], set[str]] = {}

    def starts(self, section: Section) -> Verdict:
        """Take the socket of a transport; where an earlier one holds it, say so.

        TLS is never refused for that: it loads and sends with its own settings, and does not listen
        (recordings `ts-tls-same-verify-yes-no-pin-second`, `ts-tls-tcp-same-pin-tcp`). TCP and TLS share
        their ports.
        """
        transport = _transport(section)
        if transport.type is None:
            return section.where, ""
        protocol, family = transport.type.protocol, transport.type.family
        addresses = self._held.setdefault((protocol is Protocol.UDP, family, transport.bind_port), set())
        every, own = ("::" if family is Family.IPV6 else "0.0.0.0"), transport.bind_address
        taken = bool(addresses) if own == every else not addresses.isdisjoint((own, every))
        if taken and protocol is not Protocol.TLS:
            name = printable(section.name)
            return transport.where("bind"), f"Transport '{name}' could not be started: Address already in use"
        addresses.add(own)
        return section.where, ""


def _transport(section: Section) -> Transport:
    values = _values("transport", section)
    host, port = parse_bind(values.get("bind", "")) or ("", 0)
    protocol = values.get("protocol", "udp")
    flavour = Protocol(protocol) if protocol in set(Protocol) else None
    known = {"": "0.0.0.0", "localhost": "127.0.0.1"}  # RFC 6761; other names are the machine's to resolve
    values["bind_address"] = canonical_address(host) or known.get(host.lower(), host)
    values["bind_port"] = port or (flavour.default_port if flavour else 0)
    values["type"] = TransportType(flavour, Family.of(host)) if flavour else None
    return Transport(**values)


def _only(kind: str, sections: dict[str, Section], document: Document) -> Section:
    """The section that counts of a type of which Asterisk uses one, or an empty one."""
    if sections:
        return sections[min(sections)]
    file = document.files[0] if document.files else ""
    return Section(kind, Location(file), False, (), (), ())


def _system(section: Section) -> System:
    values = _values("system", section)
    t1 = max(values.get("timer_t1", 500), TIMER_T1_LEAST)
    values["timer_t1"] = t1
    values["timer_b"] = max(values.get("timer_b", 32000), TIMER_B_LEAST * t1)
    return System(**values)
