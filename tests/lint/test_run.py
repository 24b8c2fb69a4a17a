"""Which findings are told: selection, silencing, order; and the verdicts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.config.objects import load_text
from pjresolve.config.reader import read_text
from pjresolve.errors import BadInput
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Severity
from pjresolve.lint.regexes import never_matches
from pjresolve.lint.run import Selection, findings, parse_codes, verdicts
from pjresolve.migration.migration import migrate
from pjresolve.migration.names import foreign
from pjresolve.scenario.behaviour import ACCEPT
from pjresolve.scenario.format import Scenario
from tests.lint.composing import TRUNK, ZONE, composed, found

PINNED = "[itsp]\ntype=registration\ntransport=transport-udp6"
TWO = PINNED + "\n\n[itsp]\ntype=endpoint\nfrom_domain=example.org"


def codes(folder: Path, change: str, **more: object) -> list[str]:
    return [f.code for f in found(folder, composed(change), **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ([], [], ["PJ201", "PJ308"]),
        (["PJ201"], [], ["PJ201"]),
        (["PJ3"], [], ["PJ308"]),
        (["PJ3xx"], [], ["PJ308"]),
        ([], ["PJ2"], ["PJ308"]),
        (["PJ201"], ["PJ2"], ["PJ201"]),
        (["PJ2"], ["PJ201"], []),
        (["all"], ["PJ3"], ["PJ201"]),
        (["PJ201,PJ308"], [], ["PJ201", "PJ308"]),
    ],
)
def test_the_longer_code_decides(
    select: list[str], ignore: list[str], expected: list[str], tmp_path: Path
) -> None:
    selection = Selection(parse_codes(select, "--select"), parse_codes(ignore, "--ignore"))
    assert sorted(codes(tmp_path, TWO, selection=selection)) == expected


@pytest.mark.parametrize("text", ["PJ999", "nonsense", "PJ201,PJ8", "P\x1b[1m"])
def test_a_code_that_fits_no_rule_is_an_error(text: str) -> None:
    with pytest.raises(BadInput, match="no rule is called"):
        parse_codes([text], "--select")


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("; noqa", True),
        ("; noqa: PJ201", True),
        (";noqa:PJ201", True),
        ("; noqa: pj201", True),
        ("; noqa: PJ104, PJ201", True),
        ("; the pin is meant ; noqa: PJ201", True),
        ("; noqa: PJ2", True),
        ("; noqa: PJ301", False),
        ("; noqa is not what is meant", False),
        ("; nothing", False),
    ],
)
def test_noqa_at_the_end_of_a_line(comment: str, silent: bool, tmp_path: Path) -> None:
    assert ("PJ201" not in codes(tmp_path, f"{PINNED} {comment}")) is silent


def test_noqa_is_for_its_line_alone(tmp_path: Path) -> None:
    assert "PJ201" in codes(tmp_path, PINNED + "\nexpiration=3600 ; noqa")


def test_findings_stand_in_the_order_of_the_file_and_once(tmp_path: Path) -> None:
    all_of = found(
        tmp_path,
        composed(PINNED + "\nexpiration=60\n\n[itsp]\ntype=endpoint\nfromdomain=x\n[old](!)\ntype=aor\n"),
    )
    lines = [f.where.line for f in all_of]
    assert lines == sorted(lines)
    assert len(set(all_of)) == len(all_of) > 2


def test_findings_of_an_included_file_stand_at_its_lines(tmp_path: Path) -> None:
    (tmp_path / "more.conf").write_text("\n[old]\ntype=auth\nusername=a\npassword=b\n")
    (finding,) = found(tmp_path, TRUNK + "\n#include more.conf\n")
    assert (Path(finding.where.file).name, finding.where.line) == ("more.conf", 2)


def verdict(change: str, zone: str | None = ZONE) -> tuple[bool | None, str]:
    config = load_text(composed(change))
    context = Context(config) if zone is None else Context.in_world(config, Scenario("z", zone=zone))
    (only,) = verdicts(context)
    return only.registers, only.text


ONE = "sip.example.net. 300 IN A 203.0.113.1"
MOVES_ON = (
    "registers at [2001:db8:5::1]:5060 over UDP/IPv6; while that address is down: "
    "registered after 32 s at 203.0.113.1:5060 over UDP/IPv4"
)
CONTRADICTS = "transport=transport-tcp\nserver_uri=sip:sip.example.net\\;transport=udp"


@pytest.mark.parametrize(
    ("change", "zone", "registers", "words"),
    [
        ("", ZONE, True, MOVES_ON),
        ("", ONE, True, "its only address; while that is down: not registered"),
        ("", None, None, "without DNS it is not known"),
        ("", "x.example. 300 IN A 203.0.113.1", None, "the answers at hand do not hold sip.example.net"),
        ("[itsp]\ntype=registration\nline=no", ZONE, False, "refused: An endpoint has been specified"),
        ("[transport-udp]\ntype=transport\nprotocol=ws", ZONE, False, "refused: the Contact needs"),
        (
            f"[itsp]\ntype=registration\n{CONTRADICTS}",
            ZONE,
            False,
            "never registers: transport=transport-tcp",
        ),
        ("[itsp]\ntype=registration\ntransport=transport-udp6", ONE, False, "does not register"),
    ],
)
def test_one_verdict_for_each_registration(
    change: str, zone: str | None, registers: bool | None, words: str
) -> None:
    found_registers, text = verdict(change, zone)
    assert found_registers is registers
    assert words in text


@pytest.mark.parametrize("old", sorted(foreign()))
def test_every_name_of_sip_conf_alone_is_told_as_migrate_has_it(old: str, tmp_path: Path) -> None:
    row = foreign()[old]
    (finding,) = found(
        tmp_path, f"[x]\ntype=resource_list\n{old}=90\n", selection=Selection(("PJ502", "PJ503"))
    )
    assert finding.code == "PJ503"
    if row.option:
        assert f"here it is {row.option} of type={row.type}" in finding.statement
    else:
        assert finding.statement.endswith(row.reason)
        assert finding.fix == f";{old}=90"


@pytest.mark.parametrize("old", ["secret", "md5secret", "remotesecret", "register"])
def test_a_secret_is_never_shown(old: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, f"[x]\ntype=endpoint\n{old}=hunter2\n", selection=Selection(("PJ503",)))
    assert finding.fix == ""
    assert finding.advice
    assert "hunter2" not in f"{finding}"


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("dtmfmode=rfc2833", "dtmf_mode=rfc4733"),
        ("session-timers=originate", "timers=always"),
        ("nat=force_rport", "force_rport=yes\nrewrite_contact=yes\nrtp_symmetric=no"),
        ("sendrpid=pai", "send_rpid=no\nsend_pai=yes"),
        ("encryption=no", "media_encryption=no"),
        ("qualify=2000", ""),
        ("host=dynamic", ""),
        ("outboundproxy=p.example.net", "outbound_proxy=sip:p.example.net\\;lr"),
        ("mohinterpret=passthrough", "moh_passthrough=yes"),
        ("mohinterpret=default", ";mohinterpret=default"),
        ("dtmfmode=loud", ";dtmfmode=loud"),
        ("call-limit=2", ";call-limit=2"),
    ],
)
def test_what_check_proposes_is_converted(written: str, lines: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, f"[x]\ntype=endpoint\n{written}\n", selection=Selection(("PJ503",)))
    assert finding.fix == lines


VALUES = ("yes", "1", "90", "ef", "10.0.0.0/8", "A=b", "rfc2833", "sha-1", "refuse", "allowed", "32")
ALONE = sorted(old for old, row in foreign().items() if row.type == "endpoint" and row.alone)


@pytest.mark.parametrize("old", ALONE)
def test_what_check_proposes_migrate_writes(old: str, tmp_path: Path) -> None:
    for value in VALUES:
        (finding,) = found(tmp_path, f"[x]\ntype=endpoint\n{old}={value}\n", selection=Selection(("PJ503",)))
        if finding.fix.startswith(";"):
            continue
        written = migrate(read_text(f"[x]\ntype=friend\nhost=dynamic\n{old}={value}\n")).text
        if "No equivalent" not in written:  # such as timers that contradict each other
            assert any(f"\n{line} " in written for line in finding.fix.splitlines()), written


@given(st.text(st.sampled_from("ab^$()[]|*+?\\.{}:="), max_size=12))
def test_what_is_said_never_to_match_does_not(pattern: str) -> None:
    """Python's own engine agrees wherever it reads the expression as POSIX does: it has no `[[:alpha:]]`."""
    import re
    import warnings

    if not never_matches(pattern) or re.search(r"\[[:.=]", pattern):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compiled = re.compile(pattern)
        except re.error:
            return
    for text in ("", "a", "b", "ab", "aab", "ba", "abab", pattern):
        assert not compiled.search(text)


