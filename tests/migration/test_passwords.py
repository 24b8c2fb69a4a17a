"""Nobody loses a password, nobody is let in without one in silence, and no secret is told."""

from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.config.objects import Config, load_text
from pjresolve.config.reader import read_text
from pjresolve.errors import BadInput
from pjresolve.migration.migration import Migration, migrate


def made(text: str) -> Migration:
    return migrate(read_text(text, name="sip.conf"))


def config_of(text: str) -> Config:
    migration = made(text)
    assert migration.refusals == ()
    return load_text(migration.text)


def warned(migration: Migration) -> list[str]:
    return [x.what for x in migration.leftovers if x.warning]


def open_by_name(config: Config) -> list[str]:
    """The endpoints whose name in From is enough: without auth, and recognised by it."""
    names = []
    for endpoint in config.endpoints.values():
        assert set(endpoint.auth) <= set(config.auths)
        if not endpoint.auth and "username" in (endpoint.identify_by or ("username", "ip")):
            names.append(endpoint.name)
    return names


SECRETS = {
    "secret=s3cret": "userpass",
    "secret=>a\\;b\\;--c--\\;d": "userpass",
    'secret=with blanks and = # @ : / ? "quotes" [x] (y) %41 é': "userpass",
    f"secret={'x' * 5000}": "md5",
    f"md5secret={'0' * 32}": "md5",
    f"md5secret={'0' * 32}\nsecret=other": "md5",
    "md5secret=no sum at all": "userpass",
    "md5secret=short\nsecret=other": "userpass",
    "secret=s\nremotesecret=r": "userpass",
    "SECRET => s": "userpass",
}
INSECURE = ["", "insecure=invite", "insecure=very", "insecure=port,invite", "insecure=yes", "insecure=no"]


@pytest.mark.parametrize("kind", ["friend", "peer", "user"])
@pytest.mark.parametrize("secret", SECRETS)
def test_a_telephone_is_asked_for_its_secret(kind: str, secret: str) -> None:
    """Without `auth=` Asterisk answers a REGISTER without a password with 200."""
    for insecure in INSECURE:
        text = f"[general]\nallowguest=yes\n[p]\ntype={kind}\nhost=dynamic\n{secret}\n{insecure}\n"
        config = config_of(text)
        assert config.endpoints["p"].auth == ("p",)
        assert config.auths["p"].auth_type == SECRETS[secret]
        assert config.auths["p"].username == "p"
        assert warned(made(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "[t](!)\ntype=friend\nhost=dynamic\nsecret=s\ninsecure=invite\n[p](t)\ncontext=a\n",
        "[p]\ntype=friend\nhost=dynamic\n[p](+)\nsecret=s\ninsecure=very\n",
        "[p]\ntype=friend\nhost=dynamic\nsecret=s\n[p]\ntype=friend\nhost=dynamic\n",
        "[P]\ntype=friend\nhost=dynamic\nsecret=s\n[p]\ntype=friend\nhost=dynamic\n",
        "[p]\ntype=user\nsecret=s\n[p]\ntype=peer\nhost=dynamic\n",
        "[p]\ntype=friend\nhost=dynamic\nsecret=a\nsecret=s\n",
    ],
    ids=["template", "addition", "twice", "case", "user and peer", "last"],
)
def test_a_secret_from_elsewhere_counts(text: str) -> None:
    config = config_of(f"[general]\n{text}")
    assert config.endpoints["p"].auth == ("p",)
    found = config.auths["p"].section.last("password")
    assert found is not None
    assert found.value == "s"


def test_a_secret_too_long_for_a_line_becomes_its_sum() -> None:
    secret = "x" * 5000
    config = config_of(f"[general]\nrealm=r.example\n[p]\ntype=friend\nhost=dynamic\nsecret={secret}\n")
    found = config.auths["p"].section.last("md5_cred")
    assert found is not None
    assert found.value == hashlib.md5(f"p:r.example:{secret}".encode()).hexdigest()
    assert config.auths["p"].realm == "r.example"


@pytest.mark.parametrize("options", ["", "secret=", "remotesecret=r", "secret=s\nsecret=", "md5secret="])
@pytest.mark.parametrize("kind", ["friend", "peer", "user"])
def test_a_telephone_that_had_no_password_is_told_of_loudly(kind: str, options: str) -> None:
    migration = made(f"[general]\n[p]\ntype={kind}\nhost=dynamic\n{options}\n")
    assert open_by_name(load_text(migration.text)) == ["p"]
    assert warned(migration) == ["[p]"]
    assert "; WARNING: no password: anybody may" in migration.text
    assert migration.text.splitlines()[2].startswith("; WARNING: sip.conf:2: [p]: no password")


@pytest.mark.parametrize("secret", ["", "secret=s"])
@pytest.mark.parametrize("kind", ["friend", "peer"])
@pytest.mark.parametrize("insecure", ["", "insecure=invite", "insecure=port,invite"])
def test_who_has_an_address_needs_no_password_but_must_come_from_it(
    kind: str, insecure: str, secret: str
) -> None:
    text = f"[general]\n[p]\ntype={kind}\nhost=192.0.2.1\n{insecure}\n{secret}\n"
    config = config_of(text)
    assert bool(config.endpoints["p"].auth) is (secret != "" and "invite" not in insecure)
    assert open_by_name(config) == []
    assert warned(made(text)) == []


