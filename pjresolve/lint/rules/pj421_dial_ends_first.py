"""The rule PJ421."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pjresolve.config.dialplan import Dial, read_dials
from pjresolve.errors import Location, printable
from pjresolve.lint.calling import Calls, calls_of, fate
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.prediction.traffic import CallPrediction
from pjresolve.words import plural, span

DIALPLAN = "extensions.conf"
"""What stands beside pjsip.conf and says how long `Dial` waits."""
LARGEST = 2_000_000
"""Bytes of a dialplan that is read."""
LONG = 300.0
"""Seconds that a `Dial` waits which is long enough for a second target."""


class DialEndsFirst(Rule):
    """A `Dial` that ends before the second target is asked.

    A server that is silent costs a call Timer B, 32 s by default, before the next target is asked (recording
    `qu-off-two`). A `Dial` with a shorter timeout is over by then, and no other target follows (recording
    `co-cancel-silent2`): the servers that the provider has for an outage take no call of this machine. It is
    told of each `Dial(PJSIP/NUMBER@ENDPOINT,TIMEOUT)` in an extensions.conf beside pjsip.conf, simulated with
    its own timeout and with a longer one. Of a qualified contact, whose calls fail at once, PJ420 tells.

    Bad:

        ; with Dial(PJSIP/${EXTEN}@itsp,30) in extensions.conf
        [itsp]
        type=aor
        contact=sip:sip.example.net
        qualify_frequency=0

    Good:

        ; with Dial(PJSIP/${EXTEN}@itsp,60) in extensions.conf
        [itsp]
        type=aor
        contact=sip:sip.example.net
        qualify_frequency=0
    """

    code = "PJ421"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint that a Dial gives up calling before the second target would answer."""
        path, dials = _dialplan(context)
        for endpoint in context.config.endpoints.values():
            own = [dial for dial in dials if dial.endpoint == endpoint.name]
            calls = calls_of(context, endpoint)
            if not own or calls.qualified or len(calls.addresses) < 2:
                continue
            whole = _outage(calls, LONG)
            short = [dial for dial in own if not _seconds(_outage(calls, dial.timeout))]
            if whole is None or not _seconds(whole) or not short:
                continue
            yield self._told(path, calls, short, whole)

    def _told(self, path: str, calls: Calls, short: list[Dial], whole: CallPrediction) -> Finding:
        """The finding on an endpoint: `short` are the dials that end first, `whole` a call that does not."""
        first = min(short, key=lambda dial: dial.line)
        others = len({dial.line for dial in short}) - 1
        more = f", and so it is in {plural(others, 'other line')}" if others else ""
        cut, late = _outage(calls, first.timeout), span(_seconds(whole))
        lost = fate(cut) if cut is not None else ""
        return self.finding(
            Location(path, first.line),
            f"Dial waits {span(first.timeout)} for {printable(calls.endpoint.name)}, and the second target "
            f"is asked after {late}{more}",
            f"while {calls.addresses[0]} is silent each call {lost}; if Dial waits longer, it {fate(whole)}",
            advice=f"a timeout above {late} and the time that people take to answer",
            subject=calls.endpoint.name,
        )


def _outage(calls: Calls, timeout: float) -> CallPrediction | None:
    """The call by a `Dial` with this timeout while the first address is silent."""
    return calls.call(calls.addresses[:1], timeout=timeout)


def _seconds(call: CallPrediction | None) -> float:
    """After how many seconds a call is answered; 0 for never."""
    return call.taken.t - call.t if call is not None and call.taken is not None else 0.0


def _dialplan(context: Context) -> tuple[str, list[Dial]]:
    """The dialplan beside the configuration, and what it dials; nothing where there is none."""
    files = context.config.document.files
    path = Path(files[0]).with_name(DIALPLAN) if files and Path(files[0]).is_file() else None
    if path is None or not path.is_file() or path.stat().st_size > LARGEST:
        return "", []
    return str(path), list(read_dials("\n".join(context.lines(str(path)))))
