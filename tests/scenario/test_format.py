"""Scenario files: every key, and every error with its line."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.dns.source import DnsFault
from pjresolve.errors import BadInput, Location
from pjresolve.model import TCP6, UDP4, Protocol, Query, Target
from pjresolve.scenario.behaviour import (
    ACCEPT,
    BEHAVIOURS,
    OK,
    SILENT,
    Behaviour,
    Certificate,
    Service,
    behaviour,
    behaviour_from_text,
)
from pjresolve.scenario.expected import Expect, ExpectedCall, ExpectedRequest, ExpectedTarget
from pjresolve.scenario.format import (
    Client,
    HostEvent,
    Scenario,
    load_scenario,
    parse_scenario,
    scenario_to_yaml,
)
from tests.recordings.library import NAMES, recording

EVERYTHING = """\
name: everything
zone: |
  sip.example.net. 300 IN A 203.0.113.1
pjsip: |
  [itsp]
  type=registration
hosts:
  203.0.113.1:
    udp/5060: ok
    tcp/5060: {status: 503, reason: Busy, retry_after: 5, delay: 0.5, then: accept, after: 2}
    tls/5061:
      cert: {names: [sip.example.net, "*.example.net"], self_signed: true, expired: yes}
      tls: {min: 1.0, max: "1.2"}
      expires: 60
      challenge: false
      close_after: 7
      headers: ["Min-Expires: 20", "Security-Server: msrp-tls;mediasec"]
      challenges: ["WWW-Authenticate: Digest realm=a, nonce=1", "X-None:"]
      bindings: ["Contact: @CONTACT@;expires=30"]
      ring: 3
      methods: {INVITE: {status: 486, ring: 2}, OPTIONS: silent}
  2001:DB8:0::1: down
dns:
  sip.example.net NAPTR: drop
  SIP.example.net. a: {delay: 3}
  _sip._udp.sip.example.net SRV: servfail
client: {ipv4: true, ipv6: false, connect_timeout: 127}
asterisk: {unbound: true}
events:
  - {at: 20, host: 203.0.113.1, set: {udp/5060: silent}}
  - {at: 5, host: "2001:db8::1", set: up}
duration: 400
stop: duration
expect:
  registered: {transport: udp, address: 203.0.113.1, port: 5060}
  within: 40
  targets:
    - {transport: udp, address: 203.0.113.1, port: 5060}
  refused: false
  rejected: false
  calls:
    - {answered: none, within: 30, status: 486, tried: [{address: 203.0.113.1}]}
    - {answered: {transport: udp}, tried: []}
  contacts: {itsp: unreachable}
  incoming:
    - {endpoint: none, matched_by: ip, status: 401, context: a, extension: "100"}
