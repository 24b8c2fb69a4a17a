"""The stacks that can be predicted: found, not listed.

Each wing here is a folder whose package has a `STACK`; the folder's name is the stack's without its hyphens.
Other packages bring theirs by an entry point of the group `pjresolve.stacks`: its name is the stack's, its
value a stack. They are looked for only where no wing has the name, as reading every package's metadata takes
time.

What belongs here: what a stack is (`protocol`), what resolutions and resolvers are, and a wing for each stack
with all that only this stack does. What does not: simulated time (`simulation`).
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.stacks.protocol import Stack
from pjresolve.words import there_are

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "pjresolve.stacks"
DEFAULT_STACK = "asterisk-22"


def _wings() -> list[str]:
    """The folders of this package's own stacks."""
    return [module.name for module in pkgutil.iter_modules(__path__) if module.ispkg]


def _wing(folder: str) -> Stack:
    stack: Stack = import_module(f"{__name__}.{folder}").STACK
    return stack


@cache
def _brought() -> dict[str, EntryPoint]:
    """What other packages bring, by the stack's name; of two with one name the first by its value counts."""
    from importlib.metadata import entry_points

    found = sorted(entry_points(group=GROUP), key=lambda e: (e.name, e.value), reverse=True)
    return {entry.name: entry for entry in found}


def _load(entry: EntryPoint) -> Stack:
    """The stack of another package. Raises BadInput where it cannot be imported or is called otherwise."""
    where = f"{printable(entry.name)} = {printable(entry.value)}"
    try:
        stack: Stack = entry.load()
        name = stack.name
    except Exception as exc:  # whatever a foreign package raises when it is imported
        said = f"{type(exc).__name__}: {exc}"
        raise BadInput(
            f"this stack cannot be loaded: {said}", where=where, hint="repair or remove its package"
        ) from exc
    if name != entry.name:
        raise BadInput(f"this stack calls itself {name!r}", where=where, hint="give both the same name")
    return stack


@cache
def stack_named(name: str) -> Stack:
    """The stack of that name. Raises BadInput with the names that exist, or why it cannot be loaded."""
    folder = name.replace("-", "")
    if folder in _wings():
        stack = _wing(folder)
        if stack.name == name:
            return stack
    if name in _brought():
        return _load(_brought()[name])
    known = there_are(stack_names(), name)
    raise BadInput(f"no stack is called {printable(name, 60)!r}", where=Parameter("stack"), hint=known)


def stack_names() -> list[str]:
    """The names of all stacks, the default one first."""
    names = {_wing(folder).name for folder in _wings()} | set(_brought())
    return sorted(names, key=lambda name: (name != DEFAULT_STACK, name))


def all_stacks() -> list[Stack]:
    """Every stack that there is. Raises BadInput as `stack_named`."""
    return [stack_named(name) for name in stack_names()]
