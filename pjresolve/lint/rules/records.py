"""PJ408, PJ409, PJ411, PJ412, PJ414, PJ415 and PJ417: records that do not do what they were written for."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.rule import Rule
from pjresolve.lint.rules.offers import by_srv, srv_records
from pjresolve.lint.words import fate
from pjresolve.model import Finding, Severity, Status
from pjresolve.stacks.asterisk22.policy import SRV_POLICY
from pjresolve.trace import RecordSkipped
from pjresolve.words import listed, span


class SrvToCname(Rule):
    """An SRV record leads to a CNAME.

    RFC 2782 forbids it. Asterisk leaves it to the recursive resolver, which follows (recording
    `srv-cname`); other clients do not, and the address costs one more query.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 alias.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        alias.example.net. 300 IN CNAME a.example.net.
        a.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ408"
    severity = Severity.INFO
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each SRV target that is an alias."""
        for trunk in by_srv(context):
            for host in dict.fromkeys(data.target for _, _, data in srv_records(trunk)):
                aliases = [c for rtype in ("AAAA", "A") for c in trunk.ask(host, rtype).cnames]
                if aliases:
                    yield self.found(
                        trunk.registration.where("server_uri"),
                        f"the SRV target {printable(host)} is a CNAME for {printable(aliases[-1][1])}",
                        "Asterisk follows it, other clients may not",
                        subject=trunk.name,
                    )


class SrvToNothing(Rule):
    """An SRV record leads to a host without addresses.

    An SRV answer is never undone: with such a record alone, the host's own addresses are not used
    either, and the list is empty. Recordings `srv-dangling`, `srv-dangling-only`.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 gone.example.net.
        sip.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ409"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each SRV target for which the DNS says that there is nothing."""
        for trunk in by_srv(context):
            for host in dict.fromkeys(data.target for _, _, data in srv_records(trunk) if data.target != "."):
                answers = [trunk.ask(host, rtype) for rtype in ("AAAA", "A")]
                if all(a.status in (Status.NODATA, Status.NXDOMAIN) for a in answers):
                    yield self.found(
                        trunk.registration.where("server_uri"),
                        f"the SRV target {printable(host)} has no addresses",
                        f"it adds no target; {fate(trunk.baseline, 'this is mended')}",
                        subject=trunk.name,
                    )


class SrvToRoot(Rule):
    """An SRV record leads to `.`.

    RFC 2782 says so where a service does not exist. Asterisk does not understand it: the record
    counts as an SRV with a host that has no addresses, and hides the host's own A and AAAA.
    Recording `srv-root`.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 0 0 0 .
        sip.example.net. 300 IN A 203.0.113.1

    Good zone:

        sip.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ411"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each name with such a record."""
        for trunk in by_srv(context):
            for name in dict.fromkeys(name for _, name, data in srv_records(trunk) if data.target == "."):
                yield self.found(
                    trunk.registration.where("server_uri"),
                    f"SRV {printable(name)} is '.', which Asterisk takes for a host without addresses",
                    f"the host's own addresses are hidden; {fate(trunk.baseline, 'this is mended')}",
                    subject=trunk.name,
                )


class SipsOverTls(Rule):
    """`_sips._tls` is published, which nobody asks for.

    The SRV name for SIP over TLS is `_sips._tcp` (RFC 3263 section 4.1): that is the one that is
    asked for (recording `all-srv`). Under `_sips._tls` or `_sip._tls` nothing finds it.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sips._tls.sip.example.net. 300 IN SRV 10 10 5061 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sips._tcp.sip.example.net. 300 IN SRV 10 10 5061 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ412"
    severity = Severity.INFO
    needs_dns = True
    names = ("_sips._tls", "_sip._tls")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each host with records under such a name and none under the right one."""
        for trunk in by_srv(context):
            host = trunk.route.host if trunk.route else ""
            for prefix in self.names:
                if trunk.ask(f"{prefix}.{host}", "SRV").records:
                    yield self.found(
                        trunk.registration.where("server_uri"),
                        f"{prefix}.{printable(host)} is published: nothing asks for it",
                        f"TLS is looked for under _sips._tcp; {fate(trunk.baseline, 'this is mended')}",
                        subject=trunk.name,
                    )


