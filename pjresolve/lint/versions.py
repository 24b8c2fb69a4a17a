"""Versions of Asterisk, as far as rules tell them apart."""

from __future__ import annotations

Version = tuple[int, ...]
CURRENT: Version = (22,)
"""The version that is assumed unless another is named."""


def opens_dual_stack(version: Version) -> bool:
    """Whether an Asterisk of this version was released before 2017 and opens `[::]` for IPv4, too."""
    major, minor = version[0], version[1] if len(version) > 1 else 10**6
    return major < 13 or ((major, minor) < (13, 14) and major == 13) or (major == 14 and minor < 3)
