"""A real authoritative name server for the tests of live DNS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.dns.servers import running_nsd

EXAMPLE = """\
$ORIGIN example.net.
$TTL 300
@ IN SOA ns hostmaster 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
sip IN NAPTR 10 10 "s" "SIP+D2U" "" _sip._udp.sip
sip IN NAPTR 20 10 "S" "SIPS+D2T" "" _sips._tcp.sip
sip IN AAAA 2001:db8:5::1
_sip._udp.sip IN SRV 10 60 5060 p1
_sip._udp.sip IN SRV 10 40 5060 p2
_sips._tcp.sip IN SRV 10 0 5061 p1
p1 IN A 203.0.113.1
p1 IN AAAA 2001:db8:5::1
p2 IN CNAME p2.example.org.
alias IN CNAME alias1
alias1 IN CNAME p1
round IN CNAME about
about IN CNAME round
odd\\001label IN A 203.0.113.7
""" + "".join(f"many IN A 203.0.{n // 250}.{n % 250 + 1}\n" for n in range(500))

OTHER = """\
$ORIGIN example.org.
$TTL 300
@ IN SOA ns.example.net. hostmaster 1 3600 600 86400 60
@ IN NS ns.example.net.
p2 IN A 203.0.113.2
p2 IN A 203.0.113.1
"""


@pytest.fixture(scope="session")
def nsd(program: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of an nsd with the zones above; skips (in CI: fails) where nsd is not installed."""
    folder: Path = tmp_path_factory.mktemp("nsd")
    zones = {"example.net": EXAMPLE, "example.org": OTHER}
    with running_nsd(program("nsd", package="nsd"), folder, zones) as address:
        yield address