class ZeroTtl(Rule):
    """Records with a TTL of 0.

    Nothing may keep them: every round asks every name server on the way again, and each query that
    gets lost costs 10 s. Recordings `dns-naptr-drop`, `dns-a-drop`.

    Bad zone:

        _sip._udp.sip.example.net. 0 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ414"
    severity = Severity.INFO
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """The names whose records may not be kept, once a registration."""
        for trunk in context.predicted:
            answers = trunk.resolution.answers if trunk.resolution else ()
            names = [str(a.query) for a in answers if any(r.ttl == 0 for r in a.records)]
            if names:
                every = span(max(trunk.registration.expiration - 10, 0))
                yield self.found(
                    trunk.registration.where("server_uri"),
                    f"TTL 0: {listed(names, 4)}",
                    f"asked anew in every round, every {every} or so",
                    subject=trunk.name,
                )


class TooManyAddresses(Rule):
    """More than 32 addresses.

    A target list holds 32; what comes after is never tried. Recording `many`.

    Bad zone:

        $ORIGIN sip.example.net.
        $GENERATE 1-40 @ 300 IN A 203.0.113.$

    Good zone:

        sip.example.net. 300 IN A 203.0.113.1
        sip.example.net. 300 IN A 198.51.100.2
        sip.example.net. 300 IN AAAA 2001:db8:5::1
        sip.example.net. 300 IN AAAA 2001:db8:6::2
    """

    code = "PJ415"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose list is cut."""
        for trunk in context.predicted:
            events = trunk.resolution.events if trunk.resolution else ()
            left_out = [e for e in events if isinstance(e, RecordSkipped) and e.evidence == "many"]
            if left_out:
                total = SRV_POLICY.room + len(left_out)
                yield self.found(
                    trunk.registration.where("server_uri"),
                    f"{total} addresses, and a target list holds {SRV_POLICY.room}",
                    f"never tried: {listed(str(e.record.data) for e in left_out)}",
                    subject=trunk.name,
                )


class QueryFailed(Rule):
    """A query that failed when it was asked.

    Asterisk takes a failed query for no records and goes on: without NAPTR or SRV the registration
    lands somewhere else. One that gets no answer costs 10 s in every round. Recordings
    `dns-srv-servfail`, `dns-naptr-drop`, `dns-all-servfail`.

    Bad zone:

        sip.example.net. 300 IN A 203.0.113.1
        ;; asked NAPTR sip.example.net servfail
        ;; asked SRV _sips._tcp.sip.example.net nodata
        ;; asked SRV _sip._tcp.sip.example.net nodata
        ;; asked SRV _sip._udp.sip.example.net nodata
        ;; asked AAAA sip.example.net nodata
        ;; asked A sip.example.net noerror

    Good zone:

        sip.example.net. 300 IN A 203.0.113.1
        ;; asked NAPTR sip.example.net nodata
        ;; asked SRV _sips._tcp.sip.example.net nodata
        ;; asked SRV _sip._tcp.sip.example.net nodata
        ;; asked SRV _sip._udp.sip.example.net nodata
        ;; asked AAAA sip.example.net nodata
        ;; asked A sip.example.net noerror
    """

    code = "PJ417"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """The failed queries of each registration's first resolution."""
        for trunk in context.predicted:
            answers = trunk.resolution.answers if trunk.resolution else ()
            failed = [a for a in answers if a.status.failed]
            if failed:
                yield self.found(
                    trunk.registration.where("server_uri"),
                    f"no usable answer to {listed((f'{a.query} ({a.status})' for a in failed), 4)}",
                    f"it counts as no records: {fate(trunk.baseline, 'this is mended')}",
                    subject=trunk.name,
                )


RULES = (SrvToCname, SrvToNothing, SrvToRoot, SipsOverTls, ZeroTtl, TooManyAddresses, QueryFailed)
