"""Predictions to draw: of recordings, and of a world whose every name is hostile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import Scenario, parse_scenario
from tests.recordings import library

DRAWN = (
    "udp-drop1", "tcp-drop1", "tcp-drop1-six", "rereg-primary-dead", "naptr-d2u-only", "base",
    "event-tcp-outage", "many", "nosrv-tcponly", "auth-reject", "all-srv-pinned-udp", "dns-nxdomain",
    "ip4-literal", "srv-weights", "uri-udp-pinned-tcp",
)  # fmt: skip
"""Recordings that show every kind of row, box and end."""
NAMES = sorted({*DRAWN, *library.NAMES[::8]})
"""Those, and every eighth recording: many enough to meet what nobody thought of."""


MARKUP = "<script>alert(1)</script>"
BIDI = "\u202etxt.exe\u202c"
HEBREW = "\u05d0\u05d1\u05d2\u05d3"
LONG = ".".join(["x" * 63] * 3 + ["y" * 61])
"""253 letters in four labels: the longest name there is."""


@cache
def scenario(name: str) -> Scenario:
    """The scenario of a recording."""
    return library.recorded_scenario(name)


@cache
def predicted(name: str) -> Prediction:
    """What is predicted for a recording's scenario; `hostile` for the world below."""
    return simulate_scenario(hostile() if name == "hostile" else scenario(name))


def hostile() -> Scenario:
    """No name here is to be trusted: markup, control characters, right-to-left text, 253 letters."""
    bad = r"\<b\>\"\'\&\027\010evil.example.net."
    zone = "\n".join(
        [
            f'sip.example.net. 300 IN NAPTR 10 10 "s" "{MARKUP}" "" {bad}',
            'sip.example.net. 300 IN NAPTR 20 10 "s" "SIP+D2U]--" "!^.*$!`]}};|!" _sip._udp.sip.example.net.',
            f"_sip._udp.sip.example.net. 300 IN SRV 10 10 5060 {LONG}.",
            f"_sip._udp.sip.example.net. 300 IN SRV 20 10 5060 {bad}",
            r"_sip._udp.sip.example.net. 300 IN SRV 30 10 5060 \215\144\215\145.example.net.",
            f"{LONG}. 300 IN A 203.0.113.1",
            f"{LONG}. 300 IN AAAA 2001:db8:1234:5678:9abc:def0:1234:5678",
            f"{bad} 300 IN A 203.0.113.2",
            r"\215\144\215\145.example.net. 300 IN A 203.0.113.3",
        ]
    )
    name = f"{MARKUP} {BIDI} {HEBREW}"
    plain = scenario("udp-drop1")
    pjsip = plain.pjsip.replace("[itsp]", f'["><svg onload=alert(1)>{HEBREW}]')
    return replace(
        plain,
        name=f"{name} \x1b[31m \x07 e{chr(0x301) * 40} `;#%%end %% --> ]]>",
        zone=zone + "\n",
        pjsip=pjsip,
        hosts={},
        duration=80.0,
        stop="duration",
    )


def in_a_row(behaviours: Sequence[Any]) -> Prediction:
    """A registration at as many hosts of one list, 203.0.113.1 and on, over UDP, for 400 s at most."""
    numbers = range(1, len(behaviours) + 1)
    records = "\n".join(f"@ 300 IN SRV {n} 1 5060 h{n}\nh{n} 300 IN A 203.0.113.{n}" for n in numbers)
    pjsip = "[u]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
    pjsip += "[r]\ntype=registration\nserver_uri=sip:example.net\nclient_uri=sip:a@example.net\n"
    world = {
        "zone": f"$ORIGIN _sip._udp.example.net.\n{records}\n",
        "pjsip": pjsip,
        "hosts": {f"203.0.113.{n}": {"udp/5060": behaviours[n - 1]} for n in numbers},
        "duration": 400,
    }
    return simulate_scenario(parse_scenario(json.dumps(world), name="row", folder=None))
