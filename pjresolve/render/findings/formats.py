"""The formats that findings are shown in.

Rules of this file:
- every format is made from one Report and shows the same findings in the same order;
- whatever came from a file or the DNS is escaped by the format's own rules;
- a format is imported where it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pjresolve.render.findings.report import Report


def _text(report: Report) -> str:
    from pjresolve.render.findings import text

    return text.render(report)


def _json(report: Report) -> str:
    from pjresolve.render.findings import json

    return json.render(report)


def _sarif(report: Report) -> str:
    from pjresolve.render.findings import sarif

    return sarif.render(report)


def _github(report: Report) -> str:
    from pjresolve.render.findings import github

    return github.render(report)


def _junit(report: Report) -> str:
    from pjresolve.render.findings import junit

    return junit.render(report)


def _nagios(report: Report) -> str:
    from pjresolve.render.findings import nagios

    return nagios.render(report)


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": _text, "json": _json, "sarif": _sarif, "github": _github, "junit": _junit, "nagios": _nagios,
}  # fmt: skip
"""What makes a report's text, by the format's name."""
