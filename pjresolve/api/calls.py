"""The questions a program asks: what becomes of a domain or a configuration, and what of a scenario.

Rules of this file:
- arguments are read as the command line reads its options, by the same functions;
- exactly one source of answers is used; nothing falls back to anything.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, TypeVar

from pjresolve.api.prediction import Prediction
from pjresolve.api.scenario import Scenario
from pjresolve.config.objects import load_path, load_text
from pjresolve.dns.known import KnownAnswers, until_known
from pjresolve.dns.live import LiveSource
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput
from pjresolve.model import transport_types
from pjresolve.prediction import prediction as predictions
from pjresolve.prediction.faults import read_faults, read_time
from pjresolve.prediction.inquiry import (
    Inquiry,
    hosts_asked,
    in_world,
    predict,
    refuse_unknown,
    registrations_for,
    with_answers,
)
from pjresolve.prediction.run import simulate_scenario
from pjresolve.prediction.synthesis import DEFAULT_TRANSPORTS, pjsip_conf
from pjresolve.scenario import format as source
from pjresolve.scenario.choice import Choice, Names
from pjresolve.scenario.markup import read_text
from pjresolve.sip.uri import SipUri, parse_domain
from pjresolve.stacks import DEFAULT_STACK, stack_named

StrPath: TypeAlias = str | os.PathLike[str]
Time: TypeAlias = float | str
T = TypeVar("T")
P = ParamSpec("P")

ARGUMENTS = Names(
    zone="zone",
    snapshot="snapshot",
    offline="offline",
    nameservers="nameservers",
    timeout="timeout",
    mend_timeout="above 0, at most 60",
)


@dataclass(frozen=True, slots=True)
class _Question:
    """An inquiry and where its answers come from: `fixed`, or else live DNS."""

    inquiry: Inquiry
    fixed: AnswerSource | None
    live: Callable[[], LiveSource] | None = None


async def aresolve(
    domain: str | None = None,
    *,
    config: StrPath | None = None,
    registration: str | None = None,
    transports: str | None = None,
    pin: str | None = None,
    zone: StrPath | None = None,
    snapshot: StrPath | None = None,
    offline: bool = False,
    nameservers: Sequence[str] = (),
    timeout: float = 5.0,
    down: str | Sequence[str] = (),
    faults: str | Sequence[str] = (),
    events: Sequence[tuple[Time, str]] = (),
    dns_faults: str | Sequence[str] = (),
    ipv4: bool = True,
    ipv6: bool = True,
    until: Time | None = None,
    seed: int | None = None,
    stack: str = DEFAULT_STACK,
) -> Prediction:
    """Predict what a registration at `domain`, or one of the file `config`, resolves to and does.

    Answers come from live DNS (`nameservers` as `ADDR#PORT`, else the system's; `timeout` in seconds), or
    from the file `zone`, the file `snapshot`, or `offline` from a bundled example.

    Everything is healthy but for `down` (an address, a host name, `ipv6`), `faults` (`203.0.113.1/tcp=drop`),
    `events` (pairs of a time and a fault, `down` and `up` included), `dns_faults` (`example.net NAPTR=drop`),
    and the families that the client lacks. Without `config`, `transports` are configured, by default
    `udp6,udp,tcp6,tcp,tls6,tls`; `pin` is the registration's `transport=`. `until` is how long to simulate,
    in seconds or as `20m`; by default until it registers.

    `resolve` returns the prediction, `aresolve` is awaited. Raises BadInput, and DnsUnavailable where no name
    server can be asked.
    """
    pairs = [("down", text) for text in _texts(down)] + [("fault", text) for text in _texts(faults)]
    pairs += [("dns_fault", text) for text in _texts(dns_faults)]
    pairs += [(f"no_{name}", "") for name, there in (("ipv4", ipv4), ("ipv6", ipv6)) if not there]
    for at, fault in events:
        pairs += [("at", str(at)), ("fault", fault)]
    horizon = None if until is None else _seconds(until)
    uri = parse_domain(domain) if domain is not None else None
    if config is not None:
        asked = _of_config(Path(config), uri, registration, transports, pin)
    else:
        asked = _of_domain(uri, registration, transports, pin)
    asked = replace(
        asked, stacks=(stack_named(stack).name,), faults=read_faults(pairs), until=horizon, seed=seed
    )
    choice = Choice(ARGUMENTS, tuple(nameservers), timeout, _path(zone), _path(snapshot), offline)
    question = _question(asked, uri, choice)
    return Prediction.of(await _answer(question))


def _sync(work: Callable[P, Coroutine[Any, Any, T]], name: str) -> Callable[P, T]:
    """The same function without `await`; inside a running event loop it works in a thread of its own."""

    @wraps(work)
    def run(*args: P.args, **options: P.kwargs) -> T:
        return _run(work(*args, **options))

    run.__name__ = run.__qualname__ = name
    return run


resolve = _sync(aresolve, "resolve")


def simulate(
    scenario: source.Scenario | StrPath,
    *,
    registration: str | None = None,
    until: Time | None = None,
    seed: int | None = None,
    stack: str = DEFAULT_STACK,
) -> Prediction:
    """Predict one registration of a scenario: a value, a file, or a name or number of the library.

    By default the first registration of the file. `until` is how long to simulate, in seconds or as `20m`,
    instead of what the scenario says; `seed` draws the SRV weights, which otherwise follow the most probable
    order. Raises BadInput.
    """
    chosen = Scenario.of(scenario) if isinstance(scenario, source.Scenario) else Scenario.load(scenario)
    if until is not None:
        chosen = replace(chosen, duration=_seconds(until), stop="duration")
    found = simulate_scenario(chosen, seed=seed, registration=registration, stack=stack)
    refuse_unknown([found], chosen)
    return Prediction.of(found)


# ---------------------------------------------------------------- reading the arguments


def _texts(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _path(given: StrPath | None) -> Path | None:
    return None if given is None else Path(given)


def _seconds(until: Time) -> float:
    seconds = read_time(str(until), "until")
    if not seconds:
        raise BadInput("a run of no time shows nothing", where="until", hint="write e.g. 20m")
    return seconds


def _of_config(
    path: Path, uri: SipUri | None, registration: str | None, transports: str | None, pin: str | None
) -> Inquiry:
    for option, value in (("transports", transports), ("pin", pin)):
        if value is not None:
            raise BadInput("goes without config, which says that itself", where=option)
    config = load_path(path)
    chosen = registrations_for(config, registration, uri, str(path))[:1]
    base = source.Scenario(name=path.name, pjsip=read_text(path), pjsip_path=path)
    return Inquiry(config, chosen, (), base)


def _of_domain(
    uri: SipUri | None, registration: str | None, transports: str | None, pin: str | None
) -> Inquiry:
    if registration is not None:
        raise BadInput("needs config", where="registration")
    if uri is None:
        raise BadInput("neither a domain nor config is given", where="resolve")
    text = pjsip_conf(uri, transport_types(transports or DEFAULT_TRANSPORTS), pin)
    config = load_text(text, name=uri.host)
    return Inquiry(
        config, tuple(config.registrations)[:1], (), source.Scenario(name=uri.hostport, pjsip=text)
    )


# ---------------------------------------------------------------- answering


def _question(asked: Inquiry, uri: SipUri | None, choice: Choice) -> _Question:
    choice.check()
    world = choice.world(hosts_asked(asked, uri))
    if world is None:
        return _Question(asked, None, choice.connect())
    return _Question(*in_world(asked, world))


async def _answer(question: _Question) -> predictions.Prediction:
    """The prediction: with live DNS it is made anew with every set of answers, until none is missing."""
    inquiry = question.inquiry
    if question.live is None:
        assert question.fixed is not None
        return predict(inquiry, question.fixed)[0]
    known = KnownAnswers(faults=inquiry.faults.dns)
    found = await until_known(known, question.live, lambda: predict(inquiry, known), where=inquiry.base.name)
    return with_answers(found, known)[0]


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also where a loop is running already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
