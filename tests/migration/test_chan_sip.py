"""What chan_sip 16.28 was recorded to do with a sip.conf, and what the migrated one says.

`chan_sip/*.json` hold the sip.conf, and what the real program sent or answered; `SOURCE.md` says how.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pjresolve.config.objects import Config, load_text
from pjresolve.config.reader import read_text
from pjresolve.migration.migration import migrate
from tests.recordings.library import recording as asterisk_22

RECORDINGS = Path(__file__).parent / "chan_sip"
ELSEWHERE = {
    "q": "a ? in a secret is taken for the end of a peer's name, and From is sip:q@u25",
    "": "a callbackextension without defaultuser registers nobody: From is sip:@a.example",
    "v9": "the peer in place of the host has no host: the request went where another peer's went",
    "v8": "the same peer, whose address chan_sip took from where it last sent to",
    "v10": "a type=user before the ? is no peer: From is sip:v10@us, a host that does not exist",
    "u21": "no such peer before the ?: From is sip:u21@nosuch, a host that does not exist",
    "v12": "a port in host= is no host for chan_sip, which sends it in From nevertheless",
    "v13": "a port in host= is no host for chan_sip, which sends it in From nevertheless",
}
"""Users whose line chan_sip makes nonsense of; the line is taken for what it says."""


def recording(name: str) -> Any:
    return json.loads((RECORDINGS / f"{name}.json").read_text())


def config_of(sip_conf: str) -> Config:
    return load_text(migrate(read_text(sip_conf, name="sip.conf")).text)


def password(config: Config, auth: str) -> str:
    entry = config.auths[auth].section.last("password")
    return entry.value if entry else ""


def bare(uri: str) -> str:
    return uri.partition(";")[0].removeprefix("sip:").removesuffix(":5060")


@pytest.mark.parametrize("name", ["lines", "peers", "proxy", "realms", "transports"])
def test_a_registration_is_made_as_chan_sip_made_it(name: str) -> None:
    seen = recording(f"register-{name}")
    config = config_of(seen["sip_conf"])
    addresses = {x.split(".\t")[0].split(". ")[0]: x.split()[-1] for x in seen["zone"].splitlines()}
    peers = {e.name for e in config.endpoints.values()}
    made = {
        bare(r.client_uri).rpartition("@")[0].replace("%20", " "): r for r in config.registrations.values()
    }
    for register in seen["registers"]:
        user = bare(register["from"]).rpartition("@")[0]
        if user in ELSEWHERE:
            continue
        found = made[user]
        assert bare(found.client_uri).replace("%20", " ") == bare(register["from"])
        uri = bare(register["uri"])
        # where the line has a peer's name for a host, chan_sip asks for that name
        assert bare(found.server_uri) == (uri if uri not in peers or uri == "b.example" else "a.example"), (
            user
        )
        host, _, port = bare(found.outbound_proxy or found.server_uri).partition(":")
        protocol = "tcp" if ";transport=tcp" in found.server_uri else "udp"
        assert f"{protocol} {addresses.get(host, host)}:{port or 5060}" == register["to_address"], user
        assert (found.contact_user or "s") == bare(register["contact"]).partition("@")[0], user
        assert str(found.expiration) == register["expires"], user
        assert found.support_path is ("path" in register["supported"])
        if register["secret"]:
            assert config.auths[found.outbound_auth[0]].username == register["user"], user
            assert password(config, found.outbound_auth[0]) == register["secret"], user


def test_who_gets_in_is_who_got_in() -> None:
    """Each incoming request of the recording, judged by the migrated configuration."""
    seen = recording("incoming")
    config = config_of(seen["sip_conf"])
    by_address = {m: i.endpoint for i in config.identifies.values() for m in i.match}
    for request in seen["incoming"]:
        host, _, port = request["from_address"].partition(":")
        user = bare(request["from"]).partition("@")[0]
        name = by_address.get(f"{host}:{port}") or by_address.get(host)
        named = config.endpoints.get(user)
        if named and "username" in (named.identify_by or ("username", "ip")):
            name = user
        endpoint = config.endpoints[name] if name else None
        admitted = endpoint is not None and not endpoint.auth
        if request["status"] == 200 and user in ("f1", "d7") and host == "203.0.113.5":
            assert not admitted, "insecure=invite lets anybody in who writes that name: not taken over"
            continue
        assert admitted == (request["status"] == 200), request
        if "context" in request and endpoint is not None:
            assert endpoint.context == request["context"], request


def options(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(s.name, [(e.name, e.value) for e in s.entries]) for s in read_text(text).sections]


def test_asterisk_22_answers_what_chan_sip_answered() -> None:
    """The other half of the recording: the same requests, and a pjsip.conf that is made of the same file."""
    before, now = recording("incoming"), asterisk_22("mg-who-gets-in")
    migrated = migrate(read_text(before["sip_conf"], name="sip.conf")).text
    assert options(now["scenario"]["pjsip"]) == options(migrated)
    answers = [e for e in now["sip"] if e["kind"] == "response" and e["status"] >= 200]
    status = {int(e["call"].removeprefix("incoming-")): e["status"] for e in answers}
    differing = [n for n, request in enumerate(before["incoming"]) if status[n] != request["status"]]
    assert [(before["incoming"][n]["from"], status[n]) for n in differing] == [
        ("sip:f1@203.0.113.5", 401), ("sip:d7@203.0.113.5", 401),
    ]  # fmt: skip
    reached = [
        r["context"] for n, r in enumerate(before["incoming"]) if "context" in r and n not in differing
    ]
    assert [context for _, _, context, _ in now["channels"]] == reached


def test_two_accounts_at_one_provider_are_told_apart_by_their_lines() -> None:
    seen = asterisk_22("mg-two-accounts")
    config = load_text(seen["scenario"]["pjsip"])
    assert list(config.identifies) == ["acc1"]
    assert [r.line for r in config.registrations.values()] == [True, True]
    assert [(called, endpoint) for _, called, _, endpoint in seen["channels"]] == [
        ("two", "acc2"), ("one", "acc1"), ("two", "acc1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "works"), [("tls-no-ca", False), ("tls-ca", True), ("tls-unverified", True)]
)
def test_tls_without_a_ca_fails_as_it_did(name: str, works: bool) -> None:
    seen = recording(name)
    assert bool(seen["registers"]) is works
    migration = migrate(read_text(seen["sip_conf"], name="sip.conf"))
    tls = load_text(migration.text).transports["transport-tls"]
    assert (tls.verify_server and not tls.ca_list_file) is not works
    warnings = [x for x in migration.leftovers if x.warning]
    assert bool(warnings) is not works
    if warnings:
        assert "no CA is named, so that every connection over TLS fails" in str(warnings[0])
        assert "; WARNING: no CA is named" in migration.text
