"""A call that shows itself: what became of it, as values, tables and text.

Rules of this file:
- it joins what the layers below compute and say, and decides nothing;
- times are in seconds from the call.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from pjresolve.api.prediction import Prediction, Row
from pjresolve.dns.source import Origin
from pjresolve.errors import printable
from pjresolve.model import Target
from pjresolve.prediction import call as plain
from pjresolve.prediction.happened import target_json
from pjresolve.story.calls import assumed, call_verdict


@dataclass(frozen=True, eq=False, repr=False)
class Call:
    """What becomes of one call out."""

    _called: plain.Called
    _answers: Origin

    @property
    def answered(self) -> bool:
        """Whether somebody answers in time."""
        return call_verdict(self._called.call).answered

    @property
    def target(self) -> Target | None:
        """Who answered."""
        taken = self._called.call.taken
        return taken.target if taken else None

    @property
    def t(self) -> float | None:
        """When it was answered, or had failed; None where it is under way at the end."""
        call = self._called.call
        moment = call.taken.t if call.taken else call.ended
        return None if moment is None else round(moment - call.t, 6)

    @property
    def status(self) -> int | None:
        """The final answer, or what its end counts as; None where nothing was sent."""
        return self._called.call.status

    @property
    def dialstatus(self) -> str | None:
        """`DIALSTATUS` after `Dial`; None where that was not recorded."""
        result = self._called.call.result
        return result.dialstatus if result else None

    @property
    def hangupcause(self) -> int | None:
        """`HANGUPCAUSE` after `Dial`; None where that was not recorded."""
        result = self._called.call.result
        return result.hangupcause if result else None

    @property
    def uri(self) -> str | None:
        """The request URI; None where nothing is sent."""
        return self._called.call.uri

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets in the order of trying."""
        return self._called.call.targets

    @property
    def verdict(self) -> str:
        """What becomes of it, in one sentence."""
        return call_verdict(self._called.call).text

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it comes so, a sentence each."""
        return call_verdict(self._called.call).reasons

    @property
    def assumed(self) -> str:
        """What was taken for granted of the server, or the empty text."""
        return assumed(self._called)

    @property
    def machine(self) -> Prediction:
        """The prediction of the whole machine, in whose run the call is made."""
        return Prediction.of(self._called.machine, self._called.inquiry.config)

    def attempts(self) -> list[Row]:
        """What was tried, a dict each: t, transport, address, port, outcome, status, ended."""
        since = self._called.at
        return [
            {
                "t": a.t - since,
                **target_json(a.target),
                "outcome": a.outcome.value if a.outcome else None,
                "status": a.status,
                "ended": None if a.ended is None else a.ended - since,
            }
            for a in self._called.call.attempts()
        ]

    def outages(self) -> list[Row]:
        """The call without its first targets, one more each time, a dict each: without, answered, t, target,
        dialstatus.
        """
        rows = []
        for dropped, call in self._called.outages:
            then = Call(self._called._replace(call=call, outages=()), self._answers)
            answered = {"answered": then.answered, "t": then.t, "target": str(then.target or "") or None}
            without = ", ".join(map(str, dropped))
            rows.append({"without": without, **answered, "dialstatus": then.dialstatus})
        return rows

    def to_json(self) -> dict[str, Any]:
        """As `pjresolve call --json` writes it."""
        from pjresolve.render.json import call_fields

        return call_fields(self._called, self._answers)

    def __str__(self) -> str:
        from pjresolve.render.terminal import Page
        from pjresolve.render.text.call import put_called

        page = Page()
        put_called(page, self._called, answers=self._answers, explain=False)
        return page.text()

    def __repr__(self) -> str:
        return f"<Call through {printable(self._called.inquiry.endpoint)!r}: {printable(self.verdict, 200)}>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"
