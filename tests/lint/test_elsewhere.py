"""Objects that sorcery.conf takes from elsewhere: nothing is said of what is not in the file."""

from __future__ import annotations

from pathlib import Path

from pjresolve.config.objects import load_path
from pjresolve.lint.context import Context
from pjresolve.lint.run import findings, verdicts
from tests.lint.composing import composed, found

NOWHERE = """
[itsp]
type=registration
transport=nothing
outbound_auth=nobody

[desk]
type=endpoint
context=phones
auth=nowhere
aors=nowhere
allow=alaw

[unused]
type=aor
"""
MAPPED = """
[res_pjsip]
endpoint=config,pjsip.conf,criteria=type=endpoint
endpoint=realtime,ps_endpoints
auth=config,pjsip.conf,criteria=type=auth
auth=realtime,ps_auths
aor=config,pjsip.conf,criteria=type=aor
aor=realtime,ps_aors
transport=config,pjsip.conf,criteria=type=transport
transport=realtime,ps_transports
"""
ABSENCE = {"PJ204", "PJ213", "PJ311"}
UNUSED = "[old]\ntype=auth\nusername=old\npassword=x\n"


def test_nothing_is_missing_that_may_stand_elsewhere(tmp_path: Path) -> None:
    text = composed(NOWHERE)
    assert {f.code for f in found(tmp_path, text)} >= ABSENCE
    mapped = {f.code for f in found(tmp_path, text, beside={"sorcery.conf": MAPPED})}
    assert not mapped & ABSENCE
    assert "PJ514" in mapped


def test_a_file_outside_may_be_there_on_another_machine(tmp_path: Path) -> None:
    """Of a copy nobody knows what `#tryinclude /etc/…` finds; on the machine itself it is not there."""
    path = tmp_path / "pjsip.conf"
    path.write_text(composed(NOWHERE) + "\n#tryinclude /nowhere/secrets.conf\n")
    copy, own = Context(load_path(path)), Context(load_path(path), exists=lambda path: False)
    assert not {f.code for f in findings(copy)} & ABSENCE
    assert {f.code for f in findings(own)} >= ABSENCE
    path.write_text(composed(NOWHERE) + "\n#tryinclude secrets.conf\n")
    assert {f.code for f in findings(Context(load_path(path)))} >= ABSENCE


def test_what_nothing_uses_may_be_used_elsewhere(tmp_path: Path) -> None:
    assert "PJ506" in {f.code for f in found(tmp_path, composed(UNUSED))}
    assert "PJ506" not in {f.code for f in found(tmp_path, composed(UNUSED), beside={"sorcery.conf": MAPPED})}


def test_types_that_are_not_mapped_are_judged_as_ever(tmp_path: Path) -> None:
    beside = {"sorcery.conf": "[res_pjsip]\ncontact=realtime,ps_contacts\n"}
    assert {f.code for f in found(tmp_path, composed(NOWHERE), beside=beside)} >= ABSENCE


def test_no_verdict_is_said_that_hangs_on_what_stands_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text("[a]\ntype=registration\nserver_uri=sip:x\nclient_uri=sip:y@x\n")
    path = tmp_path / "pjsip.conf"
    (alone,) = verdicts(Context(load_path(path)))
    (tmp_path / "sorcery.conf").write_text(MAPPED)
    (mapped,) = verdicts(Context(load_path(path)))
    assert (alone.registers, mapped.registers) == (False, None)
    assert mapped.text.startswith("not known, since objects may stand elsewhere")
