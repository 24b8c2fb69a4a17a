"""Whatever is wrong with the input is one line on standard error, and a documented exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pjresolve.cli.main import app

CONF = """\
[t-udp]
type=transport
protocol=udp
bind=0.0.0.0
[a]
type=registration
server_uri=sip:sip6.voipgrid.nl
client_uri=sip:x@sip6.voipgrid.nl
[b]
type=registration
server_uri=sip:sipproxy.voipgrid.nl
client_uri=sip:x@sipproxy.voipgrid.nl
"""
FILES = {
    "two.conf": CONF,
    "empty.conf": "",
    "open.conf": "[x\n",
    "loop.conf": '#include "loop.conf"\n',
    "key.yaml": "nonsense: 1\n",
    "before.yaml": "hosts: {192.0.2.1: down}\nevents: [{at: -1, host: 192.0.2.1, set: up}]\n",
    "bad.zone": "$ORIGIN example.net.\nsip 300 IN A 1.2.3\n",
    "other.yaml": "zone: |\n  ;; asked NAPTR elsewhere.example nxdomain\n",
}
SIP6 = ["sip6.voipgrid.nl", "--offline"]
NOBODY = "127.0.0.1#1"
"""A name server that is not there."""

CASES = [
    (["--bogus", "x.nl"], "there is no option --bogus (see pjresolve resolve --help)", 2),
    (["x.nl", "y.nl"], "y.nl is too much: nothing more is expected (see pjresolve resolve --help)", 2),
    (["simulat", "x"], "did you mean simulate? For a domain of that name: pjresolve resolve simulat", 2),
    (["sip:"], "sip: is not a SIP URI", 2),
    (["sip:x.nl:99999"], "port 99999 is out of range", 2),
    (["sip:x.nl;transport=sctp"], "no transport is called 'sctp'", 2),
    (["pjsip.conf"], "domain: pjsip.conf names a file, not a domain (use --config for a pjsip.conf)", 2),
    (["record", "three.conf", "-o", "new"], "three.conf names a file, not a domain", 2),
    (["record", "-o", "new"], "no domain and no --config is given", 2),
    (["record", "-c", "nosuch.conf", "-o", "new"], "nosuch.conf: cannot read it", 2),
    (["record", "-c", "empty.conf", "-o", "new"], "no registration asks the DNS for anything", 2),
    (["https://x.nl"], "https://x.nl is no SIP URI", 2),
    (["a..b"], "an empty label is not 1 to 63 letters", 2),
    (["a\tb\x1b[1m.nl"], r"a\tb\x1b[1m.nl is not a SIP URI", 2),
    (["bücher.example", "--offline"], "no bundled snapshot of xn--bcher-kva.example", 2),
    (["-c", "nosuch.conf"], "nosuch.conf: cannot read it: No such file or directory", 2),
    (["-c", "empty.conf"], "there is no registration", 2),
    (["-c", "open.conf"], "open.conf:1: ", 2),
    (["-c", "loop.conf"], "includes itself", 2),
    (["-c", "two.conf", "-r", "c"], "no registration is called 'c' (there are a, b)", 2),
    (["-c", "two.conf", "--pin", "tcp"], "no transport is called 'tcp' (there is only t-udp)", 2),
    (["-c", "two.conf", "x.nl"], "(there are sip6.voipgrid.nl, sipproxy.voipgrid.nl)", 2),
    (["-c", "two.conf", "--transports", "udp"], "--transports: goes without --config", 2),
    (["-r", "a", "x.nl"], "--registration: needs --config", 2),
    (["-c", "two.conf", "-c", "empty.conf"], "--config is given more than once (write it once)", 2),
    ([*SIP6, "--html", "a.html", "--html", "b.html"], "--html is given more than once", 2),
    (["x.nl", "--offlin"], "there is no option --offlin (did you mean --offline? see pjresolve resolve", 2),
    (["check", "x", "--fail"], "there is no option --fail (did you mean --fail-on? see pjresolve check", 2),
    (["check"], "FILE is missing (see pjresolve check --help)", 2),
    (["show", "foo", "-c", "two.conf"], "WHAT: 'foo' cannot be shown (there are transports, sockets,", 2),
    (["show", "transports", "-c", "two.conf", "--at", "5"], "--at: says nothing of transports (it is for", 2),
    (["show", "sockets", "-c", "two.conf", "--zone", "x"], "--zone: says nothing of sockets (it is for", 2),
    (["show", "sockets", "-c", "two.conf", "--config-dir", "two.conf"], "two.conf: is no folder", 2),
    (["check", "two.conf", "--select", "PJ9"], "no rule is called PJ9 (families are PJ1, PJ2,", 2),
    (["rule", "PJ999"], "no rule is called PJ999 (families are", 2),
    (["rule", "PJ20l1"], "or PJ201 or", 2),
    ([""], "domain: nothing is named", 2),
    ([*SIP6, "--seed", "x"], "--seed: 'x' is no whole number (write e.g. 7)", 2),
    ([*SIP6, "--timeout", "soon"], "--timeout: 'soon' is no length of time", 2),
    ([*SIP6, "--stack", ""], "--stack: no stack is named", 2),
    ([*SIP6, "--stack", "chan_sip,chan_sip"], "--stack: chan_sip is named twice", 2),
    (["-c", "two.conf", "-r", "AA"], "(did you mean a? there are a, b)", 2),
    (["--offline"], "no domain and no --config is given", 2),
    ([*SIP6, "--pin", "tcp9"], "there are transport-udp6, transport-udp,", 2),
    ([*SIP6, "--transports", "udp,sctp"], "no transport is called 'sctp'", 2),
    ([*SIP6, "--transports", ""], "no transport is named", 2),
    (["x.nl", "--zone", "nosuch"], "nosuch: cannot be read", 2),
    (["x.nl", "--zone", "bad.zone"], "bad.zone:2: ", 2),
    (["x.nl", "--snapshot", "key.yaml"], "key.yaml:1: unknown key `nonsense`", 2),
    (["x.nl", "--snapshot", "other.yaml"], "other.yaml: there is nothing of x.nl in it", 2),
    (["x.nl", "--offline", "--zone", "bad.zone"], "--zone and --offline exclude each other", 2),
    (["x.nl", "--offline"], "(there are sip6.voipgrid.nl, sipproxy.voipgrid.nl)", 2),
    (
        ["x.nl", "--nameserver", "foo"],
        "'foo' is no name server (write its address; with a port, 192.0.2.1#5353)",
        2,
    ),
    (["x.nl", "--timeout", "0"], "--timeout: 0 s is no timeout", 2),
    (["x.nl", "--timeout", "nan"], "'nan' is no length of time", 2),
    (["x.nl", "--nameserver", NOBODY], "(use --offline for a bundled example, or --nameserver,", 3),
    ([*SIP6, "--down", "192.0.2.9"], "--down 192.0.2.9 matches no target (there are 2a06:2a80:1::60/tcp", 2),
    ([*SIP6, "--fault", "udp"], "'udp' says no behaviour", 2),
    ([*SIP6, "--fault", "udp=foo"], "no behaviour is called 'foo' (use ok, accept, silent,", 2),
    ([*SIP6, "--fault", "udp={status: 99}"], "`status` is 100 to 699, not 99", 2),
    ([*SIP6, "--fault", "udp/5070=silent"], "--fault udp/5070=silent matches no target", 2),
    ([*SIP6, "--fault", "192.0.2.1/sctp=ok"], "no protocol is called 'sctp'", 2),
    ([*SIP6, "--fault", "*=up"], "every host is up from the start", 2),
    ([*SIP6, "--down", "*=silent"], "a behaviour belongs to --fault", 2),
    ([*SIP6, "--at", "-5", "--down", "*"], "--at: -5 is negative", 2),
    ([*SIP6, "--at", "5"], "--at 5 has no fault after it", 2),
    ([*SIP6, "--at", "5", "--no-ipv4"], "--no-ipv4 holds from the start", 2),
    ([*SIP6, "--at", "2y", "--down", "*"], "2y is more than a year", 2),
    ([*SIP6, "--until", "366d"], "366d is more than a year", 2),
    ([*SIP6, "--until", "0"], "a run of no time shows nothing", 2),
    ([*SIP6, "--until", "5 parsecs"], "is no length of time", 2),
    ([*SIP6, "--dns-fault", "x"], "is no DNS fault", 2),
    ([*SIP6, "--dns-fault", "x A=drop"], "--dns-fault x A matches no query (asked are", 2),
    ([*SIP6, "--stack", "foo"], "no stack is called 'foo' (there are asterisk-22", 2),
    (["simulate", "nosuch.yaml"], "there is no file and no scenario called 'nosuch.yaml'", 2),
    (["simulate", "key.yaml"], "key.yaml:1: unknown key", 2),
    (["simulate", "before.yaml"], "before.yaml:2: `at` is 0 to", 2),
    (["simulate", "helthy-dual-stack"], "did you mean healthy-dual-stack", 2),
    (["record", "x.nl", "-o", "nosuch/file"], "nosuch/file: cannot be written: there is no such folder", 2),
    (["record", "x.nl", "-o", "key.yaml"], "key.yaml: exists already (use --force", 2),
    (["record", "x.nl", "-o", "new", "--nameserver", NOBODY], "(name another with --nameserver)", 3),
    (["record", "192.0.2.1", "-o", "new"], "there is nothing to ask", 2),
]


@pytest.mark.parametrize(("arguments", "line", "code"), CASES, ids=[" ".join(c[0]) for c in CASES])
def test_bad_input_is_one_line(
    arguments: list[str], line: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    # what is under way is told after a second, which a busy machine may take
    monkeypatch.setattr("pjresolve.cli.progress.PATIENCE", 600.0)
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert result.stderr.startswith("pjresolve: ")
    assert line in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stderr[:-1].isprintable()
    assert not (tmp_path / "new").exists()


def test_the_help_documents_the_exit_codes() -> None:
    said = {
        "resolve": "0 registers, and is registered at the end; 1 does not; 2 bad input; 3 the DNS could not",
        "simulate": "0 all that is expected holds,",
        "record": "0 written,",
        "show": "0 shown; 2 bad input; 3 the DNS could not",
        "check": "0 nothing found from --fail-on upward, 1 findings,",
        "migrate": "0 written,",
    }
    for command, words in said.items():
        result = CliRunner().invoke(app, [command, "--help"])
        assert result.exit_code == 0
        assert f"Exit codes: {words}" in " ".join(result.stdout.split()), command
    assert "Exit codes: 0 registers," in CliRunner().invoke(app, ["--help"]).stdout


@pytest.mark.parametrize(
    "command", ["resolve", "simulate", "record", "show", "migrate", "check", "rule", "scenarios", "stacks"]
)
def test_the_help_shows_no_python(command: str) -> None:
    text = CliRunner().invoke(app, [command, "--help"]).stdout
    for leak in ("<", "list[", "{SCENARIO", "{DOMAIN", "{what", "{FILE", "[[", "float", "[required]\n  -h"):
        assert leak not in text, leak
