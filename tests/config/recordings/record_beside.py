#!/usr/bin/env python3
"""Let a real Asterisk read pjsip.conf with what stands beside it, and note which objects there are.

    unshare -n python3 -m tests.config.recordings.record_beside --root ROOT FILE/wizard.json

As `record.py`, whose Asterisk it runs. A case has `files`, and gets `objects`: by type and name the options
that differ from those of a bare object, as `pjsip show TYPE NAME` prints them, an option that is printed more
than once as a list; `log`, the warnings and errors of the modules that read; and the file gets `asterisk`,
the version.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.config.recordings.record import MODULES, Asterisk

EXTRA = ["res_pjsip_config_wizard", "res_pjsip_endpoint_identifier_user", "res_sorcery_realtime"]
SUFFIXES = {
    "endpoint": ("",), "aor": ("",), "auth": ("", "-iauth", "-oauth"), "identify": ("", "-identify"),
    "registration": ("", "-reg-0", "-reg-1", "-reg-2", "-reg-3"), "transport": ("",),
}  # fmt: skip
ALWAYS = {"contact", "match", "username", "password", "server_uri", "client_uri", "endpoint", "bind"}
BARE = {
    "pjsip.conf": "[b]\ntype=transport\nbind=127.0.0.1:5060\n[b]\ntype=endpoint\n[b]\ntype=aor\n"
    "[b]\ntype=auth\nusername=x\npassword=x\n[b]\ntype=identify\nendpoint=b\nmatch=192.0.2.1\n[b]\ntype=registration\n"
    "server_uri=sip:192.0.2.1\nclient_uri=sip:192.0.2.1\n"
}
Options = dict[str, Any]


def options(printed: str) -> Options:
    found: Options = {}
    for name, value in re.findall(r"(?m)^ (\S+)\s+: ?(.*?)\s*$", printed):
        if name not in ("ParameterName", "@pjsip_wizard"):
            found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else sorted(values) for name, values in found.items()}


def objects(root: Path, files: dict[str, str]) -> tuple[dict[str, dict[str, Options]], list[str], str]:
    asterisk = Asterisk(root, MODULES + EXTRA)
    for name, text in files.items():
        asterisk.write(name, text)
    names = dict.fromkeys(re.findall(r"(?m)^\[([^\]]+)\]", "".join(files.values())))
    with asterisk.running():
        found = {
            kind: {
                name + suffix: shown
                for name in names
                for suffix in suffixes
                if (shown := options(asterisk.cli(f"pjsip show {kind} {name}{suffix}")))
            }
            for kind, suffixes in SUFFIXES.items()
        }
        version = asterisk.cli("core show version").split()[1]
        log = asterisk.log()
    said = re.findall(r"\[\d+\] (?:WARNING|ERROR)\[\d+\](?:\[\w+\])? (\S+): (.*)", log)
    told = [
        text
        for speaker, text in said
        if re.search(r"wizard|sorcery|outbound_reg|identifier|res_pjsip/", speaker)
    ]
    return found, [t for t in dict.fromkeys(told) if "Unable to load config file" not in t], version


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("recordings", nargs="+", type=Path)
    given = parser.parse_args()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    bare, _, _ = objects(given.root, BARE)
    for path in given.recordings:
        content = json.loads(path.read_text())
        for case in content["cases"]:
            found, case["log"], content["asterisk"] = objects(given.root, case["files"])
            case["objects"] = {
                kind: {
                    name: {o: v for o, v in shown.items() if o in ALWAYS or bare[kind]["b"].get(o) != v}
                    for name, shown in of_kind.items()
                }
                for kind, of_kind in found.items()
            }
        path.write_text(json.dumps(content, indent=1) + "\n")
        print(path, len(content["cases"]), "cases")


if __name__ == "__main__":
    main()
