"""What rules say of who gets in, held against what the real Asterisk answered to requests that came in.

Each recording of `calls` has a stranger's address, which no configuration names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pjresolve.config.objects import load_path
from pjresolve.lint.access import restricted
from pjresolve.lint.context import Context
from pjresolve.lint.run import Selection, findings
from tests.recordings.library import CALL_NAMES, recording

pytestmark = pytest.mark.recording
STRANGERS = ("192.0.2.66", "2001:db8:5::66")


def context_of(name: str, folder: Path) -> Context:
    path = folder / "pjsip.conf"
    path.write_text(recording(name)["scenario"]["pjsip"])
    return Context(load_path(path))


def answers(name: str) -> Iterator[tuple[dict[str, Any], str, int]]:
    """Each request of a stranger, the name that it says (in Authorization, else in From), and the answer."""
    content = recording(name)
    for n, request in enumerate(content["scenario"].get("incoming", ())):
        final = [
            e["status"]
            for e in content["sip"]
            if e["kind"] == "response" and e["call"] == f"incoming-{n}" and e["status"] >= 200
        ]
        headers = request.get("headers", {})
        user = re.search(r'username="([^"]*)"', headers.get("Authorization", "")) or re.search(
            r"sip:([^@>]*)@", headers.get("From", "")
        )
        if request["from"] in STRANGERS and user and final:
            yield request, user[1], final[0]


def by_name(name: str, context: Context) -> Iterator[tuple[str, bool]]:
    """Endpoints that a stranger's INVITE names and nothing else leads to, and whether it got in."""
    text = recording(name)["scenario"]["pjsip"]
    for request, user, status in answers(name):
        elsewhere = "X-Trunk" in str(request) or "match_request_uri" in text or "0/0" in text or "/1" in text
        if user in context.config.endpoints and request.get("method") != "REGISTER" and not elsewhere:
            yield user, status == 200


NAMED = [name for name in CALL_NAMES if name.startswith("wi-") and list(answers(name))]


@pytest.mark.parametrize("name", NAMED)
def test_an_endpoint_is_said_to_be_open_where_a_stranger_got_in_by_its_name(
    name: str, tmp_path: Path
) -> None:
    context = context_of(name, tmp_path)
    said = {f.subject for f in findings(context, Selection(("PJ307",)))}
    tried = list(by_name(name, context))
    for endpoint in {endpoint for endpoint, _ in tried} - {"anonymous", "dpma_endpoint"}:
        assert (endpoint in said) == ((endpoint, True) in tried), endpoint


def test_the_recordings_show_both() -> None:
    results = {got_in for name in NAMED for _, got_in in by_name(name, Context(load_text_of(name)))}
    assert results == {True, False}


def load_text_of(name: str) -> Any:
    from pjresolve.config.objects import load_text

    return load_text(recording(name)["scenario"]["pjsip"])


FIXED = {
    "wi-identify": "wi-identify-by-ip",
    "wi-line": "wi-line-by-ip",
    "wi-registration": "wi-registration-by-ip",
    "wi-contact": "wi-contact-by-ip",
    "wi-header": "wi-header-by-ip",
    "wi-request-uri": "wi-request-uri-by-ip",
}
"""Configurations that let a stranger in by name, and the same with `identify_by=ip`."""


@pytest.mark.parametrize(("name", "mended"), FIXED.items(), ids=list(FIXED))
def test_the_printed_fix_is_the_one_that_was_recorded(name: str, mended: str, tmp_path: Path) -> None:
    """The fix makes the one configuration the other, where strangers get 401 and the provider is let in."""
    (finding,) = findings(context_of(name, tmp_path), Selection(("PJ307",)))
    assert finding.fix.partition("   ;")[0] == "identify_by=ip"
    text = recording(name)["scenario"]["pjsip"]
    fixed = text.replace("allow=alaw\n", "allow=alaw\nidentify_by=ip\n")
    assert fixed == recording(mended)["scenario"]["pjsip"]
    assert {status for request, user, status in answers(mended) if user == "itsp"} <= {401}
    let_in = [e["status"] for e in recording(mended)["sip"] if e["kind"] == "response"]
    assert (200 in let_in) == (name not in ("wi-registration", "wi-contact")), "nothing names their provider"


def test_an_acl_keeps_strangers_out(tmp_path: Path) -> None:
    for name in ("wi-deny", "wi-acl-section"):
        context = context_of(name, tmp_path)
        assert restricted(context, context.config.endpoints["desk"])
        assert not findings(context, Selection(("PJ307",)))
        assert next(status for _, _, status in answers(name)) in (401, 403)


def test_a_fixed_contact_alone_gets_an_identify_section(tmp_path: Path) -> None:
    """Without one, `identify_by=ip` shuts out the peer that is recognised by name today."""
    text = recording("wi-contact")["scenario"]["pjsip"].replace("sip:sip.example.net", "sip:203.0.113.10")
    path = tmp_path / "pjsip.conf"
    path.write_text(text)
    (finding,) = findings(Context(load_path(path)), Selection(("PJ307",)))
    options, _, section = finding.fix.partition("\n\n")
    mended = recording("wi-contact-by-ip-and-identify")["scenario"]["pjsip"]
    assert options == "identify_by=ip"
    assert section in mended
    assert [status for _, _, status in answers("wi-contact-by-ip-and-identify")] == [401]
