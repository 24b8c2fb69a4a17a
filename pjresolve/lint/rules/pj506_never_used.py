"""The rule PJ506."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import objects
from pjresolve.lint.spelling import misspelt


class NeverUsed(Rule):
    """A section that nothing uses.

    An `auth` that no `auth=` or `outbound_auth=` names, an `aor` that is in no endpoint's `aors`:
    they load, and do nothing. Often the name is misspelt somewhere.

    Bad:

        [old-account]
        type=auth
        username=old
        password=secret

    Good:

        [itsp]
        type=auth
        username=account
        password=secret
    """

    code = "PJ506"
    severity = Severity.INFO
    absent = ("endpoint", "registration")
    naming: ClassVar[dict[str, tuple[str, ...]]] = {"auth": ("auth", "outbound_auth"), "aor": ("aors", "aor")}

    def check(self, context: Context) -> Iterable[Finding]:
        """Each auth and aor that no section names."""
        options = {name for names in self.naming.values() for name in names}
        named: set[str] = set()
        for _, section in objects(context):
            for entry in section.entries:
                if entry.name.lower() in options:
                    named |= {name.strip() for name in entry.value.split(",")}
        for kind, section in objects(context):
            if kind not in self.naming or section.name in named:
                continue
            if not _missed(context, kind, section.name):
                yield self.finding(
                    section.where,
                    f"nothing uses the {kind} {printable(section.name)}",
                    "it loads, and does nothing",
                    advice=f"name it in {self.naming[kind][0]}= of the endpoint that it is for, or remove it",
                    subject=section.name,
                )


def _missed(context: Context, kind: str, name: str) -> bool:
    """Whether it is only that an endpoint fails to name it: PJ306 and PJ311 say so."""
    config = context.config
    endpoint = config.endpoints.get(name)
    if endpoint is not None and kind == "aor" and not endpoint.aors:
        return True
    known = config.aors if kind == "aor" else config.auths
    given = [
        n
        for e in config.endpoints.values()
        for n in (e.aors if kind == "aor" else (*e.auth, *e.outbound_auth))
    ]
    given += [n for r in config.registrations.values() for n in r.outbound_auth] if kind == "auth" else []
    return any(misspelt(wrong, [name]) for wrong in given if wrong not in known)
