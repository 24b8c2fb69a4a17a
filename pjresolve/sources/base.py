"""What every source of answers has in common."""

from __future__ import annotations

from typing import Protocol

from pjresolve.model import Answer, Query


class AnswerSource(Protocol):
    """Something that knows the answers beforehand: a zone or a snapshot."""

    def lookup(self, query: Query) -> Answer:
        """The answer to `query`. A failure is an answer too: nothing is raised."""
        ...
