"""A peer as chan_sip sees it: where it is, what it is called, how it is reached; and URIs towards it.

Rules of this file: it reads options and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from pjresolve.config.reader import Entry
from pjresolve.migration.converters import words_of
from pjresolve.migration.output import OutSection
from pjresolve.migration.register_line import host_and_port
from pjresolve.migration.source import Options
from pjresolve.migration.transports import DEFAULT_PORT, PROTOCOLS, Transports, is_address

SAFE_IN_USER = "-_.!~*'()&=+$,/"
"""What a URI's user part holds as it is, besides letters and digits (RFC 3261 section 25.1)."""
TRUSTING, ANY_PORT = frozenset(("invite", "very", "yes")), frozenset(("port", "very", "yes"))
"""Words of insecure= for calls without a password, and from any port; chan_sip has dropped very and yes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a peer is: a host and a port."""

    host: str
    port: int | None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


class Peer:
    """A peer and what was written for it: its endpoint and aor, and the names of the auths for it.

    `credentials` are the user and the secret of that auth, `realms` the names of auths for one realm each.
    """

    def __init__(self, options: Options, general: Options) -> None:
        self.options, self.general = options, general
        self.name = options.name
        kinds = {e.value.lower() for e in options.all("type")}
        self.kind = kinds.pop() if len(kinds) == 1 else "friend"
        self.endpoint = self.outbound_auth = ""
        self.credentials = ("", "")
        self.realms: list[str] = []
        self.written: list[OutSection] = []
        self.place, self.place_entry, self.trouble = self._place()

    def _place(self) -> tuple[Place | None, Entry | None, str]:
        entry, port = self.options.last("host"), self.options.last("port")
        if entry is None or entry.value.lower() == "dynamic" or self.kind == "user":
            return None, entry, ""
        try:
            host, own = host_and_port(entry.value)
            given = host_and_port(f"h:{port.value}")[1] if port is not None and port.value else None
        except ValueError as exc:
            return None, entry, str(exc)
        return Place(host, given or own), entry, ""

    def protocols(self) -> list[str]:
        """The transports that the peer may use, without those that are off; the first for what we send."""
        entry = self.options.last("transport") or self.general.last("transport")
        words = words_of(entry.value) if entry is not None else []
        off = [p for p in ("tcp", "tls") if not self.general.true(f"{p}enable")]
        return [w for w in words if w in PROTOCOLS and w not in off]

    @property
    def protocol(self) -> str:
        """The transport for what we send."""
        return next(iter(self.protocols()), "udp")

    @property
    def recognised(self) -> bool:
        """Whether calls are told by where they come from; nobody can come from a host that cannot be read."""
        return self.kind != "user" and (self.place is not None or bool(self.trouble))

    def trusts(self) -> bool:
        """Whether insecure= lets calls in without a password."""
        return bool(TRUSTING & self._insecure())

    def port_to_match(self) -> int | None:
        """The port that calls come from, which chan_sip minds over UDP alone; None for any.

        Where none is given it is 5060; for a name, SRV records say which.
        """
        if self.place is None or ANY_PORT & self._insecure() or set(self.protocols()) - {"udp"}:
            return None
        return self.place.port or (DEFAULT_PORT["udp"] if is_address(self.place.host) else None)

    def _insecure(self) -> set[str]:
        entry = self.options.last("insecure")
        return set(words_of(entry.value)) if entry is not None else set()

    def setting(self, *names: str) -> Entry | None:
        """The peer's own option, else the general one."""
        return self.options.last(*names) or self.general.last(*names)

    def has_remote_secret(self) -> bool:
        """Whether the peer is answered with a secret of its own."""
        remote = self.options.last("remotesecret")
        return remote is not None and remote.value != ""

    def answer(self) -> str:
        """The secret that the peer is answered with: remotesecret, else secret."""
        entry = self.options.last("remotesecret" if self.has_remote_secret() else "secret")
        return entry.value if entry is not None else ""

    def user(self) -> str:
        """The name it calls us by: defaultuser, once called username."""
        entry = self.options.last("defaultuser", "username")
        return entry.value if entry is not None else ""


def uri_user(text: str) -> str:
    """A user part as a URI holds it, other characters as %XX (RFC 3261 section 19.1.2)."""
    plain = (c for c in text.encode("utf-8", "surrogateescape"))
    return "".join(
        chr(b) if (chr(b).isalnum() and b < 128) or chr(b) in SAFE_IN_USER else f"%{b:02X}" for b in plain
    )


def proxy_uri(value: str, transports: Transports, default: str) -> str:
    """`[transport://]host[:port][,force]` as the URI of a loose router, over `default` where it names none.

    Raises ValueError.
    """
    text = value.split(",")[0].strip()
    protocol, there, rest = text.partition("://")
    host, port = host_and_port(rest if there else text)
    if there and protocol.lower() not in PROTOCOLS:
        raise ValueError("the transport before :// is unknown")
    suffix = transports.suffix(protocol.lower() if there else default)
    return f"sip:{Place(host, port)}{suffix};lr"
