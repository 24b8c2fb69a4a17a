"""The resolution of `res_pjsip` as a dialogue: it asks a set, is given the answers, and asks the next."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.model import (
    TRANSPORT_TYPES,
    AddressData,
    Answer,
    NaptrData,
    Protocol,
    Query,
    Record,
    RecordData,
    SrvData,
    Status,
    canonical_address,
)
from pjresolve.stacks.asterisk22.policy import SRV_POLICY
from pjresolve.stacks.asterisk22.resolution import MOST_SETS, resolution
from pjresolve.stacks.resolution import Answers, Request, Resolution
from pjresolve.trace import (
    Answered,
    ListClosed,
    RecordSkipped,
    RecordUsed,
    SetAsked,
    TargetListed,
    TargetsDropped,
)

ALL = "udp6 udp tcp6 tcp tls6 tls"


def data_of(rtype: str, text: str) -> RecordData:
    words = text.split()
    if rtype == "SRV":
        return SrvData(int(words[0]), int(words[1]), int(words[2]), words[3])
    if rtype == "NAPTR":
        return NaptrData(int(words[0]), int(words[1]), words[2], words[3], "", words[4])
    return AddressData(text)


class Dialogue:
    """A resolution of `h`. `hears` gives records by query; what is not given has none."""

    def __init__(
        self,
        transports: str = ALL,
        *,
        protocol: str | None = None,
        port: int | None = None,
        ipv6_only: bool = False,
        host: str = "h",
    ) -> None:
        available = frozenset(TRANSPORT_TYPES[name] for name in transports.split())
        literal = canonical_address(host) is not None
        request = Request(host, port, Protocol(protocol) if protocol else None, ipv6_only, available, literal)
        self.machine = resolution(request)
        self.asked: tuple[Query, ...] = ()
        self.result: Resolution | None = None
        try:
            self.asked = next(self.machine).queries
        except StopIteration as stop:
            self.result = stop.value

    def asks(self, *expected: str) -> None:
        assert [str(q) for q in self.asked] == list(expected)

    def hears(self, known: dict[str, list[str]] | None = None, failed: Status | None = None) -> None:
        left = dict(known or {})
        answers = []
        for query in self.asked:
            texts = left.pop(str(query), [])
            records = tuple(Record(query.name, 300, query.rtype, data_of(query.rtype, t)) for t in texts)
            answers.append(Answer(query, Status.NOERROR if texts else failed or Status.NODATA, records))
        assert not left, "an answer to a question that was not asked"
        try:
            self.asked = self.machine.send(Answers(tuple(answers))).queries
        except StopIteration as stop:
            self.asked, self.result = (), stop.value

    def ends_with(self, *expected: str) -> Resolution:
        assert self.result is not None, f"it goes on and asks {[str(q) for q in self.asked]}"
        assert [str(t) for t in self.result.targets] == list(expected)
        return self.result

    def skipped(self) -> dict[str, str]:
        """What was skipped, with the recording that shows why."""
        assert self.result is not None
        return {str(e.record.data): e.evidence for e in self.result.events if isinstance(e, RecordSkipped)}


# ---------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ({}, "NAPTR h, SRV _sips._tcp.h, SRV _sip._tcp.h, SRV _sip._udp.h, AAAA h, A h"),
        ({"transports": "udp"}, "NAPTR h, SRV _sips._tcp.h, SRV _sip._tcp.h, SRV _sip._udp.h, A h"),
        ({"protocol": "tcp"}, "NAPTR h, SRV _sip._tcp.h, AAAA h, A h"),
        ({"protocol": "tls"}, "NAPTR h, SRV _sips._tcp.h, AAAA h, A h"),
        ({"protocol": "tcp", "transports": "udp"}, "NAPTR h"),
        ({"protocol": "tcp", "transports": "udp tcp6"}, "NAPTR h, AAAA h"),
        ({"protocol": "udp", "ipv6_only": True}, "NAPTR h, SRV _sip._udp.h, AAAA h"),
        ({"protocol": "udp", "port": 5080}, "AAAA h, A h"),
        ({"protocol": "tcp", "port": 5080, "ipv6_only": True}, "AAAA h"),
        ({"transports": "tcp6 tcp"}, "NAPTR h, SRV _sips._tcp.h, SRV _sip._tcp.h, SRV _sip._udp.h"),
    ],
    ids=[
        "nothing requested", "one transport", "TCP by the URI", "TLS by the URI", "TCP without a transport",
        "TCP with its IPv6 twin alone", "pinned to UDP over IPv6", "a port",
        "a port, pinned to TCP over IPv6", "nothing requested, no UDP",
    ],
)  # fmt: skip
def test_the_first_set(words: dict[str, object], asked: str) -> None:
    Dialogue(**words).asks(*asked.split(", "))  # type: ignore[arg-type]


@pytest.mark.parametrize("host", [".1", ".www", "a..b", "a.", "x." + 64 * "a", 64 * "a" + ".net"])
def test_a_name_with_an_empty_or_too_long_label_is_not_asked_for(host: str) -> None:
    """Recordings `sys-labels`, `ub-labels`."""
    unasked = Dialogue(host=host).ends_with()
    assert unasked.queries == ()
    told = [e.answer.detail for e in unasked.events if isinstance(e, Answered)]
    assert told == ["no query leaves: a label is empty, or the name is too long"] * 6


def test_of_a_long_host_the_srvs_that_fit_are_asked_for_and_keep_their_places() -> None:
    """Recordings `lb-sys-243-tcp`, `sys-labels`."""
    host = ".".join([60 * "a"] * 4)  # 243 characters
    talk = Dialogue(host=host)
    asked = f"NAPTR {host}", f"SRV _sip._tcp.{host}", f"SRV _sip._udp.{host}", f"AAAA {host}", f"A {host}"
    talk.asks(*asked)
    talk.hears({f"SRV _sip._tcp.{host}": ["10 1 5060 p1"]})
    talk.asks("AAAA p1", "A p1")
    talk.hears({"A p1": ["203.0.113.1"]})
    talk.ends_with("tcp 203.0.113.1:5060")


def test_the_root_is_asked_for_without_its_srvs() -> None:
    Dialogue(host=".").asks("NAPTR .", "AAAA .", "A .")


def test_a_literal_asks_nothing() -> None:
    Dialogue(host="2001:db8::1", protocol="tls").ends_with("tls [2001:db8::1]:5061")
    Dialogue(host="203.0.113.1", port=5080).ends_with("udp 203.0.113.1:5080")


def test_what_nobody_can_ask_ends_at_once() -> None:
    found = Dialogue("udp", protocol="tcp", port=5060).ends_with()
    assert found.why.startswith("no query could be made")


# ---------------------------------------------------------------- addresses


def test_without_srv_the_hosts_own_addresses_mean_udp_aaaa_first() -> None:
    talk = Dialogue()
    talk.hears({"A h": ["203.0.113.1", "203.0.113.2"], "AAAA h": ["2001:db8::1"]})
    talk.ends_with("udp [2001:db8::1]:5060", "udp 203.0.113.1:5060", "udp 203.0.113.2:5060")


def test_addresses_take_the_requested_type_and_port() -> None:
    talk = Dialogue(protocol="tls", port=443)
    talk.hears({"A h": ["203.0.113.1"]})
    talk.ends_with("tls 203.0.113.1:443")


def test_a_list_holds_32_targets() -> None:
    talk = Dialogue(protocol="udp", port=5060)
    talk.hears({"A h": [f"203.0.113.{n}" for n in range(40)]})
    assert talk.result is not None
    assert len(talk.result.targets) == SRV_POLICY.room
    assert talk.skipped() == {f"203.0.113.{n}": "many" for n in range(32, 40)}


@pytest.mark.parametrize("status", [Status.SERVFAIL, Status.TIMEOUT, Status.NXDOMAIN])
def test_a_failed_query_counts_as_no_records(status: Status) -> None:
    talk = Dialogue()
    talk.hears({"A h": ["203.0.113.1"]}, failed=status)
    talk.ends_with("udp 203.0.113.1:5060")
    nothing = Dialogue()
    nothing.hears(failed=status)
    assert ("failed" in nothing.ends_with().why) == status.failed


# ---------------------------------------------------------------- SRV


def test_srv_records_hide_the_hosts_own_addresses_and_lead_to_the_next_set() -> None:
    talk = Dialogue("udp6 udp tcp")
    talk.hears(
        {
            "SRV _sip._tcp.h": ["20 1 5080 p2", "10 1 5060 p1"],
            "SRV _sip._udp.h": ["10 1 5060 p1"],
            "A h": ["203.0.113.9"],
        }
    )
    talk.asks("A p1", "A p2", "AAAA p1", "A p1")
    talk.hears({"A p1": ["203.0.113.1"], "A p2": ["203.0.113.2"], "AAAA p1": ["2001:db8::1"]})
    talk.ends_with("tcp 203.0.113.1:5060", "tcp 203.0.113.2:5080", "udp [2001:db8::1]:5060")
    assert talk.skipped() == {"203.0.113.9": "base"}


def test_an_srv_that_no_transport_can_use_changes_nothing() -> None:
    talk = Dialogue("udp")
    talk.hears({"SRV _sips._tcp.h": ["10 1 5061 p1"], "A h": ["203.0.113.9"]})
    talk.ends_with("udp 203.0.113.9:5060")
    assert talk.skipped() == {"10 1 5061 p1": "srv-tls-notransport"}


def test_an_srv_that_leads_nowhere_does_not_bring_the_addresses_back() -> None:
    talk = Dialogue("udp")
    talk.hears({"SRV _sip._udp.h": ["10 1 5060 gone"], "A h": ["203.0.113.9"]})
    talk.hears()
    talk.ends_with()


def test_port_0_is_the_default_port() -> None:
    talk = Dialogue("tls", protocol="tls")
    talk.hears({"SRV _sips._tcp.h": ["10 1 0 p1"]})
    talk.hears({"A p1": ["203.0.113.1"]})
    talk.ends_with("tls 203.0.113.1:5061")


def test_a_pin_to_ipv6_asks_no_a_records_of_srv_hosts() -> None:
    talk = Dialogue(protocol="udp", ipv6_only=True)
    talk.hears({"SRV _sip._udp.h": ["10 1 5060 p1"]})
    talk.asks("AAAA p1")


def test_a_target_of_the_root_alone_ends_with_nothing() -> None:
    talk = Dialogue("udp")
    talk.hears({"SRV _sip._udp.h": ["10 1 5060 ."], "A h": ["203.0.113.9"]})
    found = talk.ends_with()
    assert [e.unsent for e in found.events if isinstance(e, SetAsked)] == [(), (Query(".", "A"),)]


def test_a_target_of_the_root_shifts_type_and_port_of_what_follows() -> None:
    """Recording `srv-root-shift`."""
    talk = Dialogue("udp tcp")
    talk.hears({"SRV _sip._tcp.h": ["10 1 0 ."], "SRV _sip._udp.h": ["10 1 5080 p1"]})
    talk.asks("A p1")
    talk.hears({"A p1": ["203.0.113.1"]})
    assert talk.ends_with("tcp 203.0.113.1:5060").shifted


def test_weights_give_orders_that_sum_to_one() -> None:
    talk = Dialogue("udp")
    talk.hears({"SRV _sip._udp.h": ["10 1 5060 p1", "10 3 5060 p2"]})
    talk.hears({"A p1": ["203.0.113.1"], "A p2": ["203.0.113.2"]})
    found = talk.ends_with("udp 203.0.113.2:5060", "udp 203.0.113.1:5060")
    ways, truncated = found.orders()
    assert [(p, targets[0].address) for p, targets in ways] == [(0.75, "203.0.113.2"), (0.25, "203.0.113.1")]
    assert not truncated


# ---------------------------------------------------------------- NAPTR


def naptr(service: str, replacement: str, order: int = 10, preference: int = 10, flag: str = "s") -> str:
    return f"{order} {preference} {flag} {service} {replacement}"


def test_a_naptr_for_tls_hides_every_srv_and_every_higher_order() -> None:
    talk = Dialogue("udp tcp tls")
    later = naptr("SIP+D2U", "_sip._udp.h", order=20)
    talk.hears(
        {
            "NAPTR h": [later, naptr("sips+d2t", "_sips._tcp.r")],
            "SRV _sip._tcp.h": ["10 1 5060 p1"],
            "A h": ["203.0.113.9"],
        }
    )
    talk.asks("SRV _sips._tcp.r")
    talk.hears({"SRV _sips._tcp.r": ["10 1 5061 p1"]})
    talk.hears({"A p1": ["203.0.113.1"]})
    talk.ends_with("tls 203.0.113.1:5061")
    assert list(talk.skipped().values()) == ["naptr-pinned-tcp", "naptr-pinned-tcp", "base"]


def test_a_naptr_for_udp_hides_nothing_but_the_plain_srvs_answers_are_lost() -> None:
    """Recording `naptr-d2u-only`: the SRV of the NAPTR comes first in the set and hides the addresses."""
    talk = Dialogue("udp tcp")
    talk.hears({"NAPTR h": [naptr("SIP+D2U", "_sip._udp.r")], "SRV _sip._tcp.h": ["10 1 5060 p1"]})
    talk.asks("SRV _sip._udp.r", "A p1")
    talk.hears({"SRV _sip._udp.r": ["10 1 5060 p2"], "A p1": ["203.0.113.1"]})
    talk.asks("A p2")
    talk.hears({"A p2": ["203.0.113.2"]})
    talk.ends_with("udp 203.0.113.2:5060")


def test_where_that_srv_is_missing_the_plain_ones_stand() -> None:
    talk = Dialogue("udp tcp")
    talk.hears({"NAPTR h": [naptr("SIP+D2U", "_sip._udp.r")], "SRV _sip._tcp.h": ["10 1 5060 p1"]})
    talk.hears({"A p1": ["203.0.113.1"]})
    talk.ends_with("tcp 203.0.113.1:5060")


def test_with_a_type_the_naptr_of_that_type_hides_the_rest() -> None:
    """Recording `naptr-pinned-tcp`."""
    talk = Dialogue("udp tcp", protocol="tcp")
    records = [naptr("SIP+D2U", "_sip._udp.r"), naptr("SIP+D2T", "_sip._tcp.r", 20)]
    talk.hears({"NAPTR h": records, "SRV _sip._tcp.h": ["10 1 5060 p1"]})
    talk.asks("SRV _sip._tcp.r")


@pytest.mark.parametrize(
    ("record", "evidence"),
    [
        (naptr("SIP+D2S", "r"), "naptr-sctp"),
        (naptr("E2U+sip", "r"), "naptr-sctp"),
        (naptr("SIP+D2U", "r", flag="a"), "naptr-flag-a"),
        (naptr("SIP+D2U", "."), "naptr-flag-a"),
        (naptr("SIPS+D2T", "r"), "base"),
    ],
)
def test_a_naptr_that_is_not_followed(record: str, evidence: str) -> None:
    talk = Dialogue("udp")
    talk.hears({"NAPTR h": [record], "A h": ["203.0.113.9"]})
    talk.ends_with("udp 203.0.113.9:5060")
    assert list(talk.skipped().values()) == [evidence]


# ---------------------------------------------------------------- whatever comes


NAMES = ["h", "p1", "p2", "_sip._udp.h", "_sip._tcp.r", "."]
SRVS = st.builds(
    SrvData, st.integers(0, 2), st.integers(0, 3), st.sampled_from([0, 5060, 65535]), st.sampled_from(NAMES)
)
NAPTRS = st.builds(
    NaptrData, st.integers(0, 2), st.integers(0, 2), st.sampled_from(["s", "S", "a", "u", ""]),
    st.sampled_from(["SIP+D2U", "sip+d2t", "SIPS+D2T", "SIP+D2S"]), st.sampled_from(["", "!x!y!"]),
    st.sampled_from(NAMES),
)  # fmt: skip
DATA: dict[str, st.SearchStrategy[RecordData]] = {
    "SRV": SRVS,
    "NAPTR": NAPTRS,
    "A": st.sampled_from([AddressData("203.0.113.1"), AddressData("203.0.113.2")]),
    "AAAA": st.sampled_from([AddressData("2001:db8::1"), AddressData("2001:db8::2")]),
}
REQUESTS = st.builds(
    Request,
    st.just("h"),
    st.none() | st.just(5070),
    st.none() | st.sampled_from(Protocol),
    st.booleans(),
    st.frozensets(st.sampled_from(list(TRANSPORT_TYPES.values()))),
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(REQUESTS, st.data())
def test_every_record_is_used_listed_or_skipped_and_it_ends(request: Request, data: st.DataObject) -> None:
    machine = resolution(request)
    heard, sets = 0, 0
    try:
        asked = next(machine).queries
        while True:
            sets += 1
            answers = []
            for query in asked:
                found = data.draw(st.lists(DATA[query.rtype], max_size=3))
                records = tuple(Record(query.name, 60, query.rtype, d) for d in found)
                heard += len(records)
                answers.append(Answer(query, data.draw(st.sampled_from(Status)), records))
            asked = machine.send(Answers(tuple(answers))).queries
    except StopIteration as stop:
        result: Resolution = stop.value
    assert sets <= MOST_SETS
    told = [e for e in result.events if isinstance(e, RecordUsed | RecordSkipped | TargetListed)]
    # A NAPTR record of several services at once would be told more than once; there are none
    assert len(told) == heard
    closing = result.events[-1]
    assert isinstance(closing, ListClosed)
    assert closing.targets == result.targets
    listed = [e.target for e in result.events if isinstance(e, TargetListed)]
    dropped = sum((e.targets for e in result.events if isinstance(e, TargetsDropped)), ())
    assert [*dropped, *result.targets] == listed
    for target in result.targets:
        assert target.transport in request.available or result.shifted
        assert target.provenance[-1].rtype == target.transport.family.address_rtype
        assert not (request.ipv6_only and target.transport.family.address_rtype == "A")
    assert sum(p for p, _ in result.orders()[0]) == pytest.approx(1)
