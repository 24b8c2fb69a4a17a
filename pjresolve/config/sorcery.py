"""Where Asterisk takes its objects from: sorcery.conf, and extconfig.conf, beside a pjsip.conf.

Rules of this file:
- without a line for a type, and for `config,pjsip.conf`, the file itself is the place;
- a type with a line of another kind is not read from pjsip.conf unless a line says so, too;
- a database that extconfig.conf names holds objects where no sorcery.conf is at hand to say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from pjresolve.config.reader import read
from pjresolve.config.schema import schema
from pjresolve.errors import BadInput, Location

_TABLES = {
    "ps_endpoints": "endpoint",
    "ps_auths": "auth",
    "ps_aors": "aor",
    "ps_contacts": "contact",
    "ps_domain_aliases": "domain_alias",
    "ps_endpoint_id_ips": "identify",
    "ps_registrations": "registration",
    "ps_outbound_publishes": "outbound-publish",
    "ps_inbound_publications": "inbound-publication",
    "ps_asterisk_publications": "asterisk-publication",
    "ps_resource_list": "resource_list",
    "ps_systems": "system",
    "ps_globals": "global",
    "ps_transports": "transport",
}
"""The tables of Asterisk's own database scheme, and the types that they hold."""
_ALL = "res_pjsip"
"""The section of sorcery.conf that maps every type; the others are of the modules that look after one."""
_DYNAMIC = ("contact", "astdb,registrar")
"""The type of what telephones register, which stands in no file, and where it is without a line."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A line that takes objects of a type from elsewhere. `alone` says that the file has none of them.

    `unknown` is the table that it names and extconfig.conf does not: with one in `[res_pjsip]`, nothing of
    res_pjsip loads (`mappings.json`).
    """

    type: str
    where: Location
    source: str
    alone: bool
    unknown: str = ""


def mappings(path: Path) -> tuple[Mapping, ...]:
    """What stands elsewhere of the configuration in the file at `path`; nothing where that is no file.

    A file beside it that Asterisk would refuse maps nothing.
    """
    if not path.is_file():
        return ()
    sorcery = path.parent / "sorcery.conf"
    if sorcery.is_file():
        return tuple(_sorcery(sorcery, path.name))
    return tuple(_extconfig(path.parent / "extconfig.conf", path.name))


def _sorcery(path: Path, own: str) -> Iterator[Mapping]:
    lines: dict[str, list[tuple[str, Location, str]]] = {}
    tables = _tables(path.parent / "extconfig.conf")
    for section, name, value, where in _entries(path):
        kind = name.partition("/")[0]
        if (
            section.startswith("res_pjsip")
            and "/cache" not in name
            and (kind in schema() or kind == _DYNAMIC[0])
        ):
            source = value.replace(" ", "")
            unknown = _unknown(source, tables)
            if not unknown or section == _ALL:  # a module's own section is left out (`mappings.json`)
                lines.setdefault(kind, []).append((source, where, unknown))
    for kind, values in lines.items():
        of_file = [v for v, *_ in values if v.startswith("config,") and PurePath(v.split(",")[1]).name == own]
        for value, where, unknown in values:
            if value not in of_file and (kind, value) != _DYNAMIC:
                yield Mapping(kind, where, ",".join(value.split(",")[:2]), not of_file, unknown)


def _tables(extconfig: Path) -> frozenset[str] | None:
    """The tables that extconfig.conf names, or None where it is not at hand."""
    return frozenset(name for _, name, _, _ in _entries(extconfig)) if extconfig.is_file() else None


def _unknown(source: str, tables: frozenset[str] | None) -> str:
    """The table that a source is and extconfig.conf does not name, or the empty text."""
    driver, _, rest = source.partition(",")
    table = rest.partition(",")[0]
    return table if driver == "realtime" and tables is not None and table not in tables else ""


def _extconfig(path: Path, own: str) -> Iterator[Mapping]:
    for section, name, value, where in _entries(path) if path.is_file() else ():
        if section != "settings":
            continue
        if name == own:
            yield from (Mapping(kind, where, name, False) for kind in schema())
        elif name in _TABLES:
            yield Mapping(_TABLES[name], where, ",".join([name, *value.split(",")[:1]]), False)


def _entries(path: Path) -> Iterator[tuple[str, str, str, Location]]:
    try:
        document = read(path)
    except BadInput:
        return
    for section in document.sections:
        for entry in section.entries if not section.template else ():
            yield section.name, entry.name, entry.value, entry.where
