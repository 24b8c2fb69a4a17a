"""sip.conf as chan_sip sees it: the general settings, and one set of options per peer.

Rules of this file:
- option names are compared without case, and the last of a name counts unless it takes a list;
- sections whose names differ in case alone are one peer, as in chan_sip;
- every option that nobody takes up is left over, so that nothing is lost in silence;
- what may be a secret is never told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pjresolve.config.lines import Notice
from pjresolve.config.reader import Document, Entry, Section
from pjresolve.config.schema import TRUE_WORDS, schema
from pjresolve.errors import BadInput, Location, printable

GENERAL, AUTHENTICATION = "general", "authentication"
PEER_TYPES = ("friend", "peer", "user")
LISTS = ("allow", "disallow", "permit", "deny", "acl", "contactpermit", "contactdeny", "contactacl", "setvar")
"""Options that add up; of all others the last counts."""
SECRETS = ("secret", "md5secret", "remotesecret", "register", "mwi", "auth")
TELLING = ("secr", "pass", "pwd", "credential", "token")
"""What the name of an option of any program has in it where its value is a secret."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something of sip.conf that has no equivalent. `what` is the option as written, without secrets.

    `warning`: somebody has to look at it before the result is used.
    """

    where: Location
    what: str
    why: str
    warning: bool = False

    def __str__(self) -> str:
        return printable(f"{self.where}: {self.what}: {self.why}", 400)


class Options:
    """The options of one section, and which of them were taken up.

    `user_secret` is what a user is asked for, where a peer of the same name has a secret of its own.
    """

    user_secret: Entry | None = None

    def __init__(
        self, name: str, where: Location, entries: Iterable[Entry], parents: tuple[str, ...] = ()
    ) -> None:
        self.name, self.where, self.parents = name, where, parents
        self.entries = [Entry(e.name.strip().lower(), e.value, e.where) for e in entries]
        self.taken: set[str] = set()
        self._places: dict[str, list[int]] = {}
        for place, entry in enumerate(self.entries):
            self._places.setdefault(entry.name, []).append(place)

    def last(self, *names: str) -> Entry | None:
        """The last option of any of these names, which counts; all of them are taken up."""
        self.taken.update(names)
        place = -1
        for name in names:
            if name in self._places:
                place = max(place, self._places[name][-1])
        return self.entries[place] if place >= 0 else None

    def all(self, *names: str) -> list[Entry]:
        """All options of these names, in order; they are taken up."""
        self.taken.update(names)
        return [self.entries[place] for place in sorted(p for n in names for p in self._places.get(n, ()))]

    def true(self, name: str) -> bool:
        """Whether the option is there and means yes."""
        entry = self.last(name)
        return entry is not None and truth(entry.value)

    def left(self) -> list[Entry]:
        """What nobody took up: of each name the last, in order."""
        last = {e.name: e for e in self.entries if e.name not in self.taken}
        return list(last.values())


@dataclass(slots=True)
class SipConf:
    """The parts of a sip.conf. `realms` is [authentication]; what is `ignored` chan_sip passes over too."""

    general: Options
    peers: list[Options]
    realms: Options
    ignored: list[Leftover]


def truth(value: str) -> bool:
    """Whether chan_sip takes a value for yes."""
    return value.lower() in TRUE_WORDS


def written(entry: Entry) -> str:
    """An option as it stands in the file, its value hidden where it holds a secret or may hold one."""
    name = entry.name.lower()
    hidden = name in SECRETS or any(part in name for part in TELLING)
    return f"{entry.name}=…" if hidden else f"{entry.name}={entry.value}"


def sip_conf(document: Document) -> SipConf:
    """The parts of a document. Sections of one name are one peer, as a user and a peer of that name are.

    Raises BadInput where the document is no sip.conf.
    """
    _require_sip_conf(document)
    file = document.files[0] if document.files else ""
    general = [s for s in document.sections if s.name.lower() == GENERAL]
    realms = [s for s in document.sections if s.name.lower() == AUTHENTICATION and not s.template]
    where = general[0].where if general else Location(file)
    conf = SipConf(
        Options(GENERAL, where, [e for s in general for e in s.entries]),
        [],
        Options(AUTHENTICATION, where, [e for s in realms for e in s.entries]),
        [_ignored(n) for n in document.notices],
    )
    groups: dict[str, list[Section]] = {}
    for section in document.sections:
        if section.template or section.name.lower() in (GENERAL, AUTHENTICATION):
            continue
        kind = _last_type(section)
        if kind not in PEER_TYPES:
            why = f"{'no type' if not kind else f'type={printable(kind, 40)}'}: not a peer"
            conf.ignored.append(Leftover(section.where, f"[{section.name}]", why))
        else:
            groups.setdefault(section.name.lower(), []).append(section)
    for sections in groups.values():
        conf.peers.append(_peer(sections, conf.ignored))
    return conf


def _peer(sections: list[Section], ignored: list[Leftover]) -> Options:
    name = sections[-1].name
    parents = sections[0].parents if len(sections) == 1 else ()
    peer = Options(name, sections[0].where, [e for s in sections for e in s.entries], parents)
    if len(sections) > 1:
        users = [s for s in sections if _last_type(s) == "user"]
        if users and len(users) < len(sections):
            peer.user_secret = Options(name, users[-1].where, users[-1].entries).last("secret")
        ignored += _overridden(sections)
    for section in sections:
        if section.name != name:
            line = sections[-1].where.line
            why = f"chan_sip takes [{name}] in line {line} for the same peer: both became one"
            ignored.append(Leftover(section.where, f"[{section.name}]", why))
    return peer


def _require_sip_conf(document: Document) -> None:
    """Raises BadInput for a pjsip.conf, and for a file that holds neither settings nor a peer."""
    file = document.files[0] if document.files else "sip.conf"
    if any(
        s.name.lower() in (GENERAL, AUTHENTICATION) or _last_type(s) in PEER_TYPES for s in document.sections
    ):
        return
    kinds = sorted({s.type for s in document.sections} & set(schema()))
    if kinds:
        what = f"is a pjsip.conf already: it has sections of type {', '.join(kinds[:4])}"
        raise BadInput(what, where=Location(file), hint="migrate reads a sip.conf; check judges a pjsip.conf")
    if not any(s.template for s in document.sections):
        what = "is no sip.conf: it holds no [general] and no section of type peer, friend or user"
        raise BadInput(what, where=Location(file), hint="name the sip.conf, which includes the others")


def _ignored(notice: Notice) -> Leftover:
    """A line that Asterisk passes over as well; its text may be a secret whose `=` is missing."""
    what = "a line without =" if notice.code in ("no-equals", "no-name") else notice.what
    return Leftover(notice.where, what, notice.hint or "ignored by Asterisk too")


def _overridden(sections: list[Section]) -> list[Leftover]:
    """Options of earlier sections that a later one of the same name changes, lists and secrets aside."""
    leftovers = []
    last = {e.name.lower(): e for s in sections for e in s.entries}
    for section in sections[:-1]:
        for entry in section.entries:
            final = last[entry.name.lower()]
            if final.value != entry.value and entry.name.lower() not in ("type", "secret", *LISTS):
                why = (
                    f"the section of that name says otherwise in line {final.where.line}, and both became one"
                )
                leftovers.append(Leftover(entry.where, written(entry), why))
    return leftovers


def _last_type(section: Section) -> str:
    return next((e.value.strip().lower() for e in reversed(section.entries) if e.name.lower() == "type"), "")
