"""All rules there are: each is found by its file, and nobody lists them.

Rules of this file:
- `rules/pj201_pin_bars_family.py` holds one rule, whose code is PJ201;
- no rule imports this module.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pjresolve.lint import rules as package
from pjresolve.lint.rule import Rule


@cache
def rules() -> dict[str, type[Rule]]:
    """Every rule by code, in order. Raises ValueError for a file without the rule that its name promises."""
    names = sorted(module.name for module in iter_modules(package.__path__))
    return {name.partition("_")[0].upper(): _rule(name) for name in names}


def _rule(name: str) -> type[Rule]:
    code = name.partition("_")[0].upper()
    for value in vars(import_module(f"{package.__name__}.{name}")).values():
        if isinstance(value, type) and issubclass(value, Rule) and value.code == code:
            return value
    raise ValueError(f"{name}.py holds no rule with the code {code}")
