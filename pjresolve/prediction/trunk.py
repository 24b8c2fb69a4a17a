"""A trunk whole: where its registration, its contact and its calls go, in health and in each outage.

Rules of this file:
- everything is read from runs of the whole machine, one for each outage; nothing is added up;
- an outage is long: it was there when the machine started, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pjresolve.config.objects import Config
from pjresolve.config.trunks import owners
from pjresolve.dns.known import KnownAnswers
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, printable
from pjresolve.model import Answer, Family, Protocol, Query, Status, Target
from pjresolve.prediction.call import DIAL_TIMEOUT, CallInquiry, predict_call, senders_of, telephony_for
from pjresolve.prediction.faults import NO_FAULTS, Faults, HostFault, host_down, host_fault
from pjresolve.prediction.happened import Lived
from pjresolve.prediction.inquiry import Inquiry, predict
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.requests import contact_of, door_of, message_of
from pjresolve.prediction.run import registration_names
from pjresolve.prediction.traffic import (
    CallPrediction,
    ContactChange,
    QualifyPrediction,
    TrafficPrediction,
)
from pjresolve.prediction.who import Seen
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.traffic import IncomingRequest
from pjresolve.stacks import DEFAULT_STACK
from pjresolve.stacks.telephony import CallPlan, ContactName
from pjresolve.words import there_are

MOST_SENDERS = 64
"""Addresses of the provider that are tried as senders of a call, at most."""


class TrunkName(NamedTuple):
    """A trunk: its registration and its endpoint; one of them may be missing, as an empty text."""

    registration: str
    endpoint: str

    @property
    def title(self) -> str:
        """What it is called."""
        return self.registration or self.endpoint


class Stand(NamedTuple):
    """How a trunk stands, when a call is made. `registration` is None where there is none or it is refused,
    `contact` the last change of the called contact's status, `qualify` the last time it was asked by then,
    `call` None where no call can be made.
    """

    registration: Prediction | None
    contact: ContactChange | None = None
    qualify: QualifyPrediction | None = None
    call: CallPrediction | None = None


class TrunkOutage(NamedTuple):
    """An outage in words, its faults, and how the trunk stands in it."""

    what: str
    faults: Faults
    stand: Stand

    @property
    def sudden(self) -> bool:
        """Whether something happens with the call, or later."""
        return any(fault.at is not None for fault in self.faults.hosts)


@dataclass(frozen=True)
class TrunkPrediction:
    """One trunk. `uncalled` says why no call can be made through it, or is empty. `qualified`: its contact
    is.

    `senders` are the addresses that the provider's DNS shows, and what becomes of calls from them.
    """

    name: TrunkName
    healthy: Stand
    outages: tuple[TrunkOutage, ...]
    senders: tuple[Seen, ...]
    uncalled: str
    qualified: bool


@dataclass(frozen=True, slots=True)
class TrunkInquiry:
    """The trunks of `config` that `names` holds, in `base`. `dial_timeout` in seconds."""

    config: Config
    names: tuple[TrunkName, ...]
    base: Scenario
    stack: str = DEFAULT_STACK
    faults: Faults = NO_FAULTS
    dial_timeout: float = DIAL_TIMEOUT
    seed: int | None = None


def trunks_in(config: Config) -> list[TrunkName]:
    """The trunks of a configuration: each registration with each of its endpoints, then the endpoints that
    have a static contact and belong to no registration.
    """
    owned = owners(config)
    found = [TrunkName(name, e) for name in registration_names(config) for e in owned.get(name) or [""]]
    taken = {trunk.endpoint for trunk in found}
    static = (
        endpoint.name
        for endpoint in config.endpoints.values()
        if any(config.aors[name].contact for name in endpoint.aors if name in config.aors)
    )
    return found + [TrunkName("", name) for name in static if name not in taken]


def chosen_trunks(config: Config, named: Sequence[str], where: str) -> tuple[TrunkName, ...]:
    """The trunks that are named by their registration or endpoint, or all. Raises BadInput."""
    every = trunks_in(config)
    if not every:
        hint = "a trunk is a registration, or an endpoint whose AoR has a contact"
        raise BadInput("there is no trunk", where=where, hint=hint)
    for name in named:
        if not any(name in trunk for trunk in every):
            known = dict.fromkeys(part for trunk in every for part in trunk if part)
            raise BadInput(
                f"no trunk is called {printable(name, 60)}", where=where, hint=there_are(known, name)
            )
    return tuple(trunk for trunk in every if not named or set(named) & set(trunk))


def predict_trunks(inquiry: TrunkInquiry, source: AnswerSource) -> list[TrunkPrediction]:
    """Each trunk in health and in its outages. Raises BadInput as `predict_call` does."""
    return [_Trunk(inquiry, name, source).predict() for name in inquiry.names]


class SilentDns:
    """The answers where no name server says anything."""

    def lookup(self, query: Query) -> Answer:
        """That nothing came."""
        return Answer(query, Status.TIMEOUT)


class _Trunk:
    """One trunk under way to its prediction."""

    def __init__(self, inquiry: TrunkInquiry, name: TrunkName, source: AnswerSource) -> None:
        self.inquiry, self.name, self.source = inquiry, name, source
        config = inquiry.config
        self.telephony = telephony_for(inquiry.stack)
        self.uncalled = "no endpoint belongs to it"
        self.contact: ContactName | None = None
        if name.endpoint:
            dialled = self.telephony.dial(config, name.endpoint, "", ())
            self.uncalled = "" if isinstance(dialled, CallPlan) else dialled.why
            self.contact = dialled.contact if isinstance(dialled, CallPlan) else None
        contacts = {plan.contact for plan in self.telephony.qualified(config)}
        self.runs = bool(registration_names(config) or contacts)
        self.qualified = self.contact in contacts

    def predict(self) -> TrunkPrediction:
        """The whole prediction."""
        healthy = self._stand(self.inquiry.faults)
        outages: tuple[TrunkOutage, ...] = ()
        if not (isinstance(self.source, KnownAnswers) and self.source.missing):
            outages = tuple(self._all_outages(healthy))
        senders = tuple(self._senders(healthy))
        return TrunkPrediction(self.name, healthy, outages, senders, self.uncalled, self.qualified)

    def _all_outages(self, healthy: Stand) -> Iterator[TrunkOutage]:
        for what, faults in self._outages(healthy):
            yield TrunkOutage(what, faults, self._stand(faults))
        if any(lived.resolution and lived.resolution.queries for lived in _lived(healthy)):
            # where nothing is found, no other fault is about anything
            yield TrunkOutage("the DNS is silent", NO_FAULTS, self._stand(NO_FAULTS, SilentDns()))

    def _stand(self, faults: Faults, source: AnswerSource | None = None) -> Stand:
        """How the trunk stands in a world with faults; `source` has other answers than its own."""
        inquiry, name, source = self.inquiry, self.name, source or self.source
        if self.uncalled:
            return Stand(self._registered(faults, source))
        call = _call(inquiry, name, faults, running=self.runs)
        called = predict_call(call, source, what_if=False)
        machine = called.machine.machine or (called.machine,)
        own = [p for p in machine if name.registration and p.registration == name.registration]
        traffic = called.machine.traffic or TrafficPrediction()
        changes = [c for c in traffic.contacts if c.contact == self.contact and c.t <= called.at]
        asked = [q for q in traffic.qualifies if q.contact == self.contact and q.t <= called.at]
        return Stand(
            own[0] if own else None,
            changes[-1] if changes else None,
            asked[-1] if asked else None,
            called.call,
        )

    def _registered(self, faults: Faults, source: AnswerSource) -> Prediction:
        """The registration of a trunk that nothing can be called through."""
        inquiry = self.inquiry
        names = tuple(registration_names(inquiry.config))
        asked = Inquiry(inquiry.config, names, (inquiry.stack,), inquiry.base, faults, seed=inquiry.seed)
        return next(p for p in predict(asked, source) if p.registration == self.name.registration)

    # ------------------------------------------------------------ outages

    def _outages(self, healthy: Stand) -> Iterator[tuple[str, Faults]]:
        """What may go wrong, in words and as faults, each that changes something of this trunk."""
        lists = [lived.targets for lived in _lived(healthy)]
        first = dict.fromkeys(targets[0].address for targets in lists if targets)
        for address in first:
            yield f"{address} is silent", self._with(host_down(address))
            if self.qualified:
                yield f"{address} falls silent", self._with(host_down(address, 0.0))
            yield f"{address} refuses", self._with(host_fault(f"{_selector(address)}=reject"))
            yield f"{address} answers 503", self._with(host_fault(f"{_selector(address)}=503"))
        targets = list(dict.fromkeys(target for found in lists for target in found))
        families = {target.transport.family for target in targets}
        if families == set(Family):
            yield "IPv6 is silent", self._with(host_fault("ipv6=drop"))
        protocols = {target.transport.protocol for target in targets}
        for protocol in Protocol:
            if protocol in protocols and len(protocols) > 1:
                yield f"{protocol.upper()} is dropped", self._with(host_fault(f"{protocol.value}=drop"))

    def _with(self, fault: HostFault) -> Faults:
        return replace(self.inquiry.faults, hosts=(*self.inquiry.faults.hosts, fault))

    # ------------------------------------------------------------ calls that come in

    def _senders(self, healthy: Stand) -> Iterator[Seen]:
        """What becomes of a call to the trunk's Contact from each address that it sends to itself."""
        config = self.inquiry.config
        registration = config.registrations.get(self.name.registration)
        door = door_of(config, self.telephony, self.source)
        targets: list[Target] = []
        for lived in _lived(healthy):
            targets += lived.targets
        addresses = list(dict.fromkeys(target.address for target in targets))
        for address in addresses[:MOST_SENDERS]:
            uri = contact_of(registration) if registration is not None else ""
            asked = IncomingRequest(0.0, address, uri=uri)
            yield Seen(address, door.receive(message_of(asked)))


def _lived(stand: Stand) -> list[Lived]:
    """The registration and the call of a stand, as far as there are any."""
    return [one for one in (stand.registration, stand.call) if one is not None]


def _selector(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _call(inquiry: TrunkInquiry, name: TrunkName, faults: Faults, *, running: bool) -> CallInquiry:
    return CallInquiry(
        inquiry.config,
        name.endpoint,
        "",
        inquiry.base,
        stack=inquiry.stack,
        faults=faults,
        dial_timeout=inquiry.dial_timeout,
        running=running,
        seed=inquiry.seed,
    )


def hosts_of(inquiry: TrunkInquiry) -> list[str]:
    """The hosts that are looked up: those of all registrations and qualified contacts, of the contacts that
    are called, and in `match`.
    """
    senders = (s for name in inquiry.names for s in senders_of(_call(inquiry, name, NO_FAULTS, running=True)))
    requests = (sender.request for sender in senders)
    hosts = [request.host for request in requests if request is not None and not request.literal]
    matched = telephony_for(inquiry.stack).looked_up(inquiry.config)
    return list(dict.fromkeys([*hosts, *(name.partition(":")[0] for name in matched)]))
