"""Values to be filled in: one finding, and none that follows from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pjresolve.config.objects import load_text
from pjresolve.lint.context import Context
from pjresolve.lint.placeholders import is_placeholder
from pjresolve.lint.run import verdicts
from tests.lint.composing import composed, found

UNFILLED = """
[itsp]
type=registration
server_uri=sip:${PROVIDER}
client_uri=${USER}@<PROVIDER>
transport=__TRANSPORT__

[itsp]
type=identify
match={{ provider }}

[desk]
type=endpoint
context=phones
auth=desk
aors=%DESK%
allow=alaw

[desk]
type=auth
username=desk
password=YOUR_PASSWORD
nonsense=${X}
"""


def test_one_finding_and_none_that_follows(tmp_path: Path) -> None:
    codes = [f.code for f in found(tmp_path, composed(UNFILLED))]
    assert codes.count("PJ513") == 1
    assert set(codes) <= {"PJ513", "PJ502", "PJ501", "PJ309"}
    assert "PJ502" in codes  # the option is wrong whatever its value will be


def test_filled_in_with_the_same_faults_it_is_told(tmp_path: Path) -> None:
    """Else the filter could be silent about everything."""
    nobody = {f.code for f in found(tmp_path, composed(UNFILLED.replace("%DESK%", "nobody")))}
    assert "PJ311" in nobody
    guessed = UNFILLED.replace("%DESK%", "desk").replace("YOUR_PASSWORD", "desk").replace("nonsense=${X}", "")
    guessed += "\n[desk]\ntype=aor\nmax_contacts=1\n"
    assert "PJ315" in {f.code for f in found(tmp_path, composed(guessed))}


def test_a_registration_that_depends_on_it_has_no_verdict() -> None:
    (verdict,) = verdicts(Context(load_text(composed(UNFILLED))))
    assert verdict.registers is None
    assert verdict.text == "not predicted: server_uri is still to be filled in"


@pytest.mark.parametrize(
    "value",
    [
        "${X}",
        "a$(b)",
        "sip:$HOST",
        "{{x}}",
        "{password}",
        "<your-ip>",
        "__X__",
        "@X@",
        "%X%",
        "YOUR_IP",
        "your-password",
        "CHANGE_ME",
        "xxx.xxx.xxx.xxx",
        "x.x.x.x",
        "XXXXXX",
        "[your_ip]",
        "********",
    ],
)
def test_marks(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "changeme",
        "a__b",
        "$ecret",
        "sip:100@pbx",
        "<sip:203.0.113.1;lr>",
        "[2001:db8::1]",
        "100%",
        "{",
        "a<b",
        "/^<sip:.*>$/",
        "xxl.example",
        "yourtelecom.example",
        "P@SS@W",
    ],
)
def test_whole_values(value: str) -> None:
    assert not is_placeholder(value)
