"""A configuration of several files is one text, and means the same; or it is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import pjresolve
from pjresolve.config.objects import load_path, load_text
from pjresolve.config.reader import read_text
from pjresolve.config.whole import _NAME, _VALUE, _plain, _written, whole_text
from pjresolve.errors import BadInput
from pjresolve.render.html.report import scenario_section
from pjresolve.scenario.format import Scenario, parse_scenario, scenario_to_yaml
from tests.recordings.library import NAMES, recorded_scenario

TRANSPORT = "[u]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
TEMPLATE = "[line](!)\ntype=registration\nretry_interval=30\n"
REGISTRATION = "[{0}](line)\nserver_uri=sip:203.0.113.{1}\\;transport=udp\nclient_uri=sip:{0}@example.net\n"
WIZARD = (
    "[w]\ntype=wizard\nsends_registrations=yes\nsends_auth=yes\nremote_hosts=203.0.113.9\n"
    "outbound_auth/username=w\noutbound_auth/password=hunter2\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pjsip.conf").write_text(
        f"{TRANSPORT}{TEMPLATE}{REGISTRATION.format('one', 1)}#include two.conf\n"
    )
    (tmp_path / "two.conf").write_text(REGISTRATION.format("two", 2))
    (tmp_path / "pjsip_wizard.conf").write_text(WIZARD)
    return tmp_path


def test_a_saved_scenario_has_what_includes_and_wizards_bring(folder: Path, tmp_path: Path) -> None:
    found = pjresolve.resolve(config=folder / "pjsip.conf", offline=True)
    names = ["one", "two", "w-reg-0"]
    assert [p.registration for p in found.registrations] == names
    apart = tmp_path / "apart"
    apart.mkdir()
    found.scenario.save(apart / "s.yaml")
    saved = pjresolve.Scenario.load(apart / "s.yaml")
    assert saved.registrations == names
    for one in found.registrations:
        again = pjresolve.simulate(saved, registration=one.registration)
        assert again.to_json()["attempts"] == one.to_json()["attempts"]
        assert pjresolve.simulate(one.scenario, registration=one.registration) is not None


def test_a_pin_is_written_into_what_includes_and_wizards_bring(folder: Path) -> None:
    with (folder / "pjsip.conf").open("a") as out:
        out.write("[t]\ntype=transport\nprotocol=tcp\nbind=0.0.0.0\n")
    found = pjresolve.resolve(config=folder / "pjsip.conf", pin="t", offline=True)
    saved = parse_scenario(found.scenario.to_yaml(), name="s", folder=None)
    made = load_text(saved.pjsip).registrations
    assert {name: r.transport for name, r in made.items()} == dict.fromkeys(["one", "two", "w-reg-0"], "t")
    one = pjresolve.resolve(config=folder / "pjsip.conf", registration="two", pin="t", offline=True)
    made = load_text(one.scenario.pjsip).registrations
    assert {name: r.transport for name, r in made.items()} == {"one": "", "two": "t", "w-reg-0": ""}


def test_a_call_keeps_the_endpoint_that_an_include_brings(folder: Path) -> None:
    (folder / "two.conf").write_text("[e]\ntype=endpoint\naors=e\n[e]\ntype=aor\ncontact=sip:203.0.113.3\n")
    found = pjresolve.call("e", config=folder / "pjsip.conf", offline=True)
    assert "contact=sip:203.0.113.3" in found.machine.scenario.pjsip


def test_the_file_itself_is_kept_where_it_is_all(tmp_path: Path) -> None:
    conf = tmp_path / "pjsip.conf"
    text = f"; mine\n{TRANSPORT}{TEMPLATE}{REGISTRATION.format('one', 1)}"
    conf.write_text(text)
    assert pjresolve.resolve(config=conf, offline=True).scenario.pjsip == text


def test_types_that_a_database_holds_stay_out(folder: Path) -> None:
    (folder / "pjsip_wizard.conf").unlink()
    (folder / "sorcery.conf").write_text("[res_pjsip]\nauth=realtime,ps_auths\n")
    (folder / "two.conf").write_text(f"[a]\ntype=auth\nusername=a\n{REGISTRATION.format('two', 2)}")
    config = load_path(folder / "pjsip.conf")
    assert "auth" in config.unread
    assert not config.in_one_file
    text = whole_text(config)
    assert text is not None
    assert "[a]" not in text


ODD = (
    "[a b](!)\ntype=registration\n[\\;x](a b)\nserver_uri=>sip:x\nclient_uri+=a\nclient_uri+=b\\;c\\;--d\n"
    "[x]\ntype=endpoint\nset_var=a=b\nset_var => c=d;e\n[g]\ntype=global\nuser_agent=\\;\\;--\n"
    "[]\ntype=aor\n[r]\ntype=registration\nserver_uri=nothing\nclient_uri=\n"
)


def test_odd_texts_read_back_or_are_none() -> None:
    config = load_text(ODD)
    text = whole_text(config)
    assert text is not None
    assert whole_text(load_text(text)) == text
    assert [r.name for r in load_text(text).refusals] == [r.name for r in config.refusals]


NAME, VALUE = st.from_regex(_NAME, fullmatch=True), st.from_regex(_VALUE, fullmatch=True)


@given(NAME, st.lists(st.tuples(NAME, VALUE), max_size=4))
@example("a", [("x", ">"), ("y", ""), ("type", "\\;--"), ("z", "a\\")])
def test_what_is_taken_without_a_look_reads_back(name: str, options: list[tuple[str, str]]) -> None:
    assert _plain((name, options))
    (section,) = read_text(_written((name, options))).sections
    assert (section.name, [(e.name, e.value) for e in section.entries]) == (name, options)


@pytest.mark.parametrize("name", NAMES)
def test_the_configuration_of_each_recording_is_written_as_it_is_read(name: str) -> None:
    config = load_text(recorded_scenario(name).pjsip)
    text = whole_text(config)
    assert text is not None
    again = load_text(text)
    assert again.registrations.keys() == config.registrations.keys()
    assert whole_text(again) == text


def test_what_no_text_can_say_is_refused_in_one_line(tmp_path: Path) -> None:
    """pjsip.conf loses all its registrations to a duplicate; the wizard's are made all the same."""
    (tmp_path / "pjsip.conf").write_text(
        f"{TRANSPORT}{TEMPLATE}{REGISTRATION.format('one', 1)}{REGISTRATION.format('one', 2)}"
    )
    (tmp_path / "pjsip_wizard.conf").write_text(WIZARD)
    found = pjresolve.resolve(config=tmp_path / "pjsip.conf", registration="w-reg-0", offline=True)
    assert found.registered
    with pytest.raises(BadInput, match=r"pjsip\.conf: the configuration cannot be written as one text"):
        found.scenario.to_yaml()
    with pytest.raises(BadInput, match="one text"):
        pjresolve.simulate(found.scenario)
    with pytest.raises(BadInput, match="one text"):
        found.scenario.with_pjsip("bind=0.0.0.0", "bind=127.0.0.1").save(tmp_path / "s.yaml")
    assert not (tmp_path / "s.yaml").exists()
    assert "a part of it is not here" in found.report().html
    assert "pjsip" in found.scenario._repr_html_()
    assert found.scenario.replace(pjsip=TRANSPORT).to_yaml()


def test_the_report_says_where_its_configuration_is_from() -> None:
    plain = Scenario(name="s", pjsip=TRANSPORT)
    assert "Save this as" in scenario_section(plain)
    assert "several files" not in scenario_section(plain)
    assert "several files" in scenario_section(replace(plain, gathered="whole"))
    with pytest.raises(BadInput):
        scenario_to_yaml(replace(plain, gathered="in part"))
