"""`--ladder`, `--graph` and `--html`, the same in every command that predicts.

Rules of this file:
- whatever can be wrong with an option is said before anything is asked or computed;
- a file is written whole or not at all; what draws is imported only where something is drawn.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeAlias

import typer

if TYPE_CHECKING:
    from pjresolve.dns.source import Origin
    from pjresolve.lint.finding import Finding
    from pjresolve.prediction.call import Called
    from pjresolve.prediction.prediction import Prediction
    from pjresolve.render.terminal import Page
    from pjresolve.render.text.page import DifferenceLike, OutageLike

LadderOption: TypeAlias = Annotated[
    bool, typer.Option("--ladder", help="Who sent what to whom, and when, as a diagram.")
]
GraphOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--graph", metavar="FILE", help="Draw resolution and failover: .svg, .dot, .mmd, .graphml or .json."
    ),
]
HtmlOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write a report, one page that holds everything."),
]
LadderFileOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--ladder-file", metavar="FILE", help="Draw that diagram: .svg, .mmd (Mermaid) or .txt."),
]
HTML_SUFFIXES = (".html", ".htm")
LADDER_SUFFIXES = (".svg", ".mmd", ".txt")


class Shown(NamedTuple):
    """A prediction, what happens where its targets do not answer, and what was expected otherwise."""

    prediction: Prediction
    outages: Iterable[OutageLike] = ()
    differences: Sequence[DifferenceLike] = ()


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is to be drawn."""

    ladder: bool = False
    graph: Path | None = None
    html: Path | None = None
    ladder_file: Path | None = None

    def check(self, *, json: bool = False) -> Pictures:
        """Raise BadInput for what cannot be done, whatever is predicted."""
        from pjresolve.errors import BadInput

        if self.ladder and json:
            raise BadInput("--ladder and --json exclude each other", hint="choose one")
        if self.graph is not None:
            from pjresolve.render.graph.files import graph_writer

            graph_writer(self.graph)
            _writable(self.graph)
        if self.ladder_file is not None:
            if self.ladder_file.suffix.lower() not in LADDER_SUFFIXES:
                hint = f"end it in {', '.join(LADDER_SUFFIXES)}"
                what = f"{self.ladder_file.name!r} is no kind of file that a ladder is written to"
                raise BadInput(what, where="--ladder-file", hint=hint)
            _writable(self.ladder_file)
        if self.html is not None:
            if self.html.suffix.lower() not in HTML_SUFFIXES:
                raise BadInput(
                    f"{self.html.name!r} is no name of a page", where="--html", hint="end it in .html"
                )
            _writable(self.html)
        return self

    def check_count(self, predictions: int) -> None:
        """Raise BadInput where a file that shows one prediction is to show more; the report shows several."""
        from pjresolve.errors import BadInput

        files = {"--graph": self.graph, "--ladder-file": self.ladder_file}
        asked = next((option for option, path in files.items() if path is not None), None)
        if predictions > 1 and asked is not None:
            what = f"a file shows one prediction, and here are {predictions}"
            hint = "name one registration, one scenario and one stack; --html holds them all"
            raise BadInput(what, where=asked, hint=hint)

    def write(self, shown: Sequence[Shown], *, findings: Sequence[Finding] = (), answers: str = "") -> None:
        """Write the files that were asked for. Raises BadInput where one cannot be written."""
        prediction = shown[0].prediction
        self.write_ladder(prediction)
        if self.graph is None and self.html is None:
            return

        if self.graph is not None:
            from pjresolve.render.graph.failover import failover_graph
            from pjresolve.render.graph.files import graph_writer
            from pjresolve.render.graph.resolution import resolution_graph

            graphs = resolution_graph(prediction), failover_graph(prediction)
            _put(self.graph, graph_writer(self.graph)(*graphs))
        if self.html is not None:
            _put(self.html, _report(shown, findings, answers))

    def write_called(self, called: Called, answers: Origin) -> None:
        """Write the files that were asked for of a call. Raises BadInput where one cannot be written."""
        self.write_ladder(called)
        if self.graph is None and self.html is None:
            return
        from pjresolve.render.graph.failover import failover_graph
        from pjresolve.render.graph.files import graph_writer
        from pjresolve.render.graph.resolution import resolution_graph

        graphs = resolution_graph(called), failover_graph(called)
        if self.graph is not None:
            _put(self.graph, graph_writer(self.graph)(*graphs))
        if self.html is not None:
            from pjresolve.render.html.call import call_html

            _put(self.html, call_html(called, answers, graphs=graphs))

    def write_ladder(self, shown: Prediction | Called) -> None:
        """Write the file of the ladder, if one was asked for. Raises BadInput where it cannot be written."""
        if self.ladder_file is not None:
            _put(self.ladder_file, _ladder(shown, self.ladder_file.suffix.lower()))


