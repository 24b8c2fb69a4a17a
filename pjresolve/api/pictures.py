"""Pictures and the report as values that show themselves in a notebook, print as text, and can be saved.

Rules of this file: nothing is drawn here; a file's suffix says what is written into it.
"""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pjresolve.errors import BadInput
from pjresolve.files import write_atomic

if TYPE_CHECKING:
    import networkx as nx


DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True)
class Picture:
    """A picture. `svg` is a whole SVG document; `writers` makes the text of a file by its suffix."""

    svg: str = field(repr=False)
    writers: Mapping[str, Callable[[], str]] = field(default_factory=dict, repr=False)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture, whole or not at all. Raises BadInput for a suffix that nobody writes."""
        file = Path(path)
        suffix = file.suffix.lower()
        writers = {".svg": lambda: self.svg, **self.writers}
        if suffix not in writers:
            raise BadInput(f"{file.name!r} cannot be drawn", hint=f"use one of {', '.join(writers)}")
        write_atomic(file, writers[suffix](), force=True)

    def _repr_svg_(self) -> str | None:
        # inside a page the declaration would be a second one; without a picture there is nothing to show
        return self.svg.removeprefix(DECLARATION) or None


@dataclass(frozen=True)
class Ladder(Picture):
    """Who talked to whom, and when: `text` for a terminal of 80 columns, `mermaid` for a sequence diagram."""

    text: str = field(default="", repr=False)
    mermaid: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Graph(Picture):
    """The resolution, the failover, or both. `networkx` holds a directed graph for each that is drawn."""

    networkx: tuple[nx.DiGraph[str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Report:
    """The report: `html` is one page that needs nothing but itself."""

    html: str = field(repr=False)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page, whole or not at all. Raises BadInput for a name that does not end in .html."""
        file = Path(path)
        if file.suffix.lower() not in (".html", ".htm"):
            raise BadInput(f"{file.name!r} is no name of a page", hint="end it in .html")
        write_atomic(file, self.html, force=True)

    def _repr_html_(self) -> str:
        # a frame of its own: the page's style and its policy hold for it alone
        frame = 'style="width: 100%; height: 40em; border: 1px solid #c3cbd6" sandbox="allow-scripts"'
        return f'<iframe title="pjresolve report" {frame} srcdoc="{html.escape(self.html)}"></iframe>'
