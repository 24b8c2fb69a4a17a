"""The tables of endpoints, contacts, AoRs and identify sections, in the layout of Asterisk's own commands.

Rules of this file:
- each table is the command's output to the byte, as `console.tables` has it;
- it shows what it is given: which contacts answer and which addresses a name has is known elsewhere;
- the round trip time of a contact depends on the moment: `<rtt>` stands in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from pjresolve.config.objects import Aor, Config, Endpoint
from pjresolve.console.tables import byte_order, filled, foreign, table, transport_row

ENDPOINTS_HEAD = """\
 Endpoint:  <Endpoint/CID.....................................>  <State.....>  <Channels.>
    I/OAuth:  <AuthId/UserName...........................................................>
        Aor:  <Aor............................................>  <MaxContact>
      Contact:  <Aor/ContactUri..........................> <Hash....> <Status> <RTT(ms)..>
  Transport:  <TransportId........>  <Type>  <cos>  <tos>  <BindAddress..................>
   Identify:  <Identify/Endpoint.........................................................>
        Match:  <criteria.........................>
    Channel:  <ChannelId......................................>  <State.....>  <Time.....>
        Exten: <DialedExten...........>  CLCID: <ConnectedLineCID.......>"""
CONTACTS_HEAD = "  Contact:  <Aor/ContactUri..............................> <Hash....> <Status> <RTT(ms)..>"
AORS_HEAD = """\
      Aor:  <Aor..............................................>  <MaxContact>
    Contact:  <Aor/ContactUri............................> <Hash....> <Status> <RTT(ms)..>"""
IDENTIFIES_HEAD = """\
 Identify:  <Identify/Endpoint...........................................................>
      Match:  <criteria...........................>"""
RTT = "<rtt>"
"""What stands for the milliseconds that a contact took to answer."""
ENDPOINT_AND_CID = 51
"""Characters of an endpoint's name and of its caller ID's number that are shown."""


class Status(StrEnum):
    """What is known of a contact, in Asterisk's words."""

    AVAILABLE = "Avail"
    UNAVAILABLE = "Unavail"
    NOT_QUALIFIED = "NonQual"


class ContactRow(NamedTuple):
    """A contact: its AoR, its URI as the file writes it, the first digits of its hash, and its status."""

    aor: str
    uri: str
    hash: str
    status: Status


class IdentifyRow(NamedTuple):
    """An identify section: `criteria` are its networks in the order in which they are compared."""

    name: str
    endpoint: str
    criteria: tuple[str, ...]
    header: str
    request_uri: str


class EndpointState(NamedTuple):
    """What depends on the moment: whether a contact can be called, and the number of the caller ID."""

    available: bool
    caller: str


def contacts_table(contacts: Iterable[ContactRow]) -> str:
    """What `pjsip show contacts` prints."""
    ordered = sorted(contacts, key=lambda c: byte_order(f"{c.aor}/{c.uri}"))
    return table(CONTACTS_HEAD, (_contact(c, 2) for c in ordered))


def aors_table(aors: Iterable[Aor], contacts: Mapping[str, Sequence[ContactRow]]) -> str:
    """What `pjsip show aors` prints; `contacts` are those of each AoR, in Asterisk's order."""
    ordered = sorted(aors, key=lambda a: byte_order(a.name))
    return table(AORS_HEAD, ("\n".join(_aor(a, contacts.get(a.name, ()), indent=4)) + "\n" for a in ordered))


def identifies_table(identifies: Iterable[IdentifyRow]) -> str:
    """What `pjsip show identifies` prints."""
    ordered = sorted(identifies, key=lambda i: byte_order(i.name))
    return table(IDENTIFIES_HEAD, ("\n".join(_identify(i, indent=1)) + "\n" for i in ordered))


def endpoints_table(
    config: Config,
    states: Mapping[str, EndpointState],
    contacts: Mapping[str, Sequence[ContactRow]],
    identifies: Sequence[IdentifyRow],
) -> str:
    """What `pjsip show endpoints` prints while there is no call."""
    ordered = sorted(config.endpoints.values(), key=lambda e: byte_order(e.name))
    blocks = (_endpoint(e, config, states[e.name], contacts, identifies) for e in ordered)
    return table(ENDPOINTS_HEAD, ("\n".join(lines) + "\n" for lines in blocks))


def _endpoint(
    endpoint: Endpoint,
    config: Config,
    state: EndpointState,
    contacts: Mapping[str, Sequence[ContactRow]],
    identifies: Sequence[IdentifyRow],
) -> Iterator[str]:
    word = "Not in use" if state.available else "Unavailable"
    both = f"{endpoint.name}/{state.caller}" if state.caller else endpoint.name
    most = endpoint.device_state_busy_at or "inf"
    yield f" Endpoint:  {filled(both, ENDPOINT_AND_CID)}  {word:<12}  0 of {most}"
    for title, names in (("OutAuth", endpoint.outbound_auth), ("InAuth", endpoint.auth)):
        for auth in (config.auths[name] for name in names if name in config.auths):
            yield f"{title:>11}:  {foreign(auth.name)}/{foreign(auth.username)}"
    for aor in (config.aors[name] for name in endpoint.aors if name in config.aors):
        yield from _aor(aor, contacts.get(aor.name, ()), indent=6)
    transport = config.transports.get(endpoint.transport)
    if transport is not None:
        yield f"  {transport_row(transport)}"
    for identify in sorted(identifies, key=lambda i: byte_order(i.name)):
        if identify.endpoint == endpoint.name:
            yield from _identify(identify, indent=3)


def _aor(aor: Aor, contacts: Iterable[ContactRow], indent: int) -> Iterator[str]:
    """An AoR, whose name is cut to its column, and its contacts at `indent`."""
    yield f"{'':{indent + 2}}Aor:  {filled(aor.name, 45 - indent)}  {aor.max_contacts:>11}"
    for contact in contacts:
        yield _contact(contact, indent)


def _contact(contact: ContactRow, indent: int) -> str:
    rtt = RTT if contact.status is Status.AVAILABLE else "-nan"
    both = _both(f"{contact.aor}/", contact.uri, 48 - indent)
    return f"{'':{indent}}Contact:  {both} {contact.hash} {contact.status:<7} {rtt:>11}"


def _both(name: str, uri: str, wide: int) -> str:
    """An AoR and a URI, which is cut or padded to the room that the name leaves.

    Where it leaves none, the URI stays whole and has as many characters as are lacking (`st-names`).
    """
    room = wide - len(byte_order(name))
    return foreign(name) + (filled(uri, room) if room >= 0 else filled(uri, max(-room, len(byte_order(uri)))))


def _identify(identify: IdentifyRow, indent: int) -> Iterator[str]:
    yield f"{'':{indent}}Identify:  {foreign(identify.name)}/{foreign(identify.endpoint)}"
    rows = [("Match", text) for text in identify.criteria]
    rows += [("Header", identify.header)] if identify.header else []
    rows += [("RequestURI", identify.request_uri)] if identify.request_uri else []
    for title, text in rows:
        yield f"{title:>{indent + 10}}: {foreign(text)}"
