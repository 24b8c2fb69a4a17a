"""Who gets in: a question about requests that come in, its answers, and where names are looked up for it.

Rules of this file:
- what is asked is one of a request, strangers and a provider; nothing is guessed;
- the answer holds values; what the dialplan makes of a call that reaches it is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from pjresolve.config.objects import Config, load_path
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.files import read_text
from pjresolve.model import Protocol, canonical_address
from pjresolve.prediction.answers import Asking, FixedAnswers, LiveAnswers
from pjresolve.prediction.call import telephony_for
from pjresolve.prediction.requests import door_of, message_of
from pjresolve.prediction.who import Opening, Seen, contact_uri, of_provider, strangers, with_line
from pjresolve.scenario.choice import Choice
from pjresolve.scenario.traffic import METHOD_LETTERS, IncomingRequest
from pjresolve.scenario.worlds import HeldAnswers, source_of
from pjresolve.sip.message import IncomingMessage, parse_message
from pjresolve.sip.uri import parse_domain
from pjresolve.stacks import DEFAULT_STACK
from pjresolve.stacks.telephony import Door, Received, Telephony

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]
FORMAT = "pjresolve.who/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoQuestion:
    """What is asked of a configuration: about one request, about strangers, or about a provider.

    `source` is the address that the request comes from; `headers` are texts `NAME: VALUE`; `message` is the
    request as text, or a file with it. What is empty or None is not said.
    """

    config: Path
    config_dir: Path | None = None
    source: str | None = None
    port: str | None = None
    transport: str = ""
    method: str = ""
    uri: str = ""
    contact: str = ""
    headers: tuple[str, ...] = ()
    message: str | Path | None = None
    stranger: bool = False
    provider: str | None = None

    def check(self) -> None:
        """Raise BadInput unless one thing is asked, and nothing that has no meaning for it."""
        asked = {
            "source": self.source is not None and self.message is None,
            "message": self.message is not None,
            "stranger": self.stranger,
            "provider": self.provider is not None,
        }
        named = [Parameter(name) for name, there in asked.items() if there]
        if len(named) != 1:
            pieces = [piece for name in named for piece in (", ", name)][1:]
            what = ("only one thing can be asked: ", *pieces) if named else "nothing is asked"
            hint = ("give one of ", Parameter("source"), ", ", Parameter("message"), ", ")
            raise BadInput(what, hint=(*hint, Parameter("stranger"), ", ", Parameter("provider")))
        if self.message is not None and self.source is None:
            what = "a message does not say where it came from"
            raise BadInput(what, hint=("give ", Parameter("source"), " too"))
        self._check_details(named[0])

    def _check_details(self, asked: Parameter) -> None:
        where, both = ("source",), ("source", "message")
        meant = (
            ("method", bool(self.method), where),
            ("uri", bool(self.uri), where),
            ("headers", bool(self.headers), where),
            ("contact", bool(self.contact), both),
            ("port", self.port is not None, both),
            ("transport", bool(self.transport), both),
        )
        for name, given, kinds in meant:
            if given and asked not in kinds:
                pieces = [piece for kind in kinds for piece in (" and ", Parameter(kind))][1:]
                what = ("says nothing of ", asked)
                raise BadInput(what, where=Parameter(name), hint=("it is for ", *pieces))


# ---------------------------------------------------------------- what comes out


@dataclass(frozen=True, slots=True)
class RequestFate:
    """What becomes of one request. `line_of` is the registration whose `line` it is taken to carry, or ""."""

    message: IncomingMessage
    received: Received
    line_of: str

    @property
    def well(self) -> bool:
        """Whether it gets in."""
        return gets_in(self.received)

    def members(self) -> Json:
        """As JSON."""
        message = self.message
        request = {
            "method": message.method,
            "uri": message.uri,
            "from": message.source,
            "port": message.port,
            "transport": message.transport.value,
        }
        return {"request": request, **received_json(self.received)}


@dataclass(frozen=True, slots=True)
class StrangersFate:
    """Every way in for somebody unknown."""

    openings: tuple[Opening, ...]

    @property
    def well(self) -> bool:
        """Whether there is none."""
        return not self.openings

    def members(self) -> Json:
        """As JSON."""
        return {"strangers": [{"request": o.request, **received_json(o.received)} for o in self.openings]}


@dataclass(frozen=True, slots=True)
class ProviderFate:
    """What becomes of a call from each address that the DNS of `provider` shows."""

    provider: str
    seen: tuple[Seen, ...]

    @property
    def well(self) -> bool:
        """Whether there are any, and all get in."""
        return bool(self.seen) and all(gets_in(received) for _, received in self.seen)

    def members(self) -> Json:
        """As JSON."""
        addresses = [{"address": address, **received_json(found)} for address, found in self.seen]
        return {"provider": self.provider, "addresses": addresses}


Fate: TypeAlias = RequestFate | StrangersFate | ProviderFate


def fate_json(fate: Fate) -> Json:
    """The object that `pjresolve who --json` prints."""
    return {"format": FORMAT, **fate.members()}


def gets_in(received: Received) -> bool:
    """Whether it is answered with a success, or reaches a dialplan that is not known."""
    return received.status in range(200, 300) or received.endpoint is not None


def received_json(received: Received) -> Json:
    """As JSON. What a call gets that reaches the dialplan is the dialplan's to say."""
    return {
        "gets_in": gets_in(received),
        "status": answer_of(received),
        "taken_for": received.taken_for,
        "matched_by": received.matched_by,
        "endpoint": received.endpoint,
        "context": received.context,
        "extension": received.extension,
        "why": received.why,
        "looks": [look._asdict() for look in received.looks],
    }


