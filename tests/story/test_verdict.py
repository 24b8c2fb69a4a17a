"""The verdict's reasons, from provenance."""

from __future__ import annotations

import pjresolve


def reasons(**options: str) -> list[str]:
    return list(pjresolve.resolve("sip6.voipgrid.nl", offline=True, **options).reasons)  # type: ignore[arg-type]


def test_the_first_target_is_explained_by_what_was_missing_before_it() -> None:
    assert reasons()[0] == "TCP: there is an SRV record for TCP, none for TLS"


def test_a_later_target_does_not_deny_the_records_before_it() -> None:
    said = "UDP: there is an SRV record for UDP, none for TLS, those for TCP come first"
    assert reasons(faults="tcp=503")[0] == said
