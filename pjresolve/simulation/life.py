"""One registration's life: the stack's program, driven against a simulated world.

Rules of this file:
- it decides nothing: what to do is the stack's, what happens is the world's;
- an exact repetition is recognised and told once: the present, taken relative to now, is compared at
  the start of each round, and where it was the same before, the future is the same too.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from pjresolve.dns import srv
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput
from pjresolve.model import Target
from pjresolve.scenario.format import HostEvent, Scenario
from pjresolve.simulation.connection import Connection
from pjresolve.simulation.engine import Engine, Entry
from pjresolve.simulation.log import Log
from pjresolve.simulation.network import Attempt, Network
from pjresolve.simulation.repetition import Memory, Present
from pjresolve.simulation.resolver import LibcResolver, Resolved, UnboundResolver
from pjresolve.simulation.world import World
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.protocol import GiveUp, Plan, Reply, Resolve, Sleep, Stack, Tell, Try, Woken
from pjresolve.stacks.resolution import SrvOrder
from pjresolve.trace import (
    AttemptEnded,
    ListKnown,
    RoundStarted,
    State,
    StateChanged,
    StepTaken,
    WorldChanged,
)

MOST_STEPS = 3_000_000
"""Events that a run may take at most; a repetition that was recognised costs none."""
SETTLING = 2_250_000
"""Microseconds that a run goes on after its first success, as the recorder does."""
TURNAROUND = 12_000
"""Microseconds between the end of a round and one that starts at once (recording `tcp-closes-later`)."""


class Success(NamedTuple):
    """A moment of registering, in µs, and with whom."""

    t: int
    target: Target


class Life:
    """The run of one scenario. Read `log`, `success`, `state`, `first` and `unregistered` when it is over."""

    def __init__(
        self, scenario: Scenario, source: AnswerSource, plan: Plan, stack: Stack, seed: int | None
    ) -> None:
        self.scenario, self.plan, self.stack = scenario, plan, stack
        self.engine, self.log = Engine(), Log()
        self.world = World(scenario)
        self.network = Network(self.engine, self.world, plan, self.log.events.append)
        self.network.on_connection_closed = self._connection_closed
        self.resolver = UnboundResolver(source) if scenario.unbound else LibcResolver(source)
        self.success: Success | None = None
        self.state = State.TRYING
        self.who = plan.registration.name
        self.first: Resolved | None = None
        self.round = -1
        self._random = random.Random(seed) if seed is not None else None
        self._program = stack.life(plan)
        self._resolved: Resolved | None = None
        self._outcome: Outcome | None = None
        self._inside = False
        self._spent = 0
        self._wake: Entry | None = None
        self._lapse: Entry | None = None
        self._valid, self._valid_since, self._ever = 0, -1, False
        self._counted = self._fresh = self._repeated = self._left = self._passed_over = 0
        self._memory = Memory()
        self._until = microseconds(scenario.duration)

    def run(self) -> None:
        """Live until the scenario's end. Raises BadInput where that would take too many events."""
        for event in self.scenario.events:
            change = partial(self._world_changes, event)
            self.engine.at(microseconds(event.at), change, priority=-1, fixed=True)
        self.engine.at(0, lambda: self._advance(None), tag="start")
        if not self.engine.run(self._until, MOST_STEPS):
            raise BadInput(
                f"this takes more than {MOST_STEPS:,} events; {self.engine.now / 1e6:.0f} s were simulated",
                where=self.scenario.name,
                hint="give a shorter duration or longer intervals",
            )

    @property
    def end(self) -> int:
        """When the run ended, in µs: at the first success where that was asked for and nothing followed."""
        if self.scenario.stop == "registered" and self.success and self.log.events[-1].t == self.success.t:
            return self.success.t
        return self.engine.now

    @property
    def unregistered(self) -> int:
        """Microseconds of the run without a valid registration."""
        return self.end - self._valid - (self.end - self._valid_since if self._valid_since >= 0 else 0)

    # ------------------------------------------------------------ driving the program

    def _advance(self, reply: Reply) -> None:
        """Send a reply to the program, and do what it says until it has to wait."""
        self._inside = True
        while True:
            try:
                command = (
                    next(self._program) if reply is None and self.round < 0 else self._program.send(reply)
                )
            except StopIteration:
                break
            reply = None
            if isinstance(command, Try):
                self._outcome = None
                spent, self._spent = self._spent, 0
                self.network.attempt(command, self.round, self._done, spent)
                if self._outcome is None:
                    break
                reply = self._outcome
            elif isinstance(command, Resolve):
                reply = self._resolve(command)
                if reply is None:
                    break
            elif isinstance(command, Tell):
                self.log.events.append(
                    StepTaken(self.engine.now, self.who, self.round, command.step, command.why)
                )
            elif isinstance(command, Sleep):
                self._sleep(command)
                break
            elif isinstance(command, GiveUp):
                self._set(command.state, command.why)
        self._inside = False

    def _done(self, attempt: Attempt, outcome: Outcome) -> None:
        now = self.engine.now
        if outcome.kind != Ending.UNSUITABLE or attempt.logged:
            lasted = now - attempt.started
            self.log.events.append(
                AttemptEnded(
                    now,
                    self.who,
                    self.round,
                    attempt.target,
                    outcome.kind,
                    outcome.status,
                    lasted,
                    attempt.credentials,
                )
            )
        if outcome.kind == Ending.REGISTERED:
            self.network.watched = attempt.connection
            if self.success is None:
                self.success = Success(now, attempt.target)
        if self._inside:
            self._outcome = outcome
        else:
            self._advance(outcome)

    def _resolve(self, command: Resolve) -> tuple[Target, ...] | None:
        """Start a round. None where its list is only known later."""
        self.round += 1
        now = self.engine.now
        self.log.events.append(RoundStarted(now, self.who, self.round, command.cause, command.why))
        if not self._valid_since >= 0:
            self._set(State.LAPSED if self._ever else State.TRYING, "a round is under way")
        if self.plan.request is None:
            return ()
        if self._resolved is None or self.scenario.unbound or self._random is not None:
            request = replace(self.plan.request, reachable=self.world.families)
            machine = self.stack.resolution(request, self._order())
            self._resolved = self.resolver.run(machine, now)
            self.first = self.first or self._resolved
        resolved = self._resolved
        targets = resolved.resolution.targets
        if not resolved.took:
            self._list_known(resolved, self.round)
            return targets
        late = self.plan.dns_counts and resolved.took >= self.network.timers.f
        self._spent = resolved.took if self.plan.dns_counts and not late else 0
        if late:
            self.engine.after(self.network.timers.f, lambda: self._advance(local(Ending.TIMEOUT)), tag="F")
        begun = self.round - self._passed_over

        def known() -> None:
            round_ = begun + self._passed_over
            self._list_known(resolved, round_)
            if not late:
                self._advance(targets)
            elif targets:
                self.network.stray(targets[0], round_)

        self.engine.after(resolved.took, known, tag="list")
        return None

    def _order(self) -> SrvOrder:
        draw = self._random.random if self._random else None
        return lambda records: srv.order(records, draw)

    def _list_known(self, resolved: Resolved, round_: int) -> None:
        targets, why = resolved.resolution.targets, resolved.resolution.why
        self.log.events.append(ListKnown(self.engine.now, self.who, round_, resolved.sent, targets, why))

    # ------------------------------------------------------------ waiting and waking

    def _sleep(self, command: Sleep) -> None:
        engine = self.engine
        if command.lifetime is not None:
            self._register(command)
        else:
            self.network.watched = None
            if self._valid_since < 0:
                self._set(
                    State.LAPSED if self._ever else State.WAITING, command.why, command.counted, command.limit
                )
        self._counted += bool(command.counted)
        self._left = command.limit - command.counted
        wait = max(microseconds(command.seconds), TURNAROUND)
        step = StepTaken(
            engine.now, self.who, self.round, command.step, command.why, wait, command.counted, command.limit
        )
        self.log.events.append(step)
        self._wake = engine.after(wait, self._woken, tag="wake")

    def _register(self, command: Sleep) -> None:
        now = self.engine.now
        self._fresh += 1
        self._ever = True
        if self._lapse is not None:
            self._lapse.cancel()
        if self._valid_since < 0:
            self._valid_since = now
        self._set(State.REGISTERED, command.why)
        if self.scenario.stop == "registered" and self._fresh == 1:
            self.engine.after(SETTLING, self.engine.stop, tag="stop")
        self._lapse = self.engine.after(microseconds(command.lifetime or 0), self._lapsed, tag="lapse")

    def _lapsed(self) -> None:
        self._lapse = None
        self._valid += self.engine.now - self._valid_since
        self._valid_since = -1
        if self.state is not State.REJECTED:
            self._set(State.LAPSED, "the registration ran out before it was refreshed")

    def _woken(self, closed: bool = False) -> None:
        self._wake = None
        if self._deterministic:
            self._skip_repetition()
        repeated, self._repeated = self._repeated, 0
        self._advance(Woken(closed, repeated))

    def _connection_closed(self, connection: Connection) -> None:
        if connection is not self.network.watched:
            return
        self.network.watched = None
        if self._wake is not None and self._valid_since >= 0:
            self._wake.cancel()
            self._wake = self.engine.after(TURNAROUND, lambda: self._woken(closed=True), tag="wake-closed")

    def _world_changes(self, event: HostEvent) -> None:
        self.log.events.append(WorldChanged(self.engine.now, event.host, self.world.change(event)))
        self._memory.forget()
        self.network.world_changed()

    def _set(self, state: State, why: str, retry: int = 0, limit: int = 0) -> None:
        if state != self.state:
            self.state = state
            self.log.events.append(StateChanged(self.engine.now, self.who, state, why, retry, limit))

    # ------------------------------------------------------------ repetition

    @property
    def _deterministic(self) -> bool:
        return self._random is None and not self.scenario.unbound

    def _skip_repetition(self) -> None:
        """Where the present was there before, pass over all whole repetitions until something else is due."""
        engine = self.engine
        valid = self._valid + (engine.now - self._valid_since if self._valid_since >= 0 else 0)
        key = (engine.pending(), self.network.state(), self.state, self._valid_since >= 0)
        here = Present(engine.now, len(self.log.events), self.round, valid, self._counted, self._fresh)
        found = self._memory.seen(key, here)
        if found is None:
            return
        fixed = engine.next_fixed()
        room = min(self._until, fixed - 1 if fixed is not None else self._until) - engine.now
        times = room // found.period
        if found.retries:
            times = min(times, (self._left - 1) // found.retries)
        if times < 1:
            return
        self.log.repeat(found.start, found.period, found.rounds, found.retries, times)
        span = times * found.period
        engine.skip(span)
        self.network.skip(span)
        self.round += times * found.rounds
        self._passed_over += times * found.rounds
        self._repeated = times * found.retries
        self._valid += times * found.valid
        if self._valid_since >= 0:
            self._valid_since += span
        self._memory.forget()
