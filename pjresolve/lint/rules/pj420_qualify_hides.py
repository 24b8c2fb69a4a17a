"""The rule PJ420."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.calling import Calls, calls_of, fate, patient, with_contacts
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.model import addresses
from pjresolve.prediction.healthy import host_of
from pjresolve.prediction.traffic import CallPrediction
from pjresolve.words import listed


class QualifyHides(Rule):
    """A qualified contact, whose other servers no call reaches while the first is down.

    OPTIONS begins at the first target of the contact's host, and a silent one makes the contact Unreachable,
    however well the others are (recording `qu-on-two`). Every call then fails at once, without a packet,
    though the next target would answer: a call to a contact that is not qualified goes on to it (recording
    `qu-off-two`). The registration has long failed over, so that nothing else shows it. It is a warning where
    such a call would be answered within 30 s, which is how long people wait.

    With a contact for each server Asterisk calls the first that is reachable. Whether the provider takes
    calls by the names of its servers, and over TLS by those of their certificates, it has to say.

    Bad:

        [itsp]
        type=aor
        contact=sip:sip.example.net
        qualify_frequency=60

    Good:

        [itsp]
        type=aor
        contact=sip:a.example.net
        contact=sip:b.example.net
        qualify_frequency=60
    """

    code = "PJ420"
    severity = Severity.INFO
    also = (Severity.WARNING,)
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each qualified contact without which a call would be answered in an outage of its first address."""
        for endpoint in context.config.endpoints.values():
            calls = calls_of(context, endpoint)
            if not calls.qualified or len(calls.addresses) < 2 or calls.aor is None:
                continue
            first = calls.addresses[:1]
            asked, unasked = calls.call(first, running=True), calls.call(first)
            if asked is None or unasked is None or asked.uri is not None or not _answered(unasked):
                continue
            yield self.finding(
                calls.aor.where("qualify_frequency"),
                f"OPTIONS to {printable(calls.contact)} asks {first[0]} first, and while that is silent the "
                "contact is Unreachable",
                f"then each call fails at once; without qualify_frequency it {fate(unasked)}",
                advice=_each_by_name(calls),
                subject=calls.aor.name,
                severity=Severity.WARNING if patient(unasked) else None,
            )


def _answered(call: CallPrediction) -> bool:
    return call.taken is not None


def _each_by_name(calls: Calls) -> str:
    """A contact for each server, where calls are then answered at once while the first address is silent."""
    request = calls.plan.request if calls.plan else None
    if request is None or calls.aor is None or len(calls.aor.contact) != 1:
        return ""
    names = dict.fromkeys(host_of(target, request.host) for target in calls.targets)
    if len(names) < 2:
        names = dict.fromkeys(f"[{a}]" if ":" in a else a for a in addresses(calls.targets))
    kept = calls.contact.partition(request.host)
    if not kept[1]:
        return ""
    contacts = [f"{kept[0]}{name}{kept[2]}" for name in names]
    call = with_contacts(calls, *contacts).call(calls.addresses[:1], running=True)
    if call is None or call.taken is None or call.taken.t - call.t >= 1:
        return ""
    return f"a contact for each server ({listed(contacts)}): each call {fate(call)}"
