"""The objects of a configuration that people really write, and how each option is taken."""

from __future__ import annotations

import re
from dataclasses import MISSING, FrozenInstanceError, fields

import pytest

from pjresolve.config.objects import Config, Object, load_text
from pjresolve.config.schema import schema
from pjresolve.config.types import Aor, Endpoint, Global, Identify, Registration, System, Transport
from pjresolve.model import TCP4, TCP6, TLS4, TLS6, UDP4, UDP6
from tests.recordings.library import NAMES, recording

OFFICE = r"""
[global]
type=global
default_realm=office.example

; one socket for each protocol and IP version
[wire](!)
type=transport
allow_reload=yes

[wire-v6](!,wire)
bind=[::]

[wire-v4](!,wire)
bind=0.0.0.0

[secure](!)
protocol=tls
cert_file=/etc/asterisk/chain.pem
priv_key_file=/etc/asterisk/key.pem
ca_list_path=/etc/ssl/certs
;verify_server=no
allow_wildcard_certs=yes
method=sslv23

[udp-v6](wire-v6)
protocol=udp
[udp-v4](wire-v4)
protocol=udp
[tcp-v6](wire-v6)
protocol=tcp
[tcp-v4](wire-v4)
protocol=tcp
[tls-v6](wire-v6,secure)
[tls-v4](wire-v4,secure)

[provider]
type=registration
retry_interval=20
max_retries=20000
contact_user=200
auth_rejection_permanent=no
expiration=120
;transport=udp-v6
outbound_auth=provider
client_uri=sip:4711@proxy.provider.example
server_uri=sip:proxy.provider.example\;transport=tcp	; the provider's word
line=yes
endpoint=provider

[provider]
type=auth
username=4711
password=pass\;word

[provider]
type=aor
contact=sip:proxy.provider.example

[provider]
type=identify
endpoint=provider
match=192.0.2.0/24,198.51.100.0/23
match=2001:db8:77::/48

[provider]
type=endpoint
context=from-provider
disallow=all
allow=alaw
from_domain=provider.example
outbound_auth=provider
aors=provider

[desk]
type=aor
max_contacts=1

[desk]
type=endpoint
aors=desk
contact_deny=0.0.0.0/0
contact_deny=::/0
contact_permit=192.168.0.0/16
"""


@pytest.fixture(scope="module")
def office() -> Config:
    return load_text(OFFICE)


def test_nothing_of_it_is_refused(office: Config) -> None:
    assert office.refusals == ()
    assert office.document.notices == ()


def test_the_six_transports_stand_in_the_order_of_the_file(office: Config) -> None:
    assert [(t.name, t.type) for t in office.transports.values()] == [
        ("udp-v6", UDP6),
        ("udp-v4", UDP4),
        ("tcp-v6", TCP6),
        ("tcp-v4", TCP4),
        ("tls-v6", TLS6),
        ("tls-v4", TLS4),
    ]
    assert [t.bind_port for t in office.transports.values()] == [5060, 5060, 5060, 5060, 5061, 5061]
    assert {t.bind_address for t in office.transports.values()} == {"::", "0.0.0.0"}
    tls = office.transports["tls-v6"]
    assert (tls.method, tls.verify_server, tls.allow_wildcard_certs) == ("sslv23", False, True)
    assert (tls.ca_list_path, tls.ca_list_file) == ("/etc/ssl/certs", "")


def test_the_registration_has_what_is_written_and_the_defaults(office: Config) -> None:
    provider = office.registrations["provider"]
    assert provider.server_uri == "sip:proxy.provider.example;transport=tcp"
    assert (provider.retry_interval, provider.expiration, provider.max_retries) == (20, 120, 20000)
    assert (provider.line, provider.auth_rejection_permanent) == (True, False)
    assert (provider.outbound_auth, provider.transport) == (("provider",), "")
    assert (provider.forbidden_retry_interval, provider.max_random_initial_delay) == (0, 10)


def test_an_option_knows_its_line_and_one_left_out_its_section(office: Config) -> None:
    provider, lines = office.registrations["provider"], OFFICE.splitlines()
    assert lines[provider.where("expiration").line - 1] == "expiration=120"
    assert lines[provider.where("transport").line - 1] == "[provider]"
    assert lines[office.transports["tls-v4"].where("method").line - 1] == "method=sslv23"
    assert (provider.written("Expiration"), provider.written("transport")) == (True, False)


