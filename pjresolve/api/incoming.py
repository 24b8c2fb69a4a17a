"""Who gets in, showing itself: whose a request is, what strangers reach, whom nobody recognises.

Rules of this file: it joins what the layers below compute and say, and decides nothing.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pjresolve.api.prediction import Row, frame
from pjresolve.errors import printable
from pjresolve.prediction.admission import Fate, ProviderFate, RequestFate, answer_of, fate_json, gets_in
from pjresolve.stacks.telephony import Look, Received

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = [
    "request", "source", "gets_in", "status", "endpoint", "taken_for", "matched_by", "context", "extension",
    "why",
]  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Who:
    """Who gets in. `endpoint`, `status` and the like are of the request, or of the first of several.

    `well`: the request gets in, no stranger does, or every address of the provider does.
    """

    _fate: Fate

    @property
    def well(self) -> bool:
        """Whether `pjresolve who` would exit with 0."""
        return self._fate.well

    @property
    def gets_in(self) -> bool:
        """Whether it is answered with a success, or reaches a dialplan that is not known."""
        return self._first is not None and gets_in(self._first)

    @property
    def status(self) -> int | None:
        """The first final answer; None for none, and where the dialplan gives it."""
        return answer_of(self._first) if self._first else None

    @property
    def taken_for(self) -> str | None:
        """The endpoint whose the request is, even if it gets no call."""
        return self._first.taken_for if self._first else None

    @property
    def matched_by(self) -> str | None:
        """The identifier that decided: `line`, `ip`, `username` …"""
        return self._first.matched_by if self._first else None

    @property
    def endpoint(self) -> str | None:
        """The endpoint that gets a call; None where there is none."""
        return self._first.endpoint if self._first else None

    @property
    def context(self) -> str | None:
        """The context that the call reaches."""
        return self._first.context if self._first else None

    @property
    def extension(self) -> str | None:
        """The extension that the call reaches, where the dialplan has it."""
        return self._first.extension if self._first else None

    @property
    def why(self) -> str:
        """Why it comes so, in words; empty where nothing was asked."""
        return self._first.why if self._first else ""

    @property
    def looks(self) -> tuple[Look, ...]:
        """What each identifier made of it, in the order in which they are asked."""
        return self._first.looks if self._first else ()

    @property
    def _first(self) -> Received | None:
        return next((received for _, _, received in self._asked()), None)

    def _asked(self) -> list[tuple[str, str | None, Received]]:
        """Each request in words, where it comes from, and what becomes of it."""
        fate = self._fate
        if isinstance(fate, RequestFate):
            return [(f"{fate.message.method} {fate.message.uri}", fate.message.source, fate.received)]
        if isinstance(fate, ProviderFate):
            return [("INVITE", address, received) for address, received in fate.seen]
        return [(opening.request, None, opening.received) for opening in fate.openings]

    def to_records(self) -> list[Row]:
        """A dict for each request: what it is, where it comes from, and what becomes of it."""
        return [
            {
                "request": request,
                "source": source,
                "gets_in": gets_in(found),
                "status": answer_of(found),
                **{name: getattr(found, name) for name in COLUMNS[4:]},
            }
            for request, source, found in self._asked()
        ]

    def to_frame(self) -> pd.DataFrame:
        """The same as a pandas DataFrame. Raises BadInput where pandas is not installed."""
        return frame(self.to_records(), COLUMNS)

    def to_json(self) -> dict[str, Any]:
        """As `pjresolve who --json` writes it."""
        return fate_json(self._fate)

    def __str__(self) -> str:
        from pjresolve.render.terminal import Page
        from pjresolve.render.text.who import put_fate

        page = Page()
        put_fate(page, self._fate)
        return page.text()

    def __repr__(self) -> str:
        said = f"{self.endpoint or 'nobody'}: {self.why}" if self._first else "nobody"
        return f"<Who {printable(said, 200)}>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"
