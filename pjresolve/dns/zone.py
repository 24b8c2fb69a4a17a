"""Answers from zone-file text (RFC 1035 section 5).

Rules of this file:
- the text may hold several domains; records keep the order in which it gives them;
- a name that neither has records nor lies above one that has is NXDOMAIN, any other without records of the
  type asked for is NODATA (recording `dns-nxdomain`); wildcards are expanded (RFC 1034 section 4.3.3);
- CNAMEs are followed eight times; after that, in a circle, and where they leave the text, it is NODATA;
- an error names the line at which the record in question begins, and shows nothing of a file that is no zone:
  whatever it is, its lines are not for everybody to see.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pjresolve.dns.source import FAILURES, DnsFault
from pjresolve.errors import BadInput, Location, printable
from pjresolve.model import Answer, Query, Record, RecordData, Status

if TYPE_CHECKING:
    import dns.name
    import dns.rdata

MAX_CHARACTERS, MAX_RECORDS, MAX_CNAMES = 16 << 20, 50_000, 8
DATAGRAM = 1232
"""Bytes of an answer that fit into a UDP datagram everywhere (recording `dns-size-a80`)."""
MOST_OVERHEAD = 24
"""Bytes of a record beside the text of its data, at most, where its owner name is compressed."""
DIRECTIVES = ("$ORIGIN", "$TTL", "$GENERATE")
"""What a zone text may use. `$INCLUDE` is left out: a zone is one text."""

_FIRST_LABEL = re.compile(r"(?:[^.\\]|\\.)*\.")
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


class ZoneSource:
    """Answers queries from zone-file text, as its authoritative server would.

    `origin` completes relative names until a `$ORIGIN` does. `where` is the place of the text's first line.
    `faults` go before the text. `recorded` says how queries ended that were really asked: where it is not
    empty, a query it does not hold and for which the text has nothing is UNKNOWN.
    Raises BadInput with the line for a text that is no zone file; of a `private` one nothing is shown then
    unless something in it is a zone's.
    """

    def __init__(
        self,
        text: str,
        *,
        origin: str = ".",
        where: Location | None = None,
        faults: Mapping[Query, DnsFault] = _NOTHING,
        recorded: Mapping[Query, Status] = _NOTHING,
        private: bool = False,
    ) -> None:
        self._records: dict[str, dict[str, list[Record]]] = {}
        self._cnames: dict[str, tuple[str, int]] = {}
        self._above: set[str] = set()  # names that have other names below them
        self._seen: set[tuple[str, RecordData]] = set()
        self._faults, self._recorded = faults, recorded
        self._missing = {q.name for q, status in recorded.items() if status is Status.NXDOMAIN}
        _read(text, origin, where or Location("zone", 1), self, private)

    def add(self, name: dns.name.Name, ttl: int, rdata: dns.rdata.Rdata) -> None:
        """Take a record of the text in."""
        from pjresolve.dns.rdata import CNAME, name_text, record_of

        owner = name_text(name)
        sets = self._records.get(owner)
        if sets is None:
            sets = self._records[owner] = {}
            parent = _parent(owner)
            while parent and parent not in self._above:
                self._above.add(parent)
                parent = _parent(parent)
        if int(rdata.rdtype) == CNAME:
            self._cnames.setdefault(owner, (name_text(rdata.target), ttl))  # type: ignore[attr-defined]
        record = record_of(owner, ttl, rdata)
        # a set holds each data once (RFC 2181 section 5)
        if record and (owner, record.data) not in self._seen:
            self._seen.add((owner, record.data))
            sets.setdefault(record.rtype, []).append(record)

    def has(self, name: str) -> bool:
        """Whether there is such a name: it has records, or lies above one that has."""
        return name in self._records or name in self._above

    def lookup(self, query: Query) -> Answer:
        """The answer to `query`; a fault's delay is its `seconds`."""
        fault = self._faults.get(query)
        if fault and fault.kind != "delay":
            # a snapshot remembers failures that a fault cannot express
            recorded = self._recorded.get(query)
            return Answer(query, recorded if recorded and recorded.failed else FAILURES[fault.kind])
        seconds = fault.delay if fault else 0.0
        status, records, cnames = self._walk(query)
        if self._recorded and not records:
            status = self._recorded.get(query) or (
                Status.NXDOMAIN if query.name in self._missing else Status.UNKNOWN
            )
        astray = len(cnames) == MAX_CNAMES or any(cnames[-1][1] == owner for owner, _ in cnames)
        detail = "the CNAMEs lead in a circle or too far" if astray else ""
        ttls = tuple(self._cnames[self._source_of(owner) or owner][1] for owner, _ in cnames)
        return Answer(
            query, status, records, cnames, seconds, detail, _needs_tcp(query, records), cname_ttls=ttls
        )

    def _walk(self, query: Query) -> tuple[Status, tuple[Record, ...], tuple[tuple[str, str], ...]]:
        node = query.name
        cnames: list[tuple[str, str]] = []
        while len(cnames) < MAX_CNAMES:
            source = self._source_of(node)
            if source is None:
                if not cnames and node not in self._above and node != ".":
                    return Status.NXDOMAIN, (), ()
                break
            found = self._records[source].get(query.rtype)
            if found:
                if source != node:
                    found = [Record(node, r.ttl, r.rtype, r.data) for r in found]
                return Status.NOERROR, tuple(found), tuple(cnames)
            if source not in self._cnames:
                break
            known = {owner for owner, _ in cnames}
            cnames.append((node, self._cnames[source][0]))
            node = self._cnames[source][0]
            if node in known or node == cnames[-1][0]:
                break
        return Status.NODATA, (), tuple(cnames)

    def _source_of(self, name: str) -> str | None:
        """The owner whose records answer for `name`: itself, or the wildcard at its closest encloser."""
        if name in self._records:
            return name
        if name in self._above:
            return None
        encloser = _parent(name)
        while encloser and encloser not in self._records and encloser not in self._above:
            encloser = _parent(encloser)
        wildcard = "*" if encloser in ("", ".") else f"*.{encloser}"
        return wildcard if wildcard in self._records else None