@dataclass(frozen=True, slots=True)
class Output:
    """How a prediction is to be shown; `pictures` are checked already."""

    pictures: Pictures
    json: bool
    explain: bool
    colour: bool
    width: int = 80


def put_ladder(page: Page, prediction: Prediction, answers: Origin | None = None) -> None:
    """The ladder and the verdict on it. `answers` tells where those of the DNS came from."""
    from pjresolve.render.ladder.text import ladder_text
    from pjresolve.render.text.page import put_verdict, stack_title
    from pjresolve.story.lines import Tone
    from pjresolve.story.words import subject

    head = f"{subject(prediction)}, {stack_title(prediction.stack)}"
    page.put(head, Tone.HEAD)
    if answers:
        page.put(answers, Tone.QUIET if answers.captured else Tone.WARN)
    page.gap()
    page.raw(ladder_text(prediction, width=page.width, colour=page.colour))
    put_verdict(page, prediction, explain=False)


def _put(path: Path, text: str) -> None:
    """Write a file, and tell whoever sits at a terminal that it was written or replaced."""
    from pjresolve.errors import printable
    from pjresolve.files import write_atomic

    said = "replaced" if path.exists() else "written"
    write_atomic(path, text, force=True)
    if sys.stderr.isatty():
        sys.stderr.write(f"{said}: {printable(str(path))}\n")


def _report(shown: Sequence[Shown], findings: Sequence[Finding], answers: str) -> str:
    """The report of what is shown, as one page."""
    from pjresolve.render.graph.failover import failover_graph
    from pjresolve.render.graph.resolution import resolution_graph
    from pjresolve.render.html.overview import Part, several_html
    from pjresolve.render.html.report import report_html

    graphs = [(resolution_graph(one.prediction), failover_graph(one.prediction)) for one in shown]
    if len(shown) > 1:
        parts = [
            Part(one.prediction, pair, one.outages, one.differences)
            for one, pair in zip(shown, graphs, strict=True)
        ]
        return several_html(parts, findings, answers=answers)
    (one,) = shown
    return report_html(
        one.prediction,
        findings,
        graphs=graphs[0],
        outages=one.outages,
        differences=one.differences,
        answers=answers,
    )


def _ladder(shown: Prediction | Called, suffix: str) -> str:
    """The ladder as a file of that suffix holds it."""
    if suffix == ".svg":
        from pjresolve.render.ladder.svg import ladder_svg

        return ladder_svg(shown)
    if suffix == ".mmd":
        from pjresolve.render.mermaid import ladder_mermaid

        return ladder_mermaid(shown)
    from pjresolve.render.ladder.text import ladder_text

    return ladder_text(shown)


def _writable(path: Path) -> None:
    """Raise BadInput where a file of that name cannot be written, as far as that can be known beforehand."""
    from pjresolve.errors import BadInput, Location

    folder = path.parent
    why = ""
    if path.is_dir():
        why = "it is a folder"
    elif not folder.is_dir():
        why = f"there is no folder {str(folder)!r}"
    elif not os.access(path if path.exists() else folder, os.W_OK):
        why = "permission denied"
    if why:
        raise BadInput(f"cannot be written: {why}", where=Location(str(path)))
