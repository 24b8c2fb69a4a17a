"""A life on the machine: a stack's program, driven against engine, network and resolver.

Rules of this file:
- it decides nothing: what to do is the stack's, what happens is the world's;
- time, network, resolver and world are given to it, and shared with others;
- what belongs to a registration, a call or a contact stands in the class of its own below.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import NamedTuple, assert_never

from pjresolve.model import Query, Target
from pjresolve.simulation.connection import Client
from pjresolve.simulation.engine import Engine, Entry
from pjresolve.simulation.log import Log
from pjresolve.simulation.network import Attempt, Network
from pjresolve.simulation.repetition import Counts
from pjresolve.simulation.resolver import AskedSet, Resolver
from pjresolve.simulation.validity import Validity
from pjresolve.sip.outcome import Ending, Outcome
from pjresolve.stacks.protocol import (
    Command,
    GiveUp,
    ListTargets,
    Lots,
    Plan,
    Reply,
    Resolve,
    Resolved,
    Sender,
    Sleep,
    StartRound,
    Tell,
    Try,
    Woken,
)
from pjresolve.stacks.resolution import Answers, Ask, Machine, Resolution
from pjresolve.trace import AttemptEnded, ListKnown, RoundStarted, StepTaken


class Success(NamedTuple):
    """A moment of success, in µs, and with whom."""

    t: int
    target: Target


@dataclass(frozen=True, slots=True)
class Host:
    """What those who live on one machine share.

    `settled` is told that a registration was granted or has given up; `waking` is asked by who wakes from a
    wait whether it wakes later instead, since all until then only repeats.
    `resolutions` that cost no time are kept by what was asked for.
    """

    engine: Engine
    network: Network
    resolver: Resolver
    lots: Lots
    settled: Callable[[], None]
    waking: Callable[[str], bool]
    resolutions: dict[Hashable, tuple[Resolution, tuple[Query, ...]]] = field(default_factory=dict)


class Life:
    """Whoever sends requests: a program of a stack under way. Read `log`, `success` and `first` at its end.

    `who` is its name, which nobody else on the machine has. It writes `log`, and numbers its rounds from
    `number` on.
    """

    def __init__(self, host: Host, who: str, sender: Sender, log: Log | None = None, number: int = 0) -> None:
        self.host, self.who, self.sender = host, who, sender
        self.log = Log() if log is None else log
        self.success: Success | None = None
        self.first: Resolution | None = None
        self.round = number - 1
        self.looking_up: list[Resolving] = []
        self._passed_over = 0
        self._client = Client(who, self.log.events.append)
        self._program = sender.live(host.lots)
        self._reply: tuple[Reply] | None = None
        self._inside = self.over = False
        self._rest: Sleep | None = None
        self._wake: Entry | None = None
        self._sent: list[Query] = []
        self._repeated = 0
        self.attempt: Attempt | None = None

    def begin(self) -> None:
        """Start the program."""
        self._go(None)

    # ------------------------------------------------------------ what a kind of life adds

    def round_begins(self) -> None:
        """A round begins."""

    def ended(self, attempt: Attempt, outcome: Outcome) -> Outcome:
        """An attempt has ended; what the program is told of it."""
        return outcome

    def late(self, attempt: Attempt, outcome: Outcome) -> None:
        """A request that nobody waits for any more has ended."""

    def waits(self, order: Sleep) -> None:
        """The program begins to wait."""

    def stops(self, order: GiveUp) -> None:
        """The program stops for good."""

    def finished(self, outcome: Outcome | None) -> None:
        """The program is at its end, with the outcome of its last attempt where it lives one round."""

    # ------------------------------------------------------------ driving the program

    def _go(self, reply: Reply) -> None:
        """Send a reply to the program, and do what it says until it has to wait."""
        self._inside = True
        while True:
            self._reply = None
            try:
                command = self._program.send(reply)
            except StopIteration as done:
                self.over = True
                self.finished(done.value)
                break
            self._do(command)
            if self._reply is None:
                break
            (reply,) = self._reply
        self._inside = False

    def _answer(self, reply: Reply) -> None:
        """What came of the last command."""
        if self._inside:
            self._reply = (reply,)
        else:
            self._go(reply)

    def _do(self, command: Command) -> None:
        now = self.host.engine.now
        match command:
            case Try():
                self.attempt = Attempt(
                    self.host.network, self._client, self.sender, command, self.round, self._done
                )
                self.attempt.start()
            case Tell():
                self.log.events.append(StepTaken(now, self.who, self.round, command.step, command.why))
                self._answer(None)
            case StartRound():
                self._start_round(command)
            case Resolve():
                self._resolve(command)
            case Ask():
                self.host.resolver.ask(command.queries, self._asked, ("dns", self.who))
            case ListTargets():
                self._list_known(self.round, tuple(self._sent), command.targets, command.why)
                self._sent.clear()
                self._answer(None)
            case Sleep():
                self._sleep(command)
            case GiveUp():
                self.over = True
                self.stops(command)
                self._answer(None)
            case _:
                assert_never(command)

    def _start_round(self, command: StartRound) -> None:
        self.round += 1
        self._sent.clear()
        now = self.host.engine.now
        self.log.events.append(RoundStarted(now, self.who, self.round, command.cause, command.why))
        self.round_begins()
        self._answer(None)

    def _done(self, attempt: Attempt, outcome: Outcome) -> None:
        now = self.host.engine.now
        if outcome.kind is not Ending.UNSUITABLE or attempt.logged:
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
        self.attempt = None
        self._answer(self.ended(attempt, outcome))

    # ------------------------------------------------------------ the DNS

    def _asked(self, asked: AskedSet) -> None:
        self._sent += asked.sent
        self.host.resolver.met()
        self._answer(Answers(asked.answers))

    def _resolve(self, command: Resolve) -> None:
        host = self.host
        known = host.resolutions.get(self.sender.request)
        if known is not None and host.resolver.idle:
            resolution, sent = known
            self.first = self.first or resolution
            self._list_known(self.round, sent, resolution.targets, resolution.why)
            self._answer(Resolved(resolution))
            return
        assert self.sender.resolution is not None, "a program resolves only what its plan can"
        families = host.network.wire.world.families
        resolving = Resolving(self, self.sender.resolution(host.lots.draw, families), command.patience)
        self.looking_up.append(resolving)
        resolving.begin()

    def resolved(self, resolving: Resolving, resolution: Resolution) -> None:
        """A resolution has come to its end."""
        self.looking_up.remove(resolving)
        sent, now = tuple(resolving.sent), self.host.engine.now
        self.host.resolver.met()
        self.first = self.first or resolution
        by_chance = self.host.lots.count > resolving.drawn
        if now == resolving.began and not self.host.resolver.policy.remembers and not by_chance:
            self.host.resolutions[self.sender.request] = resolution, sent
        round_ = resolving.round + self._passed_over
        self._list_known(round_, sent, resolution.targets, resolution.why)
        if not resolving.late:
            self._answer(Resolved(resolution, now - resolving.began))
        elif resolution.targets:
            # a request that nobody waits for any more goes out once, whatever follows (`dns-f-udp`)
            order = Try(resolution.targets[0], -1 - round_, credentials=False, ticks=False)
            network = self.host.network
            Attempt(network, self._client, self.sender, order, round_, self.late).send_once()

    def out_of_patience(self, waited: int) -> None:
        """The round goes on without the resolution."""
        self._answer(Resolved(None, waited))

    @property
    def round_lived(self) -> int:
        """The number of the round, without those that were passed over."""
        return self.round - self._passed_over

    def _list_known(
        self, round_: int, sent: tuple[Query, ...], targets: tuple[Target, ...], why: str
    ) -> None:
        self.log.events.append(ListKnown(self.host.engine.now, self.who, round_, sent, targets, why))

    # ------------------------------------------------------------ waiting and waking

    def _sleep(self, order: Sleep) -> None:
        engine = self.host.engine
        self.waits(order)
        retry = order.counted if order.adds else 0
        wait = max(order.wait, self.sender.policy.turnaround)
        step = StepTaken(engine.now, self.who, self.round, order.step, order.why, wait, retry, order.limit)
        self.log.events.append(step)
        self._rest = order
        self._wake = engine.after(wait, self._woken, tag=("wake", self.who))

    def _woken(self, closed: bool = False) -> None:
        if self.host.waking(self.who):
            return
        self._wake = None
        repeated, self._repeated, self._rest = self._repeated, 0, None
        self._go(Woken(closed, repeated))

    @property
    def gone(self) -> bool:
        """Whether nothing comes of it any more: a look-up can go on when the program is at its end."""
        return self.over and not self.looking_up

    def pass_over(self, rounds: int) -> None:
        """So many rounds are not lived."""
        self.round += rounds
        self._passed_over += rounds


class Registering(Life):
    """One registration. Read `validity` too when the run is over."""

    def __init__(self, host: Host, who: str, plan: Plan) -> None:
        super().__init__(host, who, plan)
        self.plan = plan
        self.validity = Validity(who, host.engine, self.log.events.append)
        self.retries_left = 0
        self._retries = 0

    def round_begins(self) -> None:
        self.validity.trying()

    def ended(self, attempt: Attempt, outcome: Outcome) -> Outcome:
        network = self.host.network
        if outcome.kind is Ending.REGISTERED:
            if attempt.connection is not None:
                network.watch(self.who, attempt.connection, self._connection_lost)
            else:
                network.unwatch(self.who)
            self.success = self.success or Success(self.host.engine.now, attempt.target)
        return outcome

    def waits(self, order: Sleep) -> None:
        if order.lifetime is not None:
            self.validity.granted(order.lifetime, order.why, order.step)
            self.host.settled()
        else:
            self.host.network.unwatch(self.who)
            retry = order.counted if order.adds else 0
            self.validity.waiting(order.why, retry, order.limit, order.step)
        self._retries += order.adds
        self.retries_left = order.limit - order.counted

    def stops(self, order: GiveUp) -> None:
        self.validity.stopped(order.state, order.why)
        self.host.settled()

    def _connection_lost(self) -> None:
        if self._wake is not None and self.validity.valid:
            engine = self.host.engine
            self._wake.cancel()
            turnaround = self.plan.policy.turnaround
            self._wake = engine.after(
                turnaround, lambda: self._woken(closed=True), tag=("wake-closed", self.who)
            )

    def present(self) -> Hashable | None:
        """What this registration is at the moment, as far as it can matter to the future; None in the middle
        of a round.
        """
        if self.over:
            return self.validity.state, self.validity.valid
        if self._rest is None:
            return None
        watched = self.host.network.watched(self.who)
        return self.validity.state, self.validity.valid, self._rest.memory, watched

    def counts(self) -> Counts:
        """What has added up so far."""
        valid = self.validity.total(self.host.engine.now)
        return Counts(len(self.log.events), self.round, valid, self._retries, self.validity.fresh)

    def repeat(self, since: Counts, period: int, times: int) -> None:
        """All that happened since then happens `times` more times, and is not lived."""
        added = self.counts().since(since)
        self.log.repeat(since.events, period, added.rounds, added.retries, times)
        self.pass_over(times * added.rounds)
        self._repeated = times * added.retries
        self.validity.passed_over(times * period, times * added.valid)


class Resolving:
    """A resolution under way: one set after the other, each when the last one is answered."""

    def __init__(self, life: Life, machine: Machine, patience: int | None) -> None:
        self.life, self.machine, self.patience = life, machine, patience
        self.round = life.round_lived
        self.began = life.host.engine.now
        self.drawn = life.host.lots.count
        self.sent: list[Query] = []
        self.late = False
        self._sets = 0
        self._impatience: Entry | None = None

    def begin(self) -> None:
        """Ask the first set."""
        if self.patience is not None:
            tag = "patience", self.life.who
            self._impatience = self.life.host.engine.after(self.patience, self._give_up, tag=tag)
        self._next(None)

    def _next(self, answers: Answers | None) -> None:
        try:
            wanted = next(self.machine) if answers is None else self.machine.send(answers)
        except StopIteration as done:
            if self._impatience is not None:
                self._impatience.cancel()
            self.life.resolved(self, done.value)
            return
        self._sets += 1
        tag = "dns", self.life.who, self._sets, self.late
        self.life.host.resolver.ask(wanted.queries, self._answered, tag)

    def _answered(self, asked: AskedSet) -> None:
        self.sent += asked.sent
        self._next(Answers(asked.answers))

    def _give_up(self) -> None:
        self._impatience, self.late = None, True
        self.life.out_of_patience(self.patience or 0)
