"""The client's kernel: when it repeats what it sent, and when it gives up.

Rules of this file: times are in microseconds, those of Linux 6.5 and later on a path without delay.
"""

from __future__ import annotations

from pjresolve.sip.timers import microseconds

SYN_TIMES = tuple(microseconds(s) for s in (1.02, 2.05, 3.07, 4.1, 5.12, 7.14, 11.3, 19.5, 35.65, 68.3))
"""When the kernel repeats a SYN, after the first (Linux 6.5 and later; recording `base`)."""
FIRST_RTO = microseconds(0.2125)
"""The kernel's first retransmission timeout on a path without delay; it doubles, up to LONGEST_RTO."""
LONGEST_RTO = microseconds(120)
TLS_CLOSING = microseconds(30)
"""How long a closing TLS server waits for the client's close_notify, which never comes (`ca-tls-5-long`)."""
RTO_LIMIT = 16
"""Timeouts after which the kernel gives an established connection up (tcp_retries2=15)."""


def rto(number: int) -> int:
    """Microseconds from the first transmission to the kernel's timeout `number` (1 is the first)."""
    span, wait = 0, FIRST_RTO
    for _ in range(number):
        span += wait
        wait = min(2 * wait, LONGEST_RTO)
    return span
