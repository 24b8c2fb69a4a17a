"""The command `who` at work: a question in, and whose a request is out.

Rules of this file: what is asked and answered is `prediction.admission`'s; here it is printed.
"""

from __future__ import annotations

import json as written
import sys

from pjresolve.cli.progress import Progress, run
from pjresolve.prediction.admission import WhoQuestion, ask_who, fate_json
from pjresolve.render.terminal import Page
from pjresolve.render.text.who import put_fate
from pjresolve.scenario.choice import Choice


def who(question: WhoQuestion, choice: Choice, *, json: bool, colour: bool, width: int) -> int:
    """Print who gets in; returns the exit code. Raises BadInput and DnsUnavailable."""
    with Progress() as progress:
        fate = run(ask_who(question, choice, progress.asking))
    page = Page(colour, width)
    if json:
        sys.stdout.write(written.dumps(fate_json(fate), indent=2) + "\n")
    else:
        put_fate(page, fate)
        sys.stdout.write(page.text())
    return 0 if fate.well else 1