def test_a_host_that_cannot_be_read_lets_nobody_in() -> None:
    config = config_of("[general]\n[p]\ntype=friend\nhost=two words\ninsecure=invite\n")
    assert open_by_name(config) == []
    assert config.identifies == {}
    assert config.aors["p"].max_contacts == 0


def test_names_that_collide_keep_their_own_passwords() -> None:
    text = "[general]\n" + "".join(
        f"[{name}]\ntype=friend\nhost=dynamic\nsecret=s{n}\n"
        for n, name in enumerate(["a,b", "a_b", "a(b", "global", "sip-global", "x" * 90])
    )
    config = config_of(text)
    assert open_by_name(config) == []
    passwords = [config.auths[e.auth[0]].section.last("password") for e in config.endpoints.values()]
    assert [p.value for p in passwords if p] == ["s0", "s1", "s2", "s3", "s4", "s5"]


def test_no_secret_is_told() -> None:
    migration = made(
        "[general]\npassword=hush1\nregister => a:hush2@\nregister => a:hush3@b c\nmwi => a:hush4@h/1\n"
        "secret hush5\nmy_pwd=hush6\nnever_heard=hush7\nauth=a:hush8@r\n"
        "[p]\ntype=friend\nhost=dynamic\nsecret=s\npassword=hush9\nsceret=hush10\n"
        f"md5secret=hush11{'y' * 5000}\nremotesecret=hush12\nauth=nothing:hush13\n"
        "[authentication]\nauth=hush14\n"
    )
    told = "\n".join(map(str, migration.leftovers))
    assert "hush" not in told.replace("hush11", "", 1)
    comments = "\n".join(line.partition(" ;")[2] for line in migration.text.splitlines() if " ;" in line)
    assert "hush" not in comments
    assert "hush" not in "\n".join(x for x in migration.text.splitlines() if x.startswith(";"))
    assert "password=…: chan_sip does not know it and passed over it; did you mean secret=?" in told
    assert "sceret=…: chan_sip does not know it and passed over it; did you mean secret=?" in told


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("alow", "allow"), ("dtfmode", "dtmfmode"), ("contet", "context"), ("trustpid", "trustrpid"),
     ("quality", "qualify"), ("password", "secret"), ("user", "defaultuser")],
)  # fmt: skip
def test_a_misspelt_name_is_asked_about(wrong: str, right: str) -> None:
    migration = made(f"[general]\n[p]\ntype=friend\nhost=dynamic\nsecret=s\n{wrong}=x\n")
    assert f"did you mean {right}=?" in str(migration.leftovers[0])


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\n\r]\0"), max_size=90)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0"), max_size=60) | st.sampled_from(
    ["", " ", "x" * 4100, "x" * 9000, "\\;" * 2500, ";", "--\\;", "\\", "\x01", "\u3000", "a@b", "a:b"]
)
OWN = st.sampled_from(["secret", "md5secret", "remotesecret", "insecure", "username", "auth", "fromdomain"])
PEER = st.tuples(
    NAMES,
    st.sampled_from(["friend", "peer", "user"]),
    st.sampled_from(["dynamic", "192.0.2.1", "h.example", "é"]),
    st.lists(st.tuples(OWN, TEXTS), max_size=4),
)
WHOLE = st.tuples(TEXTS, TEXTS, TEXTS).map(lambda t: f"{t[0]}:{t[1]}@h.example/{t[2]}")
REGISTER = st.lists(TEXTS | WHOLE)


@settings(max_examples=60, deadline=None)
@given(REGISTER, st.lists(PEER, max_size=5))
def test_whatever_the_names_and_secrets_it_loads_and_is_closed(
    registers: list[str], peers: list[tuple[str, str, str, list[tuple[str, str]]]]
) -> None:
    lines = ["[general]", *(f"register => {r}" for r in registers)]
    for name, kind, host, options in peers:
        lines += [f"[{name}]", f"type={kind}", f"host={host}", *(f"{o}={v}" for o, v in options)]
    try:
        document = read_text("\n".join(lines), name="sip.conf")
    except BadInput:
        return
    migration = migrate(document)
    config = load_text(migration.text)
    assert (migration.refusals, config.refusals, config.document.notices) == ((), (), ())
    assert len(open_by_name(config)) == len([x for x in warned(migration) if x.startswith("[")])
    for registration in config.registrations.values():
        assert set(registration.outbound_auth) <= set(config.auths)


def test_the_text_says_what_was_judged() -> None:
    """What is judged is no reading of the text, which may be longer than what can be read."""
    kinds = itertools.product(["friend", "peer", "user"], ["dynamic", "192.0.2.1"], ["secret=a\\;b", "x=y"])
    text = "[general]\ncontext=c\n[t](!)\nqualify=yes\nallow=alaw\nlanguage=de\n" + "".join(
        f"[p{n}](t)\ntype={kind}\nhost={host}\n{more}\n" for n, (kind, host, more) in enumerate(kinds)
    )
    text_read = load_text(made(text).text)
    assert text_read.refusals == ()
    assert len(text_read.endpoints) == 12
