"""Calls out through an endpoint, simulated: where they go, and what becomes of them while a server is silent.

Rules of this file:
- a call is simulated on a machine that holds its endpoint and its contacts alone, so that a file of many
  trunks takes no longer than each by itself;
- no call is simulated whose answers are not at hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from pjresolve.config.objects import Aor, Config, Endpoint
from pjresolve.lint.context import Context
from pjresolve.model import Protocol, Status, Target, addresses
from pjresolve.prediction.call import DIAL_TIMEOUT, CallInquiry, predict_call, telephony_for
from pjresolve.prediction.faults import Faults, host_down
from pjresolve.prediction.inquiry import resolution_of
from pjresolve.prediction.traffic import CallPrediction
from pjresolve.scenario.format import Scenario
from pjresolve.stacks import DEFAULT_STACK
from pjresolve.stacks.resolution import Resolution
from pjresolve.stacks.telephony import CallPlan
from pjresolve.words import span

PATIENCE = 30.0
"""Seconds that people wait for an answer, and that `Dial` is mostly told to."""


@dataclass(frozen=True)
class Calls:
    """The calls through one endpoint, to the contact that Asterisk takes of those of its AoRs.

    `stand_in` is an AoR that a what-if puts in place of the one of its name.
    """

    context: Context
    endpoint: Endpoint
    stand_in: Aor | None = None

    @cached_property
    def config(self) -> Config:
        """The endpoint and its AoRs, with all transports and passwords, and nothing that registers."""
        config, own = self.context.config, self.endpoint
        aors = {name: config.aors[name] for name in own.aors if name in config.aors}
        if self.stand_in is not None:
            aors[self.stand_in.name] = self.stand_in
        return replace(config, endpoints={own.name: own}, aors=aors, registrations={}, refusals=())

    @cached_property
    def plan(self) -> CallPlan | None:
        """What is sent, or None where a call finds no contact or no transport before any DNS."""
        dialled = telephony_for(DEFAULT_STACK).dial(self.config, self.endpoint.name, "", ())
        return dialled if isinstance(dialled, CallPlan) else None

    @property
    def aor(self) -> Aor | None:
        """The AoR whose contact is called."""
        contact = self.plan.contact if self.plan else None
        return self.config.aors.get(contact.aor) if contact else None

    @property
    def contact(self) -> str:
        """The contact that is called, as it is written."""
        return self.plan.contact.uri if self.plan and self.plan.contact else ""

    @property
    def qualified(self) -> bool:
        """Whether Asterisk asks that contact whether it is there."""
        return self.aor is not None and self.aor.qualify_frequency > 0

    @cached_property
    def resolution(self) -> Resolution | None:
        """Its resolution, in the most probable order; None where the answers for it are not at hand."""
        plan, source = self.plan, self.context.source
        if plan is None or plan.resolution is None or plan.request is None or source is None:
            return None
        if not plan.request.literal and not self.context.holds(plan.request.host):
            return None
        found = resolution_of(plan, self.context.world, source)
        missing = found is None or any(a.status is Status.UNKNOWN for a in found.answers)
        return None if missing else found

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets that are really tried: a pinned transport passes over those of other types."""
        if self.plan is None or self.resolution is None:
            return ()
        return tuple(t for t in self.resolution.targets if self.plan.pinned in (None, t.transport))

    @property
    def addresses(self) -> list[str]:
        """The addresses of its targets, in their order."""
        return addresses(self.targets)

    @property
    def protocol(self) -> Protocol | None:
        """The protocol that it is sent with: the first target's, else what the files alone say; None where
        that takes the DNS.
        """
        if self.targets:
            return self.targets[0].transport.protocol
        if self.plan is None or self.plan.request is None:
            return None
        if self.plan.pinned is not None:
            return self.plan.pinned.protocol
        request = self.plan.request
        fixed = request.literal or request.port is not None
        return request.protocol or (Protocol.UDP if fixed else None)

    def call(
        self, down: Iterable[str] = (), *, running: bool = False, timeout: float = DIAL_TIMEOUT
    ) -> CallPrediction | None:
        """What becomes of a call while the addresses `down` are silent, from before the start on; None where
        the answers are not at hand. `timeout` is that of `Dial`, in seconds.

        With `running` its contact, which has to be qualified, was asked before.
        """
        if self.resolution is None:
            return None
        silent = tuple(down)
        key = ("call", self.endpoint, tuple(self.config.aors.values()), silent, running, timeout)
        return self.context.once(key, lambda: self._simulate(silent, running, timeout))

    def _simulate(self, down: tuple[str, ...], running: bool, timeout: float) -> CallPrediction:
        world, source = self.context.world, self.context.source
        assert source is not None  # else there would be no resolution
        inquiry = CallInquiry(
            self.config,
            self.endpoint.name,
            "",
            Scenario("check", hosts=world.hosts, client=world.client, unbound=world.unbound),
            faults=Faults(tuple(map(host_down, down))),
            dial_timeout=timeout,
            running=running,
        )
        return predict_call(inquiry, source, what_if=False).call


def calls_of(context: Context, endpoint: Endpoint) -> Calls:
    """The calls through an endpoint, made once."""
    return context.once(("calls", endpoint.name), lambda: Calls(context, endpoint))


def with_contacts(calls: Calls, *contacts: str) -> Calls:
    """The same calls where the AoR that is called has other contacts."""
    assert calls.aor is not None  # a contact is called
    return Calls(calls.context, calls.endpoint, replace(calls.aor, contact=contacts))


def fate(call: CallPrediction) -> str:
    """What becomes of a call: `is answered after 32 s at 192.0.2.1:5060 over UDP/IPv4`, `fails at once`."""
    if call.taken is not None:
        target = call.taken.target
        return f"is answered {_after(call.taken.t - call.t)} at {target.socket} over {target.transport}"
    return f"fails {_after((call.ended or call.t) - call.t)}"


def patient(call: CallPrediction) -> bool:
    """Whether a call is answered while somebody still waits."""
    return call.taken is not None and call.taken.t - call.t < PATIENCE


def _after(seconds: float) -> str:
    return "at once" if seconds < 1 else f"after {span(seconds)}"
