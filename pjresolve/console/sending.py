"""Which of a registration's targets is meant, and when registrations have settled.

Rules of this file:
- a target of the predicted list is chosen by its number or its address;
- one that is written out whole needs no list, and so no DNS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.model import Family, Protocol, Target, TransportType, canonical_address
from pjresolve.prediction.prediction import Prediction
from pjresolve.stacks.protocol import Sender
from pjresolve.words import there_are

TARGET = Parameter("target")
UNSETTLED = 60.0
"""Seconds after the first query to look at where nothing ever registers."""

_WHOLE = re.compile(r"(udp|tcp|tls)[/ :](\[[^\]]+\]|[0-9.]+|[0-9A-Fa-f:]+)(?::([0-9]{1,5}))?", re.IGNORECASE)


def whole_target(text: str) -> Target | None:
    """The target that `PROTOCOL/ADDRESS[:PORT]` names, IPv6 in brackets before a port; None for other texts.

    Raises BadInput for an address or a port that cannot be.
    """
    match = _WHOLE.fullmatch(text.strip())
    if match is None:
        return None
    protocol, address = Protocol(match[1].lower()), canonical_address(match[2])
    port = int(match[3]) if match[3] else protocol.default_port
    if address is None or not 0 < port < 65536:
        raise BadInput(
            f"{printable(text, 60)} is no target", where=TARGET, hint="write e.g. tcp/192.0.2.1:5060"
        )
    return Target(TransportType(protocol, Family.of(address)), address, port)


def chosen_target(targets: Sequence[Target], sender: Sender | None, text: str | None, where: str) -> Target:
    """The target of a list that `text` names by number from 1 or by address; None: the first that is tried.

    `where` is who sends. Raises BadInput with the targets that there are.
    """
    pinned = sender.pinned if sender else None
    first = next((t for t in targets if pinned in (None, t.transport)), None)
    if first is None:
        dead_end = sender.dead_end if sender else ""
        raise BadInput(
            f"no target is tried{f': {dead_end}' if dead_end else ''}",
            where=where,
            hint=("write a target out, such as ", TARGET, " udp/192.0.2.1:5060"),
        )
    if text is None:
        return first
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= len(targets):
        return targets[int(text[:9]) - 1]
    address = canonical_address(text)
    found = next((t for t in targets if t.address == address), None)
    if found is None:
        known = there_are(f"{number} {target}" for number, target in enumerate(targets, 1))
        raise BadInput(
            f"no target is {printable(text, 60)!r}",
            where=TARGET,
            hint=known,
        )
    return found


def settled(predictions: Iterable[Prediction]) -> float:
    """When the last of the registrations that register did so, in seconds from its first query."""
    return max((p.registered.t for p in predictions if p.registered), default=UNSETTLED)


def escaped(message: str) -> str:
    """A message as it may be shown, line by line."""
    return "".join(f"{printable(line, 2000)}\n" for line in message.splitlines())
