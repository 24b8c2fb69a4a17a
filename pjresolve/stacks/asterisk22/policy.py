"""How Asterisk 22 and its bundled pjproject treat sockets, messages, SRV records and queries.

Rules of this file: each value names the recording that shows it.
"""

from __future__ import annotations

from pjresolve.dns.srv import SrvPolicy
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.asterisk22.answers import unreadable
from pjresolve.stacks.protocol import Policy
from pjresolve.stacks.resolvers import GLIBC, LIBUNBOUND

SRV_POLICY = SrvPolicy(zero_weights_reversed=True, most_targets=32)
"""Weight 0: recordings `srv-zero-weights`, `srv-mixed-zero`, `srv-prio-zero`; 32 targets: `many`."""

POLICY = Policy(
    client_name="Asterisk",
    holds_messages=True,  # `tcp-drop1`; closed when it opens too late: `pend-up-at-20-fast`
    watches_oldest=True,  # `mr-close-other-transport`, `mr-close-tls-other-name`
    idle_timeout=None,  # idle connections live for ever: `rereg`
    turnaround=microseconds(0.012),  # `tcp-closes-later`
    loaded_before=microseconds(1),  # without a max_random_initial_delay: `q1-keepalive-death`, `mr-keepalive`
    unreadable=unreadable,
    resolver=GLIBC,
    unbound_resolver=LIBUNBOUND,
)
