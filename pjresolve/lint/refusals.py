"""By what a rule knows why Asterisk refuses an object: the words of its log, and the stack's evidence."""

from __future__ import annotations

from pjresolve.config.loading import Refusal
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.words import listed

IN_USE = "Address already in use"
"""The end of the message about a transport whose socket another one has."""
UNKNOWN_OPTION = "Could not find option suitable for category"
DUPLICATE = "configuration contains a duplicate object"
LINE_WITHOUT_ENDPOINT = "Line support has been enabled on"
ENDPOINT_WITHOUT_LINE = "An endpoint has been specified on"
NO_CONTACT = "nosrv-tcponly"
"""The recording that the stack names where the Contact finds no transport."""


def follows(context: Context, refusal: Refusal) -> str:
    """What comes of a refused transport for others, which have no finding of their own; empty for others."""
    if refusal.type != "transport":
        return ""
    lost = [t.name for t in context.trunks if t.refusal is not None and t.refusal.evidence == NO_CONTACT]
    pinned = [r.name for r in context.config.registrations.values() if r.transport == refusal.name]
    said = f"; refused for it: {listed(map(printable, lost))}" if lost else ""
    others = [name for name in pinned if name not in lost]
    return said + (f"; {listed(map(printable, others))} go another way" if others else "")
