"""What `pjresolve show` is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pjresolve.scenario.choice import Choice


class What(StrEnum):
    """What can be shown."""

    TRANSPORTS = "transports"
    SOCKETS = "sockets"
    REGISTRATIONS = "registrations"
    REGISTER = "register"


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
