"""The rule PJ215."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule


class CalledAsS(Rule):
    """A registration without `contact_user`: the provider calls `s`.

    `contact_user` is what stands before the `@` of the registered Contact, and providers call just that.
    Without it Asterisk registers `sip:s@…`, and a call that comes for the Contact looks for the extension
    `s` of the endpoint's context, whatever number was dialled (recordings `wi-no-contact-user` and
    `wi-contact-user`). Where the dialplan has no `s`, it is turned away with 404. The rule leaves out
    registrations with `line=yes`: they have a context of their own choice, where an `s` can be meant.

    Bad:

        [itsp]
        type=registration
        ; without contact_user
        ; without line
        ; without endpoint

    Good:

        [itsp]
        type=registration
        contact_user=31201234567
    """

    code = "PJ215"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration with neither contact_user nor line."""
        for trunk in context.loaded:
            registration = trunk.registration
            if registration.contact_user or registration.line:
                continue
            contexts = {e.context for e in context.endpoints_of(trunk)}
            where = f" of {printable(next(iter(contexts)))}" if len(contexts) == 1 else ""
            yield self.finding(
                registration.where("contact_user"),
                f"registration {printable(trunk.name)} has no contact_user: it registers sip:s@…",
                f"calls for the Contact go to the extension s{where}, and fail where the dialplan has none",
                subject=trunk.name,
            )
