"""What stands beside a pjsip.conf, held against the objects that the real Asterisk made of the same files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pjresolve.cli.main import app
from pjresolve.config.objects import Config, load_path
from pjresolve.config.sections import Section
from pjresolve.errors import BadInput, Location
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Severity
from pjresolve.lint.run import findings
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.protocol import Refused

HERE = Path(__file__).parent / "recordings"
WIZARD: list[dict[str, Any]] = json.loads((HERE / "wizard.json").read_text())["cases"]
MAPPINGS: list[dict[str, Any]] = json.loads((HERE / "mappings.json").read_text())["cases"]
NOT_LOADED = {
    "cache only": "the module of the cache was not loaded, which stops all of res_pjsip",
    "endpoint realtime only, no extconfig": "without extconfig.conf no table opens, which stops it too",
    "bad wizard": "the same, for a module that does not exist",
    "transport realtime": "the same, for tables that extconfig.conf does not name: an error of PJ514",
    "config criteria other": "without criteria every section is read as an endpoint",
}
"""Mappings with which Asterisk 22 does not come up as anybody wanted."""
SHOWN_OTHERWISE = {"allow", "disallow", "@hint_context", "@hint_exten", "line"}
"""Options whose values Asterisk does not show as they are written."""


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder / "pjsip.conf"


def objects(config: Config) -> Iterator[tuple[str, str, Section]]:
    """Every object that is there, by type and name, with its section."""
    stack = stack_named(DEFAULT_STACK)
    for kind, of_kind in (
        ("endpoint", config.endpoints),
        ("aor", config.aors),
        ("auth", config.auths),
        ("identify", config.identifies),
        ("transport", config.transports),
    ):
        for name, one in of_kind.items():
            yield kind, name, one.section
    for name, registration in config.registrations.items():
        if not isinstance(stack.load(config, registration), Refused):
            yield "registration", name, registration.section


def recorded(case: dict[str, Any]) -> set[tuple[str, str]]:
    return {(kind, name) for kind, of_kind in case["objects"].items() for name in of_kind}


@pytest.mark.recording
@pytest.mark.parametrize("case", WIZARD, ids=lambda case: case["name"])
def test_a_wizard_makes_what_asterisk_makes(case: dict[str, Any], tmp_path: Path) -> None:
    path = written(tmp_path, case["files"])
    if case["name"] == "a refused pjsip.conf":
        with pytest.raises(BadInput):
            load_path(path)
        return
    found = {(kind, name): section for kind, name, section in objects(load_path(path))}
    assert set(found) == recorded(case)
    for (kind, name), section in found.items():
        for option, value in case["objects"][kind][name].items():
            if option in SHOWN_OTHERWISE or value == "":
                continue
            ours = [part.strip() for entry in section.all(option) for part in entry.value.split(",")]
            if option in ("contact", "match"):
                theirs = value if isinstance(value, list) else [value]
                bare = sorted(re.sub(r"/(255|ffff).*", "", v) for v in theirs)
                assert sorted(p for p in ours if p) == bare, name
            else:
                assert ours[-1] == value, (kind, name, option)


@pytest.mark.recording
def test_what_a_wizard_misses_is_told_in_asterisks_words(tmp_path: Path) -> None:
    for case in WIZARD:
        if case["name"] != "a refused pjsip.conf":
            told = {r.message for r in load_path(written(tmp_path, case["files"])).refusals}
            log = {line.removesuffix(" of ") for line in case["log"]}
            wizard = {m for m in told if m.startswith("Wizard")}
            assert wizard == {line for line in log if line.startswith("Wizard")}


def test_every_value_keeps_the_line_that_gave_it(tmp_path: Path) -> None:
    wizard = "[w]\ntype=wizard\nsends_registrations=yes\nremote_hosts=a.example,b.example\n"
    wizard += "registration/expiration=60\n"
    config = load_path(written(tmp_path, {"pjsip.conf": "", "pjsip_wizard.conf": wizard}))
    file = str(tmp_path / "pjsip_wizard.conf")
    registration = config.registrations["w-reg-1"]
    assert registration.where("server_uri") == Location(file, 4)
    assert registration.where("expiration") == Location(file, 5)
    assert registration.section.where == Location(file, 1)
    assert config.document.files == (str(tmp_path / "pjsip.conf"), file)


def test_the_wizard_alone_finds_its_pjsip_conf(tmp_path: Path) -> None:
    wizard = "[w]\ntype=wizard\nremote_hosts=h\n"
    path = written(tmp_path, {"pjsip.conf": "[t]\ntype=transport\nbind=::\n", "pjsip_wizard.conf": wizard})
    config = load_path(tmp_path / "pjsip_wizard.conf")
    assert (list(config.transports), list(config.endpoints)) == (["t"], ["w"])
    path.unlink()
    alone = load_path(tmp_path / "pjsip_wizard.conf")
    assert (list(alone.transports), list(alone.endpoints)) == ([], ["w"])


def test_a_file_of_another_name_is_alone(tmp_path: Path) -> None:
    written(tmp_path, {"pjsip_wizard.conf": "[w]\ntype=wizard\nremote_hosts=h\n"})
    (tmp_path / "other.conf").write_text("[a]\ntype=aor\n")
    assert not load_path(tmp_path / "other.conf").endpoints


def test_a_broken_neighbour_takes_nothing_away(tmp_path: Path) -> None:
    config = load_path(written(tmp_path, {"pjsip.conf": "[a]\ntype=aor\n", "pjsip_wizard.conf": "[w\n"}))
    assert list(config.aors) == ["a"]
    assert ["nothing of pjsip_wizard.conf counts" in n.what for n in config.document.notices] == [True]


def test_no_fix_is_printed_for_a_wizard_s_lines(tmp_path: Path) -> None:
    wizard = "[w]\ntype=wizard\nsends_registrations=yes\nremote_hosts=sip.example.net\n"
    wizard += "registration/max_retries=0\n"
    path = written(
        tmp_path, {"pjsip.conf": "[t]\ntype=transport\nbind=0.0.0.0\n", "pjsip_wizard.conf": wizard}
    )
    here = findings(Context(load_path(path)))
    assert here
    assert not any(edit.where.file.endswith("wizard.conf") for f in here for edit in f.edits)


@pytest.mark.recording
@pytest.mark.parametrize("case", MAPPINGS, ids=lambda case: case["name"])
def test_a_type_that_is_mapped_elsewhere_is_not_read(case: dict[str, Any], tmp_path: Path) -> None:
    config = load_path(written(tmp_path, case["files"]))
    found = {(kind, name) for kind, name, _ in objects(config)}
    # what another file of type=endpoint holds is not looked for
    theirs = {(kind, name) for kind, name in recorded(case) if name != "z"}
    assert (found == theirs) is (case["name"] not in NOT_LOADED)


def test_what_stops_all_of_res_pjsip_is_told(tmp_path: Path) -> None:
    case = next(case for case in MAPPINGS if case["name"] == "transport realtime")
    told = findings(Context(load_path(written(tmp_path, case["files"]))))
    stops = [f.statement for f in told if f.code == "PJ514" and f.severity is Severity.ERROR]
    assert [s.rpartition(" ")[2] for s in stops] == ["ps_transports", "ps_auths", "ps_aors"]
    assert recorded(case) == set()


def test_a_wizard_and_its_pjsip_conf_are_one_configuration(tmp_path: Path) -> None:
    files = {"pjsip.conf": "[t]\ntype=transport\nbind=0.0.0.0\n", "pjsip_wizard.conf": "[w]\ntype=wizard\n"}
    path = str(written(tmp_path, files))
    wizard = str(tmp_path / "pjsip_wizard.conf")
    runner = CliRunner()
    alone, both = (runner.invoke(app, ["check", "--no-dns", *names]) for names in ([path], [path, wizard]))
    assert "w-identify" in alone.stdout
    assert alone.stdout == both.stdout
