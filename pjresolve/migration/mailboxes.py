"""The `mwi =>` lines of sip.conf: mailboxes that a provider keeps.

Rules of this file:
- `user[:secret[:authuser]]@host[:port]/mailbox`; others know such a mailbox as `mailbox@SIP_Remote`;
- only the mailbox is told again: a secret may stand before it.
"""

from __future__ import annotations

from pjresolve.migration.output import Output
from pjresolve.migration.peer import Peer
from pjresolve.migration.register_line import host_and_port
from pjresolve.migration.source import Options

REMOTE = "SIP_Remote"
"""The context of the mailboxes of other machines."""
ONLY_UNASKED = "res_pjsip subscribes to no mailbox of others, and takes what they tell unasked"


def mailboxes(out: Output, general: Options, peers: list[Peer]) -> None:
    """Give the endpoint of each line's host the mailbox. What the line asked for beyond that is left over."""
    for entry in general.all("mwi"):
        account, _, place = entry.value.rpartition("@")
        hostport, _, box = place.partition("/")
        try:
            host, _ = host_and_port(hostport)
        except ValueError as exc:
            out.left(entry, str(exc))
            continue
        user = account.partition(":")[0]
        there = [
            p for p in peers if p.written and p.place is not None and p.place.host.lower() == host.lower()
        ]
        there.sort(key=lambda peer: peer.user() != user)  # of several accounts, the one that is meant
        free = next((p for p in there if "incoming_mwi_mailbox" not in _options(p)), None)
        where = "incoming_mwi_mailbox= of the provider's endpoint is for that"
        if box and free is not None:
            out.add(free.written[0], "incoming_mwi_mailbox", f"{box}@{REMOTE}", entry)
            where = f"[{free.endpoint}] has it as {box}@{REMOTE}"
        out.left(entry, f"{ONLY_UNASKED}; {where}")
    general.taken.add("mwi")


def _options(peer: Peer) -> set[str]:
    return {line.option for line in peer.written[0].lines}
