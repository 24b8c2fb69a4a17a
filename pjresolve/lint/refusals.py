"""By what a rule knows why Asterisk refuses an object: the words of its log, and the stack's evidence."""

from __future__ import annotations

IN_USE = "Address already in use"
"""The end of the message about a transport whose socket another one has."""
UNKNOWN_OPTION = "Could not find option suitable for category"
DUPLICATE = "configuration contains a duplicate object"
LINE_WITHOUT_ENDPOINT = "Line support has been enabled on"
ENDPOINT_WITHOUT_LINE = "An endpoint has been specified on"
NO_CONTACT = "nosrv-tcponly"
"""The recording that the stack names where the Contact finds no transport."""
