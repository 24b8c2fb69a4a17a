"""`show endpoints`, `contacts`, `aors` and `identifies` at work.

Rules of this file:
- DNS is asked only where a name is looked up on loading or a contact is qualified;
- what the tables need beyond the file is said in a remark.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias, TypeVar

from pjresolve.cli.progress import Progress, run
from pjresolve.cli.show.remarks import remark, remark_machine, remark_refusals
from pjresolve.cli.show.request import Request, What
from pjresolve.config.objects import Config, Endpoint
from pjresolve.console.trunk import (
    ContactRow,
    EndpointState,
    IdentifyRow,
    Status,
    aors_table,
    contacts_table,
    endpoints_table,
    identifies_table,
)
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import printable
from pjresolve.model import canonical_address
from pjresolve.prediction.answers import FixedAnswers, answers_in
from pjresolve.prediction.call import telephony_for
from pjresolve.prediction.contacts import ContactsAt, contacts_at
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.worlds import HeldAnswers, Source
from pjresolve.stacks import DEFAULT_STACK
from pjresolve.stacks.asterisk22.caller import caller_number
from pjresolve.stacks.asterisk22.identify import LoadedIdentify, load_identifies
from pjresolve.stacks.asterisk22.telephony import contacts_of
from pjresolve.words import span

T = TypeVar("T")
Work: TypeAlias = Callable[[Scenario, AnswerSource], T]
KINDS = {What.AORS: ("aor",), What.CONTACTS: ("aor",), What.IDENTIFIES: ("identify",)}
ALL_KINDS = ("transport", "endpoint", "aor", "auth", "identify")


def trunk(request: Request, config: Config, at: float | None) -> None:
    """Print the table that was asked for. Raises BadInput and DnsUnavailable."""
    for kind in KINDS.get(request.what, ALL_KINDS):
        remark_refusals(config, kind)
    if request.what is What.ENDPOINTS:
        remark_machine(config)
    if request.what is What.IDENTIFIES:
        _identifies(request, config)
        return
    found = _contacts(request, config, at)
    rows = {aor.name: list(_rows(aor.name, config, found)) for aor in config.aors.values()}
    if request.what is What.CONTACTS:
        sys.stdout.write(contacts_table(row for several in rows.values() for row in several))
    elif request.what is What.AORS:
        sys.stdout.write(aors_table(config.aors.values(), rows))
    else:
        states = {e.name: _state(e, config, found) for e in config.endpoints.values()}
        identifies = [row for row in map(_identify_row, _loaded(request, config)) if row]
        sys.stdout.write(endpoints_table(config, states, rows, identifies))
    _remark_contacts(config, found, rows)


def _remark_contacts(config: Config, found: ContactsAt, rows: dict[str, list[ContactRow]]) -> None:
    if any(not aor.contact for aor in config.aors.values()):
        remark("contacts that telephones register are not shown: nobody has registered yet")
    if found.qualified:
        remark(
            f"as it stands {span(found.t)} after the start; the first OPTIONS of each contact is taken to "
            "leave at once, Asterisk draws its moment within qualify_frequency"
        )
    if any(row.status is Status.AVAILABLE for several in rows.values() for row in several):
        remark("<rtt> stands for the milliseconds that the contact took to answer")


def _rows(aor: str, config: Config, found: ContactsAt) -> Iterator[ContactRow]:
    words = {True: Status.AVAILABLE, False: Status.UNAVAILABLE, None: Status.NOT_QUALIFIED}
    for contact in contacts_of(config.aors[aor]):
        uri = contact.uri.encode("utf-8", "surrogateescape")
        digest = hashlib.md5(uri, usedforsecurity=False).hexdigest()[:10]
        yield ContactRow(aor, contact.uri, digest, words[found.answers(contact)])


def _state(endpoint: Endpoint, config: Config, found: ContactsAt) -> EndpointState:
    aors = (config.aors[name] for name in endpoint.aors if name in config.aors)
    contacts = (contact for aor in aors for contact in contacts_of(aor))
    return EndpointState(any(map(found.can_be_called, contacts)), caller_number(endpoint.callerid))


# ---------------------------------------------------------------- identify sections


def _identifies(request: Request, config: Config) -> None:
    rows = [row for row in map(_identify_row, _loaded(request, config)) if row]
    sys.stdout.write(identifies_table(rows))


def _loaded(request: Request, config: Config) -> tuple[LoadedIdentify, ...]:
    """The identify sections with the addresses that their names have, and a remark for each refused one."""
    names = [name for name in telephony_for(DEFAULT_STACK).looked_up(config) if name.lower() != "localhost"]
    hosts = [name.partition(":")[0] for name in names]

    def work(_: Scenario, source: AnswerSource) -> tuple[LoadedIdentify, ...]:
        return load_identifies(config, lambda asked: tuple(map(source.lookup, asked)))

    found = _answered(request, hosts, work, held=True)
    for loaded in found:
        name = printable(loaded.identify.name, 80)
        if loaded.refusal:
            remark(f"identify {name} is refused: {loaded.refusal}")
        several = [m.of for m in loaded.networks if m.network.version == 6 and m.of in names]
        if len(several) > len(set(several)):
            remark(f"identify {name}: the order of a name's IPv6 addresses depends on the machine's own one")
    return found


def _identify_row(loaded: LoadedIdentify) -> IdentifyRow | None:
    identify = loaded.identify
    if loaded.refusal:
        return None
    criteria = tuple(map(str, loaded.networks))
    return IdentifyRow(
        identify.name, identify.endpoint, criteria, identify.match_header, identify.match_request_uri
    )


# ---------------------------------------------------------------- contacts


def _contacts(request: Request, config: Config, at: float | None) -> ContactsAt:
    telephony = telephony_for(DEFAULT_STACK)
    hosts = [plan.request.host for plan in telephony.qualified(config) if plan.request]
    return _answered(
        request, hosts, lambda base, source: contacts_at(config, telephony, base, source, at), held=False
    )


# ---------------------------------------------------------------- answers


def _answered(request: Request, hosts: list[str], work: Work[T], *, held: bool) -> T:
    """What `work` makes of the world and the answers that the options name; `held`: they lack nothing."""
    base = Scenario(name=request.config.name, pjsip="", pjsip_path=request.config)
    with Progress() as progress:
        base, answers = answers_in(
            base, hosts, request.choice, faults={}, where=str(request.config), asking=progress.asking
        )
        if held and isinstance(answers, FixedAnswers) and isinstance(answers.source, Source):
            named = [host for host in hosts if canonical_address(host) is None]
            answers = replace(answers, source=HeldAnswers(answers.source).check(named))
        return run(answers.apply(lambda source: work(base, source)))