def answer_of(received: Received) -> int | None:
    """The first final answer; None for none, and where the dialplan gives it."""
    return received.status if received.extension is None else None


# ---------------------------------------------------------------- asking


async def ask_who(question: WhoQuestion, choice: Choice, asking: Asking | None = None) -> Fate:
    """The answer, with names looked up where `choice` says. Nothing is asked where nothing is looked up.

    Raises BadInput, and DnsUnavailable where no name server can be asked.
    """
    question.check()
    config = load_path(question.config, config_dir=question.config_dir)
    telephony = telephony_for(DEFAULT_STACK)
    asked = _Asked(question, config, telephony, choice, asking)
    if question.stranger:
        openings = await asked.apply((), lambda door, _: strangers(config, door))
        return StrangersFate(tuple(openings))
    if question.provider is not None:
        host = parse_domain(question.provider)
        seen = await asked.apply(
            (host.name,), lambda door, answers: of_provider(door, host, answers, telephony)
        )
        return ProviderFate(question.provider, tuple(seen))
    message, line_of = with_line(_message(question, config), config, question.contact)
    received = await asked.apply((), lambda door, _: door.receive(message))
    return RequestFate(message, received, line_of)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with all that its answer is made of."""

    question: WhoQuestion
    config: Config
    telephony: Telephony
    choice: Choice
    asking: Asking | None

    async def apply(self, more: Sequence[str], work: Callable[[Door, AnswerSource], T]) -> T:
        """What `work` makes of the door, and of the answers that names were looked up in, `more` too."""
        self.choice.check()
        names = [*self.telephony.looked_up(self.config), *more]
        hosts = [name.partition(":")[0] for name in names if canonical_address(name) is None]
        worlds = self.choice.worlds(hosts) if hosts else []
        answers: FixedAnswers | LiveAnswers
        if worlds:
            answers = FixedAnswers(HeldAnswers(source_of(worlds)).check(hosts), self.choice.answers_from)
        else:
            where = str(self.question.config)
            answers = LiveAnswers(self.choice.connect(), where=where, asking=self.asking)
        return await answers.apply(lambda source: work(door_of(self.config, self.telephony, source), source))


# ---------------------------------------------------------------- the request


def _message(question: WhoQuestion, config: Config) -> IncomingMessage:
    """The request that is described, or that stands in a text."""
    source = canonical_address(question.source or "")
    if source is None:
        what = f"{printable(question.source or '', 60)!r} is no IP address"
        raise BadInput(what, where=Parameter("source"), hint="write e.g. 203.0.113.10")
    named = question.transport or "udp"
    if named not in set(Protocol):
        what = f"{printable(named, 20)!r} is no transport"
        raise BadInput(what, where=Parameter("transport"), hint="write udp, tcp or tls")
    transport, port = Protocol(named), _port(question.port)
    if question.message is not None:
        port = port or (5060 if transport is Protocol.UDP else None)
        given = question.message
        text, where = (read_text(given), str(given)) if isinstance(given, Path) else (given, "message")
        return parse_message(text, source, where, transport, port)
    method = question.method or "INVITE"
    if not METHOD_LETTERS.issuperset(method):
        what = f"{printable(method, 40)!r} is no method"
        raise BadInput(what, where=Parameter("method"), hint="write e.g. INVITE or OPTIONS")
    uri = question.uri or ("{contact}" if question.contact else "")
    contact = contact_uri(config, question.contact) if question.contact else ""
    headers = dict(map(_header, question.headers))
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
        what = f"{printable(text, 60)!r} is no header"
        raise BadInput(what, where=Parameter("headers"), hint="write NAME: VALUE")
    return name.strip(), value.strip()
