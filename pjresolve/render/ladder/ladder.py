"""The ladder: the story of a run as rows of who sent what to whom, ready to be drawn.

Rules of this file:
- rungs are made from the story's lines and from nothing else, and drawn elsewhere;
- what repeats is told once: retransmissions as a count, rounds that repeat exactly as a row that says so;
- a rung is final once the attempt that it belongs to has ended: until then its count may grow;
- silence is a row of its own, however long it lasts; a ladder has a bounded number of rows;
- a lane is one host's from top to bottom; where there are too many hosts, all share one, and each is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from pjresolve.model import Target
from pjresolve.prediction.call import Called
from pjresolve.prediction.happened import Lived
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.label import safe
from pjresolve.render.ladder.fold import folded
from pjresolve.render.ladder.rung import Rung, RungKind
from pjresolve.simulation.log import Repeat
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import microseconds, seconds
from pjresolve.story.calls import call_verdict
from pjresolve.story.lines import Kind, Line, Tone
from pjresolve.story.tell import told
from pjresolve.story.words import client_name, socket_words, subject
from pjresolve.trace import State, Step
from pjresolve.words import clock, plural, span

DNS = "DNS"
"""The peer of every query."""
MOST_ROWS = 240
"""Rows of a ladder at most, but for silence."""
BEFORE = 4
"""Times as many rows are looked at: some fold."""
SILENCE = 1_000_000
"""Microseconds without a row from which on the silence is told."""
TOLD_BY_ROWS = (Step.NEXT_TARGET, Step.REGISTERED, Step.CHALLENGE)
"""Steps that the rows around them show."""
TOLD_BY_CONNECTION = (Ending.REFUSED, Ending.CLOSED, Ending.TLS_FAILED, Ending.NO_CONNECT)
"""Endings that the end of the connection has told."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A host that was talked to: its address, and the names that led to it."""

    address: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.address + (f"  {', '.join(self.names)}" if self.names else "")


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a run, the name of its client, and its peers in the order of first contact."""

    title: str
    client: str
    rungs: tuple[Rung, ...]
    peers: tuple[Peer, ...]


def ladder(shown: Prediction | Called, most: int = MOST_ROWS) -> Ladder:
    """The ladder of a registration or of a call, whose times count from it: at most `most` rungs; a last one
    tells how many events are left out.
    """
    machine = shown.machine if isinstance(shown, Called) else shown
    lived = shown.call if isinstance(shown, Called) else shown
    rungs = tuple(_cut(*_rungs(shown, most * BEFORE), most))
    return Ladder(title(shown), safe(client_name(machine), 30), rungs, _peers(lived, rungs))


def title(shown: Prediction | Called) -> str:
    """What the ladder shows, in a line."""
    if isinstance(shown, Called):
        inquiry = shown.inquiry
        return safe(f"{inquiry.number or 'the contact'} called through {inquiry.endpoint}", 160)
    return safe(subject(shown), 160)


def _peers(lived: Lived, rungs: Sequence[Rung]) -> tuple[Peer, ...]:
    names: dict[str, dict[str, None]] = {}
    for target in lived.targets:
        names.setdefault(target.address, {}).update(dict.fromkeys(target_names(target)))
    met = dict.fromkeys(rung.peer for rung in rungs if rung.peer and rung.peer != DNS)
    return tuple(Peer(address, tuple(names.get(address, ()))) for address in met)


def target_names(target: Target) -> list[str]:
    """The owner of the address record that led to a target: the host's name."""
    return [safe(record.name, 80) for record in target.provenance[-1:]]


# ---------------------------------------------------------------- from lines to rungs


def _rungs(shown: Prediction | Called, most: int) -> tuple[list[Rung], int]:
    """The first rungs of a run, and how many lines come after `most` of them."""
    if isinstance(shown, Called):
        call = shown.call
        over = call.taken.t if call.taken else call.ended
        end = microseconds(shown.machine.end if over is None else over)
        rungs, left_out = _told(call, most, end, call_verdict(call).text)
        since = microseconds(shown.at)
        return [replace(rung, t=rung.t - since, last=max(rung.last - since, -1)) for rung in rungs], left_out
    if not shown.loaded:
        return [Rung(0, RungKind.STATE, f"refused: {safe(shown.refusal or '')}", tone=Tone.BAD)], 0
    return _told(shown, most, microseconds(shown.end), shown.status)


def _told(lived: Lived, most: int, end: int, state: str) -> tuple[list[Rung], int]:
    """As `_rungs`, of a life that ends at `end` µs, with what it has come to."""
    builder, left_out, last = _Builder(), 0, 0
    for item in told(lived):
        full = len(builder.rungs) >= most
        if isinstance(item, Line):
            last = item.t
            if full:
                left_out += 1
            else:
                builder.take(item)
        elif not full:
            builder.again(item, last)
    builder.end(end, state)
    return folded(builder.rungs), left_out


