"""The examples that come with the program: snapshots of two domains, made up after the real ones."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

ILLUSTRATIVE = "illustrative, not a capture"
"""What the name of every bundled snapshot says."""


def _folder() -> Path:
    return Path(str(resources.files("pjresolve") / "data" / "snapshots"))


def bundled_names() -> tuple[str, ...]:
    """The domains that a snapshot is bundled for."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def bundled(domain: str) -> Path | None:
    """The bundled snapshot of a domain, or None. What it holds is illustrative, not a capture."""
    name = domain.lower().removesuffix(".")
    return _folder() / f"{name}.yaml" if name in bundled_names() else None
