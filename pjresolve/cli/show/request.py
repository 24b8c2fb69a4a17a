"""What `pjresolve show` is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pjresolve.errors import BadInput, printable
from pjresolve.words import listed, there_are

if TYPE_CHECKING:
    from pjresolve.scenario.choice import Choice


class What(StrEnum):
    """What can be shown."""

    TRANSPORTS = "transports"
    SOCKETS = "sockets"
    REGISTRATIONS = "registrations"
    ENDPOINTS = "endpoints"
    CONTACTS = "contacts"
    AORS = "aors"
    IDENTIFIES = "identifies"
    REGISTER = "register"
    INVITE = "invite"


TRUNK = (What.ENDPOINTS, What.CONTACTS, What.AORS, What.IDENTIFIES)
"""What is about calls."""


def read_what(text: str) -> What:
    """What is to be shown. Raises BadInput."""
    word = text.strip().lower()
    if word not in tuple(What):
        raise BadInput(f"{printable(text, 40)!r} cannot be shown", where="WHAT", hint=there_are(What, word))
    return What(word)


@dataclass(frozen=True, slots=True)
class Request:
    """The command's options as written."""

    what: What
    config: Path
    registrations: tuple[str, ...]
    config_dir: Path | None
    target: str | None
    credentials: bool
    local4: str | None
    local6: str | None
    at: str | None
    choice: Choice
    endpoint: str | None = None
    number: str | None = None
    caller: str | None = None
    withheld: bool = False

    def check(self) -> Request:
        """Raise BadInput for an option that has no meaning for what is shown."""
        message, registered = (What.REGISTER, What.INVITE), (What.REGISTRATIONS, What.REGISTER)
        moment = (What.REGISTRATIONS, What.ENDPOINTS, What.CONTACTS, What.AORS)
        dns = (*registered, What.INVITE, *TRUNK)
        choice = self.choice
        meant = (
            ("ENDPOINT", self.endpoint is not None, (What.INVITE,)),
            ("--caller", self.caller is not None, (What.INVITE,)),
            ("--withheld", self.withheld, (What.INVITE,)),
            ("--at", self.at is not None, moment),
            ("--target", self.target is not None, message),
            ("--credentials", self.credentials, message),
            ("--local4", self.local4 is not None, message),
            ("--local6", self.local6 is not None, message),
            ("--registration", bool(self.registrations), registered),
            ("--nameserver", bool(choice.nameservers), dns),
            ("--zone", bool(choice.zones), dns),
            ("--snapshot", bool(choice.snapshots), dns),
            ("--offline", choice.offline, dns),
        )
        for option, given, tables in meant:
            if given and self.what not in tables:
                hint = f"it is for `pjresolve show` of {listed(tables)}"
                raise BadInput(f"says nothing of {self.what}", where=option, hint=hint)
        return self