def _needs_tcp(query: Query, records: tuple[Record, ...]) -> bool:
    """Whether an answer is larger than DATAGRAM bytes, with names compressed as dnspython does it."""
    if sum(len(str(r.data)) + MOST_OVERHEAD for r in records) + len(query.name) <= DATAGRAM:
        return False
    import dns.exception
    import dns.message
    import dns.name
    import dns.rrset

    message = dns.message.make_response(dns.message.make_query(query.name, query.rtype))
    owner, root = dns.name.from_text(records[0].name), dns.name.root
    texts = [str(r.data) for r in records]
    rrset = dns.rrset.from_text_list(owner, 0, "IN", query.rtype, texts, origin=root, relativize=False)
    message.answer.append(rrset)
    try:
        return len(message.to_wire(max_size=65535)) > DATAGRAM
    except dns.exception.TooBig:  # no message at all holds so much
        return True


def _parent(name: str) -> str:
    """The name above: "." above a top-level domain, "" above the root."""
    match = _FIRST_LABEL.match(name)
    if name == ".":
        return ""
    return name[match.end() :] if match else "."


def _read(text: str, origin: str, where: Location, zone: ZoneSource, private: bool) -> None:
    """Put every record of `text` into `zone`."""
    import dns.exception
    import dns.name
    import dns.rdataclass
    import dns.tokenizer
    import dns.zonefile

    class Tokenizer(dns.tokenizer.Tokenizer):
        """Remembers at which line the current entry begins: its reader asks for an entry in this way only."""

        entry = 1

        def get(self, want_leading: bool = False, want_comment: bool = False) -> dns.tokenizer.Token:
            if want_leading and want_comment:
                self.entry = self.where()[1]
            return super().get(want_leading, want_comment)

    if len(text) > MAX_CHARACTERS:
        raise BadInput(f"larger than {MAX_CHARACTERS >> 20} MiB", where=Location(where.file))
    tokens = Tokenizer(text, where.file)
    try:
        sink: Any = _Sink(zone, dns.name.root)
        reader = dns.zonefile.Reader(tokens, dns.rdataclass.IN, sink, allow_directives=DIRECTIVES)
        reader.current_origin = reader.last_name = dns.name.from_text(origin)
        reader.read()
    except (dns.exception.DNSException, ValueError, AttributeError) as exc:
        place = Location(where.file, max(where.line, 1) + tokens.entry - 1)
        lines = text.splitlines()
        if private and not sink.count and not any(line.startswith(DIRECTIVES) for line in lines):
            raise BadInput("no zone file: this is no record", where=place, hint=_hint(exc)) from None
        said = f"{_said(exc, tokens)}, in {printable(repr(lines[tokens.entry - 1][:80]), 60)}"
        raise BadInput(said, where=place, hint=_hint(exc)) from None


class _Sink:
    """What dnspython's zone reader needs of a transaction.

    The zone's origin is the root, since the reader silently leaves out what lies outside of it.
    """

    def __init__(self, zone: ZoneSource, root: dns.name.Name) -> None:
        self.manager = self
        self.root, self.zone, self.count = root, zone, 0

    def origin_information(self) -> tuple[dns.name.Name, bool, dns.name.Name]:
        return self.root, False, self.root

    def check_put_rdataset(self, check: object) -> None:
        """A CNAME beside other data is let through: what happens then is for the walk to say."""

    def _set_origin(self, origin: dns.name.Name) -> None:
        """`$ORIGIN` is the reader's own business."""

    def add(self, name: dns.name.Name, ttl: int, rdata: dns.rdata.Rdata) -> None:
        self.count += 1
        if self.count > MAX_RECORDS:
            raise ValueError(f"more than {MAX_RECORDS:,} records")
        self.zone.add(name, ttl, rdata)


def _said(exc: Exception, tokens: Any) -> str:
    """dnspython's words without its own place."""
    file, line = tokens.where()
    words = str(exc).removeprefix(f"{file}:{line}: ")
    words = re.sub(r"^caught exception <class '[\w.]+'>: ", "", words)
    words = words.replace("expected EOL or EOF, got 3", "the line should end before")
    return f"no zone file: {words.rstrip('.') or 'a record is incomplete'}"


def _hint(exc: Exception) -> str:
    return "give the record a TTL, or the zone a `$TTL 300`" if "default TTL" in str(exc) else ""
