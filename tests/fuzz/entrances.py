"""Where text and bytes of somebody else come in: what each entrance is called with, and what is made of it.

Rules of this file:
- an entrance raises a PjresolveError or nothing;
- what it gives back is used as the program uses it: a configuration is loaded, checked and predicted with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pjresolve.errors import PjresolveError

ROOT = Path(__file__).resolve().parent.parent.parent
ZONE = """\
$ORIGIN example.net.
$TTL 300
sip NAPTR 10 10 "s" "SIP+D2U" "" _sip._udp.sip
_sip._udp.sip SRV 10 60 5060 p1
_sip._tcp.sip SRV 10 60 5060 p2
p1 A 203.0.113.1
p1 AAAA 2001:db8::1
p2 CNAME p1
"""
SIP_CONF = """\
[general]
bindaddr=0.0.0.0
tlsenable=yes
register => me:secret@sip.example.net/100
[template](!)
qualify=yes
nat=force_rport,comedia
[trunk](template)
type=peer
host=sip.example.net
username=me
secret=secret
insecure=invite,port
context=in
disallow=all
allow=alaw
"""
OPTIONS = (
    "ipv6=drop", "203.0.113.1/udp=503", "tcp={cert: {names: [a.example]}}", "p1.example.net=silent",
    "sip.example.net NAPTR=drop", "x A=delay:3", "20m", "1h30m", "udp6,udp,tcp", "192.0.2.1#5353", "[::1]:53",
)  # fmt: skip
URIS = (
    "sip:sip.example.net", "sips:me@sip.example.net:5061;transport=tls", "<sip:[2001:db8::1]:5060;lr>",
    "sip:192.0.2.1;maddr=1.2.3.4", "sip:h;transport=tcp?x=y", "bücher.example", "a.example.",
)  # fmt: skip


@dataclass(frozen=True)
class Entrance:
    """`use` takes mutations of `corpus`, into which `tokens` are put."""

    use: Callable[[str], object]
    corpus: tuple[str, ...]
    tokens: tuple[str, ...] = ()


def one_line(exc: PjresolveError) -> None:
    """What a user is told has to be one printable line."""
    if not str(exc).isprintable():
        raise AssertionError(f"the error is not one printable line: {str(exc)!r}")


def answer(text: str) -> None:
    """A DNS message, as the characters 0 to 255."""
    from pjresolve.dns.message import read_reply
    from pjresolve.model import Query

    wire = text.encode("latin-1", "replace")
    for rtype in ("NAPTR", "SRV", "AAAA", "A"):
        reply = read_reply(wire, Query("sip.example.net", rtype))
        str(reply and reply.records)


def zone(text: str) -> None:
    from pjresolve.dns.zone import ZoneSource
    from pjresolve.model import Query

    source = ZoneSource(text)
    for rtype in ("NAPTR", "SRV", "AAAA", "A"):
        source.lookup(Query("sip.example.net", rtype))


def pjsip(text: str) -> None:
    from pjresolve.config.objects import load_text
    from pjresolve.lint.run import findings_in
    from pjresolve.scenario.format import Scenario

    config = load_text(text)
    findings_in(Scenario("fuzz", zone=ZONE, pjsip=text), config)


def sip(text: str) -> None:
    """What is made of a sip.conf is loaded without a refusal, or `migrate` has said so."""
    from pjresolve.config.objects import load_text
    from pjresolve.config.reader import read_text
    from pjresolve.migration.migration import migrate

    made = migrate(read_text(text))
    refusals = load_text(made.text).refusals
    if refusals:
        raise AssertionError(f"migrate writes what Asterisk refuses: {refusals[0]}")


def scenario(text: str) -> None:
    from dataclasses import replace

    from pjresolve.prediction.ask import ask_scenario
    from pjresolve.scenario.format import parse_scenario, scenario_to_yaml

    read = parse_scenario(text, name="fuzz", folder=None)
    again = parse_scenario(scenario_to_yaml(read), name="fuzz", folder=None)
    blank = {"zone_where": None, "pjsip_where": None}
    if replace(read, **blank) != replace(again, **blank):  # type: ignore[arg-type]
        raise AssertionError("a scenario that is written reads back as another one")
    ask_scenario(replace(read, duration=min(read.duration, 600.0)))


def uri(text: str) -> None:
    from pjresolve.sip.uri import parse_domain, parse_uri

    for parse in (parse_domain, parse_uri):
        try:
            str(parse(text))
        except PjresolveError as exc:
            one_line(exc)


def options(text: str) -> None:
    import pjresolve
    from pjresolve.dns.live import parse_nameserver
    from pjresolve.model import transport_types
    from pjresolve.prediction.faults import dns_fault, host_down, host_fault
    from pjresolve.prediction.times import read_until

    for read in (host_fault, host_down, dns_fault, read_until, parse_nameserver, transport_types):
        try:
            read(text)
        except PjresolveError as exc:
            one_line(exc)
    pjresolve.resolve("sip6.voipgrid.nl", offline=True, faults=text)


@cache
def entrances() -> dict[str, Entrance]:
    """All of them, by name, with what there is in the checkout as their corpus."""
    from tests.dns.test_message import SEEDS

    scenarios = tuple(p.read_text() for p in sorted((ROOT / "scenarios").glob("*.yaml")))
    configs = tuple(_configs(scenarios))
    behaviours = ("silent", "reject", "{status: 503}", "{delay: 5}", "&a", "*a", "- ", "? ", "|", "\ud800")
    return {
        "answer": Entrance(answer, tuple(w.decode("latin-1") for w in SEEDS), ("\xc0\x0c", "\xff")),
        "zone": Entrance(zone, (ZONE,), ("$GENERATE 1-9 a$ A 192.0.2.$", "$ORIGIN", "(", ")", '"', "\\000")),
        "pjsip": Entrance(
            pjsip, configs, ("type=", "(!)", "(+)", "transport=", "#include", ";--", "--;", "\\;")
        ),
        "sip": Entrance(
            sip, (SIP_CONF,), ("register=>", "host=", "type=friend", "insecure=very", "transport=tls")
        ),
        "scenario": Entrance(scenario, scenarios, behaviours),
        "uri": Entrance(uri, URIS, (";", "[", "]", "%", "\\", "@", ":")),
        "options": Entrance(options, OPTIONS, ("{", "}", "[", ":", "&", "*", "\udc80", "=", "/")),
    }


def _configs(scenarios: tuple[str, ...]) -> list[str]:
    from pjresolve.scenario.format import parse_scenario

    return [parse_scenario(text, name="x", folder=None).pjsip for text in scenarios]
