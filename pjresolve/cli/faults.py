"""The options that say what goes wrong, read in the order they were written.

Rules of this file: `--at` holds for every `--down` and `--fault` after it, and for nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.dns.source import DnsFault
from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.model import Query
from pjresolve.prediction.faults import Faults, HostFault, dns_fault, host_down, host_fault
from pjresolve.prediction.times import read_time
from pjresolve.words import span

AT = Parameter("at")
LATE = "write --at SECONDS before it"


def read_faults(options: Iterable[tuple[str, str]]) -> Faults:
    """The faults that (option, value) pairs describe, in their order; other options are passed over.

    Options are `down`, `fault`, `dns_fault`, `no_ipv4`, `no_ipv6` and `at`. Raises BadInput.
    """
    hosts: list[HostFault] = []
    dns: dict[Query, DnsFault] = {}
    families = {"no_ipv4": True, "no_ipv6": True}
    at: float | None = None
    unused = ""
    for option, value in options:
        if option == "at":
            at, unused = read_time(value, AT), value
        elif option in ("down", "fault"):
            hosts.append(host_down(value, at) if option == "down" else host_fault(value, at, late=LATE))
            unused = ""
        elif option == "dns_fault" or option in families:
            if at is not None:
                name = option.replace("_", "-")
                what = f"--{name} holds from the start, not from {span(at)} on"
                raise BadInput(what, where=AT, hint=f"write --{name} before --at")
            if option == "dns_fault":
                query, fault = dns_fault(value)
                dns[query] = fault
            else:
                families[option] = False
    if unused:
        what = f"--at {printable(unused, 40)} has no fault after it"
        raise BadInput(what, hint="write --at SECONDS --down ADDRESS")
    return Faults(tuple(hosts), dns, families["no_ipv4"], families["no_ipv6"])