def _cut(rungs: list[Rung], left_out: int, most: int) -> list[Rung]:
    """The first of them, the last one with the number of those that are left out."""
    left_out += max(0, len(rungs) - most)
    if not left_out:
        return rungs
    text = f"{left_out:,} more events are left out here"
    return [*rungs[:most], Rung(rungs[-1].t, RungKind.AGAIN, text)]


class _Builder:
    """Turns lines into rungs. Call `take` for each, then `end`."""

    def __init__(self) -> None:
        self.rungs: list[Rung] = []
        self._sends: list[Rung] = []
        """The requests of the last attempt."""
        self._answered = False
        self._connects: dict[Target, Rung] = {}
        self._skipped: list[Line] = []

    def take(self, line: Line) -> None:
        """Take one line up."""
        if self._skipped and line.kind not in (Kind.SKIPPED, Kind.STEP):
            self._tell_skipped()
        match line.kind:
            case Kind.ROUND | Kind.LIST | Kind.SKIPPED | Kind.WORLD:
                self._around(line)
            case Kind.ATTEMPT | Kind.DATAGRAM | Kind.REQUEST | Kind.RESPONSE | Kind.ENDED:
                self._attempt(line)
            case Kind.CONNECT | Kind.OPENED | Kind.FAILED | Kind.CLOSED:
                self._connection(line)
            case Kind.REUSED | Kind.HELD:
                if line.short:
                    self._note(line, line.short, line.tone)
            case Kind.STEP:
                if line.step not in TOLD_BY_ROWS and not line.repeats:
                    self._note(line, safe(line.why, 160), Tone.QUIET)
            case Kind.STATE:
                self._state(line)
            case _:
                assert_never(line.kind)

    def _around(self, line: Line) -> None:
        """What happens around the attempts."""
        if line.kind is Kind.ROUND:
            self._add(line, RungKind.ROUND, f"{line.short}: {safe(line.why, 120)}", tone=line.tone)
        elif line.kind is Kind.LIST:
            self._list(line)
        elif line.kind is Kind.WORLD:
            self._add(line, RungKind.WORLD, safe(line.short, 200), tone=line.tone)
        else:
            if self._skipped and self._skipped[0].why != line.why:
                self._tell_skipped()
            self._skipped.append(line)

    def _attempt(self, line: Line) -> None:
        if line.kind is Kind.ATTEMPT:
            self._sends, self._answered = [], False
        elif line.kind is Kind.RESPONSE:
            self._answered = True
            short = line.short.partition(" ")[0]
            self._add(line, RungKind.REPLY, line.short, short, peer=True, tone=line.tone)
        elif line.kind is Kind.ENDED:
            self._ended(line)
        else:
            self._request(line)

    def again(self, repeat: Repeat, last: int) -> None:
        """Tell that everything since its start repeats; it happened for the first time until `last` µs."""
        self._tell_skipped()
        times = "once more" if repeat.times == 1 else f"{repeat.times:,} more times"
        until = last + repeat.times * repeat.period
        text = f"the same happens {times}, every {span(seconds(repeat.period))}"
        self.rungs.append(Rung(last, RungKind.AGAIN, f"{text}, until {clock(seconds(until))} s", last=until))

    def end(self, t: int, state: str) -> None:
        """The run is over."""
        self._tell_skipped()
        for rung in self._connects.values():
            rung.lost = t - rung.t > SILENCE
        if not self._answered:
            for rung in self._sends:
                rung.lost = rung.lost or t - rung.t > SILENCE
        if not any(rung.kind is RungKind.STATE and rung.t == t for rung in self.rungs[-2:]):
            self.rungs.append(Rung(t, RungKind.NOTE, f"the run ends, {state}", tone=Tone.QUIET))

    def _add(
        self,
        line: Line,
        kind: RungKind,
        text: str,
        short: str = "",
        *,
        peer: bool = False,
        tone: Tone = Tone.PLAIN,
    ) -> Rung:
        address = line.target.address if peer and line.target else ""
        self.rungs.append(Rung(line.t, kind, text, short, address, tone))
        return self.rungs[-1]

    def _note(self, line: Line, text: str, tone: Tone) -> None:
        self._add(line, RungKind.NOTE, text, tone=tone)

    def _tell_skipped(self) -> None:
        """Tell of the targets that were skipped one after the other."""
        skipped, self._skipped = self._skipped, []
        if skipped:
            count = len(skipped)
            who = skipped[0].short if count == 1 else f"skipped {plural(count, 'target')}"
            self._note(skipped[0], f"{who}: {safe(skipped[0].why, 120)}", skipped[0].tone)

    def _list(self, line: Line) -> None:
        before = self.rungs[-1] if self.rungs else None
        begun = before.t if before is not None and before.kind is RungKind.ROUND else line.t
        if not line.queries:
            self._note(line, line.short, Tone.PLAIN)
        elif begun == line.t:
            self.rungs.append(Rung(line.t, RungKind.DNS, line.short, peer=DNS, tone=line.tone))
        else:
            asked, found = plural(line.queries, "query"), plural(line.targets, "target")
            self.rungs.append(Rung(begun, RungKind.DNS, asked, peer=DNS))
            self.rungs.append(Rung(line.t, RungKind.DNS, found, peer=DNS, tone=line.tone))
        if not line.targets:
            self._note(line, f"nothing to try: {safe(line.why, 120)}", Tone.BAD)

    # ------------------------------------------------------------ an attempt

    def _request(self, line: Line) -> None:
        if line.number and self._sends and self.rungs[-1] is self._sends[-1]:
            self._sends[-1].count += 1
            self._sends[-1].last = line.t
            return
        over = line.target.transport.protocol.value if line.target else ""
        method, again = line.short.partition(" ")[0], line.number > 0
        short = "(auth)" if line.attempt and line.attempt.credentials and not again else over
        self._sends.append(self._add(line, RungKind.SEND, line.short, f"{method} {short}", peer=True))

    def _ended(self, line: Line) -> None:
        ending = line.attempt.ending if line.attempt else None
        if ending in (Ending.REGISTERED, Ending.ANSWERED):
            return
        if not self._answered:
            for rung in self._sends:
                rung.lost = True
        told_already = self.rungs and self.rungs[-1].t == line.t and ending in TOLD_BY_CONNECTION
        if not told_already:
            self._note(line, line.short, Tone.BAD)
            if line.target:
                self.rungs[-1].short = line.short.removeprefix(f"{socket_words(line.target)}: ")

    def _connection(self, line: Line) -> None:
        if line.target is None:
            return
        over, why = line.target.transport.protocol.value, safe(line.why, 120)
        if line.kind is Kind.CONNECT:
            rung = self._add(line, RungKind.SEND, line.short, f"connect {over}", peer=True)
            self._connects[line.target] = rung
        elif line.kind is Kind.OPENED:
            begun = self._connects.pop(line.target, None)
            if begun is None or begun is not self.rungs[-1] or begun.t != line.t:
                self._add(line, RungKind.REPLY, line.short, "open", peer=True)
            else:
                begun.text, begun.short = f"{begun.text}: open", f"{begun.short}: open"
        elif line.kind is Kind.FAILED:
            begun = self._connects.pop(line.target, None)
            if begun is not None and line.t - begun.t > SILENCE:
                begun.lost = True
                self._note(line, f"{line.short}: {why}", line.tone)
            else:
                self._add(line, RungKind.REPLY, line.short, "failed", peer=True, tone=line.tone)
                self._note(line, why, line.tone)
        else:
            text = f"{line.short}: {why}"
            self._add(line, RungKind.REPLY, text, line.short, peer=True, tone=line.tone)

    # ------------------------------------------------------------ what follows

    def _state(self, line: Line) -> None:
        if line.state is State.TRYING:
            return
        why = safe(line.why, 160)
        if line.state is State.REGISTERED and line.target is not None:
            self._add(line, RungKind.STATE, f"registered with {socket_words(line.target)}", tone=line.tone)
            self._note(line, why, Tone.QUIET)
        else:
            self._add(line, RungKind.STATE, f"{line.state}: {why}", tone=line.tone)


