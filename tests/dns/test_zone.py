"""Zone texts: what is read, what is answered, and where an error stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.dns import zone as zone_module
from pjresolve.dns.source import DnsFault
from pjresolve.dns.zone import ZoneSource
from pjresolve.errors import BadInput, Location
from pjresolve.model import Answer, Query, Status
from pjresolve.scenario.format import parse_scenario
from tests.recordings.library import NAMES, recorded_scenario, recording

ZONE = """\
$ORIGIN example.net.
$TTL 1h            ; as RFC 2308 has it
@       IN SOA ns hostmaster ( 1 ; serial
                3600 600 86400 60 )
        NS     ns
sip     300 IN NAPTR 10 20 "s" "SIP+D2U" "" _sip._udp.sip
_sip._udp.SIP   SRV  20 5 5060 b
                SRV  10 5 5060 A.example.net.
                SRV  10 5 5060 a
a       A      203.0.113.9
a       A      203.0.113.1
a       AAAA   2001:DB8:0:0::1
b       CNAME  c
c       CNAME  a
gone    CNAME  nowhere.example.org.
*.wild  A      203.0.113.7
under.wild TXT "here"
loop    CNAME  loop
x1 CNAME x2
x2 CNAME x1
$ORIGIN deep
$GENERATE 1-9 c$ CNAME c${1}
c10 A 203.0.113.10
$ORIGIN example.org.
other   60 IN A 203.0.113.2
"""


def ask(rtype: str, name: str, zone: ZoneSource | None = None) -> Answer:
    """What the zone says."""
    return (zone or ZoneSource(ZONE)).lookup(Query(name, rtype))


def shown(answer: Answer) -> list[str]:
    """The records' data."""
    return [str(record.data) for record in answer.records]


def test_the_whole_syntax_is_read() -> None:
    naptr = ask("NAPTR", "sip.example.net")
    assert shown(naptr) == ['10 20 "s" "SIP+D2U" "" _sip._udp.sip.example.net']
    assert naptr.records[0].ttl == 300
    srv = ask("SRV", "_sip._udp.sip.example.net")
    assert shown(srv) == ["20 5 5060 b.example.net", "10 5 5060 a.example.net"]
    assert srv.records[0].ttl == 3600
    assert shown(ask("A", "a.example.net")) == ["203.0.113.9", "203.0.113.1"]
    assert shown(ask("AAAA", "a.example.net")) == ["2001:db8::1"]
    assert shown(ask("A", "other.example.org")) == ["203.0.113.2"]
    assert shown(ask("A", "c10.deep.example.net")) == ["203.0.113.10"]


def test_nothing_there_and_nothing_of_the_type_differ() -> None:
    assert ask("A", "sip.example.net").status is Status.NODATA
    assert ask("A", "_udp.sip.example.net").status is Status.NODATA
    assert ask("A", "net").status is Status.NODATA
    assert ask("A", ".").status is Status.NODATA
    assert ask("A", "no.example.net").status is Status.NXDOMAIN
    assert ask("A", "no.a.example.net").status is Status.NXDOMAIN
    assert ask("A", "example.com").status is Status.NXDOMAIN
    assert ask("A", "anything", ZoneSource("")).status is Status.NXDOMAIN


def test_cnames_are_followed_and_their_end_is_told() -> None:
    b = ask("A", "b.example.net")
    assert b.cnames == (("b.example.net", "c.example.net"), ("c.example.net", "a.example.net"))
    assert shown(b) == ["203.0.113.9", "203.0.113.1"]
    assert b.records[0].name == "a.example.net"
    gone = ask("A", "gone.example.net")
    assert (gone.status, gone.cnames) == (Status.NODATA, (("gone.example.net", "nowhere.example.org"),))
    for name, length in (("loop", 1), ("x1", 2)):
        loop = ask("A", f"{name}.example.net")
        assert (loop.status, len(loop.cnames)) == (Status.NODATA, length)
        assert "circle" in loop.detail


def test_eight_cnames_are_too_many() -> None:
    seven = ask("A", "c3.deep.example.net")
    assert (seven.status, len(seven.cnames)) == (Status.NOERROR, 7)
    eight = ask("A", "c2.deep.example.net")
    assert (eight.status, len(eight.cnames)) == (Status.NODATA, 8)
    assert "too far" in eight.detail


def test_wildcards_stand_for_what_is_not_there() -> None:
    assert shown(ask("A", "x.wild.example.net")) == ["203.0.113.7"]
    assert ask("A", "x.wild.example.net").records[0].name == "x.wild.example.net"
    assert shown(ask("A", "y.x.wild.example.net")) == ["203.0.113.7"]
    assert ask("AAAA", "x.wild.example.net").status is Status.NODATA
    # a name that exists, and what is below it, is none of the wildcard's
    assert ask("A", "under.wild.example.net").status is Status.NODATA
    assert ask("A", "x.under.wild.example.net").status is Status.NXDOMAIN


def test_names_of_any_bytes_are_written_in_presentation_format() -> None:
    zone = ZoneSource('a\\.b\\010C.x. 1 A 203.0.113.1\nn. 1 NAPTR 1 1 "\\"\\\\" "\\007é" "" .\n')
    assert ask("A", "a\\.b\\010c.x", zone).status is Status.NOERROR
    assert ask("A", "b\\010c.x", zone).status is Status.NXDOMAIN
    assert shown(ask("NAPTR", "n", zone)) == ['1 1 "\\"\\\\" "\\007\\195\\169" "" .']


