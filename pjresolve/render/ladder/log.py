"""From the events of a life to the lines of its ladder.

Rules of this file:
- one method for each kind of event, and none decides how a line looks;
- a line is final once the attempt that it belongs to has ended: until then its count may grow.
"""

from __future__ import annotations

from dataclasses import dataclass

from pjresolve.model import Target
from pjresolve.render.label import safe
from pjresolve.sip.outcome import Ending
from pjresolve.sip.status import PHRASES, is_challenge
from pjresolve.sip.timers import seconds
from pjresolve.trace import (
    AttemptEnded,
    AttemptStarted,
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    ConnectionReused,
    ConnectStarted,
    DatagramSent,
    LifeEvent,
    ListKnown,
    RequestHeld,
    RequestSent,
    Responded,
    RoundStarted,
    StateChanged,
    Step,
    StepTaken,
    TargetSkipped,
    WorldChanged,
)
from pjresolve.words import plural, span

TONES = {"registered": "ok", "waiting": "warn", "lapsed": "bad", "rejected": "bad", "trying": ""}
TOLD_BY_ROWS = (Step.NEXT_TARGET, Step.REGISTERED, Step.CHALLENGE)
"""Steps that the rows around them show."""
_TOLD_BY_CONNECTION = (Ending.REFUSED, Ending.CLOSED, Ending.TLS_FAILED, Ending.NO_CONNECT)


@dataclass(slots=True)
class Line:
    """Something that happened at `t` (µs).

    `kind` is send or reply (towards `peer` and back), dns, note, state, world, round, or again for what
    stands for many events until `last`. `short` is the text where room is scarce. `lost`: nothing came back.
    `count` are the transmissions that the line stands for. `tone` is "", accent, ok, warn, bad or quiet.
    """

    t: int
    kind: str
    text: str
    short: str = ""
    peer: str = ""
    tone: str = ""
    lost: bool = False
    count: int = 1
    last: int = -1

    @property
    def until(self) -> int:
        """When it was over: `t`, but for what stands for many events."""
        return max(self.t, self.last) if self.kind == "again" else self.t


def place(target: Target) -> str:
    """A target in words: `203.0.113.1:5060 (UDP/IPv4)`."""
    return f"{target.socket} ({target.transport})"


