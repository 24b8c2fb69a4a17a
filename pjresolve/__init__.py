"""Predict where Asterisk's res_pjsip registers, where its calls go, and who gets in.

Rules of this file:
- it names what is public, and nothing else: whatever else can be imported may change without notice;
- importing it costs nothing: a name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pjresolve.errors import BadInput, DnsUnavailable, PjresolveError

if TYPE_CHECKING:
    from pjresolve.api import (
        Call,
        Graph,
        Ladder,
        Picture,
        Prediction,
        Report,
        Scenario,
        Trunk,
        Who,
        acall,
        aresolve,
        atrunk,
        awho,
        call,
        resolve,
        scenarios,
        simulate,
        trunk,
        who,
    )

__all__ = [
    "BadInput", "Call", "DnsUnavailable", "Graph", "Ladder", "Picture", "PjresolveError", "Prediction",
    "Report", "Scenario", "Trunk", "Who", "acall", "aresolve", "atrunk", "awho", "call", "resolve",
    "scenarios", "simulate", "trunk", "who",
]  # fmt: skip


if not TYPE_CHECKING:  # a type checker knows the names above, and shall miss any other

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module 'pjresolve' has no attribute {name!r}")
        from pjresolve import api

        globals()[name] = getattr(api, name)
        return globals()[name]


def __dir__() -> list[str]:
    return sorted(__all__)
