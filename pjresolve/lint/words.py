"""How measured things are put into words.

Rules of this file: numbers come from predictions and only their wording is made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pjresolve.errors import printable
from pjresolve.model import Target
from pjresolve.simulate.prediction import Prediction


def span(seconds: float) -> str:
    """A length of time: `32 s`, `10 min`, `4.6 h`, `3 days`."""
    for unit, name in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * unit or (seconds >= unit and seconds % unit == 0):
            number = f"{seconds / unit:.1f}".removesuffix(".0")
            return f"{number} {'day' if (number, name) == ('1', 'days') else name}"
    return f"{seconds:.1f}".removesuffix(".0") + " s"


def listed(items: Iterable[str], limit: int = 6) -> str:
    """`a, b and c`, escaped; what is beyond `limit` is counted."""
    shown = [printable(item, 80) for item in items]
    if len(shown) > limit:
        shown = [*shown[: limit - 1], f"{len(shown) - limit + 1} more"]
    return shown[0] if len(shown) == 1 else " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def target(t: Target) -> str:
    """`192.0.2.1:5060 over UDP/IPv4`."""
    return f"{t.socket} over {t.transport}"


def fate(prediction: Prediction, within: str = "it ends") -> str:
    """What became of a registration in a prediction, in half a sentence."""
    if not prediction.loaded:
        return f"Asterisk refuses the registration: {prediction.refusal}"
    if prediction.registered is not None:
        after = "at once" if prediction.registered.t < 1 else f"after {span(prediction.registered.t)}"
        return f"registered {after} at {target(prediction.registered.target)}"
    if prediction.status == "rejected":
        last = next((m for m in reversed(list(prediction.states())) if m.state == "rejected"), None)
        when = last.t if last else prediction.end
        return f"given up for good {'at once' if when < 1 else f'after {span(when)}'}"
    return f"not registered until {within}"


def addresses(targets: Sequence[Target]) -> list[str]:
    """The different addresses of a target list, in its order."""
    return list(dict.fromkeys(t.address for t in targets))


def escaped(uri: str) -> str:
    """A URI as the file has to spell it: a bare semicolon would start a comment."""
    return printable(uri, 300).replace(";", "\\;")


def related(a: str, b: str) -> bool:
    """Whether two host names belong together: equal, or with the same last two labels."""
    ends = [host.split(".")[-2:] for host in (a, b)]
    return a == b or (ends[0] == ends[1] and ":" not in a + b and not ends[0][-1].isdigit())
