"""A trunk that shows itself: where its requests go, and what outages cost them.

Rules of this file: it joins what the layers below compute and say, and decides nothing.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from pjresolve.api.prediction import Row
from pjresolve.dns.source import Origin
from pjresolve.errors import printable
from pjresolve.prediction.trunk import TrunkPrediction


@dataclass(frozen=True, eq=False, repr=False)
class Trunk:
    """One trunk: a registration with its endpoint, or either alone."""

    _trunk: TrunkPrediction
    _answers: Origin

    @property
    def registration(self) -> str:
        """The name of its registration, or the empty text."""
        return self._trunk.name.registration

    @property
    def endpoint(self) -> str:
        """The name of its endpoint, or the empty text."""
        return self._trunk.name.endpoint

    @property
    def warnings(self) -> list[str]:
        """Where registration and calls part, a sentence each; none where they do not."""
        from pjresolve.story.trunks import warnings

        return warnings(self._trunk)

    def ways(self) -> list[Row]:
        """Where requests go while all is well, a dict each: kind, host, target, encrypted, text."""
        rows: list[Row] = self._json()["ways"]
        return rows

    def incoming(self) -> list[Row]:
        """What becomes of calls from each address of the provider, a dict each: address, status, endpoint,
        matched_by, context, extension.
        """
        rows: list[Row] = self._json()["incoming"]
        return rows

    def outages(self) -> list[Row]:
        """What each outage costs, a dict for each outage and kind of request: outage, kind, lost, text.
        `lost` is in seconds, None where it is for good.
        """
        return [{"outage": o["outage"], **cost} for o in self._json()["outages"] for cost in o["costs"]]

    def to_json(self) -> dict[str, Any]:
        """As `pjresolve trunk --json` writes it."""
        from pjresolve.render.json import trunk_fields

        return trunk_fields([self._trunk], self._answers)

    def _json(self) -> dict[str, Any]:
        found: dict[str, Any] = self.to_json()["trunks"][0]
        return found

    def __str__(self) -> str:
        from pjresolve.render.terminal import Page
        from pjresolve.render.text.trunk import put_trunk

        page = Page()
        put_trunk(page, self._trunk)
        return page.text()

    def __repr__(self) -> str:
        said = printable(next(iter(self.warnings), "all go one way"), 200)
        return f"<Trunk {printable(self._trunk.name.title)!r}: {said}>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"
