"""What stands beside a pjsip.conf: the pjsip_wizard.conf, which makes objects too, and what says that objects
stand elsewhere (`sorcery`).

Rules of this file:
- nothing else looks around beside a configuration: Asterisk reads no other files for it;
- a wizard file that Asterisk refuses takes nothing away from pjsip.conf.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pjresolve.config.lines import Notice
from pjresolve.config.reader import Document, read
from pjresolve.config.sorcery import Mapping, mappings
from pjresolve.config.wizard import FILE_NAME as WIZARD
from pjresolve.errors import BadInput, Location

PJSIP = "pjsip.conf"


class Around(NamedTuple):
    """A document, that of the wizards beside it, and what is taken from elsewhere."""

    document: Document
    wizard: Document | None
    mapped: tuple[Mapping, ...]


def read_around(path: Path, config_dir: Path | None, goes_on: bool) -> Around:
    """The document of `path` and what stands beside it. Raises BadInput as `reader.read` does for `path`."""
    document, wizard = _read_pair(path, config_dir, goes_on)
    return Around(document, wizard, mappings(Path(document.files[0])) if document.files else ())


def _read_pair(path: Path, config_dir: Path | None, goes_on: bool) -> tuple[Document, Document | None]:
    """The document of `path`, and that of the wizards beside it.

    Where `path` is a pjsip_wizard.conf, the document is that of the pjsip.conf beside it, or an empty one.
    """
    if path.name == WIZARD:
        wizard = read(path, config_dir=config_dir)
        main = path.with_name(PJSIP)
        if main.is_file():
            return read(main, config_dir=config_dir, goes_on=goes_on), wizard
        return Document((), (), ()), wizard
    document = read(path, config_dir=config_dir, goes_on=goes_on)
    beside = path.with_name(WIZARD)
    if path.name != PJSIP or not beside.is_file():
        return document, None
    try:
        return document, read(beside, config_dir=config_dir)
    except BadInput as wrong:
        where = wrong.where if isinstance(wrong.where, Location) else Location(str(beside))
        notice = Notice(where, f"nothing of {WIZARD} counts: {wrong.what}", wrong.hint, "broken-file")
        return document, Document((), (notice,), ())
