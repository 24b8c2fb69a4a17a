"""HTML by elements: text is escaped unless it is markup that was made here.

Rules of this file:
- a plain string is never markup; only `Markup` is, and only this module and the pictures make it;
- foreign text stands in `bdi`, so that its direction is its own affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from pjresolve.render.label import safe, xml


class Markup(str):
    """HTML that is safe to be put into a page as it is."""

    __slots__ = ()


Content: TypeAlias = "str | Markup | Iterable[Content]"
_EMPTY = frozenset({"meta", "input", "br"})


def el(tag: str, *content: Content, **attributes: str | bool) -> Markup:
    """An element. `_` in an attribute's name is `-`, at its end nothing; True gives it no value."""
    shown = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{xml(str(value))}"')
        for name, value in attributes.items()
        if value is not False
    )
    return Markup(f"<{tag}{shown}>" if tag in _EMPTY else f"<{tag}{shown}>{join(content)}</{tag}>")


def join(content: Content) -> Markup:
    """All content one after the other."""
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return Markup(xml(content))
    return Markup("".join(map(join, content)))


def foreign(text: str, limit: int = 300) -> Markup:
    """Text that came from the DNS, a file or the command line."""
    return el("bdi", safe(text, limit))


def code(text: str, limit: int = 300) -> Markup:
    """A name, address or option that came from outside."""
    return el("code", foreign(text, limit))


def section(ident: str, heading: str, *content: Content) -> Markup:
    """A part of the page, named by its heading."""
    head = el("h2", heading, id=f"{ident}-heading")
    return el("section", head, *content, id=ident, aria_labelledby=f"{ident}-heading")


def scroll(label: str, content: Content) -> Markup:
    """Content that may be wider than the page: it scrolls by itself, with the keyboard too."""
    return el("div", content, class_="scroll", role="region", aria_label=label, tabindex="0")


def figure(label: str, picture: str, caption: Content) -> Markup:
    """A picture with its caption."""
    return el("figure", scroll(label, Markup(picture)), el("figcaption", caption))


def table(caption: str, heads: Sequence[str], rows: Iterable[Content], **attributes: str) -> Markup:
    """A table that scrolls where it is too wide; `rows` are `tr` elements."""
    head = el("thead", el("tr", [el("th", text, scope="col") for text in heads]))
    whole = el("table", el("caption", caption), head, el("tbody", rows), **attributes)
    return scroll(f"Table: {caption}", whole)


def facts(pairs: Iterable[tuple[str, Content]]) -> Markup:
    """Names and their values."""
    return el("dl", [el("div", el("dt", name), el("dd", value)) for name, value in pairs])
