"""What is registered and until when: the state of one registration, and how long it was valid.

Rules of this file: a state changes in one place, `_set`, and every change is told; times in microseconds.
"""

from __future__ import annotations

from collections.abc import Callable

from pjresolve.simulation.engine import Engine, Entry
from pjresolve.trace import State, StateChanged, Step


class Validity:
    """The registrar's view of one registration, as far as the client knows it."""

    def __init__(self, who: str, engine: Engine, log: Callable[[StateChanged], None]) -> None:
        self.state = State.TRYING
        self.fresh = 0
        """How often it was registered."""
        self._who, self._engine, self._log = who, engine, log
        self._past, self._since = 0, -1
        self._lapse: Entry | None = None

    @property
    def valid(self) -> bool:
        """Whether a granted registration has not run out."""
        return self._since >= 0

    def total(self, until: int) -> int:
        """Microseconds with a valid registration, up to `until`."""
        return self._past + (until - self._since if self.valid else 0)

    def granted(self, lifetime: int, why: str, step: Step) -> None:
        """A registration was granted for `lifetime` µs from now."""
        self.fresh += 1
        if self._lapse is not None:
            self._lapse.cancel()
        if not self.valid:
            self._since = self._engine.now
        self._set(State.REGISTERED, why, step=step)
        self._lapse = self._engine.after(lifetime, self._lapsed, tag=("lapse", self._who))

    def trying(self) -> None:
        """A round begins."""
        if not self.valid:
            self._set(State.LAPSED if self.fresh else State.TRYING, "a round is under way")

    def waiting(self, why: str, retry: int, limit: int, step: Step) -> None:
        """A round has failed, and another will come."""
        if not self.valid:
            self._set(State.LAPSED if self.fresh else State.WAITING, why, retry, limit, step)

    def stopped(self, state: State, why: str) -> None:
        """No round will come any more."""
        self._set(state, why)

    def passed_over(self, span: int, valid: int) -> None:
        """Repetitions of `span` µs, `valid` of them with a valid registration, are not lived."""
        self._past += valid
        if self.valid:
            # the time since then is counted in `valid`, but for what lies between `_since` and now
            self._since += span

    def _lapsed(self) -> None:
        self._lapse = None
        self._past += self._engine.now - self._since
        self._since = -1
        if self.state is not State.REJECTED:
            self._set(State.LAPSED, "the registration ran out before it was refreshed")

    def _set(self, state: State, why: str, retry: int = 0, limit: int = 0, step: Step | None = None) -> None:
        if state is not self.state:
            self.state = state
            self._log(StateChanged(self._engine.now, self._who, state, why, retry, limit, step))
