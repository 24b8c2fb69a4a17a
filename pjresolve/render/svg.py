"""SVG, written by hand: the few elements that the pictures here are made of.

Rules of this file:
- every text and attribute is escaped here, and nowhere else;
- a picture says in `title` and `desc` what it shows, for those who cannot see it;
- colours are names of classes; `picture.css` gives them their light and dark values. A picture of its own
  carries that style, one inside a page uses the page's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources

from pjresolve.render.label import isolated, xml

CELL = 8.0
"""Pixels that a character of a monospaced face of size 13 takes at most: 0.602 em, and a little air."""
SANS = 12.5
"""Size in pixels of words, in a sans-serif face."""


@cache
def stylesheet() -> str:
    """The style of all pictures."""
    return resources.files("pjresolve.render").joinpath("picture.css").read_text(encoding="utf-8")


class Svg:
    """A picture under construction. Coordinates are in pixels, from the upper left corner."""

    def __init__(self, title: str, desc: str, *, ident: str = "picture") -> None:
        self.title, self.desc, self.ident = title, desc, ident
        self._parts: list[str] = []

    def add(self, tag: str, content: str | None = None, /, **attributes: object) -> None:
        """An element; `content` is text. An attribute of None is left out, `_` in its name is `-`."""
        inside = f">{xml(isolated(content))}</{tag}>" if content is not None else "/>"
        self._parts.append(f"<{tag}{_attributes(attributes)}{inside}")

    def text(
        self, x: float, y: float, content: str, kind: str, *, anchor: str = "start", more: str = ""
    ) -> None:
        """Text whose baseline is at `y`. `kind` is a class of `picture.css`; `more` becomes a tooltip."""
        head = f"<text{_attributes({'x': x, 'y': y, 'class': kind, 'text-anchor': anchor})}>"
        tip = f"<title>{xml(isolated(more))}</title>" if more and more != content else ""
        self._parts.append(f"{head}{tip}{xml(isolated(content))}</text>")

    @contextmanager
    def group(self, *, title: str = "", **attributes: object) -> Iterator[None]:
        """What is drawn inside belongs together; `title` becomes its tooltip."""
        self._parts.append(f"<g{_attributes(attributes)}>")
        if title:
            self.add("title", title)
        yield
        self._parts.append("</g>")

    def inline(self, width: float, height: float) -> str:
        """The picture for a page that holds `stylesheet()` already."""
        return self._whole(width, height, "")

    def document(self, width: float, height: float) -> str:
        """The picture as a file of its own."""
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + self._whole(
            width, height, f"<style>{stylesheet()}</style>"
        )

    def _whole(self, width: float, height: float, style: str) -> str:
        w, h = _number(width), _number(height)
        names = f"{self.ident}-title", f"{self.ident}-desc"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" width="{w}" height="{h}" '
            f'viewBox="0 0 {w} {h}" role="img" aria-labelledby="{names[0]}" aria-describedby="{names[1]}">'
            f'<title id="{names[0]}">{xml(isolated(self.title))}</title>'
            f'<desc id="{names[1]}">{xml(isolated(self.desc))}</desc>{style}'
            f'<rect class="paper" width="{w}" height="{h}"/>\n' + "\n".join(self._parts) + "\n</svg>\n"
        )


def _attributes(attributes: dict[str, object]) -> str:
    out = ""
    for name, value in attributes.items():
        if value is None:
            continue
        shown = _number(value) if isinstance(value, float) else str(value)
        out += f' {name.rstrip("_").replace("_", "-")}="{xml(shown)}"'
    return out


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
