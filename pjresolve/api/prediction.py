"""A prediction that draws itself, becomes a table, and shows itself in a notebook.

Rules of this file:
- it lies above what simulates and what draws, so neither has to know the other;
- times are in seconds from the registration's first DNS query, or its first packet where none is made.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pjresolve.api.pictures import Graph, Ladder, Picture, Report
from pjresolve.api.scenario import Scenario
from pjresolve.config.objects import Config
from pjresolve.errors import BadInput, printable
from pjresolve.model import Target
from pjresolve.prediction import prediction as plain
from pjresolve.prediction.expectations import Difference, differences
from pjresolve.prediction.happened import attempts_of, target_json
from pjresolve.prediction.outages import Outage, outages
from pjresolve.prediction.traffic import CallPrediction, ContactChange, IncomingPrediction
from pjresolve.trace import State
from pjresolve.words import span, there_are

if TYPE_CHECKING:
    import pandas as pd

    from pjresolve.lint.finding import Finding

Table: TypeAlias = Literal[
    "attempts", "targets", "states", "rounds", "wire", "outages", "calls", "contacts", "qualifies", "incoming"
]
Graphs: TypeAlias = Literal["both", "resolution", "failover"]
Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, eq=False, repr=False)
class Prediction(plain.Prediction):
    """What one registration will do in one scenario, with its pictures, tables and report.

    `registered` is the first success or None; `status` the state at `end` (seconds); `unregistered` how many
    of those seconds passed without a valid registration; `refusal` why Asterisk does not load the object.
    """

    scenario: Scenario
    _config: Config | None = None
    _together: list[Prediction] = field(default_factory=list)

    @classmethod
    def of(cls, found: plain.Prediction, config: Config | None = None) -> Prediction:
        """The same prediction with the methods of this class. `config` where its scenario's is another."""
        values = {field.name: getattr(found, field.name) for field in fields(plain.Prediction)}
        return cls(**{**values, "scenario": Scenario.of(found.scenario)}, _config=config)

    @classmethod
    def together(cls, found: Sequence[plain.Prediction], config: Config | None = None) -> list[Prediction]:
        """Predictions that came of one question, each knowing the others."""
        made = [cls.of(p, config) for p in found]
        for prediction in made:
            prediction._together.extend(made)
        return made

    @property
    def registrations(self) -> tuple[Prediction, ...]:
        """All registrations that were asked about, this one included, in the file's order."""
        return tuple(p for p in self._together if p.stack == self.stack) or (self,)

    @property
    def stacks(self) -> tuple[Prediction, ...]:
        """This registration with each of the stacks that were asked about, in the order they were named."""
        return tuple(p for p in self._together if p.registration == self.registration) or (self,)

    @property
    def calls(self) -> tuple[CallPrediction, ...]:
        """What becomes of each call of the scenario, in order of time."""
        return self.traffic.calls if self.traffic else ()

    @property
    def contacts(self) -> tuple[ContactChange, ...]:
        """Each time that a qualified contact becomes reachable or unreachable."""
        return tuple(self.traffic.contacts) if self.traffic else ()

    @property
    def incoming(self) -> tuple[IncomingPrediction, ...]:
        """What becomes of each request that comes in, in order of the scenario."""
        return self.traffic.incoming if self.traffic else ()

    @property
    def verdict(self) -> str:
        """What comes of it, in one sentence."""
        from pjresolve.story.verdict import verdict

        return verdict(self).text

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it comes so, a sentence each."""
        from pjresolve.story.verdict import verdict

        return verdict(self).reasons

    def differences(self) -> list[Difference]:
        """The expectations of the scenario that fail; none where it has none."""
        return differences(self)

    def outages(self) -> list[Outage]:
        """What happens if the first targets do not answer: one more each time, an hour at most.

        Each has the targets as `dropped`, its `prediction`, and `blocked` where a connect without answer kept
        requests to other targets from being sent.
        """
        found = outages(self, self._config)
        return [o._replace(prediction=Prediction.of(o.prediction, self._config)) for o in found]

    # ---------------------------------------------------------------- tables

    def to_records(self, table: Table = "attempts") -> list[Row]:
        """A table as a list of dicts, one for each row. Raises BadInput for a table there is not.

        `attempts`: t, round, transport, address, port, outcome, status, ended. `targets`: the first list.
        `states`: from start to end in one state. `rounds`: when a list was known. `wire`: datagrams and
        connects. `outages`: what happens without the first targets, see `outages`. `calls`, `contacts` (each
        change), `qualifies` (each target that was asked) and `incoming`: what goes on beside registrations.
        """
        makers = {
            "attempts": self._attempt_rows, "targets": self._target_rows, "states": self._state_rows,
            "rounds": self._round_rows, "wire": self._wire_rows, "outages": self._outage_rows,
            "calls": self._call_rows, "contacts": self._contact_rows, "qualifies": self._qualify_rows,
            "incoming": self._incoming_rows,
        }  # fmt: skip
        if table not in makers:
            raise BadInput(f"no table is called {printable(table)!r}", hint=there_are(makers, table))
        return list(makers[table]())

    def to_frame(self, table: Table = "attempts") -> pd.DataFrame:
        """A table as a pandas DataFrame, see `to_records`. Raises BadInput where pandas is not installed."""
        return frame(self.to_records(table), COLUMNS[table])

    def _attempt_rows(self) -> Iterator[Row]:
        for a in self.attempts():
            outcome = a.outcome.value if a.outcome else None
            times = {"outcome": outcome, "status": a.status, "ended": a.ended}
            yield {"t": a.t, "round": a.round, **_place(a.target), **times}

    def _target_rows(self) -> Iterator[Row]:
        for number, target in enumerate(self.targets, 1):
            yield {"number": number, **_place(target), "because": "; ".join(map(str, target.provenance))}

    def _state_rows(self) -> Iterator[Row]:
        if not self.loaded:
            return
        now = plain.Moment(0.0, State.TRYING, "the first round is under way")
        for moment in (*self.states(), plain.Moment(self.end, State.TRYING, "")):
            if moment.t > now.t:
                yield {"start": now.t, "end": moment.t, "state": now.state.value, "why": now.why}
            now = moment

    def _round_rows(self) -> Iterator[Row]:
        for r in self.rounds():
            yield {"t": r.t, "queries": list(map(str, r.queries)), "targets": list(map(str, r.targets))}

    def _wire_rows(self) -> Iterator[Row]:
        for sent in self.wire():
            yield {"t": sent.t, "event": sent.event, **_place(sent.target)}

    def _outage_rows(self) -> Iterator[Row]:
        from pjresolve.words import numbers

        place = {target: number for number, target in reversed(list(enumerate(self.targets, 1)))}
        for outage in self.outages():
            reg = outage.prediction.registered
            yield {
                "without": numbers([place[target] for target in outage.dropped]),
                "registers": str(reg.target) if reg else None,
                "t": reg.t if reg else None,
                "blocked": outage.blocked,
            }

    def _call_rows(self) -> Iterator[Row]:
        for call in self.calls:
            answered = call.answered
            yield {
                "t": call.t,
                "endpoint": call.endpoint,
                "number": call.number,
                "uri": call.uri,
                "tried": [str(target) for target, _ in groupby(a.target for a in call.attempts())],
                "answered_by": str(answered.target) if answered else None,
                "answered": answered.t if answered else None,
                "ended": call.ended,
                "status": call.status,
                "why": call.why,
            }

    def _contact_rows(self) -> Iterator[Row]:
        for change in self.contacts:
            yield change.to_json()

    def _qualify_rows(self) -> Iterator[Row]:
        for asked in self.traffic.qualifies if self.traffic else ():
            for a in attempts_of(asked.log):
                outcome = a.outcome.value if a.outcome else None
                times = {"outcome": outcome, "status": a.status, "ended": a.ended}
                yield {
                    "t": a.t,
                    "aor": asked.contact.aor,
                    "uri": asked.contact.uri,
                    **_place(a.target),
                    **times,
                }

    def _incoming_rows(self) -> Iterator[Row]:
        for request in self.incoming:
            yield request.to_json()

    # ---------------------------------------------------------------- pictures

    def ladder(self) -> Ladder:
        """Who talked to whom, when, with silent stretches compressed."""
        from pjresolve.render.ladder.svg import ladder_svg
        from pjresolve.render.ladder.text import ladder_text
        from pjresolve.render.mermaid import ladder_mermaid

        text, mermaid = ladder_text(self), ladder_mermaid(self)
        return Ladder(ladder_svg(self), {".mmd": lambda: mermaid, ".txt": lambda: text}, text, mermaid)

    def graph(self, which: Graphs = "both") -> Graph:
        """How the name became targets (`resolution`), what follows when one fails (`failover`), or both.

        Raises BadInput for any other word.
        """
        from pjresolve.render.graph.failover import failover_graph
        from pjresolve.render.graph.files import FORMATS
        from pjresolve.render.graph.resolution import resolution_graph

        makers = {"resolution": [resolution_graph], "failover": [failover_graph]}
        makers["both"] = [resolution_graph, failover_graph]
        if which not in makers:
            raise BadInput(f"no graph is called {printable(which)!r}", hint=there_are(makers, which))
        graphs = tuple(make(self) for make in makers[which])
        writers = {suffix: lambda write=write: write(*graphs) for suffix, write in FORMATS.items()}
        return Graph(FORMATS[".svg"](*graphs), writers, graphs)

    def timeline(self) -> Picture:
        """The registered and lapsed times as bands over a true scale of time, with the attempts below."""
        from pjresolve.render.html.bands import bands_svg

        return Picture(bands_svg(self))

    def report(self) -> Report:
        """Everything on one page that needs no network: verdict, DNS walk, targets, outages, graphs, time."""
        from pjresolve.render.html.report import report_html

        graphs = self.graph().networkx
        found = self._findings()
        differing = self.differences()
        html = report_html(self, found, graphs=graphs, outages=self.outages(), differences=differing)
        return Report(html)

    def _findings(self) -> tuple[Finding, ...]:
        """What the rules find in the configuration, where it is not one that was made for a domain."""
        from pjresolve.lint.run import findings_in
        from pjresolve.prediction.run import scenario_config

        if self._config is None:
            return findings_in(self.scenario, scenario_config(self.scenario))
        return findings_in(self.scenario, self._config) if self.scenario.pjsip_path else ()

    # ---------------------------------------------------------------- showing itself

    def __str__(self) -> str:
        from pjresolve.render.terminal import Page
        from pjresolve.render.text.page import put_simulation

        page = Page()
        put_simulation(page, self, self.differences(), explain=False)
        return page.text()

    def __repr__(self) -> str:
        return f"<Prediction {printable(self.registration)!r}: {printable(self.verdict, 200)}>"

    def _repr_html_(self) -> str:

        said = [f"<p><strong>{html.escape(printable(self.verdict, 300))}</strong></p>"]
        reasons = list(self.reasons)
        if self.unregistered and self.scenario.stop == "duration":
            reasons.append(f"without a valid registration for {span(self.unregistered)} of {span(self.end)}")
        said += [f"<p>{html.escape(printable(reason, 300))}</p>" for reason in reasons]
        svg = self.timeline().svg
        if svg:  # as an image, so that its style stays its own
            data = base64.b64encode(svg.encode()).decode("ascii")
            about = html.escape(printable(f"{self.status} after {span(self.end)}"))
            said.append(f'<img alt="{about}" style="max-width: 100%" src="data:image/svg+xml;base64,{data}">')
        return "\n".join(said)


COLUMNS: dict[str, list[str]] = {
    "attempts": ["t", "round", "transport", "address", "port", "outcome", "status", "ended"],
    "targets": ["number", "transport", "address", "port", "because"],
    "states": ["start", "end", "state", "why"],
    "rounds": ["t", "queries", "targets"],
    "wire": ["t", "event", "transport", "address", "port"],
    "outages": ["without", "registers", "t", "blocked"],
    "calls": [
        "t",
        "endpoint",
        "number",
        "uri",
        "tried",
        "answered_by",
        "answered",
        "ended",
        "status",
        "why",
    ],
    "contacts": ["t", "aor", "uri", "status", "why"],
    "qualifies": ["t", "aor", "uri", "transport", "address", "port", "outcome", "status", "ended"],
    "incoming": ["n", "t", "status", "endpoint", "matched_by", "context", "extension", "why"],
}
"""The columns of each table, also where it has no rows. Times (t, start, end, ended) in seconds."""


def frame(rows: list[Row], columns: list[str]) -> pd.DataFrame:
    """Rows as a pandas DataFrame. Raises BadInput where pandas is not installed."""
    try:
        import pandas as pd
    except ImportError:
        hint = "pip install 'pjresolve[notebook]', or use to_records()"
        raise BadInput("pandas is not installed", where="to_frame", hint=hint) from None
    return pd.DataFrame(rows, columns=columns)


def _place(target: Target) -> Row:
    return target_json(target)
