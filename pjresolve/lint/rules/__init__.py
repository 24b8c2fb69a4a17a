"""Every rule, family by family."""

from __future__ import annotations

from pjresolve.lint.rule import Rule
from pjresolve.lint.rules import (
    access,
    certificates,
    endpoints,
    fallbacks,
    identify,
    names,
    offers,
    paths,
    records,
    redundancy,
    registration,
    retries,
    sockets,
    syntax,
    tls,
    transports,
    unused,
    uris,
)

ALL: tuple[type[Rule], ...] = (
    *sockets.RULES,
    *transports.RULES,
    *certificates.RULES,
    *tls.RULES,
    *registration.RULES,
    *uris.RULES,
    *retries.RULES,
    *paths.RULES,
    *identify.RULES,
    *endpoints.RULES,
    *access.RULES,
    *redundancy.RULES,
    *offers.RULES,
    *fallbacks.RULES,
    *records.RULES,
    *syntax.RULES,
    *names.RULES,
    *unused.RULES,
)
