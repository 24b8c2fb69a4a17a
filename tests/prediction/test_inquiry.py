"""What one asks about is told, and what happens is the whole machine."""

from __future__ import annotations

import pytest

from pjresolve.cli.faults import read_faults
from pjresolve.config.objects import Config, load
from pjresolve.config.reader import read_text
from pjresolve.errors import BadInput
from pjresolve.prediction.faults import NO_FAULTS, Faults
from pjresolve.prediction.inquiry import Inquiry, predict
from pjresolve.prediction.outages import outages
from pjresolve.prediction.prediction import Prediction
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.snapshot import SnapshotSource
from pjresolve.stacks import DEFAULT_STACK

ZONE = """\
slow.example.net. 300 IN A 203.0.113.1
quick.example.net. 300 IN A 203.0.113.2
_sip._tcp.both.example.net. 300 IN SRV 1 0 5060 a.example.net.
_sip._tcp.both.example.net. 300 IN SRV 2 0 5060 b.example.net.
a.example.net. 300 IN A 203.0.113.3
b.example.net. 300 IN A 203.0.113.4
"""
TRANSPORTS = (
    "[u]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n[t]\ntype=transport\nprotocol=tcp\nbind=0.0.0.0\n"
)
AUTH = "[me]\ntype=auth\nusername=me\npassword=x\n"
DROPPED = read_faults([("dns_fault", "slow.example.net NAPTR=drop")])
"""A query without an answer, which keeps all that ask behind it waiting."""


def line(name: str, host: str, more: str = "") -> str:
    """A registration."""
    uri = f"sip:{host}.example.net"
    head = f"[{name}]\ntype=registration\nserver_uri={uri}\nclient_uri={uri}\nmax_random_initial_delay=0\n"
    head += "outbound_auth=me\n"
    return head + more + "\n"


def contact(host: str) -> str:
    """A contact that is qualified."""
    aor = f"[q]\ntype=aor\ncontact=sip:{host}.example.net\nqualify_frequency=600\n"
    return aor + "[q]\ntype=endpoint\naors=q\n"


def config_of(*sections: str) -> Config:
    return load(read_text("".join((TRANSPORTS, AUTH, *sections)), name="pjsip.conf"))


def told(
    config: Config, *names: str, faults: Faults = NO_FAULTS, until: float | None = None
) -> list[Prediction]:
    base = Scenario(name="zone", zone=ZONE, dns=faults.dns)
    inquiry = Inquiry(config, names, (DEFAULT_STACK,), base, faults, until)
    return predict(inquiry, SnapshotSource(base))


def moment(prediction: Prediction) -> float:
    """When it registers."""
    assert prediction.registered is not None
    return prediction.registered.t


def test_the_others_are_there_whoever_is_told_of() -> None:
    config = config_of(line("first", "slow"), line("second", "quick"))
    alone = told(config_of(line("second", "quick")), "second")
    [narrowed] = told(config, "second", faults=DROPPED)
    _, beside = told(config, "first", "second", faults=DROPPED)
    assert moment(alone[0]) == 0
    assert moment(narrowed) == moment(beside) > 5
    assert list(narrowed.log) == list(beside.log)[: len(narrowed.log)]


def test_contacts_are_qualified_beside_it() -> None:
    config = config_of(line("itsp", "quick", "expiration=15\n"), contact("slow"))
    [found] = told(config, "itsp", faults=DROPPED, until=60)
    without = told(config_of(line("itsp", "quick", "expiration=15\n")), "itsp", until=60)
    refreshes = [[round(r.t) for r in p.rounds()][1] for p in (found, *without)]
    assert refreshes[1] == 5
    assert refreshes[0] > 5, "the contact's look-up is not in its way"


def test_what_contacts_reach_is_healthy_and_can_fail() -> None:
    config = config_of(line("itsp", "quick"), contact("slow"))
    [found] = told(config, "itsp", faults=read_faults([("down", "slow.example.net")]))
    assert "203.0.113.1" in found.scenario.hosts
    with pytest.raises(BadInput, match="matches no target"):
        told(config_of(line("itsp", "quick")), "itsp", faults=read_faults([("down", "slow.example.net")]))


def test_who_is_not_told_of_is_not_waited_for() -> None:
    config = config_of(line("never", "gone"), line("itsp", "quick"))
    [found] = told(config, "itsp")
    assert moment(found) == 0
    assert found.end < 5


def test_an_outage_is_one_of_the_whole_machine() -> None:
    config = config_of(line("other", "slow"), line("itsp", "both", "transport=t\n"))
    [found] = told(config, "itsp", faults=DROPPED)
    silent, _ = outages(found, config, SnapshotSource(found.scenario))
    assert silent.prediction.registration == "itsp"
    [first, *_] = silent.prediction.rounds()
    assert first.t > 5, "the other's look-up is not in its way"
