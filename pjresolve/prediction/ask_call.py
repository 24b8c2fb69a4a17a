"""From a question about calls, as people ask it, to what becomes of one.

Rules of this file: a question is read and checked before any name server is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pjresolve.config.objects import Config, load_path, load_text
from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.model import transport_types
from pjresolve.prediction.answers import Answers, Asking, answers_in
from pjresolve.prediction.ask import scenario_of_file
from pjresolve.prediction.call import Called, CallInquiry, check_call, predict_call, senders_of
from pjresolve.prediction.faults import NO_FAULTS, Faults
from pjresolve.prediction.synthesis import DEFAULT_TRANSPORTS, pjsip_conf
from pjresolve.scenario.choice import Choice
from pjresolve.scenario.format import Scenario
from pjresolve.sip.uri import parse_domain
from pjresolve.stacks import DEFAULT_STACK, stack_named

CONFIG, TO, ENDPOINT = Parameter("config"), Parameter("to"), Parameter("endpoint")
LONGEST_NUMBER = 500


@dataclass(frozen=True, slots=True)
class CallQuestion:
    """What becomes of a call of `number` through `endpoint` of the file `config`, or `to` a domain?

    `number` may be a whole URI; without one the contact is called as it stands. `config_dir` is where
    includes start. `transports` and `pin` are those to configure without a file. `dial_timeout` is how long
    `Dial` waits, in seconds; `while_registered`: the machine runs already. `seed` draws the SRV choices.
    """

    config: Path | None = None
    to: str | None = None
    endpoint: str | None = None
    number: str = ""
    config_dir: Path | None = None
    transports: str | None = None
    pin: str | None = None
    stack: str = DEFAULT_STACK
    faults: Faults = NO_FAULTS
    dial_timeout: float = 60.0
    while_registered: bool = False
    seed: int | None = None


def call_inquiry_of(question: CallQuestion) -> CallInquiry:
    """The question, read and checked. Raises BadInput."""
    stack = stack_named(question.stack.strip()).name
    _check_number(question.number)
    if question.config is not None:
        config, endpoint, base, host = _of_file(question, question.config)
    else:
        config, endpoint, base, host = _of_domain(question)
    inquiry = CallInquiry(
        config,
        endpoint,
        question.number,
        base,
        stack=stack,
        faults=question.faults,
        dial_timeout=question.dial_timeout,
        running=question.while_registered,
        seed=question.seed,
        host=host,
    )
    check_call(inquiry)
    return inquiry


def _check_number(number: str) -> None:
    wrong = next((c for c in number if not c.isprintable() or c in ' <>"'), "")
    if wrong or len(number) > LONGEST_NUMBER:
        what = f"{printable(number, 60)!r} is nothing that can be called"
        raise BadInput(what, where=Parameter("number"), hint="write a number, or sip:NUMBER@HOST")


def _of_file(question: CallQuestion, path: Path) -> tuple[Config, str, Scenario, str]:
    for name, given in (("to", question.to), ("transports", question.transports), ("pin", question.pin)):
        if given is not None:
            raise BadInput(("goes without ", CONFIG), where=Parameter(name))
    config = load_path(path, config_dir=question.config_dir)
    base = scenario_of_file(path, config, config.document.text if config.in_one_file else None)
    if question.endpoint is None:
        names = ", ".join(printable(name, 40) for name in list(config.endpoints)[:12]) or "it has none"
        raise BadInput("no endpoint is named", where=str(path), hint=f"endpoints: {names}")
    return config, question.endpoint, base, ""


def _of_domain(question: CallQuestion) -> tuple[Config, str, Scenario, str]:
    if question.to is None:
        raise BadInput(("neither ", CONFIG, " nor ", TO, " is given"), hint="give a file or a domain")
    given = (("endpoint", question.endpoint), ("config_dir", question.config_dir))
    for name, value in given:
        if value is not None:
            raise BadInput(("needs ", CONFIG), where=Parameter(name))
    uri = parse_domain(question.to)
    listed = question.transports if question.transports is not None else DEFAULT_TRANSPORTS
    text = pjsip_conf(uri, transport_types(listed), question.pin, calls=True)
    config = load_text(text, name=uri.host)
    return config, uri.host, Scenario(name=uri.hostport, pjsip=text), uri.host


def hosts_called(inquiry: CallInquiry) -> list[str]:
    """The hosts that are looked up."""
    if inquiry.host and not inquiry.number:
        return [inquiry.host]
    requests = (sender.request for sender in senders_of(inquiry))
    return list(dict.fromkeys(r.host for r in requests if r is not None and not r.literal))


def answers_to_call(
    inquiry: CallInquiry, choice: Choice, asking: Asking | None = None
) -> tuple[CallInquiry, Answers]:
    """The one source that was named, and the inquiry in the world that it speaks of. Raises BadInput."""
    base, answers = answers_in(
        inquiry.base,
        hosts_called(inquiry),
        choice,
        faults=inquiry.faults.dns,
        where=inquiry.endpoint,
        asking=asking,
    )
    return replace(inquiry, base=base), answers


async def ask_call(inquiry: CallInquiry, answers: Answers) -> Called:
    """What becomes of the call. Raises DnsUnavailable, and BadInput as `predict_call` does."""
    return await answers.apply(lambda source: predict_call(inquiry, source))
