"""The questions a program asks: what becomes of a domain or a configuration, and what of a scenario.

Rules of this file: it turns Python's values into a question and the answer into the API's own classes; what
is asked of whom is `prediction.ask`'s.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, TypeVar

from pjresolve.api.incoming import Who
from pjresolve.api.outgoing import Call
from pjresolve.api.prediction import Prediction
from pjresolve.api.scenario import Scenario
from pjresolve.api.trunks import Trunk
from pjresolve.errors import Parameter
from pjresolve.prediction import prediction as predictions
from pjresolve.prediction.admission import WhoQuestion, ask_who
from pjresolve.prediction.answers import answers_for
from pjresolve.prediction.ask import Question, ask, ask_scenario, inquiry_of
from pjresolve.prediction.ask_call import CallQuestion, answers_to_call, ask_call, call_inquiry_of
from pjresolve.prediction.ask_trunk import TrunkQuestion, answers_to_trunks, ask_trunks, trunk_inquiry_of
from pjresolve.prediction.faults import Faults, dns_fault, host_down, host_fault
from pjresolve.prediction.times import read_time, read_until
from pjresolve.scenario import format as source
from pjresolve.scenario.choice import Choice
from pjresolve.stacks import DEFAULT_STACK

StrPath: TypeAlias = str | os.PathLike[str]
Time: TypeAlias = float | str
T = TypeVar("T")
P = ParamSpec("P")


async def aresolve(
    domain: str | None = None,
    *,
    config: StrPath | None = None,
    config_dir: StrPath | None = None,
    registration: str | Sequence[str] | None = None,
    transports: str | None = None,
    pin: str | None = None,
    zone: StrPath | Sequence[StrPath] | None = None,
    snapshot: StrPath | Sequence[StrPath] | None = None,
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
    stack: str | Sequence[str] = DEFAULT_STACK,
) -> Prediction:
    """Predict what a registration at `domain`, or those of the file `config`, resolve to and do.

    What is returned is the first registration; its `registrations` are all, and its `stacks` what each of
    the stacks does. Answers come from live DNS (`nameservers` as `ADDR#PORT`; `timeout` in seconds), or from
    `zone` files, `snapshot` files, or `offline` from a bundled example.

    Everything is healthy but for `down` (an address, a host name, `ipv6`), `faults` (`203.0.113.1/tcp=drop`),
    `events` (pairs of a time and a fault), `dns_faults` (`example.net NAPTR=drop`), and the families that the
    client lacks. Without `config`, `transports` are configured. `pin` is the registration's `transport=`.
    `until` is how long to simulate, in seconds or as `20m`; by default until it registers.

    `resolve` returns the prediction, `aresolve` is awaited. Raises BadInput, and DnsUnavailable where no name
    server can be asked.
    """
    question = Question(
        domain, _path(config), _path(config_dir), tuple(_texts(registration or ())), transports, pin, stack,
        _faults(down, faults, events, dns_faults, ipv4, ipv6), read_until(until), seed,
    )  # fmt: skip
    choice = Choice(tuple(nameservers), timeout, _paths(zone), _paths(snapshot), offline)
    inquiry, answers = answers_for(inquiry_of(question), choice)
    found = await ask(inquiry, answers)
    return Prediction.together([p for p, _ in found], inquiry.config)[0]


def _sync(work: Callable[P, Coroutine[Any, Any, T]], name: str) -> Callable[P, T]:
    """The same function without `await`; inside a running event loop it works in a thread of its own."""

    @wraps(work)
    def run(*args: P.args, **options: P.kwargs) -> T:
        return _run(work(*args, **options))

    run.__name__ = run.__qualname__ = name
    return run


resolve = _sync(aresolve, "resolve")


async def acall(
    endpoint: str | None = None,
    number: str = "",
    *,
    config: StrPath | None = None,
    to: str | None = None,
    config_dir: StrPath | None = None,
    transports: str | None = None,
    pin: str | None = None,
    while_registered: bool = False,
    dial_timeout: Time = 60.0,
    zone: StrPath | Sequence[StrPath] | None = None,
    snapshot: StrPath | Sequence[StrPath] | None = None,
    offline: bool = False,
    nameservers: Sequence[str] = (),
    timeout: float = 5.0,
    down: str | Sequence[str] = (),
    faults: str | Sequence[str] = (),
    events: Sequence[tuple[Time, str]] = (),
    dns_faults: str | Sequence[str] = (),
    ipv4: bool = True,
    ipv6: bool = True,
    seed: int | None = None,
    stack: str = DEFAULT_STACK,
) -> Call:
    """Predict a call of `number` through `endpoint` of the file `config`, or without a file `to` a domain.

    `number` may be a whole URI; without one the contact is called as it stands. The call begins on a machine
    at rest, or `while_registered` once everything has registered and each contact was qualified; `events`
    count from it. `dial_timeout` is how long `Dial` waits. The other arguments are those of `resolve`.

    `call` returns what becomes of it, `acall` is awaited. Raises BadInput, and DnsUnavailable where no name
    server can be asked.
    """
    question = CallQuestion(
        _path(config), to, endpoint, number, _path(config_dir), transports, pin, stack,
        _faults(down, faults, events, dns_faults, ipv4, ipv6),
        read_time(str(dial_timeout), Parameter("dial_timeout")), while_registered, seed,
    )  # fmt: skip
    choice = Choice(tuple(nameservers), timeout, _paths(zone), _paths(snapshot), offline)
    inquiry, answers = answers_to_call(call_inquiry_of(question), choice)
    return Call(await ask_call(inquiry, answers), answers.answers_from)


call = _sync(acall, "call")


async def atrunk(
    config: StrPath,
    names: str | Sequence[str] = (),
    *,
    config_dir: StrPath | None = None,
    dial_timeout: Time = 60.0,
    zone: StrPath | Sequence[StrPath] | None = None,
    snapshot: StrPath | Sequence[StrPath] | None = None,
    offline: bool = False,
    nameservers: Sequence[str] = (),
    timeout: float = 5.0,
    down: str | Sequence[str] = (),
    faults: str | Sequence[str] = (),
    events: Sequence[tuple[Time, str]] = (),
    dns_faults: str | Sequence[str] = (),
    ipv4: bool = True,
    ipv6: bool = True,
    seed: int | None = None,
    stack: str = DEFAULT_STACK,
) -> list[Trunk]:
    """Say where REGISTER, OPTIONS and INVITE of the trunks in `config` go, and what outages cost them.

    `names` are registrations or endpoints; by default all. Faults that are given hold in every run; `events`
    count from the call. The other arguments are those of `resolve` and `call`.

    `trunk` returns the trunks, `atrunk` is awaited. Raises BadInput, and DnsUnavailable where no name server
    can be asked.
    """
    question = TrunkQuestion(
        Path(config), tuple(_texts(names)), _path(config_dir), stack,
        _faults(down, faults, events, dns_faults, ipv4, ipv6),
        read_time(str(dial_timeout), Parameter("dial_timeout")), seed,
    )  # fmt: skip
    choice = Choice(tuple(nameservers), timeout, _paths(zone), _paths(snapshot), offline)
    inquiry, answers = answers_to_trunks(trunk_inquiry_of(question), choice)
    found = await ask_trunks(inquiry, answers)
    return [Trunk(one, answers.answers_from) for one in found]


trunk = _sync(atrunk, "trunk")


async def awho(
    config: StrPath,
    source: str | None = None,
    *,
    port: int | None = None,
    transport: str | None = None,
    method: str | None = None,
    uri: str | None = None,
    contact: str | None = None,
    headers: Mapping[str, str] | None = None,
    message: str | os.PathLike[str] | None = None,
    stranger: bool = False,
    provider: str | None = None,
    config_dir: StrPath | None = None,
    zone: StrPath | Sequence[StrPath] | None = None,
    snapshot: StrPath | Sequence[StrPath] | None = None,
    offline: bool = False,
    nameservers: Sequence[str] = (),
    timeout: float = 5.0,
) -> Who:
    """Say whose a request from the address `source` is to the file `config`, and which extension it reaches.

    It is an INVITE over UDP to `sip:100@` this host, but for `port`, `transport`, `method`, `uri`, `headers`.
    `contact` names a registration to whose Contact it goes. `message` is the whole request as text, or a Path
    of a file with it. Instead of `source`, `stranger` asks for every context that somebody unknown reaches,
    and `provider` for a call from each address that the DNS of this domain shows. The DNS is only asked for
    names in `match=` and for the provider; the other arguments are those of `resolve`.

    `who` returns who gets in, `awho` is awaited. Raises BadInput, and DnsUnavailable where no name server can
    be asked.
    """
    question = WhoQuestion(
        config=Path(config),
        config_dir=_path(config_dir),
        source=source,
        port=None if port is None else str(port),
        transport=transport or "",
        method=method or "",
        uri=uri or "",
        contact=contact or "",
        headers=tuple(f"{name}: {value}" for name, value in (headers or {}).items()),
        message=Path(message) if isinstance(message, os.PathLike) else message,
        stranger=stranger,
        provider=provider,
    )
    return Who(
        await ask_who(question, Choice(tuple(nameservers), timeout, _paths(zone), _paths(snapshot), offline))
    )


who = _sync(awho, "who")


def simulate(
    scenario: source.Scenario | StrPath,
    *,
    registration: str | None = None,
    until: Time | None = None,
    seed: int | None = None,
    stack: str = DEFAULT_STACK,
) -> Prediction:
    """Predict one registration of a scenario: a value, a file, or a name or number of the library.

    By default the first registration of the file; its `registrations` are all that live beside it. `until` is
    how long to simulate, in seconds or as `20m`, instead of what the scenario says; `seed` draws the SRV
    weights, which otherwise follow the most probable order. Raises BadInput.
    """
    chosen = Scenario.of(scenario) if isinstance(scenario, source.Scenario) else Scenario.load(scenario)
    found = ask_scenario(chosen, registration=registration, until=read_until(until), seed=seed, stack=stack)
    everybody = [one for prediction in found for one in _machine(prediction)]
    place = next(n for n, one in enumerate(everybody) if one is found[0])
    return Prediction.together(everybody)[place]


def _machine(prediction: predictions.Prediction) -> list[predictions.Prediction]:
    """All that live on the machine of a prediction, with it in its place."""
    name = prediction.registration
    return [prediction if one.registration == name else one for one in prediction.machine] or [prediction]


def _path(given: StrPath | None) -> Path | None:
    return None if given is None else Path(given)


def _paths(given: StrPath | Sequence[StrPath] | None) -> tuple[Path, ...]:
    if given is None:
        return ()
    return (Path(given),) if isinstance(given, str | os.PathLike) else tuple(map(Path, given))


def _texts(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def _faults(
    down: str | Sequence[str],
    faults: str | Sequence[str],
    events: Sequence[tuple[Time, str]],
    dns_faults: str | Sequence[str],
    ipv4: bool,
    ipv6: bool,
) -> Faults:
    """The faults, those from the start first. Raises BadInput."""
    where = Parameter("events")
    hosts = [host_down(text) for text in _texts(down)]
    hosts += [host_fault(text) for text in _texts(faults)]
    hosts += [host_fault(text, read_time(str(at), where), where=where) for at, text in events]
    return Faults(tuple(hosts), dict(map(dns_fault, _texts(dns_faults))), ipv4, ipv6)


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also where a loop is running already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
