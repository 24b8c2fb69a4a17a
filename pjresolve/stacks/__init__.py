"""The stacks whose behaviour is known."""

from __future__ import annotations

from pjresolve.errors import BadInput
from pjresolve.stacks.asterisk22.loading import ResPjsip
from pjresolve.stacks.chan_sip.program import ChanSip
from pjresolve.stacks.protocol import Stack

STACKS: dict[str, Stack] = {stack.name: stack for stack in (ResPjsip(), ChanSip())}
"""Every stack by name."""


def stack_named(name: str) -> Stack:
    """The stack of that name. Raises BadInput with the names that exist."""
    if name not in STACKS:
        raise BadInput(f"no stack is called {name!r}", where="--stack", hint=f"there is {', '.join(STACKS)}")
    return STACKS[name]
