"""What the runner of a manual's examples has to be told."""

from __future__ import annotations

import yaml

VERSIONS = {"PJ102": (13, 10), "PJ528": (13, 10)}
"""What an example says in words and its runner has to be told."""
TLS_ZONE = (
    "_sips._tcp.sip.example.net. 300 IN SRV 10 10 5061 a.example.net.\na.example.net. 300 IN A 203.0.113.1\n"
)
WILDCARD = {"203.0.113.1": {"tls/5061": {"cert": {"names": ["*.example.net"]}}}}
WORLDS = {"PJ116": yaml.safe_dump({"zone": TLS_ZONE, "hosts": WILDCARD})}
BESIDE = {
    "PJ421": {"extensions.conf": "[out]\nexten => _X.,1,Dial(PJSIP/${EXTEN}@itsp,30)\n"},
    "PJ514": {"sorcery.conf": "[res_pjsip]\naor=realtime,ps_aors\n"},
    "PJ515": {"pjsip_wizard.conf": "[itsp]\ntype=wizard\nsends_registration=yes\n"},
}
