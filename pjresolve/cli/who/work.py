"""The command `who` at work: a request in, and whose it is out.

Rules of this file: what is asked is one of a request, strangers and a provider; nothing is guessed.
"""

from __future__ import annotations

import json as written
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from pjresolve.cli.progress import Progress, run
from pjresolve.config.objects import Config, load_path
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.files import read_text
from pjresolve.model import Protocol, canonical_address
from pjresolve.prediction.answers import FixedAnswers, LiveAnswers
from pjresolve.prediction.requests import door_of, message_of
from pjresolve.prediction.who import Opening, Seen, contact_uri, of_provider, strangers, with_line
from pjresolve.render.terminal import Page
from pjresolve.scenario.choice import Choice
from pjresolve.scenario.traffic import METHOD_LETTERS, IncomingRequest
from pjresolve.scenario.worlds import HeldAnswers, source_of
from pjresolve.sip.message import IncomingMessage, parse_message
from pjresolve.sip.uri import parse_domain
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.telephony import Door, Received, Telephony, telephony_of
from pjresolve.story.lines import Tone
from pjresolve.story.words import response_words

T = TypeVar("T")
FORMAT = "pjresolve.who/1"


@dataclass(frozen=True)
class Given:
    """The options, as they were given."""

    config: Path
    config_dir: Path | None
    choice: Choice
    source: str | None
    port: str | None
    transport: str
    method: str
    uri: str
    contact: str
    headers: tuple[str, ...]
    message: Path | None
    stranger: bool
    provider: str | None

    def check(self) -> None:
        """Raise BadInput unless one thing is asked, and nothing that has no meaning for it."""
        asked = {
            "from": self.source is not None and self.message is None,
            "message": self.message is not None,
            "stranger": self.stranger,
            "provider": self.provider is not None,
        }
        named = [name for name, there in asked.items() if there]
        if len(named) != 1:
            what = "only one thing can be asked: --" + ", --".join(named) if named else "nothing is asked"
            hint = "give one of --from ADDRESS, --message FILE, --stranger, --provider DOMAIN"
            raise BadInput(what, hint=hint)
        if self.message is not None and self.source is None:
            raise BadInput("a message does not say where it came from", hint="give --from ADDRESS too")
        where, both = ("from",), ("from", "message")
        meant = (
            ("method", bool(self.method), where),
            ("uri", bool(self.uri), where),
            ("header", bool(self.headers), where),
            ("contact", bool(self.contact), both),
            ("port", self.port is not None, both),
            ("transport", bool(self.transport), both),
        )
        for option, given, kinds in meant:
            if given and named[0] not in kinds:
                hint = f"it is for --{' and --'.join(kinds)}"
                raise BadInput(f"says nothing of --{named[0]}", where=Parameter(option), hint=hint)


Work: TypeAlias = Callable[[Door, AnswerSource], T]
"""What is made of the door, and of the answers that names were looked up in."""


def who(given: Given, *, json: bool, colour: bool, width: int) -> int:
    """Print who gets in; returns the exit code. Raises BadInput and DnsUnavailable."""
    given.check()
    config = load_path(given.config, config_dir=given.config_dir)
    telephony = telephony_of(stack_named(DEFAULT_STACK))
    assert telephony is not None  # the default stack's is known
    page = Page(colour, width)
    if given.stranger:
        openings = _answered(given, config, telephony, (), lambda door, _: strangers(config, door))
        _put_openings(page, openings)
        found: Any = {"strangers": [{"request": o.request, **_json(o.received)} for o in openings]}
        good = not openings
    elif given.provider is not None:
        host = parse_domain(given.provider)
        seen = _answered(
            given,
            config,
            telephony,
            (host.name,),
            lambda door, source: of_provider(door, host, source, telephony),
        )
        _put_seen(page, given.provider, seen)
        found = {"provider": given.provider, "addresses": [{"address": a, **_json(r)} for a, r in seen]}
        good = bool(seen) and all(_gets_in(r) for _, r in seen)
    else:
        message, line_of = with_line(_message(given, config), config, given.contact)
        received = _answered(given, config, telephony, (), lambda door, _: door.receive(message))
        _put_request(page, message, received, line_of)
        found = {"request": _request(message), **_json(received)}
        good = _gets_in(received)
    sys.stdout.write(written.dumps({"format": FORMAT, **found}, indent=2) + "\n" if json else page.text())
    return 0 if good else 1


def _gets_in(received: Received) -> bool:
    """Whether it is answered with a success, or reaches a dialplan that is not known."""
    return received.status in range(200, 300) or received.endpoint is not None


def _answered(
    given: Given,
    config: Config,
    telephony: Telephony,
    more: tuple[str, ...],
    work: Work[T],
) -> T:
    """What `work` makes of the answers that the options name. Nothing is asked where nothing is looked up."""
    given.choice.check()
    names = [*telephony.looked_up(config), *more]
    hosts = [name.partition(":")[0] for name in names if canonical_address(name) is None]
    with Progress() as progress:
        worlds = given.choice.worlds(hosts) if hosts else []
        answers: FixedAnswers | LiveAnswers
        if worlds:
            answers = FixedAnswers(HeldAnswers(source_of(worlds)).check(hosts), given.choice.answers_from)
        else:
            answers = LiveAnswers(given.choice.connect(), where=str(given.config), asking=progress.asking)
        return run(answers.apply(lambda source: work(door_of(config, telephony, source), source)))


