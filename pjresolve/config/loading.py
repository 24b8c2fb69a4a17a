"""From sections to the objects that Asterisk would create, and the words with which it refuses the others.

Rules of this file:
- a section belongs to the type that its first `type` names; a template belongs to none;
- options are judged in order and the first fault refuses the object, as in Asterisk;
- one duplicate refuses every object of its type; transports that were made before it stay bound all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace

from pjresolve.config.networks import can_match
from pjresolve.config.reader import Document, Section
from pjresolve.config.schema import integer, schema, takes, truth
from pjresolve.config.uris import is_contact_user, is_header_params, is_route, read_uri
from pjresolve.config.values import is_sip, parse_bind, split_list, unfit
from pjresolve.errors import Location, printable
from pjresolve.sip import ciphers, posix

SINGLE = ("system", "global")
"""Types that a section of that name belongs to without any `type`, and of which Asterisk uses one object.

Of two, it uses the first by name of `system` and the last in the file of `global`; of three, none.
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An object that Asterisk does not create.

    `message` is what it logs, without the name of the file; the line that it names is `where`'s.
    """

    type: str
    name: str
    where: Location
    message: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The sections that become objects, by type and name in file order, and what is refused.

    `undone` holds, by type, the sections whose objects were made before a duplicate took the type away.
    `looked_up` are the identify sections whose `match` Asterisk goes through on loading, also where they are
    refused for what it finds (`i7-003`, `in1-013`).
    """

    sections: dict[str, dict[str, Section]]
    refusals: list[Refusal]
    undone: dict[str, dict[str, Section]]
    looked_up: list[Section]


Verdict = tuple[Location, str]
"""Where an object is refused, and why: the empty text where it is not."""


def load_sections(document: Document, starts: Callable[[Section], Verdict], unread: Container[str]) -> Loaded:
    """What becomes of the sections of a document. `starts` says whether a transport that has no fault gets
    its socket; sections of the types `unread` come to nothing (`mappings.json`).
    """
    grouped: dict[str, list[Section]] = {name: [] for name in schema()}
    for section in document.sections:
        if section.template:
            continue
        kind = section.type
        if kind in grouped:
            grouped[kind].append(section)
        if section.name in SINGLE and kind != section.name:
            grouped[section.name].append(section)
    loaded = Loaded({}, [], {}, [])
    for kind, sections in grouped.items():
        _load(loaded, kind, [] if kind in unread else sections, starts)
    return loaded


def _load(loaded: Loaded, kind: str, sections: list[Section], starts: Callable[[Section], Verdict]) -> None:
    """Make the objects of one type, in file order, until one has the name of another that was made."""
    made: dict[str, Section] = {}
    faults: dict[Location, Refusal] = {}
    lost = _too_many(kind, sections)
    for section in sections if not lost else ():
        if section.name in made:  # whatever its own faults (recordings `td-bad-second`, `td-bad-first`)
            lost = _duplicate(kind, section)
            break
        where, message = fault(kind, section)
        if not message and kind == "transport":
            where, message = starts(section)
        if message:
            faults[section.where] = Refusal(kind, section.name, where, message)
        else:
            made[section.name] = section
    if kind == "global" and not lost:
        message = "At most one pjsip.conf type=global object can be defined.  You have 2 defined."
        for section in [s for s in sections[:-1] if s.name in made]:
            faults[section.where] = Refusal(kind, section.name, section.where, message)
            del made[section.name]
    if lost:
        loaded.undone[kind], made = made, {}
        own = list(faults)
        faults = {s.where: faults.get(s.where, Refusal(kind, s.name, s.where, lost)) for s in sections}
        sections = [s for s in sections if s.where in own]
    if kind == "identify":
        loaded.looked_up.extend(filter(_looks_up, sections))
    loaded.refusals.extend(faults.values())
    loaded.sections[kind] = made


