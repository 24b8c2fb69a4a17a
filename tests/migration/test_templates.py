"""A template of sip.conf stays one, and every section is what it would be without."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.config.objects import load_text
from pjresolve.config.reader import read_text
from pjresolve.migration import migration as module
from pjresolve.migration.migration import migrate


def sections(text: str) -> dict[tuple[str, str], dict[str, list[tuple[str, str]]]]:
    """Of each section the options that count, those whose order counts together."""
    families = {"allow": "codecs", "disallow": "codecs", "deny": "acl", "permit": "acl", "set_var": "set_var"}
    out: dict[tuple[str, str], dict[str, list[tuple[str, str]]]] = {}
    for section in read_text(text).sections:
        if section.template:
            continue
        own = out.setdefault((section.type, section.name), {})
        for entry in section.entries:
            family = families.get(entry.name, "")
            before = own.get(family, []) if family else []
            own[family or entry.name] = [*before, (entry.name, entry.value)]
    return out


def both(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    document = read_text(text, name="sip.conf")
    shared = migrate(document).text
    with monkeypatch.context() as patch:
        patch.setattr(module, "share", lambda out, peers: None)
        return shared, migrate(document).text


PHONES = (
    "[general]\ndisallow=all\nallow=alaw\n"
    "[phone](!)\ntype=friend\nhost=dynamic\ncontext=phones\nqualify=yes\n"
)


def test_68_telephones_of_one_template_are_68_short_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    text = PHONES + "".join(f"[{n}](phone)\nsecret=s{n}\n" for n in range(100, 168))
    shared, flat = both(text, monkeypatch)
    assert sections(shared) == sections(flat)
    assert "[phone-endpoint](!,sip-defaults)\ntype=endpoint\ncontext=phones" in shared
    assert shared.count("context=phones") == 1
    assert shared.count("qualify_frequency=") == 1
    block = shared[shared.index("[100](phone-endpoint)") : shared.index("; sip.conf:11")]
    assert block.split() == ["[100](phone-endpoint)", "type=endpoint", "auth=100", "aors=100"]


def test_a_telephone_that_says_otherwise_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = "[1](phone)\nsecret=a\ncontext=own\nallow=g722\n[2](phone)\nsecret=b\nqualify=no\n"
    own += "[3](phone)\nsecret=c\n"
    shared, flat = both(PHONES + "language=de\ncallgroup=1\n" + own, monkeypatch)
    assert sections(shared) == sections(flat)
    config = load_text(shared)
    assert [e.context for e in config.endpoints.values()] == ["own", "phones", "phones"]
    assert [a.qualify_frequency for a in config.aors.values()] == [60, 0, 60]
    assert shared.count("language=de") == 1


@pytest.mark.parametrize(
    "name", ["sip-defaults", "transport-udp", "a;b", "PHONE-ENDPOINT", "x" * 79, "é" * 39]
)
def test_a_template_has_a_name_of_its_own(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    safe = name.replace(";", "\\;")
    text = (
        f"[general]\nlanguage=nl\n[{safe}](!)\ntype=friend\nhost=dynamic\nsecret=s\ncontext=c\nlanguage=de\n"
    )
    text += f"[phone-endpoint]({safe})\n[2]({safe})\n[sip-Defaults]\ntype=friend\nhost=dynamic\nsecret=s\n"
    shared, flat = both(text, monkeypatch)
    assert sections(shared) == sections(flat)
    assert read_text(shared).notices == ()


OPTIONS = """
    allow=alaw allow=ulaw,g722 disallow=all nat=yes nat=no directmedia=nonat canreinvite=no context=a
    context=b deny=0.0.0.0/0 permit=10.0.0.0/8 setvar=A=1 setvar=A=2 qualify=yes language=de callgroup=1
    sendrpid=pai dtmfmode=info
"""
LINE = st.sampled_from(OPTIONS.split())
LINES = st.lists(LINE, max_size=6).map("\n".join)


@settings(max_examples=80, deadline=None)
@given(LINES, LINES, LINES, st.lists(LINES, min_size=2, max_size=4))
def test_sharing_changes_no_section(general: str, first: str, second: str, phones: list[str]) -> None:
    text = f"[general]\n{general}\n[t](!)\ntype=friend\nhost=dynamic\nsecret=s\n{first}\n[u](!,t)\n{second}\n"
    text += "".join(f"[{n}]({'u' if n % 2 else 't'})\n{own}\n" for n, own in enumerate([*phones, *phones]))
    with pytest.MonkeyPatch.context() as patch:
        shared, flat = both(text, patch)
    assert sections(shared) == sections(flat)
