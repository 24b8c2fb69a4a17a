"""Status codes of SIP answers: their names, and which ask for credentials (RFC 3261 section 21).

Rules of this file: what the RFC says of a code; what a client makes of it is its stack's business.
"""

from __future__ import annotations

CHALLENGES = (401, 407)
"""Unauthorized, from a registrar; Proxy Authentication Required, from a proxy."""
PHRASES = {
    100: "Trying", 200: "OK", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    407: "Proxy Authentication Required", 408: "Request Timeout", 423: "Interval Too Brief",
    480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 484: "Address Incomplete",
    488: "Not Acceptable Here", 489: "Bad Event", 500: "Server Internal Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Server Time-out", 603: "Decline",
}  # fmt: skip
"""Reason phrases."""


def is_challenge(status: int) -> bool:
    """Whether an answer asks for credentials."""
    return status in CHALLENGES
