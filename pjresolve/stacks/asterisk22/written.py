"""URIs as Asterisk writes them into its requests.

Rules of this file: known parameters come first, everything else stands as in the file.
"""

from __future__ import annotations

from pjresolve.config import uris
from pjresolve.errors import BadInput

KNOWN_PARAMETERS = ("user", "method", "transport", "ttl", "maddr", "lr")
"""URI parameters that are written first, in this order and in lower case, wherever they stood."""
UNSHOWN_IN_FROM = ("transport", "method", "ttl", "maddr", "lr")
"""URI parameters that a From or To does not carry (RFC 3261 section 19.1.1, table 1)."""


def written_uri(text: str) -> str:
    """A URI as Asterisk writes it. Raises BadInput where it is none."""
    return spelt_uri(parts_of(text))


def identity(text: str) -> str:
    """The URI of From and To: without port and without the parameters not allowed there. Raises BadInput."""
    return spelt_identity(parts_of(text))


def spelt_identity(parts: uris.WrittenUri) -> str:
    """As `identity`, for a URI that was read."""
    return spelt_uri(parts._replace(port=None), UNSHOWN_IN_FROM)


def spelt_uri(parts: uris.WrittenUri, without: tuple[str, ...] = ()) -> str:
    """The URI with its parameters in Asterisk's order; port 0 is none (`uri-port0`)."""
    known: dict[str, str] = {}
    others: list[str] = []
    for name, value in parts.params:
        shown = f"={value}" if value else ""  # recording `uri-emptytp`
        if name.lower() in without:
            continue
        if name.lower() in KNOWN_PARAMETERS:
            known[name.lower()] = name.lower() + shown
        else:
            others.append(name + shown)
    params = [known[name] for name in KNOWN_PARAMETERS if name in known] + others
    user = f"{parts.user}@" if parts.user else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}:{user}{parts.host}{port}{''.join(f';{p}' for p in params)}"


def parts_of(text: str) -> uris.WrittenUri:
    """The URI in its parts. Raises BadInput where it is none."""
    parts = uris.written_uri(text)
    if parts is None:
        raise BadInput(f"{text!r} is not a SIP URI", hint="write sip:HOST or sip:USER@HOST")
    return parts