# ---------------------------------------------------------------- lanes

RowKind: TypeAlias = Literal["rung", "gap"]


@dataclass(frozen=True, slots=True)
class Row:
    """A rung with the lane of its peer, or a silence before the next rung.

    `peer` is named where a lane that all of them share comes to another one.
    """

    kind: RowKind
    rung: Rung | None = None
    lane: int | None = None
    text: str = ""
    peer: str = ""


def rows(drawn: Ladder, most: int) -> tuple[list[str], list[Row]]:
    """What stands at the head of the lanes, `most` of them, and the rows below.

    Each peer has a lane of its own; more peers than `most` share one. Rungs of the DNS have no lane.
    """
    lanes = {peer.address: number for number, peer in enumerate(drawn.peers)}
    heads, shared = list(lanes), len(lanes) > most
    if shared:
        heads = [plural(len(lanes), "host")]
    out: list[Row] = []
    before: Rung | None = None
    peer = ""
    for rung in drawn.rungs:
        if before is not None and rung.t - before.until > SILENCE:
            out.append(Row("gap", text=_silence(before, rung)))
        before = rung
        if not rung.peer or rung.peer == DNS:
            out.append(Row("rung", rung))
            continue
        named = rung.peer if shared and rung.peer != peer else ""
        peer = rung.peer
        out.append(Row("rung", rung, 0 if shared else lanes[peer], peer=named))
    return heads, out


def _silence(before: Rung, after: Rung) -> str:
    length = span(seconds(after.t - before.until))
    if before.count > 1:
        return f"{length}, {plural(before.count - 1, 'retransmission')}"
    return length
