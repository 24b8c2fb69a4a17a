"""Calls out on the machine: lives of one round each.

Rules of this file: it decides nothing but what is the caller's own: when nobody waits any more.
"""

from __future__ import annotations

from pjresolve.model import Protocol, Target
from pjresolve.scenario.traffic import Call
from pjresolve.simulation.life import Host, Life
from pjresolve.simulation.network import Attempt
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.telephony import CallPlan


class Calling(Life):
    """One call. `answered` is when and by whom; `ended_at` when it was over, in µs; `why` in words.

    `status` is the final answer or what its end counts as; `expired`: the caller waited no longer, so that an
    answer after it reaches nobody, while a challenge is still answered (`cd-cancel-dns`); `gave_up`: it ended
    by its timeout; `taken`: somebody answered while the caller waited; `ends`: an answer has ended it.
    """

    def __init__(self, host: Host, who: str, plan: CallPlan, call: Call) -> None:
        super().__init__(host, who, plan)
        self.plan, self.call = plan, call
        self.began = host.engine.now
        self.answered: tuple[int, Target] | None = None
        self.ended_at: int | None = None
        self.status: int | None = None
        self.why = ""
        self.expired = self.ends = self.gave_up = self.taken = False

    def begin(self) -> None:
        """Dial, and wait no longer than the call's timeout."""
        timeout = microseconds(self.call.timeout)
        self.host.engine.after(timeout, self._expire, tag=("timeout", self.who))
        super().begin()

    def ended(self, attempt: Attempt, outcome: Outcome) -> Outcome:
        """After the end of the call no other target is tried (`co-cancel-silent2`)."""
        answered = outcome.kind is Ending.ANSWERED
        if answered and outcome.status < 300:
            self.answered = self.answered or (self.host.engine.now, attempt.target)
        if self.expired:
            goes_on = outcome.kind not in self.plan.handed_on or (
                is_challenge(outcome.status) and not self.ends
            )
            return outcome if goes_on else local(Ending.CANCELLED)
        if answered and outcome.status in self.plan.ends_with:
            self._end_with(attempt, outcome.status)
        return outcome

    def late(self, attempt: Attempt, outcome: Outcome) -> None:
        """A request that left when nobody waited any more can still be answered (`co-dns-drop`)."""
        if outcome.kind is Ending.ANSWERED and outcome.status < 300:
            self.answered = self.answered or (self.host.engine.now, attempt.target)

    def finished(self, outcome: Outcome | None) -> None:
        """The round is over: the call is answered, or has failed."""
        if self.ended_at is not None or outcome is None:
            return
        now = self.host.engine.now
        self.status = outcome.status
        if self.answered:
            self.ended_at, self.why, self.taken = now + microseconds(self.call.hold), "answered", True
        else:
            self.ended_at = now
            self.why = f"{outcome.status}" if outcome.kind is Ending.ANSWERED else outcome.kind.words

    def _end_with(self, attempt: Attempt, status: int) -> None:
        """The call ends with the transaction of this answer, while the next target is asked already: at once
        over a reliable transport, after Timer D over UDP (section 17.1.1.2).
        """
        self.ends = True
        why = f"{status}: the call ends with that transaction, whatever the next target says"
        if attempt.target.transport.protocol is Protocol.UDP:
            timer_d = self.plan.timers.f
            tag = "timer-d", self.who
            self.host.engine.after(timer_d, lambda: self._over(status, why), tag=tag, priority=-1)
        else:
            self._over(status, why)

    def _expire(self) -> None:
        self.gave_up = self.ended_at is None
        self._over(Ending.CANCELLED.counts_as, f"no answer within {self.call.timeout:g} s")

    def _over(self, status: int, why: str) -> None:
        """Nobody waits for an answer any more."""
        if self.ended_at is not None:
            return
        self.expired, self.ended_at = True, self.host.engine.now
        self.status, self.why = status, why
        if self.attempt is not None:
            self.attempt.cancel()