"""


def parse(text: str, folder: Path | None = None) -> Scenario:
    """The scenario in a text that calls itself s."""
    return parse_scenario(text, name="s", folder=folder)


def bare(scenario: Scenario) -> Scenario:
    """A scenario without where it stood."""
    return replace(scenario, zone_where=None, pjsip_where=None, pjsip_path=None, path=None)


def test_every_key_is_read() -> None:
    s = parse(EVERYTHING)
    target = ExpectedTarget(Protocol.UDP, "203.0.113.1", 5060)
    udp, tcp, tls = Service(Protocol.UDP, 5060), Service(Protocol.TCP, 5060), Service(Protocol.TLS, 5061)
    assert s == Scenario(
        name="everything",
        zone="sip.example.net. 300 IN A 203.0.113.1\n",
        zone_where=Location("s", 3),
        pjsip="[itsp]\ntype=registration\n",
        pjsip_where=Location("s", 5),
        hosts={
            "203.0.113.1": {
                udp: OK,
                tcp: Behaviour(
                    "answer", status=503, reason="Busy", retry_after=5, delay=0.5, then=ACCEPT, after=2
                ),
                tls: Behaviour(
                    "answer",
                    cert=Certificate(("sip.example.net", "*.example.net"), self_signed=True, expired=True),
                    tls_min="1.0",
                    tls_max="1.2",
                    expires=60,
                    challenge=False,
                    close_after=7.0,
                    headers=("Min-Expires: 20", "Security-Server: msrp-tls;mediasec"),
                    challenges=("WWW-Authenticate: Digest realm=a, nonce=1", "X-None:"),
                    bindings=("Contact: @CONTACT@;expires=30",),
                    ring=3.0,
                    methods=(("INVITE", Behaviour("answer", status=486, ring=2.0)), ("OPTIONS", SILENT)),
                ),
            },
            "2001:db8::1": "down",
        },
        dns={
            Query("sip.example.net", "NAPTR"): DnsFault("drop"),
            Query("sip.example.net", "A"): DnsFault("delay", 3.0),
            Query("_sip._udp.sip.example.net", "SRV"): DnsFault("servfail"),
        },
        client=Client(ipv6=False, connect_timeout=127.0),
        unbound=True,
        events=(
            HostEvent(5.0, "2001:db8::1", "up"),
            HostEvent(20.0, "203.0.113.1", {udp: SILENT}),
        ),
        duration=400.0,
        stop="duration",
        expect=Expect(
            target,
            40.0,
            (target,),
            False,
            False,
            (
                ExpectedCall("none", 30.0, 486, (ExpectedTarget(address="203.0.113.1"),)),
                ExpectedCall(ExpectedTarget(Protocol.UDP), tried=()),
            ),
            (("itsp", "unreachable"),),
            (ExpectedRequest("none", "ip", 401, "a", "100"),),
        ),
    )
    assert bare(parse(scenario_to_yaml(s))) == bare(s)


def test_defaults_are_those_of_the_format() -> None:
    s = parse("name: little")
    assert s == Scenario("little")
    assert (s.duration, s.stop, s.unbound, s.client.connect_timeout) == (100.0, "registered", False, 135.5)
    assert parse("zone: ''").name == "s"


# what to change in the text above, and words of the error that this is
ERRORS = [
    ("duration: 400", "duraton: 400", "unknown key `duraton` (did you mean `duration`?)"),
    ("connect_timeout: 127", "speed: 1", "unknown key `speed`"),
    ("unbound: true", "bound: true", "unknown key `bound` (did you mean `unbound`?)"),
    ("retry_after: 5", "retry-after: 5", "did you mean `retry_after`"),
    ("expired: yes", "expird: yes", "unknown key `expird`"),
    ("min: 1.0", "least: 1.0", "unknown key `least`"),
    ("within: 40", "withn: 40", "unknown key `withn`"),
    ("at: 5, host", "at: 5, hots", "unknown key `hots`"),
    ("{delay: 3}", "{delay: 3, x: 1}", "unknown key `x`"),
    ("stop: duration", "stop: never", "`stop` is registered or duration, not 'never'"),
    ("duration: 400", "duration: 31536001", "`duration` is 0 to 31,536,000 seconds, not 31536001"),
    ("duration: 400", "duration: soon", "`duration` is a number, not 'soon'"),
    ("duration: 400", "duration: -1", "not -1"),
    ("duration: 400", "duration: .nan", "is a number"),
    ("duration: 400", "duration: true", "is a number, not true"),
    ("at: 5", "at: -5", "`at` is 0 to 31,536,000 seconds, not -5"),
    ("at: 5, ", "", "`at` is missing"),
    ("set: up", "set: sideways", "`set` is down or up, not 'sideways'"),
    ('host: "2001:db8::1"', "host: 192.0.2.9", "`hosts` does not list 192.0.2.9"),
    ('host: "2001:db8::1"', "host: here", "'here' is no IP address"),
    ("  2001:DB8:0::1: down", "  sip.example.net: down", "'sip.example.net' is no IP address"),
    ("  2001:DB8:0::1: down", "  203.000.113.1: down", "is no IP address"),
    ("  2001:DB8:0::1: down", "  fe80::1%eth0: down", "is no IP address"),
    ("  2001:DB8:0::1: down", "  2001:db8::1: down\n  2001:DB8:0::1: down", "stands twice"),
    ("  2001:DB8:0::1: down", "  203.0.113.1: down", "key `203.0.113.1` stands twice"),
    ("  2001:DB8:0::1: down", "  2001:DB8:0::1: up", "`down` or a mapping of services, not 'up'"),
    ("  2001:DB8:0::1: down", "  2001:DB8:0::1:", "is a mapping, not empty"),
    ("udp/5060: ok", "udp/0: ok", "`udp/0` is no service (write udp/PORT"),
    ("udp/5060: ok", "udp/65536: ok", "no service"),
    ("udp/5060: ok", "udp/٥٠: ok", "no service"),
    ("udp/5060: ok", "sctp/5060: ok", "no service"),
    ("udp/5060: ok", "udp: ok", "no service"),
    ("udp/5060: ok", "udp/5060: okay", "is one of ok, accept, silent, drop, reject, close, not 'okay'"),
    ("udp/5060: ok", "udp/5060: 503", "or a mapping, not 503"),
    ("udp/5060: ok", "udp/5060: [ok]", "or a mapping, not a list"),
    ("status: 503", "status: 99", "`status` is 100 to 699, not 99"),
    ("status: 503", "status: 503.5", "a whole number"),
    ("reason: Busy", 'reason: "a\\nb"', "one line of printable text"),
    ("delay: 0.5", "delay: 1e9", "`delay` is 0 to 31,536,000 seconds"),
    ("after: 2", "after: -1", "`after` is 0 to 1,000,000"),
    ("then: accept, ", "", "`after` needs `then`"),
    ("names: [", "names: x, y: [", "unknown key `y`"),
    ("names: [sip.example.net,", "names: [1,", "`names` is text, not 1"),
    ("min: 1.0", "min: 1.4", "`min` is one of 1.0, 1.1, 1.2, 1.3, not 1.4"),
    ("min: 1.0", "min: 1.3", "the lowest TLS version 1.3 is above the highest, 1.2"),
    ("close_after: 7", "close_after: -7", "`close_after`"),
    ("ring: 3", "ring: -3", "`ring`"),
    ('headers: ["Min-Expires: 20",', 'headers: ["Min-Expires 20",', "is no header line (write NAME: VALUE"),
    ('headers: ["Min-Expires: 20",', "headers: [20,", "`headers` is text, not 20"),
    ('headers: ["Min-Expires: 20",', 'headers: ["A: 1\\r\\nB: 2",', "one line of printable text"),
    ("bindings: [", "bindings: [" + "'a: 1', " * 32, "`bindings` has more than 32 header lines"),
    (
        'bindings: ["Contact: @CONTACT@',
        'bindings: ["Contact: ' + "a" * 1000,
        "is longer than 1000 characters",
    ),
    ("OPTIONS: silent", "options: silent", "`options` is no SIP method (write it in capitals"),
    ("OPTIONS: silent", "OPTIONS: loud", "is one of ok, accept"),
    ("status: 486,", "methods: {ACK: ok},", "`methods` belongs to a service itself"),
    ("then: accept,", "then: {methods: {INVITE: ok}},", "`methods` belongs to a service itself"),
    ("sip.example.net NAPTR: drop", "sip.example.net: drop", "is no query (write NAME TYPE"),
    ("sip.example.net NAPTR: drop", "sip.example.net MX: drop", "is no query"),
    ("sip.example.net NAPTR: drop", "sip.example.net NAPTR: lost", "drop, servfail, refused or"),
    ("ipv4: true", "ipv4: 1", "`ipv4` is true or false, not 1"),
    ("registered: {transport: udp", "registered: {transport: sctp", "`transport` is one of udp, tcp, tls"),
    ("registered: {", "registered: maybe #", "a mapping of transport, address and port, or none"),
    ("    - {transport: udp", "    - {transport: x", "`transport`"),
    ("refused: false", "refused: 0", "true or false"),
    ("answered: none", "answered: nobody", "a mapping of transport, address and port, or none"),
    ("within: 30", "within: soon", "`within` is a number, not 'soon'"),
    ("tried: []", "tried: none", "`tried` is a list, not 'none'"),
    ("tried: []", "tired: []", "unknown key `tired` (did you mean `tried`?)"),
    ("itsp: unreachable", "itsp: away", "`itsp` is reachable or unreachable, not 'away'"),
    ("matched_by: ip", "matched: ip", "unknown key `matched` (did you mean `matched_by`?)"),
    ("status: 401", "status: 99", "`status` is 100 to 699, not 99"),
    ('extension: "100"', "extension: 100", "`extension` is text, not 100"),
    ("name: everything", "name: [a]", "`name` is text, not a list"),
    ("name: everything", "name: &a\n  x: *a", "`name` is text, not a mapping"),
    ("name: everything", "name: !!python/none x", "the tag tag:yaml.org,2002:python/none is not"),
    ("name: everything", "name: x\n<<: {a: 1}", "merge keys"),
    ("name: everything", "name: x\n[a]: 1", "a key must be plain text"),
    ("name: everything", "name: *x", "no anchor is called x"),
    ("name: everything", "name: 'x", "no YAML"),
    ("stop: duration", "stop: duration\n---\nname: x", "a second document begins"),
    ("asterisk: {unbound: true}", "asterisk: {unbound: true", "no YAML"),
    ("stop: duration", "stop: duration\nstop: duration", "key `stop` stands twice"),
]


def line_of(text: str, old: str) -> int:
    """The line at which a text stands, from 1."""
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(("old", "new", "words"), ERRORS, ids=lambda v: str(v)[:30])
def test_each_error_names_its_line(old: str, new: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(EVERYTHING.replace(old, new, 1))
    message = str(caught.value)
    assert words in message
    assert "\n" not in message
    assert isinstance(caught.value.where, Location)
    below = {"name: &a\n  x: *a": 0, "asterisk: {unbound: true": 1, "stop: duration\n---\nname: x": 1}.get(
        new, new.count("\n")
    )
    assert caught.value.where == Location("s", line_of(EVERYTHING, old) + below)


@pytest.mark.parametrize("name", NAMES)
def test_every_recording_is_read_and_written(name: str) -> None:
    given = recording(name)["scenario"]
    s = parse(json.dumps(given))
    assert s.name == given["name"]
    assert s.zone == given["zone"]
    assert len(s.hosts) == len(given["hosts"])
    assert bare(parse(scenario_to_yaml(s))) == bare(s)


def test_json_errors_name_their_line_too() -> None:
    text = json.dumps({"name": "x", "hosts": {"203.0.113.1": {"udp/5060": {"then": {"statu": 1}}}}}, indent=1)
    with pytest.raises(BadInput, match=r"^s:7: unknown key `statu` \(did you mean `status`\?\)$"):
        parse(text)
    text = (
        '{"hosts": {"::1": "down"},\n\n "events": [\n  {"at": 1,\n   "host": "::1", "set": "x,]}"},\n  {}]}'
    )
    with pytest.raises(BadInput, match=r"^s:5: `set` is down or up"):
        parse(text)
    with pytest.raises(BadInput, match=r"^s:6: `at` is missing"):
        parse(text.replace("x,]}", "up"))


def test_json_files_are_read_as_json_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    for text, words in [
        ("name: x", r"s.json:1: no JSON: Expecting value"),
        ('{"name": "x",\n}', r"s.json:[12]: no JSON"),  # Python 3.13 names the comma's line
        ('{"name": "x",\n"name": "y"}', r"s.json:2: key `name` stands twice"),
        ('{"duration": NaN}', "NaN is no number"),
        ('{"a": 1, "a": 2}}', r"s.json:1: key `a` stands twice"),
        ('{"duration": 1e999}', "s.json:1: `duration` is 0 to"),
        ('{"duration": ' + "9" * 5000 + "}", "s.json: no JSON"),
        ('{"name": "\\ud800"}', "s.json:1: `name` holds half a surrogate pair"),
        ("[" * 100_000, "s.json: nested too deeply"),
        ("[]", "s.json:1: the document is a mapping, not an empty list"),
        (" \n", "s.json: the file is empty"),
    ]:
        path.write_text(text)
        with pytest.raises(BadInput, match=words):
            load_scenario(path)
    path.write_text('\ufeff{\r\n\t"name": "tabs"\r\n}')
    assert load_scenario(path) == Scenario("tabs", path=path)


def test_files_are_read_relative_to_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "a.zone").write_text("x. 1 IN A 203.0.113.1\n")
    (tmp_path / "pjsip.conf").write_text("[x]\n")
    path = tmp_path / "s.yaml"
    path.write_text("zone: {file: a.zone}\npjsip:\n  file: pjsip.conf\n")
    s = load_scenario(path)
    assert (s.name, s.zone, s.pjsip) == ("s", "x. 1 IN A 203.0.113.1\n", "[x]\n")
    assert s.zone_where == Location(str(tmp_path / "a.zone"), 1)
    assert s.pjsip_path == tmp_path / "pjsip.conf"
    path.write_text("zone: {file: none}\n")
    with pytest.raises(BadInput, match="none: cannot be read: No such file"):
        load_scenario(path)
    with pytest.raises(BadInput, match=r"s:1: a scenario that is no file"):
        parse("zone: {file: a.zone}")
    with pytest.raises(BadInput, match=r"s:1: `zone` names no `file`"):
        parse("zone: {}", tmp_path)
    with pytest.raises(BadInput, match=r"s:1: `zone` is text or \{file: path\}, not 1"):
        parse("zone: 1", tmp_path)


def test_files_that_cannot_be_read_end_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        load_scenario(path)
    with pytest.raises(BadInput, match="cannot be read: Is a directory"):
        load_scenario(tmp_path)
    path.write_bytes(b"name: x\n\xff\n")
    with pytest.raises(BadInput, match=r"s.yaml:2: this line is not UTF-8"):
        load_scenario(path)
    path.write_bytes(b"name: x\x00\n")
    with pytest.raises(BadInput, match=r"s.yaml:1: no YAML"):
        load_scenario(path)
    path.write_bytes(b"#" * (5 << 20))
    with pytest.raises(BadInput, match="larger than 4 MiB"):
        load_scenario(path)


def test_texts_on_one_line_are_counted_behind_it() -> None:
    s = parse('name: x\npjsip: "[a]\\nb=c\\n"\nzone: x. 1 IN A 203.0.113.1')
    assert (str(s.pjsip_where), str(s.zone_where)) == ("s:2, pjsip:1", "s:3, zone:1")
    assert str(parse('{"name": "x",\n"zone": "a\\nb"}').zone_where) == "s:2, zone:1"


BOMBS = {
    "nesting": "[" * 500_000,
    "blocks": "".join(" " * n + "a:\n" for n in range(2000)),
    "dashes": "- " * 100_000,
    "aliases": "a0: &a0 [x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(24)),
    "a circle": "hosts: {192.0.2.1: {udp/5060: &a {then: *a}}}",
    "many values": "name: [" + "1," * 300_000 + "]",
    "a long key": "x" * 1_000_000 + ": 1",
    "a long number": "duration: " + "1" * 1_000_000,
}  # fmt: skip


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_malicious_texts_end_in_one_short_line(text: str) -> None:
    begin = time.monotonic()
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert time.monotonic() - begin < 10
    assert len(str(caught.value)) < 400


def test_anchors_may_be_used_for_what_repeats() -> None:
    s = parse(
        "hosts:\n  192.0.2.1: &h {udp/5060: &b {status: 503}}\n  192.0.2.2: *h\n  192.0.2.3: {tcp/1: *b}"
    )
    assert s.hosts["192.0.2.1"] == s.hosts["192.0.2.2"]


def test_a_number_of_colons_is_an_address_not_base_60() -> None:
    assert list(parse("hosts:\n  2001:1:2:3:4:5:6:7: down").hosts) == ["2001:1:2:3:4:5:6:7"]


def test_an_option_says_a_behaviour_too() -> None:
    assert behaviour_from_text("silent", "--fault") == SILENT
    assert behaviour_from_text("503", "--fault") == Behaviour("answer", status=503)
    assert behaviour_from_text("{status: 503, retry_after: 5}", "--fault").retry_after == 5
    for bad in ("", "99", "099", "loud", "{status: 1}", "{", "{a: 1}", "٥٠٣"):
        with pytest.raises(BadInput, match="--fault"):
            behaviour_from_text(bad, "--fault")
    found = behaviour_from_text('{status: 423, headers: ["Min-Expires: 20"]}', "--fault")
    assert found.headers == ("Min-Expires: 20",)
    assert behaviour({"cert": {}}, "x").cert == Certificate()
    assert behaviour({"cert": {"names": ["a"], "cn": "b"}}, "x").cert == Certificate(("a",), "b")


def test_an_expected_target_leaves_open_what_it_does_not_say() -> None:
    udp = Target(UDP4, "203.0.113.1", 5060)
    assert ExpectedTarget().matches(udp)
    assert ExpectedTarget(Protocol.UDP, "203.0.113.1", 5060).matches(udp)
    assert not ExpectedTarget(Protocol.TCP).matches(udp)
    assert not ExpectedTarget(port=5061).matches(udp)
    assert not ExpectedTarget(address="::1").matches(Target(TCP6, "::2", 5060))
    assert str(ExpectedTarget(Protocol.TCP, "::1")) == "tcp [::1]:*"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)
BEHAVIOUR = st.sampled_from(list(BEHAVIOURS.values())) | st.builds(
    Behaviour,
    st.just("answer"),
    status=st.none() | st.integers(100, 699),
    expires=st.none() | st.integers(0, 9999),
    delay=st.floats(0, 31536000),
    then=st.none() | st.just(SILENT),
    cert=st.none() | st.just(Certificate(("a",), expired=True)),
    tls_max=st.none() | st.just("1.2"),
)


@settings(max_examples=200, deadline=None)
@given(WORDS.filter(str.isprintable), LINES, LINES, BEHAVIOUR, st.floats(0, 31536000))
def test_what_is_written_reads_back(name: str, zone: str, conf: str, it: Behaviour, duration: float) -> None:
    hosts = {"192.0.2.1": {Service(Protocol.UDP, 5060): it}}
    s = Scenario(name, zone=zone, pjsip=conf, hosts=hosts, duration=duration)
    assert bare(parse(scenario_to_yaml(s))) == s


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(st.data())
def test_mutated_scenarios_are_read_or_refused(data: st.DataObject) -> None:
    text = EVERYTHING
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.text(max_size=6)) + text[at + data.draw(st.integers(0, 20)) :]
    error = None
    try:
        parse(text)
    except BadInput as exc:
        error = exc
    assert error is None or "\n" not in str(error)
