"""`show invite` at work: from an endpoint and a number to the INVITE.

Rules of this file:
- DNS is asked only where the target is not written out;
- what the message does not say, or takes for granted, is said in a remark.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pjresolve.cli.progress import Progress, run
from pjresolve.cli.show.remarks import remark
from pjresolve.cli.show.request import Request
from pjresolve.config.objects import Config, Endpoint
from pjresolve.console.sending import chosen_target, escaped, whole_target
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, printable
from pjresolve.model import Family, Target, canonical_address
from pjresolve.prediction.answers import answers_in
from pjresolve.prediction.call import CallInquiry, check_call, telephony_for
from pjresolve.prediction.inquiry import refuse_unheld
from pjresolve.scenario.format import Scenario
from pjresolve.stacks import DEFAULT_STACK
from pjresolve.stacks.asterisk22.caller import SOMEBODY, read_caller
from pjresolve.stacks.asterisk22.formats import allowed_formats
from pjresolve.stacks.asterisk22.invite import InviteMessage, invite_message
from pjresolve.stacks.asterisk22.sdp import offers_video
from pjresolve.stacks.driver import resolve_from
from pjresolve.stacks.telephony import CallPlan
from pjresolve.words import there_are

ELSEWHERE = ("stir_shaken", "geoloc_outgoing_call_profile")
"""Options that add headers where other files say so."""


def invite(request: Request, config: Config, local: dict[Family, str]) -> None:
    """Print the INVITE. Raises BadInput and DnsUnavailable."""
    if request.endpoint is None:
        raise BadInput("none is named", where="ENDPOINT", hint=there_are(config.endpoints))
    number = request.number or ""
    for where, text in (("NUMBER", number), ("--caller", request.caller or "")):
        if not text.isprintable():
            raise BadInput(f"{printable(text, 60)} cannot stand in a message", where=where)
    base = Scenario(name=request.config.name, pjsip="", pjsip_path=request.config)
    check_call(CallInquiry(config, request.endpoint, number, base))
    plan = telephony_for(DEFAULT_STACK).dial(config, request.endpoint, number, ())
    assert isinstance(plan, CallPlan)  # it was checked
    endpoint = config.endpoints[request.endpoint]
    caller = SOMEBODY if request.caller is None else read_caller(request.caller)
    message = invite_message(
        config,
        endpoint,
        plan.contact.uri if plan.contact else "",
        number,
        _target(request, base, plan),
        caller=caller._replace(withheld=request.withheld),
        local=local,
        challenge=401 if request.credentials else None,
    )
    name = printable(endpoint.name, 80)
    remark(f"{name} to {message.target}, through transport {printable(message.transport.name, 80)}")
    for text in _remarks(request, endpoint, message):
        remark(text)
    sys.stdout.write(escaped(str(message)))


def _target(request: Request, base: Scenario, plan: CallPlan) -> Target:
    written = whole_target(request.target) if request.target is not None else None
    if written is not None:
        return written
    if plan.resolution is None or plan.request is None:
        return chosen_target((), plan, request.target, plan.endpoint)
    resolution = plan.resolution()
    with Progress() as progress:
        base, answers = answers_in(
            base,
            [plan.request.host],
            request.choice,
            faults={},
            where=str(request.config),
            asking=progress.asking,
        )

        def work(source: AnswerSource) -> tuple[Target, ...]:
            refuse_unheld(plan, base, source)
            return resolve_from(resolution, source).targets

        targets = run(answers.apply(work))
    return chosen_target(targets, plan, request.target, plan.endpoint)


def _remarks(request: Request, endpoint: Endpoint, message: InviteMessage) -> Iterator[str]:
    """What the message takes for granted, and what it leaves out."""
    if request.caller is None:
        yield "who calls is not known: --caller 'NAME <NUMBER>' says it"
    if len(allowed_formats(endpoint.section)) > 1:
        yield "formats stand as allowed; those that the caller's own channel offers come before the others"
    if offers_video(endpoint):
        yield "formats of video are offered only where the caller's channel has video"
    if any("PJSIP_HEADER" in entry.value.upper() for entry in endpoint.section.all("set_var")):
        yield f"{endpoint.where('set_var')}: the headers that set_var adds are not shown"
    for option in ELSEWHERE:
        if endpoint.written(option):
            yield f"{endpoint.where(option)}: what {option} adds is not known"
    transport = message.transport
    for option in ("external_signaling_address", "external_media_address"):
        value = getattr(transport, option)
        if value and canonical_address(value) is None:
            yield f"{transport.where(option)}: Asterisk writes the address that this name has when it starts"
    own = request.local4 if message.target.transport.family is Family.IPV4 else request.local6
    unknown = own is None and transport.bind_address in ("0.0.0.0", "::") and not endpoint.media_address
    if unknown and transport.external_media_address and transport.local_net:
        yield "local_net is taken to hold this host's own address: else the offer has that one"
