"""What `pjresolve check` does: reads, asks, checks, shows.

Rules of this file: it decides nothing that a rule decides.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from pjresolve.cli.options import option
from pjresolve.cli.progress import Progress, run
from pjresolve.config.objects import Config, load_path
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, PjresolveError, printable
from pjresolve.lint.context import Context
from pjresolve.lint.elsewhere import elsewhere
from pjresolve.lint.finding import Finding, RegistrationVerdict, Severity
from pjresolve.lint.run import Selection, findings, parse_codes, verdicts
from pjresolve.lint.versions import Version
from pjresolve.prediction.answers import LiveAnswers
from pjresolve.prediction.inquiry import server_host
from pjresolve.render.findings.formats import FORMATS
from pjresolve.render.findings.report import Report, RuleWords
from pjresolve.scenario.choice import Choice, only_one
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.worlds import passed_over, source_of, surroundings

FAILED, UNCHECKED = 1, 2
"""Exit codes: findings, and no finding where part was not checked for lack of an answer."""
HOME = "/etc/asterisk"
"""Where Asterisk reads its configuration."""
Found = tuple[list[Finding], list[RegistrationVerdict]]


@dataclass(frozen=True, slots=True)
class Request:
    """The command line of a check."""

    files: tuple[Path, ...]
    config_dir: Path | None
    choice: Choice
    no_dns: bool
    output: str
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: str
    asterisk: str
    colour: bool
    width: int = 80


def check(request: Request) -> int:
    """Check, print, and return the exit code. Raises BadInput and DnsUnavailable, but for nagios."""
    if request.output not in FORMATS:
        raise BadInput(
            f"no format is called {printable(request.output, 40)}",
            where="--format",
            hint=f"use {', '.join(FORMATS)}",
        )
    if request.output != "nagios":
        report = make_report(request)
        sys.stdout.write(FORMATS[request.output](report))
        return FAILED if report.failed else UNCHECKED if report.unanswered else 0
    from pjresolve.render.findings import nagios

    try:
        report = make_report(request)
    except PjresolveError as error:
        sys.stdout.write(nagios.unknown(error.line(option)))
        return nagios.UNKNOWN
    sys.stdout.write(nagios.render(report))
    return nagios.state(report)


def make_report(request: Request) -> Report:
    """Read the files, get the answers, and apply the rules."""
    if request.fail_on not in tuple(Severity):
        raise BadInput(
            f"no severity is called {printable(request.fail_on, 40)}",
            where="--fail-on",
            hint="use error, warning or info",
        )
    selection = Selection(parse_codes(request.select, "--select"), parse_codes(request.ignore, "--ignore"))
    version = parse_version(request.asterisk)
    choice = request.choice
    only_one(
        {
            "no_dns": request.no_dns,
            "zone": bool(choice.zones),
            "snapshot": bool(choice.snapshots),
            "offline": choice.offline,
            "nameservers": bool(choice.nameservers),
        }
    )
    connect = choice.connect()
    configs = _read(request)
    worlds = choice.worlds(server_host(config, name) for config in configs for name in config.registrations)
    around = surroundings(worlds) if worlds else Scenario("check")
    took: dict[str, float] = {}

    def judge(source: AnswerSource | None, holds: Callable[[str], bool]) -> Found:
        found: Found = ([], [])
        for config in configs:
            begun = perf_counter()
            context = Context(config, source, around, holds, version, exists_here(config))
            found[0].extend(findings(context, selection))
            found[1].extend(verdicts(context))
            took[config.document.files[0]] = perf_counter() - begun
        return found

    if request.no_dns:
        found, answers_from = judge(None, lambda name: False), "without DNS"
    elif worlds:
        known = source_of(worlds)
        found, answers_from = judge(known, known.holds), choice.answers_from + passed_over(worlds)
    else:
        with Progress() as progress:
            live = LiveAnswers(connect, asking=progress.asking)
            found = run(live.apply(lambda source: judge(source, lambda name: True)))
        answers_from = live.answers_from or "no DNS needed"
    return _report(request, configs, found, answers_from, took)


def parse_version(text: str) -> Version:
    """`13.10` as numbers. Raises BadInput."""
    parts = text.strip().split(".")
    if not all(p.isascii() and p.isdigit() and len(p) < 5 for p in parts) or not 1 <= int(parts[0]) <= 99:
        raise BadInput(
            f"{printable(text, 40)} is no Asterisk version", where="--asterisk", hint="write 22 or 13.10"
        )
    return tuple(int(p) for p in parts)


def exists_here(config: Config) -> Callable[[str], bool] | None:
    """Whether a file is on this machine, where the configuration is this machine's own: in HOME."""
    if not os.path.realpath(config.document.files[0]).startswith(f"{HOME}/"):
        return None
    return lambda path: os.path.exists(os.path.join(HOME, path))


def _read(request: Request) -> list[Config]:
    """The configurations, without those that another one includes."""
    files = dict.fromkeys(request.files)
    configs = [load_path(path, config_dir=request.config_dir, goes_on=True) for path in files]
    if not any(map(_has_something, configs)):
        raise BadInput(
            "no section stands in it: there is nothing to check",
            where=configs[0].document.files[0],
            hint="name the pjsip.conf that Asterisk reads",
        )
    # a pjsip_wizard.conf brings its pjsip.conf, and the other way round
    first = {os.path.realpath(c.document.files[0]): c for c in configs}
    included = {os.path.realpath(f) for c in configs for f in c.document.files[1:]}
    return [c for name, c in first.items() if name not in included]


def _has_something(config: Config) -> bool:
    """Whether a file holds anything that can be judged, or says that it stands elsewhere."""
    return bool(config.document.sections or config.document.notices or elsewhere(config))


def _report(
    request: Request, configs: list[Config], found: Found, answers_from: str, took: dict[str, float]
) -> Report:
    from datetime import UTC, datetime
    from importlib.metadata import version

    return Report(
        findings=tuple(found[0]),
        verdicts=tuple(found[1]),
        files=tuple(dict.fromkeys(f for c in configs for f in c.document.files)),
        rules=_rule_words() if request.output == "sarif" else {},
        fail_on=Severity(request.fail_on),
        answers=answers_from,
        when=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        version=version("pjresolve"),
        colour=request.colour,
        width=request.width,
        took=took,
    )


def _rule_words() -> dict[str, RuleWords]:
    """What SARIF says of every rule."""
    from pjresolve.lint.manual import manual
    from pjresolve.lint.registry import rules

    manuals = [manual(rule) for rule in rules().values()]
    return {m.code: RuleWords(m.code, m.name, m.severity, m.title, m.text) for m in manuals}
