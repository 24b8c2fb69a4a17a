"""One run of a scenario: the machine, made once, and the registrations that live on it.

Rules of this file:
- engine, world, network and resolver are made here and nowhere else;
- an exact repetition is recognised and told once: the present of all, taken relative to now, is compared
  whenever a life wakes, and where it was the same before, the future is the same too.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import partial

from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput
from pjresolve.scenario.format import HostEvent, Scenario
from pjresolve.simulation.engine import Engine
from pjresolve.simulation.life import Host, Life
from pjresolve.simulation.network import Network
from pjresolve.simulation.repetition import Memory, Present
from pjresolve.simulation.resolver import Resolver
from pjresolve.simulation.world import World
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.protocol import Lots, Plan
from pjresolve.trace import WorldChanged

MOST_STEPS = 3_000_000
"""Events that a run may take at most; a repetition that was recognised costs none."""
SETTLING = 2_250_000
"""Microseconds that a run goes on after its success, as the recorder does."""


class Run:
    """The registrations of `plans`, in one world, on one machine.

    `seed` draws the lots. A scenario that stops at the first success stops there, or, with `wait_for_all`,
    once every registration has had its success or has given up.
    """

    def __init__(
        self,
        scenario: Scenario,
        source: AnswerSource,
        plans: Mapping[str, Plan],
        seed: int | None = None,
        wait_for_all: bool = False,
    ) -> None:
        self.scenario, self.wait_for_all = scenario, wait_for_all
        first = next(iter(plans.values()))
        policy = first.policy
        self.engine, self.world = Engine(), World(scenario)
        self.network = Network(self.engine, self.world, policy, first.keep_alive_interval)
        resolver = policy.unbound_resolver if scenario.unbound else policy.resolver
        lots = self._lots = Lots(random.Random(seed).random if seed is not None else None)
        self._drawn = 0
        self._recognises = not resolver.remembers
        self.resolver = Resolver(self.engine, source, resolver)
        host = Host(self.engine, self.network, self.resolver, lots, self._settled, self._waking)
        self.lives = {name: Life(host, name, plan) for name, plan in plans.items()}
        self._until = microseconds(scenario.duration)
        self._memory = Memory()
        self._stopping = False

    def go(self) -> None:
        """Live until the scenario's end. Raises BadInput where that would take too many events."""
        for event in self.scenario.events:
            self.engine.at(
                microseconds(event.at), partial(self._world_changes, event), priority=-1, fixed=True
            )
        for life in self.lives.values():
            self.engine.at(0, life.begin, tag="start")
        if not self.engine.run(self._until, MOST_STEPS):
            raise BadInput(
                f"this takes more than {MOST_STEPS:,} events; {self.engine.now / 1e6:.0f} s were simulated",
                where=self.scenario.name,
                hint="give a shorter duration or longer intervals",
            )

    def end(self, life: Life) -> int:
        """When the run ended for a registration, in µs: at its success where that was asked for and nothing
        followed.
        """
        success = life.success
        if self.scenario.stop == "registered" and success and life.log.events[-1].t == success.t:
            return success.t
        return self.engine.now

    def _settled(self) -> None:
        """A registration was granted, or given up: stop in a while, where that was asked for."""
        if self.scenario.stop != "registered" or self._stopping:
            return
        fresh = [life.validity.fresh > 0 for life in self.lives.values()]
        open_ = self.wait_for_all and any(
            not done and not life.over for done, life in zip(fresh, self.lives.values(), strict=True)
        )
        if open_ or not any(fresh):
            return
        self._stopping = True
        self.engine.after(SETTLING, self.engine.stop, tag="stop")

    def _world_changes(self, event: HostEvent) -> None:
        what = self.world.change(event)
        for life in self.lives.values():
            life.log.events.append(WorldChanged(self.engine.now, event.host, what))
        self._memory.forget()
        self.network.world_changed()

    # ------------------------------------------------------------ repetition

    def _waking(self, life: Life) -> None:
        """Where the present was there before, pass over all whole repetitions until something else is due."""
        if not self._recognises:
            return
        if self._lots.count != self._drawn:  # by chance: the same present may go on in another way
            self._drawn = self._lots.count
            self._memory.forget()
            return
        lives = tuple(self.lives.values())
        presents = tuple(one.present() for one in lives)
        if None in presents:
            return
        engine = self.engine
        key = life.who, engine.pending(), self.resolver.busy(), self.network.state(), presents
        before = self._memory.seen(key, Present(engine.now, tuple(one.counts() for one in lives)))
        if before is None:
            return
        period = engine.now - before.t
        fixed = engine.next_fixed()
        room = min(self._until, fixed - 1 if fixed is not None else self._until) - engine.now
        times = room // period
        for one, since in zip(lives, before.lives, strict=True):
            retries = one.counts().since(since).retries
            if retries:
                times = min(times, (one.retries_left - 1) // retries)
        if times < 1:
            return
        for one, since in zip(lives, before.lives, strict=True):
            one.repeat(since, period, times)
        span = times * period
        engine.skip(span)
        self.network.skip(span)
        self.resolver.skip(span)
        self._memory.forget()
