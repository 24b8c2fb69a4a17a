"""Worlds for the tests of the simulation: a provider with SRV records, its hosts, and a registration.

`world()` builds one from a few words; `worlds()` is a hypothesis strategy over everything that the scenario
format can say and a life can meet.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from pjresolve.model import TRANSPORT_TYPES
from pjresolve.scenario.format import Scenario, parse_scenario

HOST = "sip.example.net"
SERVICES = {"udp": ("_sip._udp", 5060), "tcp": ("_sip._tcp", 5060), "tls": ("_sips._tcp", 5061)}
ADDRESSES = ["203.0.113.1", "2001:db8:5::1", "203.0.113.2", "2001:db8:5::2", "203.0.113.3", "2001:db8:5::3"]
TRUSTED = f"{{cert: {{names: [{HOST}]}}}}"


def srv_zone(protocols: str = "udp", hosts: int = 2, families: str = "46") -> str:
    """SRV records of `hosts` hosts for each protocol, the lower host first, and their addresses."""
    lines = [
        f"{SERVICES[p][0]}.{HOST}. 300 IN SRV {10 * n} 10 {SERVICES[p][1]} p{n}.example.net."
        for p in protocols.split()
        for n in range(1, hosts + 1)
    ]
    lines += [
        f"p{n}.example.net. 300 IN AAAA 2001:db8:5::{n}" for n in range(1, hosts + 1) if "6" in families
    ]
    lines += [f"p{n}.example.net. 300 IN A 203.0.113.{n}" for n in range(1, hosts + 1) if "4" in families]
    return "\n".join(lines) + "\n"


def pjsip_conf(
    *,
    transports: str = "udp6 udp tcp6 tcp tls6 tls",
    server: str = f"sip:{HOST}",
    options: dict[str, Any] | None = None,
    system: dict[str, Any] | None = None,
    keep_alive: int | None = None,
    tls: str = "method=sslv23",
) -> str:
    """A configuration with these transports and one registration, `itsp`, with these options."""
    sections = []
    for name in transports.split():
        kind = TRANSPORT_TYPES[name]
        bind = "[::]" if name.endswith("6") else "0.0.0.0"
        more = f":5061\n{tls}" if kind.protocol.value == "tls" else ""
        sections.append(f"[t-{name}]\ntype=transport\nprotocol={kind.protocol.value}\nbind={bind}{more}")
    words = {"client_uri": f"sip:me@{HOST}", "outbound_auth": "itsp", "max_random_initial_delay": 0}
    words |= {"server_uri": server.replace(";", "\\;")} | (options or {})
    sections.append("[itsp]\ntype=registration\n" + _lines(words))
    sections.append("[itsp]\ntype=auth\nusername=me\npassword=x")
    if system:
        sections.append("[system]\ntype=system\n" + _lines(system))
    if keep_alive is not None:
        sections.append(f"[global]\ntype=global\nkeep_alive_interval={keep_alive}")
    return "\n\n".join(sections) + "\n"


def _lines(words: dict[str, Any]) -> str:
    return "\n".join(f"{key}={value}" for key, value in words.items() if value is not None)


def world(
    hosts: dict[str, Any] | None = None,
    *,
    zone: str | None = None,
    dns: dict[str, Any] | None = None,
    events: list[dict[str, Any]] | None = None,
    client: dict[str, Any] | None = None,
    unbound: bool = False,
    duration: float = 300,
    stop: str = "duration",
    **config: Any,
) -> Scenario:
    """A scenario; `config` goes to `pjsip_conf`. Without `zone` it has two UDP hosts of both families."""
    whole = {
        "zone": srv_zone() if zone is None else zone,
        "pjsip": pjsip_conf(**config),
        "hosts": hosts or {},
        "dns": dns or {},
        "events": events or [],
        "client": client or {},
        "asterisk": {"unbound": unbound},
        "duration": duration,
        "stop": stop,
    }
    return parse_scenario(json.dumps(whole), name="world", folder=None)


# ---------------------------------------------------------------- every world


def _answers(least_expiration: int) -> st.SearchStrategy[dict[str, Any]]:
    """The fields of an answer, each of them now and then."""
    return st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from([100, 180, 200, 202, 302, 401, 403, 404, 408, 423, 500, 503, 600]),
            "retry_after": st.sampled_from([0, 1, 7, 40]),
            "expires": st.sampled_from([0, *(e for e in (5, 11, 25, 60) if e >= least_expiration)]),
            "delay": st.sampled_from([0, 0.3, 2, 7, 33]),
            "challenge": st.booleans(),
            "trying": st.booleans(),
            "cert": st.fixed_dictionaries(
                {"names": st.sampled_from([[HOST], ["other.example.net"], ["*.example.net"]])},
                optional={"self_signed": st.booleans(), "expired": st.booleans()},
            ),
            "tls": st.sampled_from([{"min": "1.3"}, {"max": "1.1"}, {"min": "1.0", "max": "1.3"}]),
            "close_after": st.sampled_from([1, 3.5, 14, 40]),
        },
    )


@st.composite
def behaviours(draw: st.DrawFn, least_expiration: int = 11) -> Any:
    """A behaviour: one of the named ones, or an answer that may turn into another one."""
    named = ["ok", "ok", "accept", "silent", "drop", "reject", "close"]
    if draw(st.booleans()):
        return draw(st.sampled_from(named))
    answer = draw(_answers(least_expiration))
    if draw(st.booleans()):
        answer |= {"after": draw(st.integers(0, 4))}
        answer["then"] = draw(st.sampled_from(named) | _answers(least_expiration))
    return answer


def _services(least_expiration: int) -> st.SearchStrategy[Any]:
    names = ["udp/5060", "tcp/5060", "tls/5061", "tls/5060", "tcp/5061", "udp/5080"]
    return st.dictionaries(st.sampled_from(names), behaviours(least_expiration), max_size=4)


@st.composite
def zones(draw: st.DrawFn) -> str:
    """Zone text for HOST: SRVs, NAPTRs, addresses of up to three hosts, and some that lead nowhere."""
    targets = [f"p{n}.example.net." for n in (1, 2, 3)]
    lines = []
    for service, port in SERVICES.values():
        for _ in range(draw(st.integers(0, 3))):
            priority, weight = draw(st.sampled_from([10, 20])), draw(st.sampled_from([0, 1, 10, 10]))
            target = draw(st.sampled_from([*targets, *targets, "gone.example.net.", "."]))
            at = draw(st.sampled_from([port, 5080, 0]))
            lines.append(f"{service}.{HOST}. 300 IN SRV {priority} {weight} {at} {target}")
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 3]))):
        kind, prefix = draw(
            st.sampled_from([("SIP+D2U", "_sip._udp"), ("SIP+D2T", "_sip._tcp"), ("SIPS+D2T", "_sips._tcp")])
        )
        flag = draw(st.sampled_from(["s", "s", "S", "a"]))
        order, preference = draw(st.integers(1, 2)), draw(st.integers(1, 2))
        lines.append(f'{HOST}. 300 IN NAPTR {order} {preference} "{flag}" "{kind}" "" {prefix}.{HOST}.')
    for n in (1, 2, 3):
        if draw(st.sampled_from([True, True, False])):
            lines.append(f"p{n}.example.net. 300 IN A 203.0.113.{n}")
        if draw(st.sampled_from([True, False])):
            lines.append(f"p{n}.example.net. 300 IN AAAA 2001:db8:5::{n}")
    if draw(st.booleans()):
        lines += [f"{HOST}. 300 IN A 203.0.113.1", f"{HOST}. 300 IN AAAA 2001:db8:5::2"]
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _options() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "retry_interval": st.sampled_from([0, 1, 5, 20]),
            "max_retries": st.sampled_from([0, 1, 2, 3, 7, 1000]),
            "forbidden_retry_interval": st.sampled_from([0, 9]),
            "fatal_retry_interval": st.sampled_from([0, 13]),
            "expiration": st.sampled_from([11, 25, 40, 60]),
            "auth_rejection_permanent": st.sampled_from(["yes", "no"]),
            "outbound_auth": st.sampled_from(["itsp", None]),
            "transport": st.sampled_from([None, None, "t-udp", "t-udp6", "t-tcp", "t-tls6", "nowhere"]),
        },
    )


SERVERS = [
    f"sip:{HOST}", f"sip:{HOST}", f"sip:{HOST}", f"sip:{HOST};transport=udp", f"sip:{HOST};transport=tcp",
    f"sip:{HOST};transport=tls", f"sips:{HOST}", f"sip:{HOST}:5060", f"sip:{HOST}:5080;transport=tcp",
    "sip:203.0.113.1", "sip:[2001:db8:5::2];transport=tcp",
]  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn, *, longest: float = 700, least_expiration: int = 11) -> Scenario:
    """Any world: behaviours, targets, events, timers, retry options."""
    hosts = draw(
        st.dictionaries(st.sampled_from(ADDRESSES), st.just("down") | _services(least_expiration), min_size=1)
    )
    change = st.sampled_from(["down", "up"]) | _services(least_expiration)
    times = st.sampled_from([0, 0.5, 1, 6.4, 11, 32, 33.3, 50, 64, 96, 135.5, 200, 333])
    event = st.fixed_dictionaries({"at": times, "host": st.sampled_from(sorted(hosts)), "set": change})
    faults = st.sampled_from(["drop", "servfail", "refused", {"delay": 0.4}, {"delay": 6}, {"delay": 12}])
    names = [f"{HOST} NAPTR", f"_sip._udp.{HOST} SRV", f"{HOST} A", "p1.example.net A", "p2.example.net AAAA"]
    transports = draw(
        st.sampled_from(["udp6 udp tcp6 tcp tls6 tls", "udp", "udp tcp tls", "udp6 udp", "udp tcp6"])
    )
    return world(
        hosts,
        zone=draw(zones()),
        dns=draw(st.just({}) | st.dictionaries(st.sampled_from(names), faults, max_size=2)),
        events=draw(st.just([]) | st.lists(event, max_size=4)),
        client=draw(
            st.just({})
            | st.fixed_dictionaries(
                {},
                optional={
                    "ipv4": st.booleans(),
                    "ipv6": st.booleans(),
                    "connect_timeout": st.sampled_from([9.0, 40.0]),
                },
            )
        ),
        unbound=draw(st.sampled_from([False, False, False, True])),
        duration=draw(st.sampled_from([d for d in (20.0, 100.5, 300.0, 700.0, 5000.0) if d <= longest])),
        stop=draw(st.sampled_from(["duration", "duration", "registered"])),
        transports=transports,
        server=draw(st.sampled_from(SERVERS)),
        options=draw(_options()),
        system=draw(
            st.sampled_from(
                [{}, {}, {"timer_t1": 100}, {"timer_t1": 100, "timer_b": 9000}, {"timer_t1": 1000}]
            )
        ),
        keep_alive=draw(st.sampled_from([None, 0, 30])),
        tls=draw(
            st.sampled_from(
                ["method=sslv23", "", "method=tlsv1_2\nverify_server=yes\nca_list_file=@DIR@/ca.pem"]
            )
        ),
    )
