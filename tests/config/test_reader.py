"""What one writes and what stands in the document: where entries come from, what is said of odd lines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pjresolve.config.reader import Document, read, read_text
from pjresolve.errors import BadInput


def entries(document: Document, name: str) -> list[str]:
    section = next(s for s in document.sections if s.name == name and not s.template)
    return [f"{e.name}={e.value}" for e in section.entries]


def tree(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.conf").write_text(text)
    return folder / "main.conf"


def refusal(text: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_text(text)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    return caught.value


# ---------------------------------------------------------------- where things come from


def test_every_entry_keeps_the_line_that_wrote_it() -> None:
    document = read_text("[base](!)\nexpiration=120\n\n[itsp](base)\nline=yes\n", name="x.conf")
    base, itsp = document.sections
    assert (str(base.where), str(itsp.where)) == ("x.conf:1", "x.conf:4")
    assert [str(e.where) for e in itsp.entries] == ["x.conf:2", "x.conf:5"]
    assert [e.name for e in itsp.own] == ["line"]
    assert (base.template, itsp.template, itsp.parents) == (True, False, ("base",))


def test_an_included_file_is_the_place_of_its_entries(tmp_path: Path) -> None:
    main = tree(tmp_path, main="[a]\n#include more.conf\nlast=1\n", more="\nx=1\n[b]\ny=1\n")
    document = read(main)
    a, b = document.sections
    assert [(e.name, Path(e.where.file).name, e.where.line) for e in a.entries] == [
        ("x", "more.conf", 2),
        ("last", "main.conf", 3),
    ]
    assert Path(b.where.file).name == "more.conf"
    assert [Path(f).name for f in document.files] == ["main.conf", "more.conf"]


def test_an_addition_keeps_the_section_where_it_began() -> None:
    document = read_text("[a]\ntype=aor\n[a](+type=aor)\ncontact=sip:h\n")
    assert len(document.sections) == 1
    assert document.sections[0].where.line == 1
    assert [e.where.line for e in document.sections[0].own] == [2, 4]


def test_joining_counts_from_the_line_that_joined() -> None:
    joined = read_text("[a]\nx=1\nx+=2\n").sections[0]
    assert [(e.value, e.where.line) for e in joined.entries] == [("12", 3)]
    assert [e.value for e in joined.own] == ["1", "2"]


def test_the_first_type_counts_and_the_last_of_everything_else() -> None:
    section = read_text("[t](!)\nType=endpoint\n[a](t)\ntype=registration\nX=1\nx=2\n").sections[1]
    assert section.type == "endpoint"
    assert section.last("X") == section.last("x") == section.entries[-1]
    assert [e.value for e in section.all("x")] == ["1", "2"]
    assert section.last("y") is None
    assert read_text("[a]\nx=1\n").sections[0].type == ""


def test_comments_that_speak_of_noqa_are_kept() -> None:
    document = read_text("[a]\nx=1 ; noqa: PJ201\n; nothing\n; noqa\n")
    assert [(where.line, text) for where, text in document.noqa] == [(2, "; noqa: PJ201"), (4, "; noqa")]


# ---------------------------------------------------------------- files


def test_includes_start_from_asterisks_directory(tmp_path: Path) -> None:
    (tmp_path / "etc" / "sub").mkdir(parents=True)
    (tmp_path / "etc" / "two.conf").write_text("[right]\n")
    (tmp_path / "etc" / "sub" / "two.conf").write_text("[wrong]\n")
    (tmp_path / "etc" / "sub" / "one.conf").write_text("#include two.conf\n")
    main = tmp_path / "elsewhere.conf"
    main.write_text("#include <sub/one.conf>\n")
    assert [s.name for s in read(main, config_dir=tmp_path / "etc").sections] == ["right"]


def test_a_text_without_a_file_includes_from_the_given_directory(tmp_path: Path) -> None:
    (tmp_path / "one.conf").write_text("[one]\n")
    document = read_text('#include "one.conf"\n', config_dir=tmp_path)
    assert [s.name for s in document.sections] == ["one"]


def test_the_same_file_may_be_included_twice_but_not_within_itself(tmp_path: Path) -> None:
    twice = tree(tmp_path, main="[a]\n#include x.conf\n[b]\n#include x.conf\n", x="k=1\n")
    assert [entries(read(twice), name) for name in "ab"] == [["k=1"], ["k=1"]]
    loops = tree(tmp_path, main="#include x.conf\n", x="[a]\n#include y.conf\n", y="#include ./x.conf\n")
    with pytest.raises(BadInput, match=r"y\.conf:1: .*x\.conf includes itself"):
        read(loops)


def test_a_symbolic_link_does_not_hide_a_loop(tmp_path: Path) -> None:
    main = tree(tmp_path, main="#include link.conf\n")
    os.symlink(main, tmp_path / "link.conf")
    with pytest.raises(BadInput, match="includes itself"):
        read(main)


@pytest.mark.parametrize("line", ["#include none.conf", "#include d/*.conf", '#include ""', "#include"])
def test_an_include_of_nothing_is_refused(tmp_path: Path, line: str) -> None:
    main = tree(tmp_path, main=f"[a]\nx=1\n{line}\n")
    with pytest.raises(BadInput, match=r"main\.conf:3: .*#include"):
        read(main)


def test_what_is_broken_deeper_down_cuts_only_its_own_file(tmp_path: Path) -> None:
    main = tree(tmp_path, main="[a]\n#include x.conf\nlast=1\n", x="y=1\n[oops\nz=1\n")
    document = read(main)
    assert entries(document, "a") == ["y=1", "last=1"]
    assert [(n.code, n.where.line, n.what) for n in document.notices] == [
        ("broken-file", 2, "parse error: no closing ']': the rest of this file is not read")
    ]


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.conf")
    main = tree(tmp_path, main="#include pipe.conf\n")
    with pytest.raises(BadInput, match="does not exist"):
        read(main)
    with pytest.raises(BadInput, match="not a regular file"):
        read(tmp_path / "pipe.conf")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.conf", None, "No such file"),
        ("folder", "", "directory"),
        ("binary.conf", b"[a]\nx=\0\n", "binary"),
        ("huge.conf", 100 * 1024 * 1024, "larger than 8 MB"),
    ],
)
def test_what_is_no_configuration_ends_in_one_line(
    tmp_path: Path, name: str, content: bytes | int | str | None, words: str
) -> None:
    path = tmp_path / name
    if isinstance(content, str):
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        with path.open("wb") as file:
            file.truncate(content)
    with pytest.raises(BadInput, match=words) as caught:
        read(path)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- lines that say nothing


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("#exec /usr/bin/make-config", "exec"),
        ("#tryinclude none.conf", "tryinclude"),
        ("#inclde x.conf", "directive"),
        ("transport", "no-equals"),
        ("=udp", "no-name"),
        ("x=" + "v" * 8189, "long-line"),
        (";-- begins", "open-comment"),
        ("x=--;", "stray-comment-end"),
        ("[b] junk", "section-text"),
        (f"[{'b' * 80}]", "section-name"),
    ],
)
def test_what_asterisk_passes_over_is_noticed(line: str, code: str) -> None:
    document = read_text(f"[a]\nx=1\n{line}\n")
    assert [(n.code, n.where.line) for n in document.notices] == [(code, 3)]
    assert document.notices[0].what.isprintable()


def test_nothing_is_run(tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    document = read_text(f'[a]\n#exec "touch {proof}"\nx=1\n')
    assert entries(document, "a") == ["x=1"]
    assert not proof.exists()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x=1\n", 1, "No category context"),
        ("[a\n", 1, "no closing ']'"),
        ("[a](b\n", 1, "no closing '\\)'"),
        ("[a]\n[b](c)\n", 2, "Inheritance requested, but category 'c' does not exist"),
        ("[a](!)\n[a](+)\n", 2, "Category addition requested, but category 'a' does not exist"),
        ("[a]\n\\\n", 2, "Invalid escape"),
        ("[a]\n[a](+,a)\n", 2, "inherits from itself"),
        ("[a]\ntype=x\n[a](+type=(x+)+$)\n", 3, "regular expression"),
        ("[a]\n#include x{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}\n", 2, "too many names"),
    ],
)
def test_what_asterisk_refuses_names_its_line(text: str, line: int, words: str) -> None:
    error = refusal(text)
    assert str(error.where) == f"pjsip.conf:{line}"
    with pytest.raises(BadInput, match=words):
        raise error


def test_names_from_the_file_are_escaped() -> None:
    assert "\\x1b[31m" in str(refusal("[a](\x1b[31mred)\n"))
