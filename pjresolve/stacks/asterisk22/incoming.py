"""What Asterisk 22 answers to a request of no dialogue: access lists, endpoint, challenge, dialplan.

Rules of this file:
- each quirk names the recording that shows it;
- what the dialplan does is not known: that a call reaches an extension is the end of the story.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from pjresolve.config.acl import acl_rules, lets_in
from pjresolve.config.dialplan import Context, look_up
from pjresolve.config.objects import Config, Endpoint
from pjresolve.errors import printable
from pjresolve.model import Protocol
from pjresolve.sip.message import IncomingMessage, address_uri, contact_address, user_and_host
from pjresolve.sip.uri import split_uri
from pjresolve.stacks.asterisk22.identify import Identified, LoadedIdentify, identify
from pjresolve.stacks.telephony import Key, Received

UNHANDLED = {"SUBSCRIBE": 489, "PUBLISH": 489, "MESSAGE": 501, "INFO": 501, "NOTIFY": 501}
"""Answers to what an endpoint sends that nothing here takes (`in-methods`)."""


@dataclass(frozen=True, slots=True)
class Door:
    """All that decides about a request: the configuration as loaded. `dialplan` None answers every extension.

    `lines` maps each `line` parameter that was given out to its endpoint.
    """

    config: Config
    identifies: Sequence[LoadedIdentify]
    lines: Mapping[str, str]
    dialplan: dict[str, Context] | None = None

    def ways_in(self) -> Iterator[Key]:
        """Nothing at all, names of endpoints in From and Authorization, what identify sections wait for."""
        yield Key("any call at all", {})
        for name in self.config.endpoints:
            uri = f"sip:{name}" if "@" in name else f"sip:{name}@anywhere.example"
            yield Key(f"From: <{uri}>", {"From": f"<{uri}>"})
            words = f"Authorization: Digest username={name.partition('@')[0]}, without a password"
            yield Key(words, {"Authorization": f'Digest username="{name}"'})
        for identify_ in self.config.identifies.values():
            name, _, value = (part.strip() for part in identify_.match_header.partition(":"))
            if value and not value.startswith("/"):
                yield Key(f"{name}: {value}", {name: value})
            uri = identify_.match_request_uri
            if uri and not uri.startswith("/"):
                yield Key(f"request URI {uri}", {}, uri)

    def receive(self, message: IncomingMessage) -> Received:
        """What Asterisk makes of the request."""
        if message.method == "ACK":
            return Received(None, "an ACK gets no answer")
        expires = message.header("session-expires")
        if expires is not None and not expires[:1].isdigit():  # `in-order-blank`
            return Received(
                None, "its Session-Expires is no number: the message is dropped without an answer"
            )
        barred = self._barred(message)
        if barred:
            return Received(403, barred)
        if message.method in ("BYE", "CANCEL"):
            return Received(481, f"there is no call that this {message.method} belongs to")
        found = identify(message, self.config, self.identifies, self.lines)
        return self._for(found, message)

    def _barred(self, message: IncomingMessage) -> str:
        """Why an access list turns the request away, before anybody asks whose it is (`in-acl-global`)."""
        contact = contact_address(message.header("contact"))
        for name, acl in self.config.acls.items():
            if not lets_in(acl_rules(acl.section), message.source):
                return f"type=acl [{printable(name)}] denies {message.source}"
            if contact and not lets_in(acl_rules(acl.section, "contact_deny", "contact_permit"), contact):
                return f"type=acl [{printable(name)}] denies the Contact {contact}"
        return ""

    def _for(self, found: Identified, message: IncomingMessage) -> Received:
        endpoint = found.endpoint
        if endpoint is None:
            return Received(401, "no endpoint is found: a challenge that no answer fits", looks=found.looks)
        denied = _denied(endpoint, message)
        if denied:  # challenged as somebody unknown is (`in-acl-endpoint`)
            return Received(401, denied, endpoint.name, found.by, looks=found.looks)
        open_options = message.method == "OPTIONS" and endpoint.allow_unauthenticated_options
        if endpoint.auth and not open_options:
            status, why = self._challenge(endpoint)
            return Received(status, why, endpoint.name, found.by, looks=found.looks)
        answer, why, extension = self._answer(endpoint, message)
        call = message.method == "INVITE" and answer in (200, None)
        return Received(
            answer,
            why,
            endpoint.name,
            found.by,
            endpoint.name if call else None,
            endpoint.context if call else None,
            extension if call else None,
            found.looks,
        )

    def _challenge(self, endpoint: Endpoint) -> tuple[int, str]:
        if any(name in self.config.auths for name in endpoint.auth):
            return 401, f"auth={printable(','.join(endpoint.auth))}: it is challenged"
        return 500, f"auth={printable(','.join(endpoint.auth))} names no auth section"

    def _answer(self, endpoint: Endpoint, message: IncomingMessage) -> tuple[int | None, str, str]:
        extension = extension_of(message.uri)
        if message.method == "REGISTER":
            return *self._registrar(endpoint, message), extension
        if message.method not in ("INVITE", "OPTIONS"):
            return UNHANDLED.get(message.method, 501), f"{message.method} is not taken from it", extension
        secure = message.uri.lower().startswith("sips:")
        if message.method == "INVITE" and secure and message.transport is not Protocol.TLS:
            return 480, f"the request URI is sips: and came over {message.transport.upper()}", extension
        if message.method == "INVITE" and not endpoint.allow:
            return 488, "the endpoint has no allow=, so no codec is left", extension  # `wi-no-allow`
        where = f"extension {printable(extension or 's')} of context {printable(endpoint.context)}"
        if message.method == "OPTIONS" and extension == "s":
            return 200, "OPTIONS to no user need no extension", extension
        if self.dialplan is None:
            return 200, f"{where}, where the dialplan has it", extension
        there = look_up(self.dialplan, endpoint.context, extension)
        if there.more and not there.there:
            return 484, f"{where} is not there, and a longer one could be", extension
        if not there.there:
            return 404, f"{where} is not there", extension
        answered = message.method == "OPTIONS" or there.application == "answer"
        return (200 if answered else None), where, extension

    def _registrar(self, endpoint: Endpoint, message: IncomingMessage) -> tuple[int, str]:
        """An AoR of the endpoint is found by the user of To, where `identify_by` holds username (`wi-phone`,
        `wi-phone-by-ip`).
        """
        if not endpoint.aors:
            return 403, "the endpoint has no AoR"
        user = user_and_host(message.header("to") or "")[0]
        names = {"username": user, "auth_username": message.auth_user}
        wanted = [names[by] for by in endpoint.identify_by if by in names]
        found = next((self.config.aors.get(n) for n in wanted if n in endpoint.aors), None)
        if found is None:
            return 404, f"no AoR of the endpoint is found for {printable(user or 'it')}"
        if not found.max_contacts:
            return 403, f"AoR {printable(found.name)} has max_contacts=0"
        return 200, f"it registers at AoR {printable(found.name)}"


def _denied(endpoint: Endpoint, message: IncomingMessage) -> str:
    """Why the endpoint's own access lists turn the request away."""
    if not lets_in(acl_rules(endpoint.section), message.source):
        return f"deny and permit of endpoint {printable(endpoint.name)} do not let {message.source} in"
    contact = contact_address(message.header("contact"))
    rules = acl_rules(endpoint.section, "contact_deny", "contact_permit")
    if contact and not lets_in(rules, contact):
        return f"contact_deny of endpoint {printable(endpoint.name)} denies the Contact {contact}"
    return ""


def extension_of(uri: str) -> str:
    """The extension that a request URI names: its user, unescaped, or `s` (`in-extension`)."""
    scheme, _, rest = address_uri(uri).partition(":")
    if scheme.lower() == "tel":
        return rest.partition(";")[0] or "s"
    parts = split_uri(uri)
    return unquote((parts.user or "").partition(":")[0]) or "s" if parts else "s"
