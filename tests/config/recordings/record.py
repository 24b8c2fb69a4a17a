#!/usr/bin/env python3
"""Let a real Asterisk read the texts in syntax.json and objects.json, and note what it makes of them.

    unshare -n python3 record.py --root ROOT syntax.json objects.json

ROOT is a folder with a Debian system that has Asterisk, as `lab.py setup` beside the other recordings
makes it. Needs root. Rewrites each file in place: inputs stay, outcomes are replaced.

A case of syntax.json has `files` ("MAIN" is the one that is read) and gets `sections`: for each that is no
template its name and its entries, as the manager's GetConfig lists them, or null where Asterisk refuses the
file. A case of objects.json has `text`, a pjsip.conf, and gets `refused`: type and name of each object that
Asterisk did not create. Both get `log`, the warnings and errors, and the file gets `asterisk`, the version.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MODULES = [
    *("res_pjproject", "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_statsd"),
    *("res_http_websocket", "res_pjsip", "res_pjsip_outbound_authenticator_digest"),
    *(
        "res_pjsip_outbound_registration",
        "res_pjsip_authenticator_digest",
        "res_pjsip_endpoint_identifier_ip",
    ),
    *("res_pjsip_session", "res_pjsip_acl", "res_pjsip_pubsub", "res_pjsip_outbound_publish"),
    "res_pjsip_transport_websocket",
]
DIRECTORIES = ["astdbdir", "astkeydir", "astagidir", "astspooldir", "astrundir", "astlogdir"]
NOTABLE = re.compile(r"\[\d+\] (?:WARNING|ERROR)\[\d+\](?:\[\w+\])?(?: loader)? (\S+): (.*)")
SPEAKERS = ("config.c", "config_options.c", "res_sorcery_config.c", "acl.c", "format_cap.c")


class Asterisk:
    """One running Asterisk whose configuration directory is `etc`."""

    def __init__(self, root: Path, modules: list[str]) -> None:
        self.root, self.home = root, root / "lab" / "config-recorder"
        self.inside, self.etc = "/lab/config-recorder", self.home / "etc"
        shutil.rmtree(self.home, ignore_errors=True)
        self.etc.mkdir(parents=True)
        found = next(root.glob("usr/lib/**/asterisk/modules")).relative_to(root)
        lines = [
            f"astetcdir => {self.inside}/etc",
            f"astmoddir => /{found}",
            "astvarlibdir => /var/lib/asterisk",
        ]
        lines += ["astdatadir => /usr/share/asterisk", *(f"{d} => {self.inside}" for d in DIRECTORIES)]
        self.write("asterisk.conf", "[directories](!)\n[directories]\n" + "\n".join(lines) + "\n")
        loads = "".join(f"load = {module}.so\n" for module in modules)
        self.write("modules.conf", f"[modules]\nautoload=no\n{loads}")
        self.write("logger.conf", "[general]\ndateformat=%s\n[logfiles]\nfull => warning,error\n")
        manager = "[general]\nenabled=yes\nbindaddr=127.0.0.1\n[a]\nsecret=a\nread=all\nwrite=all\n"
        self.write("manager.conf", manager)

    def write(self, name: str, text: str) -> None:
        path = self.etc / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))

    def cli(self, command: str) -> str:
        config = f"{self.inside}/etc/asterisk.conf"
        argv = ["chroot", str(self.root), "asterisk", "-C", config, "-rx", command]
        return subprocess.run(argv, capture_output=True, text=True, timeout=30).stdout

    def log(self) -> str:
        full = self.home / "full"
        return full.read_text(errors="replace") if full.exists() else ""

    @contextmanager
    def running(self) -> Iterator[None]:
        argv = ["chroot", str(self.root), "asterisk", "-f", "-C", f"{self.inside}/etc/asterisk.conf"]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(argv, stdin=quiet, stdout=quiet, stderr=quiet)
        try:
            while "fully booted" not in self.cli("core waitfullybooted"):
                time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait(10)
            shutil.rmtree(self.home, ignore_errors=True)


class Manager:
    """The manager interface of a running Asterisk."""

    def __init__(self) -> None:
        self.file = socket.create_connection(("127.0.0.1", 5038), timeout=20).makefile("rwb")
        self.file.readline()
        self.ask(Action="Login", Username="a", Secret="a", Events="off")

    def ask(self, **fields: str) -> list[str]:
        self.file.write(("".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode())
        self.file.flush()
        lines = []
        while line := self.file.readline().strip(b"\r\n"):
            lines.append(line.decode("utf-8", "surrogateescape"))
        return lines


def notable(log: str, inside: str, every: bool = False) -> list[str]:
    found = (m for m in map(NOTABLE.match, log.splitlines()) if m)
    return [m[2].replace(inside + "/etc/", "") for m in found if every or m[1] in SPEAKERS]


def sections(answer: list[str]) -> list[list[Any]] | None:
    if "Error" in answer[0]:
        return None
    out: list[list[Any]] = []
    for line in answer[1:]:
        key, _, value = line.partition(": ")
        if key.startswith("Category-"):
            out.append([value, []])
        elif key.startswith("Line-"):
            out[-1][1].append(value)
    return out


def record_syntax(root: Path, cases: list[dict[str, Any]]) -> str:
    asterisk = Asterisk(root, [])
    with asterisk.running():
        manager = Manager()
        for number, case in enumerate(cases):
            before, main = len(asterisk.log()), f"case{number}.conf"
            for name, text in case["files"].items():
                asterisk.write(main if name == "MAIN" else name, text)
            case["sections"] = sections(manager.ask(Action="GetConfig", Filename=main))
            log = notable(asterisk.log()[before:], asterisk.inside)
            case["log"] = [line.replace(main, "MAIN") for line in log]
        return asterisk.cli("core show version").split()[1]


def record_objects(root: Path, cases: list[dict[str, Any]]) -> str:
    version = ""
    for case in cases:
        asterisk = Asterisk(root, MODULES)
        asterisk.write("pjsip.conf", case["text"])
        with asterisk.running():
            version = asterisk.cli("core show version").split()[1]
            log = asterisk.log()
        refused = re.findall(r"Could not create an object of type '(\S+)' with id '(.*?)' from", log)
        case["refused"] = [list(pair) for pair in dict.fromkeys(refused)]
        lines = dict.fromkeys(line for line in notable(log, asterisk.inside, every=True))
        case["log"] = [
            line for line in lines if not re.search(r"onfig file '(?!pjsip)|module|declined", line)
        ]
    return version


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("recordings", nargs="+", type=Path)
    options = parser.parse_args()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for path in options.recordings:
        content = json.loads(path.read_text())
        record = record_syntax if path.stem == "syntax" else record_objects
        content["asterisk"] = record(options.root, content["cases"])
        path.write_text(json.dumps(content, indent=1, ensure_ascii=True) + "\n")
        print(path, len(content["cases"]), "cases")


if __name__ == "__main__":
    main()
