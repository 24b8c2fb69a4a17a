"""The rule PJ318."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from pjresolve.config.objects import Endpoint
from pjresolve.errors import printable
from pjresolve.lint.access import accepts_registrations, contacts, is_provider, is_public
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.words import listed


class DirectMedia(Rule):
    """`direct_media` behind a NAT.

    With `direct_media` on both sides, which is the default, Asterisk takes itself out of the sound once the
    call stands. Recorded with an external address (`dm-on`): 5 ms after the answer the telephone at
    192.168.1.50 is told to send its sound to the provider, and the provider is told the external address,
    where Asterisk no longer listens for it: one side or both hear nothing. With `direct_media=no` on either
    endpoint nothing of the kind is sent (recordings `dm-off-trunk` and `dm-off-phone`).

    Bad:

        [transport-udp]
        type=transport
        external_signaling_address=192.0.2.77
        external_media_address=192.0.2.77
        local_net=192.168.0.0/16

        [itsp]
        type=endpoint
        direct_media=yes

        [desk]
        type=endpoint
        context=phones
        auth=desk
        aors=desk
        allow=alaw

        [desk]
        type=auth
        username=desk
        password=not-so-secret

        [desk]
        type=aor
        max_contacts=1

    Good:

        [transport-udp]
        type=transport
        external_signaling_address=192.0.2.77
        external_media_address=192.0.2.77
        local_net=192.168.0.0/16

        [itsp]
        type=endpoint
        direct_media=no

        [desk]
        type=endpoint
        context=phones
        auth=desk
        aors=desk
        allow=alaw

        [desk]
        type=auth
        username=desk
        password=not-so-secret

        [desk]
        type=aor
        max_contacts=1
    """

    code = "PJ318"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each provider's endpoint with direct media, where a telephone has it too and a NAT is between."""
        config = context.config
        external = [t for t in config.transports.values() if t.external_media_address]
        phones = [e.name for e in config.endpoints.values() if _direct(e) and _is_inside(context, e)]
        if not external or not phones:
            return
        for endpoint in config.endpoints.values():
            if not _direct(endpoint) or not is_provider(context, endpoint):
                continue
            if endpoint.transport and endpoint.transport not in {t.name for t in external}:
                continue
            yield self.finding(
                endpoint.where("direct_media"),
                f"endpoint {printable(endpoint.name)} has direct_media, and so have {listed(phones)}, behind "
                f"{printable(external[0].external_media_address)}",
                "after the answer each side is told to send its sound to the other, past Asterisk: through "
                "the NAT nothing arrives",
                set_option(endpoint.section, "direct_media", "no"),
                subject=endpoint.name,
            )


def _is_inside(context: Context, endpoint: Endpoint) -> bool:
    """Whether the endpoint is a telephone of the own network: it registers, or has a private address."""
    places = [address for uri in contacts(context, endpoint) if (address := uri.address)]
    return accepts_registrations(context, endpoint) or any(
        not is_public(address) and not ipaddress.ip_address(address).is_loopback for address in places
    )


def _direct(endpoint: Endpoint) -> bool:
    """Whether the endpoint's sound may go past Asterisk: what is encrypted for Asterisk cannot."""
    return endpoint.direct_media and not endpoint.webrtc and endpoint.media_encryption == "no"
