"""Objects that may stand where nothing was read: what is not in the files may exist all the same.

Rules of this file: a type is named where there is a reason to expect objects of it elsewhere, and never else.
"""

from __future__ import annotations

from pathlib import Path

from pjresolve.config.objects import Config
from pjresolve.config.schema import schema
from pjresolve.config.wizard import FILE_NAME as WIZARD

TEMPLATE = "template"
"""Stands for template sections among the types."""
UNREAD = ("missing-include", "exec")
"""Notices of a text that was to be read and was not."""
OUTSIDE = "tryinclude-outside"
"""The notice of a file that may be there on the machine that the configuration is for."""


def elsewhere(config: Config, here: bool = False) -> frozenset[str]:
    """The types of which objects may stand elsewhere, `template` included: all of them where something was to
    be read and was not, or a pjsip_wizard.conf has no pjsip.conf beside it. `here` says whether this machine
    is the one that the configuration is for, so that what is not on it is nowhere.
    """
    document = config.document
    alone = document.files[:1] and Path(document.files[0]).name == WIZARD
    unread = UNREAD if here else (*UNREAD, OUTSIDE)
    if alone or any(notice.code in unread for notice in document.notices):
        return frozenset((*schema(), TEMPLATE))
    return frozenset(mapping.type for mapping in config.mapped)
