"""Which NAPTR records `res_pjsip` follows."""

from __future__ import annotations

import pytest

from pjresolve.model import TCP6, TLS4, UDP4, NaptrData, Protocol
from pjresolve.stacks.asterisk22.resolution import refused


def naptr(**changed: str) -> NaptrData:
    words = {"flags": "s", "service": "SIP+D2U", "regexp": "", "replacement": "r"} | changed
    return NaptrData(1, 1, **words)


@pytest.mark.parametrize("flags", ["s", "S"])
def test_a_record_that_leads_to_srv_is_followed(flags: str) -> None:
    assert refused(naptr(flags=flags), Protocol.UDP, {UDP4}) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"flags": "a"}, 'its flag is "a"'),
        ({"flags": ""}, 'its flag is ""'),
        ({"flags": "su"}, 'its flag is "su"'),
        ({"regexp": "!.*!sip:x!"}, "regular expression"),
        ({"replacement": ""}, "replacement is empty"),
        ({"replacement": "."}, "replacement is empty"),
    ],
)
def test_a_record_that_leads_elsewhere_is_not_followed_and_why(changed: dict[str, str], reason: str) -> None:
    verdict = refused(naptr(**changed), Protocol.UDP, {UDP4})
    assert verdict is not None
    assert reason in verdict[0]


def test_a_protocol_needs_a_transport_of_either_family() -> None:
    data = naptr()
    assert refused(data, Protocol.TCP, {TCP6}) is None
    verdict = refused(data, Protocol.TCP, {UDP4, TLS4})
    assert verdict is not None
    assert "no TCP transport" in verdict[0]
