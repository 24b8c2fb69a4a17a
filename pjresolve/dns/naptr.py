"""NAPTR records: the services of SIP, and the order of records (RFC 3263 section 4.1, RFC 3403).

Rules of this file: which records a stack follows is the stack's business.
"""

from __future__ import annotations

from collections.abc import Sequence

from pjresolve.model import NaptrData, Protocol, Record

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
