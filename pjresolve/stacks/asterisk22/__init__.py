"""Asterisk 22 (`res_pjsip` with its bundled pjproject): all that only this stack does.

What belongs here: loading, resolution, life, TLS methods, policy, reasons, the REGISTER it writes; each quirk
with the recording that shows it. What does not: what any other SIP client does as well (`sip`, `dns`,
`simulation`).
"""

from __future__ import annotations

from pjresolve.stacks.asterisk22.loading import ResPjsip

STACK = ResPjsip()