def test_lists_gather_and_names_are_split(office: Config) -> None:
    assert office.identifies["provider"].match == ("192.0.2.0/24", "198.51.100.0/23", "2001:db8:77::/48")
    assert office.endpoints["desk"].contact_deny == ("0.0.0.0/0", "::/0")
    assert office.endpoints["provider"].outbound_auth == ("provider",)
    assert office.aors["provider"].contact == ("sip:proxy.provider.example",)


def test_secrets_stay_in_the_section(office: Config) -> None:
    auth = office.auths["provider"]
    assert "pass;word" not in {getattr(auth, f.name) for f in fields(auth) if f.name != "section"}


def test_an_object_cannot_be_changed(office: Config) -> None:
    with pytest.raises(FrozenInstanceError):
        office.system.timer_t1 = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("kind", "cls"),
    [
        ("transport", Transport),
        ("registration", Registration),
        ("endpoint", Endpoint),
        ("aor", Aor),
        ("identify", Identify),
        ("system", System),
        ("global", Global),
    ],
)
def test_each_default_is_the_one_of_the_tables(kind: str, cls: type[Object]) -> None:
    made_up = {"bind_address", "bind_port", "type"}
    for field in fields(cls):
        if field.name in {"name", "section"} | made_up or field.default is MISSING:
            continue
        written = schema()[kind][field.name].default
        default = field.default
        if isinstance(default, bool):
            assert ("yes" if default else "no") == written, field.name
        elif isinstance(default, tuple):
            assert ",".join(default) == written, field.name
        else:
            assert str(default) == written, field.name


# ---------------------------------------------------------------- transports


def transports(*binds: str) -> dict[str, Transport]:
    sections = (f"[t{i}]\ntype=transport\n{options}\n" for i, options in enumerate(binds))
    return load_text("".join(sections)).transports


@pytest.mark.parametrize(
    ("options", "type_name", "address", "port"),
    [
        ("bind=0.0.0.0", "udp", "0.0.0.0", 5060),
        ("bind=[::]", "udp6", "::", 5060),
        ("bind=::1", "udp6", "::1", 5060),
        ("bind=[2001:DB8:0::1]:5070", "udp6", "2001:db8::1", 5070),
        ("bind=192.0.2.1:5080\nprotocol=TCP", "tcp", "192.0.2.1", 5080),
        ("bind=192.0.2.1:0\nprotocol=tls", "tls", "192.0.2.1", 5061),
        ("bind=192.0.2.1:", "udp", "192.0.2.1", 5060),
        ("bind=", "udp", "0.0.0.0", 5060),
        ("bind=:7000", "udp", "0.0.0.0", 7000),
        ("bind=pbx.example:7000", "udp", "pbx.example", 7000),
        ("bind=0.0.0.0\nbind=[::]\nprotocol=udp\nprotocol=tcp", "tcp6", "::", 5060),
    ],
)
def test_a_bind_is_taken_apart(options: str, type_name: str, address: str, port: int) -> None:
    found = transports(options)["t0"]
    assert found.type is not None
    assert (found.type.name, found.bind_address, found.bind_port) == (type_name, address, port)


@pytest.mark.parametrize("protocol", ["ws", "wss", "flow"])
def test_what_carries_no_registration_has_no_type(protocol: str) -> None:
    assert transports(f"protocol={protocol}\nbind=0.0.0.0")["t0"].type is None


# ---------------------------------------------------------------- system and global


@pytest.mark.parametrize(
    ("text", "t1", "b"),
    [
        ("", 500, 32000),
        ("[system]\ntype=system\ntimer_t1=50\n", 100, 32000),
        ("[system]\ntype=system\ntimer_t1=100\ntimer_b=6400\n", 100, 6400),
        ("[system]\ntype=system\ntimer_t1=200\ntimer_b=1000\n", 200, 12800),
        ("[system]\ntype=system\ntimer_t1=1000\n", 1000, 64000),
        ("[x]\ntype=system\ntimer_t1=300\n", 300, 32000),
        ("[system]\ntimer_t1=300\n", 300, 32000),
        ("[SYSTEM]\ntimer_t1=300\n", 500, 32000),
        ("[system](!)\ntimer_t1=300\n", 500, 32000),
        ("[system]\ntype=system\ntimer_t1=0x12c\n", 300, 32000),
        ("[system]\ntype=system\nbogus=1\ntimer_t1=300\n", 500, 32000),
        ("[b]\ntype=system\ntimer_t1=200\n[a]\ntype=system\ntimer_t1=300\n", 300, 32000),
        ("[a]\ntimer_t1=9\n[b]\ntype=system\n[c]\ntype=system\ntimer_t1=700\n[d]\ntype=system\n", 500, 32000),
    ],
)
def test_the_timers_are_those_that_asterisk_uses(text: str, t1: int, b: int) -> None:
    system = load_text(text).system
    assert (system.timer_t1, system.timer_b) == (t1, b)


