"""One run of a scenario: the machine, made once, and all that lives on it: registrations, calls, contacts.

Rules of this file:
- engine, world, network and resolver are made here and nowhere else;
- an exact repetition is recognised and told once: the present of all, taken relative to now, is compared
  whenever a life wakes, and where it was the same before, the future is the same too.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from functools import partial
from typing import NamedTuple

from pjresolve.config.objects import Config
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput
from pjresolve.scenario.format import HostEvent, Scenario
from pjresolve.scenario.traffic import Call
from pjresolve.simulation.calling import Calling
from pjresolve.simulation.engine import Engine
from pjresolve.simulation.life import Host, Registering
from pjresolve.simulation.network import Network
from pjresolve.simulation.qualifying import Contact
from pjresolve.simulation.repetition import Memory, Present
from pjresolve.simulation.resolver import Resolver
from pjresolve.simulation.together import Together, those_together
from pjresolve.simulation.world import World
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.protocol import Lots, Plan, Policy
from pjresolve.stacks.telephony import NoCall, Telephony
from pjresolve.trace import WorldChanged

MOST_STEPS = 3_000_000
"""Events that a run may take at most; a repetition that was recognised costs none."""
TAIL = 1_500_000
"""Microseconds that a recording goes on behind its duration at most: the clock starts after the program."""
SETTLING = 2_250_000
"""Microseconds that a run goes on after its success, as the recorder does."""


class Traffic(NamedTuple):
    """What goes through the machine beside registrations: `telephony` says how, `config` with what."""

    telephony: Telephony
    config: Config


class Run:
    """The registrations of `plans`, in one world, on one machine, with the calls and contacts of `traffic`.

    `seed` draws the lots. The registrations begin `begins` µs in. A scenario that stops at the first success
    stops at anybody's, or once each of the `awaited` has had its own or has given up. A run goes on `tail` µs
    behind its duration.
    """

    def __init__(
        self,
        scenario: Scenario,
        source: AnswerSource,
        plans: Mapping[str, Plan],
        policy: Policy,
        *,
        seed: int | None = None,
        awaited: Collection[str] | None = None,
        traffic: Traffic | None = None,
        begins: int = 0,
        tail: int = 0,
    ) -> None:
        self.scenario, self.awaited, self.traffic = scenario, awaited, traffic
        keep_alive = next((plan.keep_alive_interval for plan in plans.values()), 0)
        self.engine, self.world = Engine(), World(scenario)
        self.network = Network(self.engine, self.world, policy, keep_alive)
        resolver = policy.resolver_with(scenario.unbound)
        lots = self._lots = Lots(random.Random(seed).random if seed is not None else None)
        self._drawn = 0
        self._recognises = not resolver.remembers
        self.resolver = Resolver(self.engine, source, resolver)
        self._host = Host(self.engine, self.network, self.resolver, lots, self._settled, self._waking)
        self.lives = {name: Registering(self._host, name, plan) for name, plan in plans.items()}
        self.calls: dict[int, Calling | NoCall] = {}
        self.contacts: list[Contact] = []
        self._calling: list[Calling] = []
        self._until = microseconds(scenario.duration) + tail
        self._begins = begins
        self._memory = Memory()
        self._source = source
        self._together: dict[str, Together] = {}
        self._woke: dict[str, int] = {}
        self._stopping = False

    def go(self) -> None:
        """Live until the scenario's end. Raises BadInput where that would take too many events."""
        for event in self.scenario.events:
            self.engine.at(
                microseconds(event.at), partial(self._world_changes, event), priority=-1, fixed=True
            )
        for life in self.lives.values():
            self.engine.at(self._begins, life.begin, tag="start")
        if self.traffic:
            self._schedule(self.traffic)
        if not self.engine.run(self._until, MOST_STEPS):
            raise BadInput(
                f"this takes more than {MOST_STEPS:,} events; {self.engine.now / 1e6:.0f} s were simulated",
                where=self.scenario.name,
                hint="give a shorter duration or longer intervals",
            )

    def end(self, life: Registering) -> int:
        """When the run ended for a registration, in µs: at its success where that was asked for and nothing
        followed.
        """
        success = life.success
        if self.scenario.stop == "registered" and success and life.log.events[-1].t == success.t:
            return success.t
        return min(self.engine.now, microseconds(self.scenario.duration))

    def _settled(self) -> None:
        """A registration was granted, or given up: stop in a while, where that was asked for."""
        if self.scenario.stop != "registered" or self._stopping:
            return
        awaited = [life for name, life in self.lives.items() if self.awaited is None or name in self.awaited]
        fresh = [life.validity.fresh > 0 for life in awaited]
        open_ = self.awaited is not None and any(
            not done and not life.over for done, life in zip(fresh, awaited, strict=True)
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

    # ------------------------------------------------------------ calls and contacts

    def _schedule(self, traffic: Traffic) -> None:
        for number, call in enumerate(self.scenario.calls):
            dial = partial(self._dial, number, call, traffic)
            self.engine.at(microseconds(call.at), dial, fixed=True)
        for plan in traffic.telephony.qualified(traffic.config):
            first = max(0, microseconds(self.scenario.qualify_phase.get(plan.contact.aor, 0.0)))
            self.contacts.append(Contact(self._host, plan, first))

    def _dial(self, number: int, call: Call, traffic: Traffic) -> None:
        away = {one.plan.contact for one in self.contacts if one.reachable is False}
        plan = traffic.telephony.dial(traffic.config, call.endpoint, call.number, away)
        if isinstance(plan, NoCall):
            self.calls[number] = plan
            return
        calling = Calling(self._host, f"call {number}", plan, call)
        self.calls[number] = calling
        self._clear()
        self._calling.append(calling)
        self._memory.forget()  # what a call has changed is no repetition
        calling.begin()

    def _clear(self) -> None:
        """Forget the calls and the rounds of OPTIONS that are over."""
        for over in [one for one in self._calling if one.gone]:
            self._calling.remove(over)
            self.network.forget(over.who)
        for contact in self.contacts:
            contact.clear()

    # ------------------------------------------------------------ repetition

    def _waking(self, who: str) -> bool:
        """Whether `who` wakes later instead: where the present was there before, all whole repetitions are
        passed over until something else is due.
        """
        if not self._recognises or self._drawn_since() or not self._room_for(who):
            return False
        those = self._those_with(who)
        if who not in self.lives and not all(life.over for life in those.lives):
            return False  # where registrations wake, that is often enough
        presents = tuple(one.present() for one in those.lives)
        if None in presents or not all(call.gone for call in self._calling):
            return False
        engine = self.engine
        contacts = tuple(one.present() for one in those.contacts)
        there = engine.pending(those.owns), self.resolver.busy(), self.network.state(those.reaches)
        here = Present(
            engine.now,
            tuple(one.counts() for one in those.lives),
            tuple(one.counts() for one in those.contacts),
        )
        before = self._memory.seen((who, there, presents, contacts), here)
        return before is not None and self._pass_over(those, before)

    def _room_for(self, who: str) -> bool:
        """Whether as much time is left until something else is due as since `who` woke last: what repeats
        takes no less.
        """
        now = self.engine.now
        before, self._woke[who] = self._woke.get(who, now), now
        return now + (now - before) <= self._until_something()

    def _until_something(self) -> int:
        """The last moment before something is due at a time of its own."""
        fixed = self.engine.next_fixed()
        return self._until if fixed is None else min(self._until, fixed - 1)

    def _those_with(self, who: str) -> Together:
        """All with whom `who` shares something."""
        if not self._together:
            lives = tuple(self.lives.values())
            for those in those_together(self.scenario, self._source, lives, self.contacts):
                self._together.update(dict.fromkeys(those.names, those))
        return self._together[who]

    def _drawn_since(self) -> bool:
        """Whether lots were drawn since the last waking: the same present may go on in another way."""
        drawn = self._lots.count != self._drawn
        if drawn:
            self._drawn = self._lots.count
            self._memory.forget()
        return drawn

    def _pass_over(self, those: Together, before: Present) -> bool:
        """For them, now is as it was before: what happened since then happens again, until something else is
        due. Whether it does at all.
        """
        engine = self.engine
        period = engine.now - before.t
        times = (self._until_something() - engine.now) // period
        for one, since in zip(those.lives, before.lives, strict=True):
            retries = one.counts().since(since).retries
            if retries:
                times = min(times, (one.retries_left - 1) // retries)
        if times < 1:
            return False
        for one, since in zip(those.lives, before.lives, strict=True):
            one.repeat(since, period, times)
        for contact, told in zip(those.contacts, before.contacts, strict=True):
            contact.repeat(told, period, times)
        span = times * period
        engine.skip(span, those.owns)
        self.network.skip(span, those.reaches)
        if those.remotes is None:
            self.resolver.skip(span)
        self._memory.forget()
        return True