class Teller:
    """Turns events into lines. Call `tell` for each, then `end`."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._sends: list[Line] = []
        self._connects: dict[Target, Line] = {}
        self._attempt: AttemptStarted | None = None
        self._answered = False
        self._reuses = False
        self._state = ("", -1)
        self._target: Target | None = None
        self._skipped: list[TargetSkipped] = []

    def tell(self, event: LifeEvent) -> None:
        """Take one event up."""
        if self._skipped and not isinstance(event, TargetSkipped | StepTaken):
            self.flush()
        method = getattr(self, f"_{type(event).__name__}", None)
        assert method is not None, type(event)
        method(event)

    def end(self, t: int, state: str) -> None:
        """The run is over."""
        self.flush()
        for line in self._connects.values():
            line.lost = t - line.t > 1_000_000
        if not self._answered:
            for line in self._sends:
                line.lost = line.lost or t - line.t > 1_000_000
        if not any(line.kind == "state" and line.t == t for line in self.lines[-2:]):
            self._add(Line(t, "note", f"the run ends, {state}", tone="quiet"))

    def flush(self) -> None:
        """Tell of the targets that were skipped one after the other."""
        skipped, self._skipped = self._skipped, []
        if skipped:
            who = place(skipped[0].target) if len(skipped) == 1 else plural(len(skipped), "target")
            self._note(skipped[0].t, f"skipped {who}: {safe(skipped[0].why, 120)}", "quiet")

    def _add(self, line: Line) -> Line:
        self.lines.append(line)
        return line

    def _note(self, t: int, text: str, tone: str) -> None:
        self._add(Line(t, "note", text, tone=tone))

    # ------------------------------------------------------------ rounds

    def _RoundStarted(self, e: RoundStarted) -> None:
        self._add(Line(e.t, "round", f"round {e.round + 1}: {safe(e.why, 120)}", tone="accent"))

    def _ListKnown(self, e: ListKnown) -> None:
        begun = self.lines[-1].t if self.lines and self.lines[-1].kind == "round" else e.t
        queries, targets = plural(len(e.queries), "query"), plural(len(e.targets), "target")
        if e.queries:
            tone = "" if e.targets else "bad"
            if begun == e.t:
                self._add(Line(e.t, "dns", f"{queries}, {targets}", peer="DNS", tone=tone))
            else:
                self._add(Line(begun, "dns", queries, peer="DNS"))
                self._add(Line(e.t, "dns", targets, peer="DNS", tone=tone))
        else:
            self._note(e.t, f"no query is sent, {targets}", "")
        if not e.targets:
            self._note(e.t, f"nothing to try: {safe(e.why, 120)}", "bad")

    def _TargetSkipped(self, e: TargetSkipped) -> None:
        if self._skipped and self._skipped[0].why != e.why:
            self.flush()
        self._skipped.append(e)

    # ------------------------------------------------------------ an attempt

    def _AttemptStarted(self, e: AttemptStarted) -> None:
        self._attempt, self._target, self._answered, self._reuses = e, e.target, False, False
        self._sends = []

    def _request(self, t: int, target: Target, again: bool) -> Line:
        auth = bool(self._attempt and self._attempt.credentials)
        over = target.transport.protocol.value
        text = f"REGISTER {over}" + (" with credentials" if auth else "")
        if self._reuses:
            text += ", same connection"
        short = "REGISTER" + (" (auth)" if auth else f" {over}")
        if again:
            text, short = f"REGISTER {over} again", f"REGISTER {over}"
        return Line(t, "send", text, short, target.address)

    def _DatagramSent(self, e: DatagramSent) -> None:
        if e.number and self._sends and self.lines[-1] is self._sends[-1]:
            self._sends[-1].count += 1
            self._sends[-1].last = e.t
            return
        self._sends.append(self._add(self._request(e.t, e.target, again=e.number > 0)))

    def _ConnectStarted(self, e: ConnectStarted) -> None:
        over = e.target.transport.protocol.value
        line = Line(
            e.t, "send", f"connect {over} to port {e.target.port}", f"connect {over}", e.target.address
        )
        self._connects[e.target] = self._add(line)

    def _ConnectionOpened(self, e: ConnectionOpened) -> None:
        begun = self._connects.pop(e.target, None)
        if begun is None or begun is not self.lines[-1] or begun.t != e.t:
            over = e.target.transport.protocol.value
            self._add(Line(e.t, "reply", f"{over} connection open", "open", e.target.address))
        else:
            begun.text, begun.short = f"{begun.text}: open", f"{begun.short}: open"

    def _ConnectionReused(self, e: ConnectionReused) -> None:
        self._reuses = e.state == "open"
        if not self._reuses:
            self._note(e.t, f"waits on the connection to {place(e.target)}, still connecting", "warn")

    def _ConnectionFailed(self, e: ConnectionFailed) -> None:
        begun = self._connects.pop(e.target, None)
        if begun is not None:
            begun.lost = e.t - begun.t > 1_000_000
        lost = begun is not None and begun.lost
        why = safe(e.why, 120)
        if lost:
            self._note(e.t, f"connect to {place(e.target)}: {why}", "bad")
        else:
            self._add(Line(e.t, "reply", why, "failed", e.target.address, tone="bad"))

    def _ConnectionClosed(self, e: ConnectionClosed) -> None:
        self._add(Line(e.t, "reply", f"closed: {safe(e.why, 120)}", "closed", e.target.address, tone="warn"))

    def _RequestSent(self, e: RequestSent) -> None:
        self._sends.append(self._add(self._request(e.t, e.target, again=False)))

    def _RequestHeld(self, e: RequestHeld) -> None:
        text = f"REGISTER to {place(e.target)} is not sent: its message still waits on {place(e.holder)}"
        self._note(e.t, text, "warn")

    def _Responded(self, e: Responded) -> None:
        self._answered = True
        tone = "ok" if e.status == 200 else "bad" if e.status >= 300 and not is_challenge(e.status) else ""
        text = f"{e.status} {PHRASES.get(e.status, '')}".strip()
        self._add(Line(e.t, "reply", text, str(e.status), e.target.address, tone=tone))

    def _AttemptEnded(self, e: AttemptEnded) -> None:
        self._attempt = None
        if e.outcome in (Ending.REGISTERED, Ending.ANSWERED):
            return
        if not self._answered:
            for line in self._sends:
                line.lost = True
        last = self.lines[-1] if self.lines else None
        if (
            e.outcome in (Ending.REFUSED, Ending.CLOSED, Ending.TLS_FAILED, Ending.NO_CONNECT)
            and last
            and last.t == e.t
        ):
            return  # how the connection ended says it already
        after = f" after {span(seconds(e.lasted))}" if e.lasted else ""
        self._note(e.t, f"{place(e.target)}: {e.outcome.words}{after}", "bad")

    # ------------------------------------------------------------ what follows

    def _StepTaken(self, e: StepTaken) -> None:
        if e.step not in TOLD_BY_ROWS and (e.why, e.t) != self._state:
            self._note(e.t, safe(e.why, 160), "quiet")

    def _StateChanged(self, e: StateChanged) -> None:
        self._state = (e.why, e.t)
        if e.state == "trying":
            return
        if e.state == "registered" and self._target is not None:
            self._add(Line(e.t, "state", f"registered with {place(self._target)}", tone=TONES[e.state]))
            self._note(e.t, safe(e.why, 160), "quiet")
        else:
            self._add(Line(e.t, "state", f"{e.state}: {safe(e.why, 160)}", tone=TONES[e.state]))

    def _WorldChanged(self, e: WorldChanged) -> None:
        self._add(Line(e.t, "world", f"event: {safe(e.host, 60)} is set {safe(e.what, 120)}", tone="accent"))
