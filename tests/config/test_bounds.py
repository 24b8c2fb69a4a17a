"""Whatever a configuration holds: one line or a document, soon, and in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pjresolve.config.objects import Config, load, load_path, load_text
from pjresolve.config.reader import read
from pjresolve.config.schema import schema
from pjresolve.errors import BadInput
from tests.config.tree import FILES, SECTIONS, write_tree
from tests.hostile import MANY

pytestmark = pytest.mark.slow

MEGABYTES = 200
SECONDS = 15

words = st.sampled_from(
    [
        *(
            "[",
            "]",
            "(",
            ")",
            "!",
            "+",
            ",",
            "=",
            "=>",
            "+=",
            ";",
            ";--",
            "--;",
            "\\",
            "\n",
            " ",
            "\t",
            "#include ",
        ),
        *(
            "#tryinclude ",
            "#exec ",
            "a",
            "b",
            "type",
            "x.conf",
            "*",
            "{",
            "}",
            "|",
            "^",
            "$",
            "\r",
            "\x00",
            "é",
            "\ud800",
        ),
    ]
)
options = sorted({o.name for kind in schema().values() for o in kind.values()})
values = st.one_of(
    st.sampled_from(
        ["yes", "-1", "0x", "08", "1" * 40, "sip:", "<sip:h>", "[::", "::ffff:1.2.3.4", "a,b,,", "1/33", "%"]
    ),
    st.text(st.characters(exclude_characters="\n"), max_size=12),
)
sections = st.builds(
    lambda kind, name, pairs: f"[{name}]\ntype={kind}\n" + "".join(f"{k}={v}\n" for k, v in pairs),
    st.sampled_from([*schema(), "none", ""]),
    st.sampled_from(["a", "b", "global", "system", "é"]),
    st.lists(st.tuples(st.sampled_from([*options, "bogus", "@own"]), values), max_size=8),
)


def outcome(loading: Callable[[], Config]) -> Config | BadInput:
    try:
        return loading()
    except BadInput as error:
        return error


def one_line_or_objects(text: str) -> None:
    config = outcome(lambda: load_text(text, config_dir=Path(os.devnull)))
    if isinstance(config, BadInput):
        assert str(config).isprintable()
        return
    for refusal in config.refusals:
        assert refusal.message.isprintable()
        assert refusal.where.line > 0
    for notice in config.document.notices:
        assert notice.what.isprintable()
    named = [*config.transports.values(), *config.registrations.values(), *config.identifies.values()]
    for thing in named:
        assert config.refusal(thing.section.type, thing.name) is None
        assert thing.where("bogus") == thing.section.where


@given(st.lists(words, max_size=60).map("".join))
@example("[a](!)\n[a](a)\n[a](a)\n")
@settings(deadline=None, max_examples=400 * MANY)
def test_any_text_of_the_syntax(text: str) -> None:
    one_line_or_objects(text)


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200 * MANY)
def test_any_text(text: str) -> None:
    one_line_or_objects(text)


@given(st.lists(sections, max_size=6).map("".join))
@settings(deadline=None, max_examples=400 * MANY)
def test_any_options(text: str) -> None:
    one_line_or_objects(text)


def test_half_a_surrogate_pair_is_no_text_of_a_file() -> None:
    found = outcome(lambda: load_text("[\ud800]"))
    assert isinstance(found, BadInput)
    assert "half a surrogate pair" in str(found)


@given(content=st.binary(max_size=300))
@settings(deadline=None, max_examples=200 * MANY)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "pjsip.conf"
    path.write_bytes(content)
    found = outcome(lambda: load_path(path))
    assert not isinstance(found, BadInput) or str(found).isprintable()


# ---------------------------------------------------------------- malice

ROOM = 8 * 1024 * 1024 - 1000
MALICE = {
    "millions of entries": 'fill("[a]\\n", "a=\\n")',
    "millions of sections": 'fill("", "[a]\\n")',
    "millions of lines that mean nothing": 'fill("[a]\\n", "a\\n")',
    "millions of empty lines": 'fill("", "\\n")',
    "millions of comments": 'fill("", ";noqa\\n")',
    "a comment block in each line": 'fill("[a]\\n", "x=;--;--;\\n")',
    "one endless line": '"[a]\\nx=" + "v" * ROOM',
    "values that grow": 'fill("[a]\\n", "x+=y\\n")',
    "templates that double": '"[t](!)\\nx=1\\n" + "[t](+TEMPLATES=include,u)\\n[u](!,t,t)\\n" * 40',
    "a large template with many children": '"[t](!)\\n" + "x=1\\n" * 1000 + fill("", "[a](t)\\n", 4)',
    "headers with a thousand parents": 'fill("[a]\\n", "[b](" + "a," * 4000 + "a)\\n")',
    "many additions": 'fill("[a]\\n", "[a](+)\\n")',
    "additions that look far": 'number("[a]\\ntype=x{}\\n", 50000) + "[a](+type=x4999$)\\n" * 50000',
    "many names that are joined": '"[a]\\n" + number("k{}=\\n", 20000) + "k1+=z\\n" * 200000',
    "a transport for every port": 'number("[t{0}]\\ntype=transport\\nbind=127.0.0.1:{0}\\n", 60000)',
    "lists without end": '"[a]\\ntype=identify\\nendpoint=e\\n" + "match=1.1.1.1,2.2.2.2\\n" * 250000',
    "unknown options": 'number("[a{}]\\ntype=endpoint\\nb=c\\n", 90000)',
    "a glob of stars": '"#tryinclude " + "*a" * 2000 + "\\n"',
}
CHILD = f"""
import resource, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from pjresolve.config.objects import load_text
from pjresolve.errors import BadInput
ROOM = {ROOM}
fill = lambda head, part, share=1: head + part * ((ROOM - len(head)) // len(part) // share)
number = lambda part, count: "".join(map(part.format, range(count)))
text = eval(sys.argv[1])
assert len(text) < ROOM + 1000
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
try:
    load_text(text)
except BadInput as error:
    assert "\\n" not in str(error)
# not ru_maxrss, which a process inherits from the one that starts it
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) // 1024)
"""


@pytest.mark.parametrize("text", MALICE.values(), ids=MALICE)
def test_a_hostile_file_costs_little(text: str) -> None:
    done = subprocess.run([sys.executable, "-c", CHILD, text], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
    assert int(done.stdout) < MEGABYTES


# ---------------------------------------------------------------- size


def test_a_large_installation_loads_at_once(tmp_path: Path) -> None:
    main = write_tree(tmp_path)
    document = read(main)
    config = load(document)
    assert (len(document.files), len(document.sections)) == (FILES, SECTIONS)
    assert not config.refusals
    assert not [n for n in document.notices if n.code != "tryinclude"]
    assert len(config.endpoints) == len(config.auths) == len(config.aors) > 500
    assert config.auths["1000-auth"].section.all("password")[0].value == "secret;1000"
    assert config.endpoints["1000"].allow == ("alaw", "ulaw")
    assert config.identifies["trunk7"].match == ("192.0.2.7", "198.51.100.0/24", "2001:db8:7::/48")
