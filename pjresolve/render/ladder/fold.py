"""Folds a ladder: what happens with one host after the other in the same way is told once.

Rules of this file:
- a block is what happens from the first message to a host until that to the next one;
- blocks are the same where all but the host is, the time between them included; a few are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pjresolve.render.ladder.rung import Rung, RungKind
from pjresolve.sip.timers import seconds
from pjresolve.words import clock, plural, span

FEWEST = 4
"""Blocks that are folded at least."""
_WITHIN = (RungKind.REPLY, RungKind.NOTE)
"""What goes on with the host of the message before."""


def folded(rungs: Sequence[Rung]) -> list[Rung]:
    """The rungs, of blocks that are the same only the first, and a rung that names the other hosts."""
    out: list[Rung] = []
    alike: list[list[Rung]] = []
    for block in _blocks(rungs):
        if alike and not _goes_on(alike, block):
            out += _told(alike)
            alike = []
        size = len(alike[0]) if alike else len(block)
        alike.append(block[:size])
        if block[size:]:  # the last host, and what follows once it is over
            out += [*_told(alike), *block[size:]]
            alike = []
    return out + _told(alike)


def _blocks(rungs: Iterable[Rung]) -> list[list[Rung]]:
    """The rungs in blocks; what belongs to no host is one by itself."""
    blocks: list[list[Rung]] = []
    for rung in rungs:
        last = blocks[-1] if blocks else None
        own = last is not None and last[0].kind is RungKind.SEND
        same = rung.peer == last[0].peer if last and rung.peer else rung.kind in _WITHIN
        if last is not None and own and same and (rung.kind is RungKind.SEND or rung.kind in _WITHIN):
            last.append(rung)
        else:
            blocks.append([rung])
    return blocks


def _goes_on(alike: list[list[Rung]], block: list[Rung]) -> bool:
    """Whether a block is the same as those before it, with another host."""
    first = alike[0]
    if block[0].kind is not RungKind.SEND or any(b[0].peer == block[0].peer for b in alike):
        return False
    begun = first[0].t + len(alike) * ((alike[1][0].t if len(alike) > 1 else block[0].t) - first[0].t)
    follows = all(rung.kind is RungKind.NOTE for rung in block[len(first) :])
    return begun == block[0].t and follows and _shape(first) == _shape(block[: len(first)])


def _shape(block: list[Rung]) -> list[tuple[object, ...]]:
    """What happens, without the host, which texts name where there is room."""
    start = block[0].t
    return [
        (
            rung.kind,
            rung.text if rung.kind is RungKind.SEND else rung.short or rung.text,
            rung.tone,
            rung.lost,
            rung.count,
            rung.t - start,
            bool(rung.peer),
        )
        for rung in block
    ]


def _told(alike: list[list[Rung]]) -> list[Rung]:
    if len(alike) < FEWEST:
        return [rung for block in alike for rung in block]
    first, more, last = alike[0], alike[1:], alike[-1][-1]
    hosts = [block[0].peer for block in more]
    named = ", ".join(hosts[:2]) + (f" … {hosts[-1]}" if len(hosts) > 2 else "")
    text = f"the same with {plural(len(hosts), 'more host')}: {named}"
    period = more[0][0].t - first[0].t
    if period:
        text += f", one every {span(seconds(period))}, until {clock(seconds(last.t))} s"
    return [*first, Rung(first[-1].t, RungKind.AGAIN, text, tone=first[-1].tone, last=last.t)]