def _message(given: Given, config: Config) -> IncomingMessage:
    """The request that the options describe, or that stands in a file."""
    source = canonical_address(given.source or "")
    if source is None:
        what = f"{printable(given.source or '', 60)!r} is no IP address"
        raise BadInput(what, where=Parameter("from"), hint="write e.g. 203.0.113.10")
    named = given.transport or "udp"
    if named not in set(Protocol):
        what = f"{printable(named, 20)!r} is no transport"
        raise BadInput(what, where=Parameter("transport"), hint="write udp, tcp or tls")
    transport, port = Protocol(named), _port(given.port)
    if given.message is not None:
        port = port or (5060 if transport is Protocol.UDP else None)
        return parse_message(read_text(given.message), source, str(given.message), transport, port)
    method = given.method or "INVITE"
    if not METHOD_LETTERS.issuperset(method):
        what = f"{printable(method, 40)!r} is no method"
        raise BadInput(what, where=Parameter("method"), hint="write e.g. INVITE or OPTIONS")
    headers = dict(map(_header, given.headers))
    uri = given.uri or ("{contact}" if given.contact else "")
    contact = contact_uri(config, given.contact) if given.contact else ""
    asked = IncomingRequest(0.0, source, port or 5060, transport, uri=uri, headers=headers, method=method)
    return replace(message_of(asked, contact), port=asked.port if port or transport is Protocol.UDP else None)


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536):
        raise BadInput(f"{printable(text, 20)!r} is no port", where=Parameter("port"), hint="use 1 to 65535")
    return int(text)


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or not text.isprintable():
        raise BadInput(
            f"{printable(text, 60)!r} is no header", where=Parameter("header"), hint="write NAME: VALUE"
        )
    return name.strip(), value.strip()


# ---------------------------------------------------------------- output


def _put_request(page: Page, message: IncomingMessage, received: Received, line_of: str) -> None:
    page.put(
        f"{message.method} {message.uri} from {message.source} over {message.transport.upper()}", Tone.HEAD
    )
    if line_of:
        page.put(f"its line parameter is taken for that of registration {line_of}", Tone.QUIET)
    page.put(f"{_end(received)}; {received.why}", _tone(received))
    if received.looks:
        page.gap()
        page.put("Identifiers, in the order they are asked", Tone.HEAD)
    width = max((len(look.identifier) for look in received.looks), default=0)
    for look in received.looks:
        tone = Tone.GOOD if look.endpoint else Tone.QUIET
        found = f" → {look.endpoint}" if look.endpoint else ""
        page.put(f"{look.identifier:<{width}}  {look.why}{found}", tone, indent=2, hang=width + 2)


def _put_openings(page: Page, openings: list[Opening]) -> None:
    if not openings:
        page.put("no stranger reaches a context", Tone.GOOD)
        return
    page.put("What strangers reach", Tone.HEAD)
    for request, received in openings:
        page.put(
            f"context {received.context}, as endpoint {received.endpoint} by {received.matched_by}",
            Tone.BAD,
            indent=2,
        )
        page.put(f"with {request}", Tone.QUIET, indent=4)


def _put_seen(page: Page, provider: str, seen: list[Seen]) -> None:
    page.put(f"Calls from the addresses of {provider}", Tone.HEAD)
    if not seen:
        page.put("its DNS shows no address", Tone.BAD, indent=2)
    width = max((len(address) for address, _ in seen), default=0)
    for address, received in seen:
        page.put(f"{address:<{width}}  {_end(received)}", _tone(received), indent=2, hang=width + 2)


def _end(received: Received) -> str:
    """Whose it is and what is answered. Without a dialplan at hand, an extension may still not exist."""
    answer = response_words(received.status) if received.status else "no answer that is known"
    if received.extension is not None and received.status == 200:
        answer = "gets in"
    if not received.taken_for:
        return f"nobody's: {answer}"
    return f"endpoint {received.taken_for} by {received.matched_by}: {answer}"


def _tone(received: Received) -> Tone:
    return Tone.GOOD if _gets_in(received) else Tone.BAD


def _request(message: IncomingMessage) -> dict[str, Any]:
    return {
        "method": message.method,
        "uri": message.uri,
        "from": message.source,
        "port": message.port,
        "transport": message.transport.value,
    }


def _json(received: Received) -> dict[str, Any]:
    """As JSON. What a call gets that reaches the dialplan is the dialplan's to say."""
    return {
        "gets_in": _gets_in(received),
        "status": received.status if received.extension is None else None,
        "taken_for": received.taken_for,
        "matched_by": received.matched_by,
        "endpoint": received.endpoint,
        "context": received.context,
        "extension": received.extension,
        "why": received.why,
        "looks": [look._asdict() for look in received.looks],
    }
