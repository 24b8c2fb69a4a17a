"""Who on one machine cannot influence each other, so that each may repeat at a pace of its own.

Rules of this file:
- who shares a connection, a service that counts its requests, or a wait for the DNS belongs together;
- in doubt all belong together.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pjresolve.dns.source import AnswerSource
from pjresolve.model import Answer, Protocol, Status
from pjresolve.scenario.behaviour import Behaviour
from pjresolve.scenario.format import Scenario
from pjresolve.simulation.life import Registering
from pjresolve.simulation.qualifying import Contact
from pjresolve.stacks.driver import resolve_from
from pjresolve.stacks.protocol import Sender

Remote: TypeAlias = tuple[str, int]
"""Address and port."""


@dataclass(frozen=True)
class Together:
    """Registrations and contacts that can influence each other, and nobody else.

    `remotes` are the far ends that only they reach; None where that is everything there is.
    """

    lives: tuple[Registering, ...]
    contacts: tuple[Contact, ...]
    remotes: frozenset[Remote] | None = None

    @property
    def names(self) -> list[str]:
        """Who they are."""
        return [life.who for life in self.lives] + [contact.who for contact in self.contacts]

    def reaches(self, remote: Remote) -> bool:
        """Whether a far end is theirs."""
        return self.remotes is None or remote in self.remotes

    def owns(self, tag: Hashable) -> bool:
        """Whether what an entry of the engine does is about them."""
        if self.remotes is None:
            return True
        match tag:
            case ("connection", _, (_, str(address), int(port), *_)):
                return (address, port) in self.remotes
            case (_, str(who), *_):
                return any(who == life.who for life in self.lives) or any(
                    who in contact.names for contact in self.contacts
                )
        return False


def those_together(
    scenario: Scenario, source: AnswerSource, lives: Sequence[Registering], contacts: Sequence[Contact]
) -> list[Together]:
    """Everybody, parted where that is sure to change nothing."""
    whole = [Together(tuple(lives), tuple(contacts))]
    if len(lives) + len(contacts) < 2 or scenario.stop == "registered" or scenario.dns:
        return whole
    counting = frozenset(_counting(scenario))
    parts: list[tuple[list[Registering | Contact], set[Remote]]] = []
    everybody: list[Registering | Contact] = [*lives, *contacts]
    for one in everybody:
        remotes = _remotes(one.plan, scenario, source, counting)
        if remotes is None:
            return whole
        members: list[Registering | Contact] = [one]
        for part in [part for part in parts if part[1] & remotes]:
            parts.remove(part)
            members += part[0]
            remotes |= part[1]
        parts.append((members, remotes))
    if len(parts) == 1:
        return whole
    return [
        Together(
            tuple(life for life in lives if life in members),
            tuple(contact for contact in contacts if contact in members),
            frozenset(remotes),
        )
        for members, remotes in parts
    ]


def _remotes(
    plan: Sender, scenario: Scenario, source: AnswerSource, counting: frozenset[str]
) -> set[Remote] | None:
    """The far ends whose state can matter to a sender; None where its look-ups cost others time."""
    if plan.resolution is None:
        return set()
    found = resolve_from(plan.resolution(), source, plan.policy.resolver_with(scenario.unbound))
    if any(map(_costs_time, found.answers)):
        return None
    return {
        (target.address, target.port)
        for target in found.every_target
        if target.transport.protocol is not Protocol.UDP or target.address in counting
    }


def _costs_time(answer: Answer) -> bool:
    return bool(answer.seconds) or answer.servers > 1 or answer.status is Status.TIMEOUT


def _counting(scenario: Scenario) -> Iterator[str]:
    """The addresses at which an answer hangs on how many requests came before."""
    states = [*scenario.hosts.items(), *((event.host, event.set) for event in scenario.events)]
    for address, state in states:
        if not isinstance(state, str) and any(map(_counts, state.values())):
            yield address


def _counts(behaviour: Behaviour) -> bool:
    return behaviour.then is not None or any(of_method.then for _, of_method in behaviour.methods)
