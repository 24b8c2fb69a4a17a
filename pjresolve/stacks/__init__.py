"""The stacks whose behaviour is known."""

from __future__ import annotations

from pjresolve.errors import BadInput
from pjresolve.stacks.chan_sip import ChanSip
from pjresolve.stacks.plan import Stack
from pjresolve.stacks.res_pjsip import ResPjsip

STACKS: dict[str, Stack] = {stack.name: stack for stack in (ResPjsip(), ChanSip())}
"""Every stack by name."""


def stack_named(name: str) -> Stack:
    """The stack of that name. Raises BadInput with the names that exist."""
    if name not in STACKS:
        raise BadInput(f"no stack is called {name!r}", where="--stack", mend=f"there is {', '.join(STACKS)}")
    return STACKS[name]
