"""NAPTR records: which are taken up, and the SRV queries they lead to (RFC 3263 section 4.1, RFC 3403).

Rules of this file:
- a record is judged by one function that answers with a reason, never with a bare boolean;
- what a stack makes of the verdicts is the stack's business.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pjresolve.model import NaptrData, Protocol, Record, TransportType

SERVICES: dict[str, Protocol] = {"SIP+D2U": Protocol.UDP, "SIP+D2T": Protocol.TCP, "SIPS+D2T": Protocol.TLS}
"""The services a client over UDP, TCP and TLS looks for; compared case-insensitively (recording `r7-015`).
"""


def naptr_data(record: Record) -> NaptrData:
    """The data of a record that is a NAPTR."""
    assert isinstance(record.data, NaptrData)
    return record.data


def order(records: Sequence[Record]) -> list[Record]:
    """By order, then preference; ties as they stand in the answer (recordings `naptr-equal`,
    `naptr-two-sips`).
    """
    return sorted(records, key=lambda r: (naptr_data(r).order, naptr_data(r).preference))


def refused(
    data: NaptrData, protocol: Protocol, available: Collection[TransportType]
) -> tuple[str, str] | None:
    """Why a record of a known service is not followed, as (reason, recording), or None where it is."""
    if data.flags.upper() != "S":
        return f'its flag is "{data.flags}", and only "s" is followed', "naptr-flag-a"
    if data.regexp:
        return "it has a regular expression, and only a replacement is followed", "rr-naptr-regexp-plus-good"
    if data.replacement in ("", "."):
        return "its replacement is empty", "naptr-flag-a"
    if not any(t.protocol is protocol for t in available):
        return f"no {protocol.value.upper()} transport is configured", "base"
    return None
