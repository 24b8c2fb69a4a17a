"""A configuration the size of a large office's, laid out as a graphical manager of Asterisk writes it."""

from __future__ import annotations

from pathlib import Path

FILES = 30
SECTIONS = 2_000

_EXTENSION = """\
[{n}](extension)
type=endpoint
aors={n}
auth={n}-auth
callerid=Person {n} <{n}>
context=from-internal
mailboxes={n}@default
transport=0.0.0.0-udp
contact_deny=0.0.0.0/0
contact_permit=192.168.0.0/16,10.0.0.0/8

[{n}-auth]
type=auth
auth_type=userpass
username={n}
password=secret\\;{n}

[{n}]
type=aor
max_contacts=2
qualify_frequency=60 ; seconds
remove_existing=yes
"""
_TRUNK = """\
[trunk{n}]
type=registration
transport=0.0.0.0-udp
outbound_auth=trunk{n}
server_uri=sip:trunk{n}.example.net\\;transport=udp
client_uri=sip:{n}@trunk{n}.example.net
retry_interval=60
max_retries=10000
auth_rejection_permanent=no

[trunk{n}]
type=identify
endpoint=trunk{n}
match=192.0.2.{n}
match=198.51.100.0/24,2001:db8:{n}::/48
"""
_HEAD = """\
;--
 Written by a program: changes are lost
--;
#include pjsip.transports.conf
#include pjsip.d/*.conf
#tryinclude pjsip_custom.conf
"""
_TRANSPORTS = """\
[global]
type=global
user_agent=PBX

[0.0.0.0-udp]
type=transport
protocol=udp
bind=0.0.0.0:5060
external_media_address=203.0.113.9
local_net=192.168.0.0/16
local_net=10.0.0.0/8

[extension](!)
disallow=all
allow=alaw,ulaw
direct_media=no
rtp_symmetric=yes
rewrite_contact=yes
"""


def write_tree(folder: Path) -> Path:
    """Write it below `folder`: 30 files, 2,000 sections. The main file's path."""
    parts = folder / "pjsip.d"
    parts.mkdir()
    (folder / "pjsip.conf").write_text(_HEAD)
    (folder / "pjsip.transports.conf").write_text(_TRANSPORTS)
    trunks = [_TRUNK.format(n=n) for n in range(1, 100)]
    extensions = [_EXTENSION.format(n=n) for n in range(1000, 1000 + (SECTIONS - 3 - 2 * len(trunks)) // 3)]
    texts = trunks + extensions
    spare = SECTIONS - 3 - 2 * len(trunks) - 3 * len(extensions)
    texts += [f"[spare{n}]\ntype=domain_alias\ndomain=example.net\n" for n in range(spare)]
    share = -(-len(texts) // (FILES - 2))
    for i in range(FILES - 2):
        (parts / f"{i:02}.conf").write_text("\n".join(texts[i * share : (i + 1) * share]))
    return folder / "pjsip.conf"
