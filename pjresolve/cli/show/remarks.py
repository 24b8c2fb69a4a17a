"""Remarks on what is shown, on standard error.

Rules of this file: what is shown is Asterisk's own, and nothing of this stands among it.
"""

from __future__ import annotations

import os
import sys

from pjresolve.config.objects import Config
from pjresolve.errors import printable


def remark(text: str) -> None:
    """Say something of what is shown."""
    sys.stderr.write(f"note: {text}\n")


def remark_refusals(config: Config, kind: str) -> None:
    """Say which objects of a type are refused, and why."""
    for refusal in config.refusals:
        if refusal.type != kind:
            continue
        bound = config.bound.get(refusal.name) if kind == "transport" else None
        sends = bound is not None and bound.section.where == refusal.where
        what = "is bound and sends, but nothing finds it by its name" if sends else "is refused"
        remark(f"{refusal.where}: {kind} {printable(refusal.name, 80)} {what}: {refusal.message}")


def remark_machine(config: Config) -> None:
    """What the machine decides that Asterisk runs on, which need not be this one."""
    for transport in config.transports.values():
        for option in ("cert_file", "priv_key_file", "ca_list_file", "ca_list_path"):
            path = getattr(transport, option)
            if path and not os.path.exists(path):
                remark(
                    f"{transport.where(option)}: there is no {printable(path, 80)} here; without it Asterisk "
                    f"refuses transport {printable(transport.name, 80)}"
                )