def test_faults_go_before_the_text() -> None:
    q = Query("a.example.net", "A")
    kinds = {"drop": Status.TIMEOUT, "servfail": Status.SERVFAIL, "refused": Status.REFUSED}
    for kind, status in kinds.items():
        answer = ZoneSource(ZONE, faults={q: DnsFault(kind)}).lookup(q)  # type: ignore[arg-type]
        assert (answer.status, answer.records) == (status, ())
    late = ZoneSource(ZONE, faults={q: DnsFault("delay", 3.0)}).lookup(q)
    assert (late.status, late.seconds, len(late.records)) == (Status.NOERROR, 3.0, 2)


def test_relative_names_are_completed_with_the_origin() -> None:
    zone = ZoneSource("$TTL 1\n@ A 203.0.113.1\nx A 203.0.113.2\n", origin="example.net")
    assert shown(ask("A", "example.net", zone)) == ["203.0.113.1"]
    assert shown(ask("A", "x.example.net", zone)) == ["203.0.113.2"]


ERRORS = [
    ("a. 1 A 203.0.113.1\nb. 1 A 203.0.113.256\n", 2, "malformed, in 'b. 1 A 203.0.113.256'"),
    ("\n\na. 1 A\n", 3, "identifier"),
    ("a. 1 A 203.0.113.1 x\n", 1, 'should end before "x"'),
    ("a. A 203.0.113.1\n", 1, "give the record a TTL"),
    ("a. 1 CH A 203.0.113.1\n", 1, "class"),
    ("a. 1 NOPE 203.0.113.1\n", 1, "unknown rdatatype 'NOPE'"),
    ("; x\na. 1 SRV (\n1 1\n5060\n", 2, "unbalanced parentheses, in 'a. 1 SRV ('"),
    ("a. 1 SRV 1 1 99999 b.\n", 1, "99999 is not"),
    ("a..b. 1 A 203.0.113.1\n", 1, "empty"),
    ("x" * 64 + ". 1 A 203.0.113.1\n", 1, "63"),
    ('a. 1 TXT "x\n', 1, "newline in quoted"),
    ("$INCLUDE /etc/passwd\n", 1, "not allowed"),
    ("$TTL never\n", 1, "TTL value is not well-formed"),
    ("a. 1 A 203.0.113.1\n$GENERATE 1-4000000000 x$ 1 A 203.0.113.1\n", 2, "more than 50 records"),
    ("a. 99999999999 A 203.0.113.1\n", 1, "99999999999"),
    ("a. 1 A \x00\n", 1, "malformed"),
    ("no zone at all\n", 1, "unknown rdatatype 'zone'"),
]


@pytest.mark.parametrize(("text", "line", "words"), ERRORS, ids=lambda v: str(v)[:25])
def test_an_error_names_its_line(text: str, line: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_module, "MAX_RECORDS", 50)
    with pytest.raises(BadInput) as caught:
        ZoneSource(text, where=Location("file.zone", 1))
    assert words in str(caught.value)
    assert caught.value.where == Location("file.zone", line)
    assert str(caught.value).startswith(f"file.zone:{line}: no zone file: ")
    with pytest.raises(BadInput) as caught:
        ZoneSource(text, where=Location("s.yaml", 7))
    assert caught.value.where == Location("s.yaml", 6 + line)


def test_an_error_in_a_scenario_names_the_scenarios_line() -> None:
    s = parse_scenario("name: x\nzone: |\n  a. 1 A 203.0.113.1\n  b. 1 A no\n", name="s.yaml", folder=None)
    with pytest.raises(BadInput, match=r"^s.yaml:4: no zone file: "):
        ZoneSource(s.zone, where=s.zone_where)


def test_an_answer_that_no_message_holds_needs_tcp() -> None:
    lines = "\n".join(f"many.example.net. 300 IN A 10.{n // 256}.{n % 256}.1" for n in range(6000))
    answer = ask("A", "many.example.net", ZoneSource(lines))
    assert len(answer.records) == 6000
    assert answer.truncated


def test_a_huge_text_is_refused() -> None:
    with pytest.raises(BadInput, match="larger than 16 MiB"):
        ZoneSource(";" * (17 << 20))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutated_zones_are_read_or_refused(data: st.DataObject) -> None:
    text = ZONE
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.text(max_size=6)) + text[at + data.draw(st.integers(0, 20)) :]
    error = None
    try:
        answer = ask("A", "b.example.net", ZoneSource(text))
    except BadInput as exc:
        error = exc
    assert "\n" not in str(error) if error else str(answer).isprintable()


@pytest.mark.recording
@pytest.mark.parametrize("name", [name for name in NAMES if recording(name)["dns"]])
def test_answers_are_those_the_recording_logged(name: str) -> None:
    s = recorded_scenario(name)
    zone = ZoneSource(s.zone, where=s.zone_where, faults=s.dns)
    for logged in recording(name)["dns"]:
        answer = zone.lookup(Query(logged["name"].lower(), logged["type"]))
        result = {Status.TIMEOUT: "dropped", Status.NODATA: "NOERROR"}.get(
            answer.status, answer.status.upper()
        )
        assert result == logged["result"]
        if "circle" not in answer.detail:  # the recorder walks a circle eight times
            assert len(answer.records) + len(answer.cnames) == logged.get("answers", 0)
