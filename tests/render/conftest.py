"""The browser that the tests of pictures share, and the pages it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pjresolve.errors import Location
from pjresolve.lint.edits import Edit
from pjresolve.lint.finding import Finding, Severity
from pjresolve.prediction.outages import outages
from pjresolve.render.graph.failover import failover_graph
from pjresolve.render.graph.resolution import resolution_graph
from pjresolve.render.html.report import report_html
from tests.render.chromium import Browser
from tests.render.worlds import HEBREW, MARKUP, predicted

FINDINGS = (
    Finding(
        "PJ201",
        Severity.ERROR,
        Location(f"{MARKUP}.conf", 3),
        f"{MARKUP} is no host",
        HEBREW,
        (Edit(Location("pjsip.conf", 3), f"a=b\n{MARKUP}"),),
    ),
    Finding(
        "PJ205", Severity.WARNING, Location("pjsip.conf", 12), "expiration=60 is short", "lapses for 22 s"
    ),
    Finding("PJ301", Severity.INFO, Location("pjsip.conf"), "one endpoint"),
)


@pytest.fixture(scope="session")
def browser(program: Callable[..., str]) -> Iterator[Browser]:
    """A headless Chromium; skips (in CI: fails) without one."""
    running = Browser(program("chromium", package="chromium"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The report of a prediction, as a file."""
    folder = tmp_path_factory.mktemp("reports")

    def write(name: str) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            prediction = predicted(name)
            graphs = [resolution_graph(prediction), failover_graph(prediction)]
            found = outages(prediction)
            text = report_html(
                prediction, FINDINGS, graphs=graphs, outages=found, answers="answers from a test"
            )
            file.write_text(text, encoding="utf-8")
        return file

    return write
