"""The rule PJ315."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pjresolve.config.objects import Auth
from pjresolve.lint.access import is_telephone
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.placeholders import is_placeholder
from pjresolve.lint.rule import Rule
from pjresolve.words import listed, plural

SHORT = 6
"""Characters that a password has at least."""
_WORDS = """
    1 12 123 0000 000000 00000000 1111 111111 11111111 1234 12345 123456 1234567 12345678 123456789 1234567890
    123123 654321 87654321 112233 121212 666666 888888 abc123 abcd1234 admin admin123 administrator asdf1234
    asterisk asterisk123 asterisk1234 changeit changeme changeme123
    clave contrasena default demo1234 freepbx guest
    hello123 iloveyou letmein master mypassword p@ssw0rd p@ssword pass pass123 pass1234 passw0rd passwd
    password password1 password12 password123 password1234 phone phone123 qwerty qwerty123 qwertyuiop root
    secret secret123 secret1234 secretpassword senha senha123 sip sip123 sip1234 supersecret
    superpassword telefono test test123 test1234 testing testing123 tester user user123
    voip voip123 voip1234 welcome welcome1
    welcome123 yourpassword your_password unsecurepassword insecurepassword
    """
COMMON = frozenset(_WORDS.split())
"""Words that are tried first: a short list of what configurations and password lists have in common."""


@dataclass(frozen=True, slots=True)
class Login:
    """The auth section of a telephone: the names that an attacker knows or tries, and its password."""

    auth: Auth
    names: tuple[str, ...]
    password: str


class GuessablePassword(Rule):
    """A telephone's password that is guessed.

    Who has it makes calls at the owner's cost, from anywhere. Nothing slows guesses down: Asterisk
    answered 40 wrong ones in 4 s with 401 each, and would have gone on (recording `wi-guesses`). Machines on
    the Internet try the names of telephones with the name as the password, and lists of a hundred words,
    all day. One REGISTER that is overheard is enough to try the rest without asking: a slow program on one
    core tries 170,000 passwords a second, all of five small letters in 70 s, all of six digits in 6 s. Told
    are a password that is the name, alone or with a common word, one of a short list, one shorter than 6
    characters, and one that all telephones share. The password itself is never shown.

    Bad:

        [desk]
        type=endpoint
        context=phones
        auth=desk
        aors=desk
        allow=alaw

        [desk]
        type=auth
        username=desk
        password=desk

        [desk]
        type=aor
        max_contacts=1

    Good:

        [desk]
        type=endpoint
        context=phones
        auth=desk
        aors=desk
        allow=alaw

        [desk]
        type=auth
        username=desk
        password=Wm7qTz4vKx2d

        [desk]
        type=aor
        max_contacts=1
    """

    code = "PJ315"

    def check(self, context: Context) -> Iterable[Finding]:
        """One finding for each way in which passwords are guessed, at the first that is."""
        logins = list(_logins(context))
        weak: dict[str, list[Login]] = {}
        for login in logins:
            reason = _reason(login)
            if reason:
                weak.setdefault(reason, []).append(login)
        if not weak and len(logins) > 1 and len({login.password for login in logins}) == 1:
            weak["one that all telephones share"] = logins
        for reason, found in weak.items():
            names = listed(dict.fromkeys(login.names[0] for login in found))
            subject = f"the passwords of {names} are" if len(found) > 1 else f"the password of {names} is"
            then = "whoever guesses it makes calls at your cost; Asterisk answers guesses without end"
            if reason.startswith("one"):
                then = f"who has one telephone has all {plural(len(found), 'telephone')}"
            yield self.finding(
                found[0].auth.where("password"),
                f"{subject} {reason}",
                then,
                subject=found[0].auth.name,
            )


def _logins(context: Context) -> Iterator[Login]:
    """The login of each telephone whose password is written out, each auth section once."""
    names: dict[str, list[str]] = {}
    for endpoint in context.config.endpoints.values():
        if is_telephone(context, endpoint):
            for auth in endpoint.auth:
                names.setdefault(auth, []).append(endpoint.name)
    for name, endpoints in names.items():
        found = context.config.auths.get(name)
        entry = found.section.last("password") if found is not None else None
        if found is not None and entry is not None and entry.value and not is_placeholder(entry.value):
            yield Login(found, (*endpoints, found.username, name), entry.value)


def _reason(login: Login) -> str:
    """How the password is guessed, or the empty text. Signs do not count: `change_me` is `changeme`."""
    password = login.password.lower()
    names = {name.lower() for name in login.names if name}
    if password in names:
        return "the name"
    for name in names:
        rest = _bare(password.replace(name, "", 1))
        if len(name) > 1 and name in password and (rest in COMMON or rest == _bare(name) or not rest):
            return "the name and little more"
    if _bare(password) in COMMON or password in COMMON or len(set(password)) == 1:
        return "among the first words that are tried"
    if len(password) < SHORT:
        return f"shorter than {SHORT} characters"
    return ""


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