def with_wizards(document: Document, wizard: Document, loaded: Loaded) -> Document:
    """The document with the sections that wizards make, each of which becomes an object in `loaded` or is
    refused there. An object of pjsip.conf comes before one of that name that a wizard makes, and the first
    registration that is refused is a wizard's last (`wizard.json`).
    """
    from pjresolve.config.wizard import made_by, wizards  # few have any

    sections: list[Section] = []
    for one in wizards(wizard):
        over = False
        for made in made_by(one):
            kind, section = made.kind, made.section
            if section.name in loaded.sections[kind] or (over and kind == "registration"):
                continue
            sections.append(section)
            where, message = (section.where, made.fault) if made.fault else fault(kind, section)
            if kind == "identify" and not made.fault and _looks_up(section):
                loaded.looked_up.append(section)
            if message:
                # what Asterisk has of a wizard's options has no line
                message = re.sub(r" at line \d+$", " at line 0", message)
                loaded.refusals.append(Refusal(kind, section.name, where, message))
                over = kind == "registration"
            else:
                loaded.sections[kind][section.name] = section
    return replace(
        document,
        sections=(*document.sections, *sections),
        notices=(*document.notices, *wizard.notices),
        files=(*document.files, *wizard.files),
        noqa=(*document.noqa, *wizard.noqa),
    )


def _duplicate(kind: str, section: Section) -> str:
    return (
        "Config file 'pjsip.conf' could not be loaded; configuration contains a duplicate object: "
        f"'{printable(section.name)}' of type '{kind}'"
    )


def _too_many(kind: str, sections: list[Section]) -> str:
    if kind in SINGLE and len(sections) > 2:
        return (
            "Config file 'pjsip.conf' could not be loaded; configuration contains more than one object "
            f"of type '{kind}'"
        )
    return ""


def fault(kind: str, section: Section) -> Verdict:
    """Where and why Asterisk refuses the object, or an empty message."""
    where, message = _unread(kind, section)
    judge = _JUDGES.get(kind)
    return judge(section) if judge and not message else (where, message)


def _unread(kind: str, section: Section) -> Verdict:
    """The first option that Asterisk does not know, or whose value it does not take."""
    options = schema()[kind]
    for entry in section.entries:
        definition = options.get(entry.name.lower())
        if definition is None:
            if not takes(kind, entry.name):
                return entry.where, (
                    f"Could not find option suitable for category '{printable(section.name)}' named "
                    f"'{printable(entry.name)}' at line {entry.where.line}"
                )
        elif definition.refuses(entry.value) or unfit(kind, definition.name, entry.value):
            return entry.where, (
                f"Error parsing {printable(entry.name)}={printable(entry.value)} at line {entry.where.line}"
            )
    return section.where, ""


def not_created(kind: str, name: str) -> str:
    """What Asterisk logs where it gives no reason of its own."""
    return (
        f"Could not create an object of type '{kind}' with id '{printable(name)}' "
        "from configuration file 'pjsip.conf'"
    )


# ---------------------------------------------------------------- objects


def _text(section: Section, name: str) -> str:
    entry = section.last(name)
    return entry.value if entry else ""


def _at(section: Section, name: str) -> Location:
    entry = section.last(name)
    return entry.where if entry else section.where


def _transport(section: Section) -> Verdict:
    protocol = _text(section, "protocol").lower()
    subject = f"Transport '{printable(section.name)}' could not be started"
    if protocol != "flow" and section.last("bind") is None:
        return (
            section.where,
            f"{subject} as binding not specified",
        )
    host, _ = parse_bind(_text(section, "bind")) or ("", 0)
    if host.lower().startswith("::ffff:") and protocol != "flow":
        return _at(section, "bind"), f"{subject}: Invalid argument"
    # whatever the protocol is (recordings `tls-cipher-bad`, `ci-all`, `ci7-one-bogus`, `ci7-udp-bogus`)
    for entry in section.all("cipher"):
        for name in split_list(entry.value):
            if not re.fullmatch("DEFAULT|@SECLEVEL=[0-5]", name) and ciphers.known(name) is None:
                return entry.where, f"Cipher '{printable(name)}' is unsupported"
    return section.where, ""


_SILENT: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("expiration", lambda value: integer(value) != 0),
    ("outbound_proxy", is_route),
    ("contact_user", is_contact_user),
    ("contact_header_params", is_header_params),
)
"""Options of a registration whose values it is refused for without a word of why."""


