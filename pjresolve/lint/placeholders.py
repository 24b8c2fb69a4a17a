"""Values that somebody was to fill in and did not.

Rules of this file:
- what is said to be one has the marks of one; a plain word never is;
- an option whose values have such marks by their own grammar is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pjresolve.config.sections import Document, Entry, Section
from pjresolve.errors import Location

_MARKS = re.compile(
    r"""
    \$\{[^{}]*\} | \$\([^()]*\) | \$[A-Z][A-Z0-9_]{2,}     # ${X}, $(X), $X
    | \{\{.*?\}\} | \{[A-Za-z][A-Za-z0-9_. -]+\}           # {{ X }}, {X}
    | <%.*?%> | <[A-Za-z][A-Za-z0-9_ ./-]*>                # <X>
    | __[A-Za-z][A-Za-z0-9_]*?__                           # __X__
    | (?<![A-Za-z0-9])@[A-Z][A-Z0-9_]*@(?![A-Za-z0-9])     # @X@
    | (?<![A-Za-z0-9])%[A-Z][A-Z0-9_]*%(?![A-Za-z0-9])     # %X%
    | ^\[[^\]:]*[A-Za-z_]{2}[^\]:]*\]$                     # [X]
    | \b[Xx]{1,3}(?:\.[Xx]{1,3}){3}\b | \bX{4,} | ^x{4,}$  # xxx.xxx.xxx.xxx
    | ^\*{3,}$                                             # what was blacked out
    | (?<![A-Za-z])(?:CHANGE|REPLACE|INSERT|FILL)[_-]?(?:ME|THIS|WITH|HERE|IN|YOUR)(?![A-Za-z])
    | (?<![A-Za-z])(?:YOUR|INSERT|REPLACE)[_-][A-Z]
    | (?<![A-Za-z0-9])[A-Z][A-Z0-9_]*_HERE(?![A-Za-z0-9])  # X_HERE
    | (?<![A-Za-z])[Yy]our[ _-][A-Za-z]
    """,
    re.VERBOSE,
)
_COMMENT = re.compile(r"\s+(?://|#)")
_OWN_MARKS = frozenset(("set_var", "callerid", "match_header", "match_request_uri"))
"""Options whose values may have such marks and be whole."""
_SECRETS = ("password", "secret", "cred", "token")
"""In the names of options whose values are not shown: what looks like a placeholder may be none."""
_OWN_TYPES = frozenset(("phoneprov", "wizard"))
"""Types whose values Asterisk itself fills in: `${REMOTE_HOST}`, `${EXTEN}`."""
WHATEVER_THE_VALUE = frozenset(
    ("PJ502", "PJ503", "PJ504", "PJ508", "PJ510", "PJ512", "PJ513", "PJ528", "PJ529")
)
"""Rules that speak of names and syntax, whatever the value is."""


def is_placeholder(value: str) -> bool:
    """Whether a value has the marks of a place to fill in: `${X}`, `<X>`, `{{ X }}`, `__X__`, `@X@`, `%X%`,
    `YOUR_X`, `X_HERE`, `CHANGEME`, `xxx.xxx.xxx.xxx`; not in what was meant as a comment.
    """
    return _MARKS.search(uncommented(value)) is not None


def uncommented(value: str) -> str:
    """What stands before a comment of another language: ` // your network`, ` # the office`."""
    return _COMMENT.split(value, maxsplit=1)[0]


def held(section: Section) -> Iterator[Entry]:
    """The entries of a section that hold a placeholder."""
    if section.type in _OWN_TYPES:
        return
    for entry in section.entries:
        if entry.name.lower() not in _OWN_MARKS and is_placeholder(entry.value):
            yield entry


def places(document: Document) -> dict[Location, str]:
    """The placeholders of a document and their lines: names of sections, and values."""
    out: dict[Location, str] = {}
    for section in document.sections:
        if is_placeholder(section.name):
            out[section.where] = f"[{section.name}]"
        for entry in held(section):
            secret = any(word in entry.name.lower() for word in _SECRETS)
            out[entry.where] = entry.name if secret else f"{entry.name}={entry.value}"
    return out
