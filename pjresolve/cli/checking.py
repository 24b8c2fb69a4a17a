"""What `pjresolve check` does: reads, asks, checks, shows.

Rules of this file:
- it decides nothing that a rule decides;
- live answers are kept between passes: a pass asks for what the one before was missing, until nothing is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pjresolve.cli.answers import queries_text, run, servers_text
from pjresolve.cli.progress import Progress
from pjresolve.config.objects import Config, load_path
from pjresolve.dns.known import KnownAnswers, until_known
from pjresolve.dns.live import LiveSource
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, PjresolveError, printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, RegistrationVerdict, Severity
from pjresolve.lint.run import Selection, findings, parse_codes, verdicts
from pjresolve.lint.versions import Version
from pjresolve.render.findings.formats import FORMATS, Report, RuleWords, rendered
from pjresolve.scenario.choice import Choice, only_one
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.snapshot import SnapshotSource

Found = tuple[list[Finding], list[RegistrationVerdict]]
Judge = Callable[[AnswerSource, Callable[[str], bool]], Found]


@dataclass(frozen=True, slots=True)
class Asked:
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


def run_check(asked: Asked) -> int:
    """Check, print, and return the exit code. Raises BadInput and DnsUnavailable, but for nagios."""
    if asked.output not in FORMATS:
        raise BadInput(
            f"no format is called {printable(asked.output, 40)}",
            where="--format",
            hint=f"use {', '.join(FORMATS)}",
        )
    if asked.output != "nagios":
        report = make_report(asked)
        sys.stdout.write(rendered(report, asked.output))
        return int(report.failed)
    from pjresolve.render.findings import nagios

    try:
        report = make_report(asked)
    except PjresolveError as error:
        sys.stdout.write(nagios.unknown(str(error)))
        return nagios.UNKNOWN
    sys.stdout.write(nagios.render(report))
    return nagios.state(report)


def make_report(asked: Asked) -> Report:
    """Read the files, get the answers, and apply the rules."""
    if asked.fail_on not in tuple(Severity):
        raise BadInput(
            f"no severity is called {printable(asked.fail_on, 40)}",
            where="--fail-on",
            hint="use error, warning or info",
        )
    selection = Selection(parse_codes(asked.select, "--select"), parse_codes(asked.ignore, "--ignore"))
    version = parse_version(asked.asterisk)
    choice = asked.choice
    only_one(
        {
            "--no-dns": asked.no_dns,
            "--zone": choice.zone is not None,
            "--snapshot": choice.snapshot is not None,
            "--nameserver": bool(choice.nameservers),
        }
    )
    world, connect = choice.world(()), choice.connect()
    configs = _read(asked)

    def judge(source: AnswerSource | None, holds: Callable[[str], bool]) -> Found:
        found: Found = ([], [])
        for config in configs:
            context = Context(config, source, world or Scenario("check"), holds, version)
            found[0].extend(findings(context, selection))
            found[1].extend(verdicts(context))
        return found

    if asked.no_dns:
        found, told = judge(None, lambda name: False), "without DNS"
    elif world is not None:
        source = SnapshotSource(world)
        found, told = judge(source, source.holds), f"answers from {choice.zone or choice.snapshot}"
    else:
        found, told = _live(judge, connect)
    return _report(asked, configs, found, told)


def _live(judge: Judge, connect: Callable[[], LiveSource]) -> tuple[Found, str]:
    """Judge on live answers; name servers are looked for only where something has to be asked."""
    told = "no DNS needed"

    def connected() -> LiveSource:
        nonlocal told
        live = connect()
        told = f"answers from {servers_text(live)}"
        return live

    known = KnownAnswers()
    with Progress() as progress:
        found = run(
            until_known(
                known,
                connected,
                lambda: judge(known, lambda name: True),
                asking=lambda work, queries, _: progress.during(work, f"asking for {queries_text(queries)}"),
            )
        )
    return found, told


def parse_version(text: str) -> Version:
    """`13.10` as numbers. Raises BadInput."""
    parts = text.strip().split(".")
    if not all(p.isascii() and p.isdigit() and len(p) < 5 for p in parts) or not 1 <= int(parts[0]) <= 99:
        raise BadInput(
            f"{printable(text, 40)} is no Asterisk version", where="--asterisk", hint="write 22 or 13.10"
        )
    return tuple(int(p) for p in parts)


def _read(asked: Asked) -> list[Config]:
    """The configurations, without those that another one includes."""
    configs = [load_path(path, config_dir=asked.config_dir) for path in dict.fromkeys(asked.files)]
    included = {os.path.realpath(f) for c in configs for f in c.document.files[1:]}
    return [c for c in configs if os.path.realpath(c.document.files[0]) not in included]


def _report(asked: Asked, configs: list[Config], found: Found, told: str) -> Report:
    from datetime import UTC, datetime
    from importlib.metadata import version

    return Report(
        findings=tuple(found[0]),
        verdicts=tuple(found[1]),
        files=tuple(dict.fromkeys(f for c in configs for f in c.document.files)),
        rules=_rule_words() if asked.output == "sarif" else {},
        fail_on=Severity(asked.fail_on),
        answers=told,
        when=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        version=version("pjresolve"),
        colour=asked.colour,
    )


def _rule_words() -> dict[str, RuleWords]:
    """What SARIF says of every rule."""
    from pjresolve.lint.manual import manual
    from pjresolve.lint.registry import rules

    manuals = [manual(rule) for rule in rules().values()]
    return {m.code: RuleWords(m.code, m.name, m.severity, m.title, m.text) for m in manuals}
