"""The rule PJ528."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.schema import option
from pjresolve.config.values import split_list
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import objects
from pjresolve.lint.versions import Version, first_version, has, releases, spelt


class NewerOption(Rule):
    """An option that this Asterisk does not have yet.

    An Asterisk that is older than an option refuses the whole object for it, as for a misspelt one. The
    version is the one given with `--asterisk`; the table of options and versions is made from Asterisk's own
    changelogs and documentation. An option that is newer than what was recorded here (22.10.1) is told as an
    info where no minor version is given, since then it is not known on which side of it this one is.

    Bad:

        ; with --asterisk 13.10
        [itsp]
        type=endpoint
        rtcp_mux=yes

    Good:

        ; with --asterisk 13.10
        [itsp]
        type=endpoint
        ; without identify_by
        rtp_symmetric=yes
    """

    code = "PJ528"
    severity = Severity.ERROR
    also = (Severity.INFO,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each option, and each value of identify_by, that is newer than the version."""
        version = context.version
        seen: set[object] = set()
        for kind, section in objects(context):
            for entry in section.entries:
                name = entry.name.lower()
                values = split_list(entry.value) if name == "identify_by" else ()
                wanted = [(name, first_version(kind, name))]
                wanted += [(f"{name}={value}", first_version(kind, name, value)) for value in values]
                for what, first in wanted:
                    if first is None or (entry, what) in seen:
                        continue
                    seen.add((entry, what))
                    unsure = option(kind, name) is None and len(version) == 1 and has(version, first)
                    if unsure or not has(version, first):
                        yield self.finding(
                            entry.where,
                            f"{printable(what)} came with Asterisk {releases(first)}",
                            _then(version, kind, section.name, unsure),
                            subject=section.name,
                            severity=Severity.INFO if unsure else Severity.ERROR,
                        )


def _then(version: Version, kind: str, name: str, unsure: bool) -> str:
    which = "an older Asterisk" if unsure else f"Asterisk {spelt(version)}"
    return f"{which} refuses the {kind} {printable(name)}: it does not know the option"