def _registration(section: Section) -> Verdict:
    name = printable(section.name)
    for option_name, word in (("server_uri", "Server"), ("client_uri", "Client")):
        value = _text(section, option_name)
        if not value:
            at = _at(section, option_name)
            return at, f"No {word.lower()} URI specified on outbound registration '{name}'"
        if not is_sip(value) or (value.startswith("<") and not value.endswith(">")):
            return _at(section, option_name), (
                f"{word} URI or hostname length exceeds pjproject limit or is not a sip(s) uri: '{name}'"
            )
        if read_uri(value) is None:
            return _at(section, option_name), (
                f"Invalid {word.lower()} URI '{printable(value)}' specified on outbound registration '{name}'"
            )
    line, endpoint = truth(_text(section, "line")), _text(section, "endpoint")
    if line and not endpoint:
        return _at(section, "line"), (
            f"Line support has been enabled on outbound registration '{name}' without providing an endpoint"
        )
    if endpoint and not line:
        return _at(section, "endpoint"), (
            f"An endpoint has been specified on outbound registration '{name}' without enabling line support"
        )
    for option_name, fits in _SILENT:
        value = _text(section, option_name)
        if value and not fits(value):
            return _at(section, option_name), not_created("registration", section.name)
    return section.where, ""


def _looks_up(section: Section) -> bool:
    """Whether Asterisk comes to the `match` of an identify section: not where it refuses it before."""
    return not (_unread("identify", section)[1] or _unmatched(section)[1])


def _unmatched(section: Section) -> Verdict:
    """What an identify section is refused for before its `match` is gone through."""
    name = printable(section.name)
    if not _text(section, "endpoint"):
        return _at(section, "endpoint"), f"Identify '{name}' missing required endpoint name."
    header = _text(section, "match_header")
    matches = any(split_list(entry.value) for entry in section.all("match"))
    if not (matches or header or _text(section, "match_request_uri")):
        return section.where, f"Identify '{name}' is not configured to match anything."
    if header and ":" not in header:
        return _at(section, "match_header"), (
            f"Identify '{name}' missing ':' separator in match_header '{printable(header)}'."
        )
    if header.startswith(":"):
        return _at(section, "match_header"), (
            f"Identify '{name}' has no SIP header to match in match_header '{printable(header)}'."
        )
    return section.where, ""


def _identify(section: Section) -> Verdict:
    where, message = _unmatched(section)
    if message:
        return where, message
    name, header = printable(section.name), _text(section, "match_header")
    lost = {
        p: entry.where for entry in section.all("match") for p in split_list(entry.value) if not can_match(p)
    }
    if lost:
        last = max(lost)  # Asterisk asks for them in the order of their bytes, from the end
        what = f"Identify '{name}' failed when adding resolution results of '{printable(last)}'"
        return lost[last], what
    for option, value in (
        ("match_header", header.partition(":")[2].strip()),
        ("match_request_uri", _text(section, "match_request_uri")),
    ):
        inside = value[1:-1] if len(value) > 1 and value.startswith("/") and value.endswith("/") else ""
        if posix.is_refused(inside):  # of a header, too (`in1-007`)
            what = f"Identify '{name}' failed to compile match_request_uri regex '{printable(inside)}'."
            return _at(section, option), what
    return section.where, ""


def _auth(section: Section) -> Verdict:
    name = printable(section.name)
    if _text(section, "auth_type").lower() == "google_oauth":
        if not all(_text(section, o) for o in ("refresh_token", "oauth_clientid", "oauth_secret")):
            return _at(section, "auth_type"), (
                f"{name}: 'google_oauth' authentication specified but refresh_token, oauth_clientid, or "
                "oauth_secret not specified"
            )
        return section.where, ""
    if not _text(section, "username"):
        return _at(section, "username"), f"{name}: No authentication username"
    if _text(section, "password"):
        return section.where, ""
    digests = {entry.value.partition(":")[0].strip().upper() for entry in section.all("password_digest")}
    digests |= {"MD5"} if _text(section, "md5_cred") else set()
    for option in ("supported_algorithms_uas", "supported_algorithms_uac"):
        for algorithm in split_list(_text(section, option)) or ("MD5",):
            if algorithm.upper() not in digests:  # recordings `al3-sha-256-md5`, `al3-sha-256-pd`
                return section.where, (
                    f"{name}: No plain text or digest password found for algorithm "
                    f"{printable(algorithm)} in {option}"
                )
    return section.where, ""


_JUDGES = {"transport": _transport, "registration": _registration, "identify": _identify, "auth": _auth}
