"""CPU time of `pjresolve check --no-dns` on a tree as FreePBX writes it: 30 included files, 2,000 sections.

Run by hand: `.venv/bin/python tests/bench/bench_check.py [RUNS]`. Every run is a process of its own, start of
the interpreter included. Exits with 1 where the median is above its target.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

TARGET = 1.0
FILES, SECTIONS = 30, 2_000
TRUNKS = 50

TRANSPORTS = """\
[global]
type=global

[0.0.0.0-udp]
type=transport
protocol=udp
bind=0.0.0.0:5060
allow_reload=yes

"""
PHONE = """\
[{n}]
type=endpoint
aors={n}
auth={n}-auth
tos_audio=ef
tos_video=af41
cos_audio=5
cos_video=4
allow=ulaw,alaw,gsm,g726,g722
context=from-internal
callerid="Phone {n}" <{n}>
dtmf_mode=rfc4733
direct_media=yes
mailboxes={n}@device
mwi_subscribe_replaces_unsolicited=yes
aggregate_mwi=yes
use_avpf=no
rtcp_mux=no
max_audio_streams=1
max_video_streams=1
bundle=no
ice_support=no
media_use_received_transport=no
trust_id_inbound=yes
user_eq_phone=no
send_connected_line=yes
media_encryption=no
timers=yes
timers_min_se=90
media_encryption_optimistic=no
refer_blind_progress=yes
rtp_timeout=30
rtp_timeout_hold=300
rtp_keepalive=0
send_pai=yes
rtp_symmetric=yes
rewrite_contact=yes
force_rport=yes
language=en

[{n}]
type=aor
max_contacts=1
remove_existing=yes
maximum_expiration=7200
minimum_expiration=60
qualify_frequency=60

[{n}-auth]
type=auth
auth_type=userpass
password=secret{n}
username={n}

"""
TRUNK = """\
[trunk{n}]
type=registration
transport=0.0.0.0-udp
outbound_auth=trunk{n}
retry_interval=60
fatal_retry_interval=30
forbidden_retry_interval=30
max_retries=10000
expiration=3600
auth_rejection_permanent=no
line=yes
endpoint=trunk{n}
contact_user=s
server_uri=sip:sip{n}.example.net:5060
client_uri=sip:account{n}@sip{n}.example.net:5060

[trunk{n}]
type=auth
auth_type=userpass
password=secret
username=account{n}

[trunk{n}]
type=aor
qualify_frequency=60
contact=sip:account{n}@sip{n}.example.net:5060

[trunk{n}]
type=endpoint
transport=0.0.0.0-udp
context=from-pstn
disallow=all
allow=ulaw,alaw
aors=trunk{n}
outbound_auth=trunk{n}
from_domain=sip{n}.example.net
from_user=account{n}
rtp_symmetric=yes
rewrite_contact=yes

[trunk{n}]
type=identify
endpoint=trunk{n}
match=sip{n}.example.net

"""


def write_tree(folder: Path) -> Path:
    """The tree, and the path of its top file."""
    pieces = [TRUNK.format(n=n) for n in range(TRUNKS)]
    phones = (SECTIONS - 2 - 5 * TRUNKS + 2) // 3
    pieces += [PHONE.format(n=1000 + n) for n in range(phones)]
    names = [f"pjsip.{i}.conf" for i in range(FILES)]
    for i, name in enumerate(names):
        (folder / name).write_text("".join(pieces[i::FILES]))
    top = folder / "pjsip.conf"
    top.write_text(TRANSPORTS + "".join(f"#include {name}\n" for name in names))
    return top


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one run, in seconds."""
    pid = os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit("the check itself failed")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Measure, print the median."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        top = write_tree(Path(folder))
        files = sorted(Path(folder).glob("*.conf"))
        sections = sum(line.startswith("[") for path in files for line in path.read_text().splitlines())
        command = [str(Path(sys.executable).parent / "pjresolve"), "check", str(top), "--no-dns"]
        cpu_seconds(command)
        times = [cpu_seconds(command) for _ in range(runs)]
    median = statistics.median(times)
    print(f"{len(files) - 1} included files, {sections} sections, {TRUNKS} registrations: {runs} runs")
    print(f"median {median:.2f} s of CPU, target at most {TARGET:.2f} s")
    sys.exit(median > TARGET)


if __name__ == "__main__":
    main()