LINES = [
    "[itsp]",
    "[x](!)",
    "[y](x)",
    "[itsp](+)",
    "type=registration",
    "type=endpoint",
    "type=aor",
    "type=auth",
    "type=identify",
    "type=transport",
    "type=peer",
    "server_uri=sip:sip.example.net",
    "server_uri=sips:[::1]:x",
    "client_uri=sip:a@b",
    "match_header=To: /[/",
    "endpoint=itsp",
    "match=sip.example.net,::ffff:1.2.3.4/99",
    "line=yes",
    "transport=nope",
    "protocol=tls",
    "bind=[::]:5061",
    "bind=nonsense",
    "expiration=1",
    "retry_interval=0",
    "max_retries=0",
    "contact=sip:sip.example.net\\;transport=tcp",
    "aors=a,b",
    "x",
    "contact_deny=0.0.0.0/0",
    "=",
    ";--",
    "external_signaling_address=::1",
    "local_net=10.0.0.0/8",
    "timer_b=1",
    "contact=sip:",
    "server_uri=sip:@;",
    "outbound_proxy=sip:p;lr",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_no_configuration_breaks_a_rule(lines: list[str]) -> None:
    try:
        config = load_text("[itsp]\n" + "\n".join(lines))
    except BadInput:
        return
    for context in (Context(config), Context.in_world(config, Scenario("z", zone=ZONE))):
        assert all(str(f.where) and f.statement for f in findings(context))
        assert all(v.text for v in verdicts(context))


def test_severities_reach_what_is_no_worse() -> None:
    assert [s for s in Severity if s.reaches(Severity.WARNING)] == [Severity.ERROR, Severity.WARNING]


@pytest.mark.parametrize("unbound", [False, True])
def test_the_first_resolution_is_that_of_the_resolver(unbound: bool) -> None:
    """libunbound answers for home.arpa itself, and asks nobody (recording `ub-zones`)."""
    world = Scenario("s", zone="pbx.home.arpa. 300 IN A 203.0.113.1\n", unbound=unbound)
    config = load_text(
        "[u]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
        "[r]\ntype=registration\nserver_uri=sip:pbx.home.arpa\nclient_uri=sip:a@example.net\n"
    )
    (trunk,) = Context.in_world(config, world).trunks
    assert [t.address for t in trunk.targets] == ([] if unbound else ["203.0.113.1"])
    assert bool(trunk.predict(healthy=ACCEPT).registered) is not unbound