def test_the_last_of_two_globals_counts_and_none_of_three() -> None:
    two = load_text("[b]\ntype=global\nmax_forwards=9\n[a]\ntype=global\nmax_forwards=10\n")
    assert two.global_.max_forwards == 10
    assert [r.name for r in two.refusals] == ["b"]
    three = load_text("".join(f"[{n}]\ntype=global\nmax_forwards=9\n" for n in "abc"))
    assert three.global_.max_forwards == 70
    assert len(three.refusals) == 3


# ---------------------------------------------------------------- refusals


def test_a_duplicate_takes_its_whole_type_with_it() -> None:
    one = "[{}]\ntype=registration\nserver_uri=sip:h\nclient_uri=sip:h\n"
    config = load_text(one.format("a") + one.format("b") + one.format("a") + "[a]\ntype=aor\n")
    assert config.registrations == {}
    assert [(r.name, r.where.line) for r in config.refusals] == [("a", 1), ("b", 5), ("a", 9)]
    assert "duplicate object: 'a' of type 'registration'" in config.refusals[1].message
    assert list(config.aors) == ["a"]
    assert list(load_text(one.format("a") + one.format("A")).registrations) == ["a", "A"]


def test_one_that_is_refused_itself_is_no_first_of_two() -> None:
    one = "[{}]\ntype=registration\nserver_uri=sip:h\nclient_uri=sip:h\n"
    config = load_text(one.format("a") + "bogus=1\n" + one.format("a"))
    assert list(config.registrations) == ["a"]
    assert [r.where.line for r in config.refusals] == [5]
    second = load_text(one.format("a") + one.format("a") + "bogus=1\n")
    assert second.registrations == {}
    assert [r.where.line for r in second.refusals] == [1, 5]


def test_transports_before_a_duplicate_are_bound_and_have_no_name() -> None:
    one = "[{}]\ntype=transport\nprotocol={}\nbind=0.0.0.0:{}\n"
    config = load_text(
        one.format("a", "udp", 5060) + one.format("b", "tcp", 5060)
        + one.format("a", "udp", 5070) + one.format("c", "udp", 5080)
    )  # fmt: skip
    assert (list(config.bound), config.transports) == (["a", "b"], {})
    assert [r.name for r in config.refusals] == ["a", "b", "a", "c"]
    ports = (("z", 5060), ("a", 5060), ("a", 5070))
    taken = load_text("".join(one.format(name, "udp", port) for name, port in ports))
    assert list(taken.transports) == list(taken.bound) == ["z", "a"]


def test_a_fault_in_a_template_is_told_at_its_line() -> None:
    config = load_text("[t](!)\nbogus=1\n[a](t)\ntype=aor\n")
    refusal = config.refusal("aor", "a")
    assert refusal is not None
    assert refusal.where.line == 2
    assert refusal.message == "Could not find option suitable for category 'a' named 'bogus' at line 2"


def test_what_has_no_known_type_is_passed_over() -> None:
    config = load_text("[a]\nbogus=1\n[b]\ntype=Endpoint\nbogus=1\n[c]\ntype=peer\nhost=dynamic\n")
    assert config.refusals == ()
    assert config.endpoints == {}


OF_THE_MACHINE = {
    "tr-bind-wrong": "which addresses there are is the machine's to know",
    "tr-tls-badca": "which files there are is the machine's to know",
}
"""Recordings in which a transport failed for a reason that no configuration shows."""


@pytest.mark.recording
@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_configuration_loses_the_objects_that_asterisk_refused(name: str) -> None:
    config = load_text(recording(name)["scenario"]["pjsip"])
    log = "\n".join(recording(name)["log"])
    theirs = set(re.findall(r"Could not create an object of type '(\S+)' with id '(.*?)' from", log))
    doubled = (
        "configuration contains a duplicate object"  # of which Asterisk logs one line for the whole type
    )
    ours = {(r.type, r.name) for r in config.refusals if doubled not in r.message}
    assert ours <= theirs
    assert any(doubled in r.message for r in config.refusals) == (doubled in log)
    # whether a transport suits a registration is for the stack to say
    left = {kind for kind, _ in theirs - ours} - {"registration"}
    assert left == ({"transport"} if name in OF_THE_MACHINE else set())
