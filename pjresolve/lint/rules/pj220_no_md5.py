"""The rule PJ220."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.words import listed

MD5 = "MD5"


class NoMd5(Rule):
    """A registration that answers no challenge for MD5.

    Nearly every provider challenges for MD5. Where `supported_algorithms_uac` of the auth, or
    `default_auth_algorithms_uac` of `[global]` for an auth without, leaves it out, such a challenge is not
    answered, and the 401 ends the registration as a wrong password does (recordings `alg-sha-256-md5`,
    `galg-sha-256-md5`). It is right only where the server is known to offer another algorithm.

    Bad:

        [itsp]
        type=auth
        username=account
        password=secret
        supported_algorithms_uac=SHA-256

    Good:

        [itsp]
        type=auth
        username=account
        password=secret
        supported_algorithms_uac=SHA-256,MD5
    """

    code = "PJ220"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration none of whose passwords is used for MD5."""
        config = context.config
        default = config.global_.default_auth_algorithms_uac
        for trunk in context.trunks:
            auths = [config.auths[n] for n in trunk.registration.outbound_auth if n in config.auths]
            algorithms = {auth.name: auth.supported_algorithms_uac or default for auth in auths}
            if not auths or any(MD5 in map(str.upper, names) for names in algorithms.values()):
                continue
            first = auths[0]
            own = bool(first.supported_algorithms_uac)
            option = "supported_algorithms_uac" if own else "default_auth_algorithms_uac"
            yield self.finding(
                (first if own else config.global_).where(option),
                f"{option} has {listed(algorithms[first.name])} alone for {printable(first.name)}",
                "a server that challenges for MD5 gets no answer, and the registration ends at its 401",
                advice="add MD5, unless the server is known to offer another algorithm",
                subject=trunk.name,
            )
