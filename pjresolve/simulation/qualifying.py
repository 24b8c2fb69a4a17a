"""Contacts that are qualified: rounds of OPTIONS, each a life of its own, and what they have shown.

Rules of this file:
- all rounds of a contact write one log, so that what repeats is told in it as it is for a registration;
- a contact's status is kept in one place, and every change is told.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import count

from pjresolve.simulation.engine import Entry
from pjresolve.simulation.life import Host, Life, Resolving
from pjresolve.simulation.log import Log, moved
from pjresolve.simulation.network import Attempt
from pjresolve.simulation.repetition import Rounds
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.resolution import Resolution
from pjresolve.stacks.telephony import QualifyPlan
from pjresolve.trace import ContactChanged, LifeEvent


class Contact:
    """A contact that is qualified again and again, from `first` µs on.

    `reachable` is what is known of it, None where nothing is yet. `names` are those that its rounds have had.
    `longest` is how long a round has lasted at most, in µs.
    """

    def __init__(self, host: Host, plan: QualifyPlan, first: int) -> None:
        self.host, self.plan = host, plan
        self.who = f"qualify {plan.contact.aor} {plan.contact.uri}"
        self.log = Log()
        self.names = {self.who}
        self.reachable: bool | None = None
        self._rounds = 0
        self._longest = 0
        self._under_way: list[Qualifying] = []
        host.engine.at(first, self._tick, tag=("qualify", self.who))

    def _tick(self) -> None:
        if self.host.waking(self.who):
            return
        self.host.engine.after(microseconds(self.plan.frequency), self._tick, tag=("qualify", self.who))
        self.clear()
        asking = Qualifying(self, self._free_name(), self._rounds)
        self._rounds += 1
        self._under_way.append(asking)
        asking.begin()

    def _free_name(self) -> str:
        """The contact's name, with a number while a round of that name is not done with."""
        taken = {one.who for one in self._under_way}
        names = (f"{self.who} {n}" if n else self.who for n in count())
        free = next(name for name in names if name not in taken and not self.host.network.knows(name))
        self.names.add(free)
        return free

    def clear(self) -> None:
        """Forget the rounds that are over."""
        for one in [one for one in self._under_way if one.gone]:
            self._under_way.remove(one)
            self.host.network.forget(one.who)

    @property
    def longest(self) -> int:
        """How long a round has lasted at most, in µs."""
        now = self.host.engine.now
        return max([self._longest, *(now - one.began for one in self._under_way)])

    def lasted(self, span: int) -> None:
        """A round is over, after so many µs."""
        self._longest = max(self._longest, span)

    def found(self, reachable: bool, why: str) -> None:
        """What a round of OPTIONS has shown."""
        if self.reachable is not reachable:
            self.reachable = reachable
            self.log.events.append(ContactChanged(self.host.engine.now, self.who, reachable, why))

    # ------------------------------------------------------------ repetition

    def present(self) -> Hashable:
        """What it is at the moment, as far as it can matter to the future."""
        return self.reachable, tuple(one.past() for one in self._under_way if not one.gone)

    def counts(self) -> Rounds:
        """What has added up so far."""
        return Rounds(len(self.log.events), self._rounds)

    def repeat(self, since: Rounds, period: int, times: int) -> None:
        """All that happened since then happens `times` more times, and is not lived."""
        rounds = self._rounds - since.rounds
        self.log.repeat(since.events, period, rounds, 0, times)
        self._rounds += times * rounds
        for one in self._under_way:
            one.moved(times * period, times * rounds)


class Qualifying(Life):
    """One round of OPTIONS to a contact. Whoever answers after `qualify_timeout` is not heard."""

    def __init__(self, contact: Contact, who: str, number: int) -> None:
        super().__init__(contact.host, who, contact.plan, contact.log, number)
        self.contact, self.plan = contact, contact.plan
        self.began = self.host.engine.now
        self.expired = False
        self._from = len(contact.log.events)
        self._timeout: Entry | None = None

    def begin(self) -> None:
        """Ask, and take the contact for unreachable where nothing has come in time."""
        if self.plan.qualify_timeout:
            timeout = microseconds(self.plan.qualify_timeout)
            tag = "qualify-timeout", self.who
            self._limit(self.host.engine.after(timeout, self._expire, tag=tag))
        super().begin()

    def ended(self, attempt: Attempt, outcome: Outcome) -> Outcome:
        """Behind the timeout no other target is asked (`cb-q-silent-first`)."""
        if self.expired:
            return local(Ending.CANCELLED)
        if outcome.kind in self.plan.handed_on:
            self._limit(None)
        return outcome

    def _limit(self, timeout: Entry | None) -> None:
        if self._timeout is not None:
            self._timeout.cancel()
        self._timeout = timeout

    def finished(self, outcome: Outcome | None) -> None:
        """The round is over: any final answer shows that somebody is there (`cb-q-404`, `cb-q-408`)."""
        self.contact.lasted(self.host.engine.now - self.began)
        if self.expired or outcome is None:
            return
        self.expired = True
        self._limit(None)
        answered = outcome.kind is Ending.ANSWERED
        reachable = answered and (not self.plan.only_2xx or outcome.status < 300)
        self.contact.found(reachable, f"{outcome.status}" if answered else outcome.kind.words)

    def _expire(self) -> None:
        if not self.expired:
            self.expired = True
            self.contact.found(False, f"no answer within qualify_timeout={self.plan.qualify_timeout:g}")

    def resolved(self, resolving: Resolving, resolution: Resolution) -> None:
        """A resolution has come to its end: where it came too late, that is the last of the round."""
        super().resolved(resolving, resolution)
        self.contact.lasted(self.host.engine.now - self.began)

    # ------------------------------------------------------------ repetition

    def past(self) -> Hashable:
        """All that has happened in this round, relative to now: what follows hangs on nothing else."""
        now, round_ = self.host.engine.now, self.round
        own = (e for e in self.log.events[self._from :] if self._is_own(e))
        events = tuple((type(e), moved(e, -now, -round_)) for e in own)
        return self.who, self.expired, self.over, now - self.began, events

    def _is_own(self, event: LifeEvent) -> bool:
        return self.who in getattr(event, "users", ()) or getattr(event, "round", None) == self.round

    def moved(self, span: int, rounds: int) -> None:
        """It is so many µs and rounds later than it was."""
        self.pass_over(rounds)
        self.began += span
        for resolving in self.looking_up:
            resolving.began += span
        if self.attempt is not None:
            self.attempt.moved(span, rounds)
