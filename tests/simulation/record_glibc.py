"""Record what the C library's `res_nsearch` does with several name servers, in namespaces of its own.

Run as root, once for each row of `glibc.json`: `unshare -mn python3 record_glibc.py silent,good`. A server is
`good`, `silent`, `refused`, `closed` (nobody listens) or `slowSECONDS`. Asterisk 22 asks through it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

asked: list[tuple[float, int]] = []


def serve(place: int, kind: str, begin: list[float]) -> None:
    """Answer as `kind` says on 127.0.0.(place + 1), for ever."""
    at = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    at.bind((f"127.0.0.{place + 1}", 53))
    while True:
        query, sender = at.recvfrom(4096)
        asked.append((round(time.monotonic() - begin[0], 2), place))
        if kind == "silent":
            continue
        question = query[12 : query.index(0, 12) + 5]
        refused = kind == "refused"
        flags, counts = (b"\x81\x85", b"\0\1\0\0") if refused else (b"\x81\x80", b"\0\1\0\1")
        record = b"" if refused else b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xcb\0\x71\1"
        out = query[:2] + flags + counts + b"\0\0\0\0" + question + record
        if kind.startswith("slow"):
            threading.Timer(float(kind.removeprefix("slow")), at.sendto, (out, sender)).start()
        else:
            at.sendto(out, sender)


def main(servers: list[str]) -> None:
    """Ask once, and print the row."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as conf:
        conf.write("".join(f"nameserver 127.0.0.{n + 1}\n" for n in range(len(servers))))
        conf.flush()
        subprocess.run(["mount", "--bind", conf.name, "/etc/resolv.conf"], check=True)
        begin = [0.0]
        for place, kind in enumerate(servers):
            if kind != "closed":
                threading.Thread(target=serve, args=(place, kind, begin), daemon=True).start()
        time.sleep(0.3)
        library = ctypes.CDLL("libresolv.so.2")
        state, buffer = ctypes.create_string_buffer(4096), ctypes.create_string_buffer(65535)
        library.__res_ninit(state)
        begin[0] = time.monotonic()
        size = library.res_nsearch(state, b"sip.example.net", 1, 1, buffer, 65535)
        took = round(time.monotonic() - begin[0], 2)
        row = {"servers": servers, "answered": size > 0, "seconds": took, "asked": asked}
        print(json.dumps(row), flush=True)
        with contextlib.suppress(OSError):
            subprocess.run(["umount", "/etc/resolv.conf"], check=False)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1].split(","))
