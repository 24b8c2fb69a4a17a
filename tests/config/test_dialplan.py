"""What is read of extensions.conf."""

from __future__ import annotations

import pytest

from pjresolve.config.dialplan import Dial, read_dials


@pytest.mark.parametrize(
    ("line", "endpoints"),
    [
        ("exten => _X.,1,Dial(PJSIP/${EXTEN}@itsp,30)", ["itsp"]),
        ("same => n(here),Dial(pjsip/itsp,30,rT)", ["itsp"]),
        ("exten = 1,1,Dial( PJSIP/1@a & PJSIP/b , 30 )", ["a", "b"]),
        ("same => n,ExecIf($[${A} = 1]?Dial(PJSIP/${FILTER(0-9,${EXTEN})}@itsp,30))", ["itsp"]),
        ("same => n,Dial(PJSIP/itsp/sip:1@192.0.2.1\\;transport=tcp&PJSIP/b,30)", ["b"]),
        ("same => n,Dial(PJSIP/1@${TRUNK},30)", []),
        ("same => n,Dial(PJSIP/1@itsp,${WAIT})", []),
        ("same => n,Dial(PJSIP/1@itsp)", []),
        ("same => n,Dial(PJSIP/1@itsp,30", []),
        ("same => n,NoOp() ; Dial(PJSIP/1@itsp,30)", []),
        ("include => Dial(PJSIP/1@itsp,30)", []),
        ("same => n,MyDial(PJSIP/1@itsp,30)", []),
        ("same => n,Dial(" + "(" * 100_000, []),
    ],
)
def test_whom_a_dial_calls(line: str, endpoints: list[str]) -> None:
    found = list(read_dials(f"[out]\n{line}\n"))
    assert found == [Dial(2, endpoint, 30.0) for endpoint in endpoints]
