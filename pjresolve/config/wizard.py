"""pjsip_wizard.conf: the objects that `res_pjsip_config_wizard` makes of each section with `type=wizard`.

Rules of this file:
- what is made of an option was asked of Asterisk 22.10.1 (`wizard.json` beside the recordings of the reader);
- every value keeps the line that gave it, so that whatever is wrong with it is told there;
- hints and phone provisioning are no objects that anything here looks at, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pjresolve.config.schema import truth
from pjresolve.config.sections import Document, Entry, Section
from pjresolve.errors import Location, printable

FILE_NAME = "pjsip_wizard.conf"
OPTIONS = (
    "type", "sends_auth", "accepts_auth", "sends_registrations", "sends_line_with_registrations",
    "accepts_registrations", "remote_hosts", "outbound_proxy", "transport", "server_uri_pattern",
    "client_uri_pattern", "contact_pattern", "has_phoneprov", "has_hint", "hint_context", "hint_exten",
    "hint_application",
)  # fmt: skip
"""What a wizard itself takes, in any case."""
PREFIXES = {
    "endpoint": "endpoint", "aor": "aor", "inbound_auth": "auth", "outbound_auth": "auth",
    "identify": "identify", "registration": "registration", "phoneprov": "phoneprov",
}  # fmt: skip
"""What may stand before a `/`, in this case alone, and the type whose options follow."""
_PARAMETER = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Made:
    """An object that a wizard makes, or with a `fault` the one that it should have made."""

    kind: str
    section: Section
    fault: str = ""


def wizards(document: Document) -> list[Section]:
    """The wizards of a document; of several with one name the last counts."""
    found: dict[str, Section] = {}
    for section in document.sections:
        kinds = [entry.value for entry in section.entries if entry.name.lower() == "type"]
        if not section.template and "wizard" in kinds:
            found[section.name] = section
    return list(found.values())


def made_by(wizard: Section) -> list[Made]:
    """Every object of a wizard. Each type is made for itself: one that fails leaves the others there."""
    work = _Work(wizard)
    return [
        *work.auths(),
        work.endpoint(),
        work.aor(),
        *work.identify(),
        *work.registrations(),
    ]


@dataclass(slots=True)
class _Work:
    wizard: Section
    hosts: list[str] = field(init=False)

    def __post_init__(self) -> None:
        written = self.text("remote_hosts")
        self.hosts = [host.strip() for host in written.split(",")] if written else []

    # ------------------------------------------------------------------ what is written

    def text(self, option: str, default: str = "") -> str:
        entry = self.wizard.last(option)
        return entry.value if entry else default

    def yes(self, option: str) -> bool:
        return truth(self.text(option))

    def where(self, option: str) -> Location:
        entry = self.wizard.last(option)
        return entry.where if entry else self.wizard.where

    def filled(self, option: str, default: str, host: str, user: str = "") -> str:
        """A pattern with its parameters; one that does not exist is empty."""
        values = {"REMOTE_HOST": host, "USERNAME": user}
        return _PARAMETER.sub(lambda m: values.get(m[1], ""), self.text(option, default))

    def given(self, prefix: str) -> list[Entry]:
        """The options below a prefix, which is compared with its case."""
        start = f"{prefix}/"
        return [
            Entry(entry.name[len(start) :], entry.value, entry.where)
            for entry in self.wizard.entries
            if entry.name.startswith(start) and len(entry.name) > len(start)
        ]

    def shared(self, *options: str) -> list[Entry]:
        """The wizard's own options that several of its objects take, as they count."""
        return [Entry(o, self.text(o), self.where(o)) for o in options if self.text(o)]

    def section(self, kind: str, name: str, entries: list[Entry]) -> Section:
        every = (Entry("type", kind, self.where("type")), *entries)
        return Section(name, self.wizard.where, False, (), every, every)

    def failed(self, kind: str, name: str, option: str, message: str) -> Made:
        where = self.where(option)
        section = Section(name, where, False, (), (Entry("type", kind, where),), ())
        return Made(kind, section, f"Wizard '{printable(self.wizard.name)}' {message}")

    # ------------------------------------------------------------------ what is made

    def auths(self) -> Iterator[Made]:
        for option, prefix, suffix in (
            ("sends_auth", "outbound_auth", "oauth"),
            ("accepts_auth", "inbound_auth", "iauth"),
        ):
            name = f"{self.wizard.name}-{suffix}"
            if not self.yes(option):
                continue
            if self.wizard.last(f"{prefix}/username") is None:
                yield self.failed("auth", name, option, f"must have '{prefix}/username' if it {option}.")
            else:
                yield Made("auth", self.section("auth", name, self.given(prefix)))

    def endpoint(self) -> Made:
        name = self.wizard.name
        entries = [*self.given("endpoint"), Entry("aors", name, self.wizard.where)]
        if self.yes("accepts_auth"):
            entries.append(Entry("auth", f"{name}-iauth", self.where("accepts_auth")))
        if self.yes("sends_auth"):
            entries.append(Entry("outbound_auth", f"{name}-oauth", self.where("sends_auth")))
        entries += self.shared("transport", "outbound_proxy")
        return Made("endpoint", self.section("endpoint", name, entries))

    def aor(self) -> Made:
        entries = self.given("aor")
        if not any(entry.name.lower() == "contact" for entry in entries):
            for host in dict.fromkeys(self.hosts):
                contact = self.filled("contact_pattern", "sip:${REMOTE_HOST}", host)
                entries.append(Entry("contact", contact, self.where("remote_hosts")))
        entries += self.shared("outbound_proxy")
        return Made("aor", self.section("aor", self.wizard.name, entries))

    def identify(self) -> Iterator[Made]:
        name = f"{self.wizard.name}-identify"
        if self.yes("accepts_registrations") or self.yes("sends_line_with_registrations"):
            return
        if not self.hosts:
            what = "must have 'remote_hosts' if it doesn't accept registrations."
            yield self.failed("identify", name, "remote_hosts", what)
            return
        entries = self.given("identify")
        if not any(entry.name.lower() == "match" for entry in entries):
            entries += [Entry("match", host, self.where("remote_hosts")) for host in self.hosts]
        entries.append(Entry("endpoint", self.wizard.name, self.wizard.where))
        yield Made("identify", self.section("identify", name, entries))

    def registrations(self) -> Iterator[Made]:
        if not self.yes("sends_registrations"):
            return
        wizard = self.wizard.name
        if not self.hosts:
            what = "must have 'remote_hosts' if it sends registrations."
            yield self.failed("registration", f"{wizard}-reg-0", "sends_registrations", what)
            return
        user = wizard
        if self.yes("sends_auth") and self.wizard.last("outbound_auth/username"):
            user = self.text("outbound_auth/username")
        shared = self.shared("transport", "outbound_proxy")
        if self.yes("sends_auth"):
            shared.append(Entry("outbound_auth", f"{wizard}-oauth", self.where("sends_auth")))
        if self.yes("sends_line_with_registrations"):
            where = self.where("sends_line_with_registrations")
            shared += [Entry("line", "yes", where), Entry("endpoint", wizard, where)]
        for number, host in enumerate(self.hosts):
            server = self.filled("server_uri_pattern", "sip:${REMOTE_HOST}", host)
            client = self.filled("client_uri_pattern", "sip:${USERNAME}@${REMOTE_HOST}", host, user)
            uris = [
                Entry("server_uri", server, self._of_pattern("server_uri_pattern")),
                Entry("client_uri", client, self._of_pattern("client_uri_pattern")),
            ]
            entries = [*self.given("registration"), *uris, *shared]
            yield Made("registration", self.section("registration", f"{wizard}-reg-{number}", entries))

    def _of_pattern(self, option: str) -> Location:
        return self.where(option if self.wizard.last(option) else "remote_hosts")
