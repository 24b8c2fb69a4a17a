r"""From dnspython's values to the model's.

Rules of this file:
- names and texts come out in presentation format (RFC 1035 section 5.1): control characters are `\ddd`;
- names are lower-case without their final dot, addresses canonical;
- a record of a type that no SIP client asks for is None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pjresolve.model import (
    AddressData,
    NaptrData,
    Record,
    RecordData,
    SrvData,
    canonical_address,
    canonical_name,
)

if TYPE_CHECKING:
    import dns.name
    import dns.rdata

A, CNAME, AAAA, SRV, NAPTR = 1, 5, 28, 33, 35
"""Record type numbers (RFC 1035, RFC 3596, RFC 2782, RFC 3403)."""

TYPE_NUMBERS = {"A": A, "AAAA": AAAA, "SRV": SRV, "NAPTR": NAPTR}
TYPE_NAMES = {number: name for name, number in TYPE_NUMBERS.items()}


def name_text(name: dns.name.Name) -> str:
    """A name as the model writes it."""
    return canonical_name(name.to_text())


def character_string(raw: bytes) -> str:
    """A `<character-string>` (RFC 1035 section 3.3) in presentation format, without its quotes."""
    return "".join(
        f"\\{chr(b)}" if b in b'"\\' else chr(b) if 0x20 <= b < 0x7F else f"\\{b:03d}" for b in raw
    )


def record_of(owner: str, ttl: int, rdata: dns.rdata.Rdata) -> Record | None:
    """The model's record for one record's data, or None for a type that is none of A, AAAA, SRV, NAPTR."""
    rtype = TYPE_NAMES.get(int(rdata.rdtype))
    data = _data(rtype, rdata) if rtype else None
    return Record(owner, ttl, rtype, data) if rtype and data else None


def _data(rtype: str, rdata: Any) -> RecordData | None:
    """`rdata`'s fields; its class depends on the type, which dnspython's own types do not express."""
    if rtype in ("A", "AAAA"):
        address = canonical_address(rdata.address)
        return AddressData(address) if address else None
    if rtype == "SRV":
        return SrvData(rdata.priority, rdata.weight, rdata.port, name_text(rdata.target))
    return NaptrData(
        rdata.order,
        rdata.preference,
        character_string(rdata.flags),
        character_string(rdata.service),
        character_string(rdata.regexp),
        name_text(rdata.replacement),
    )
