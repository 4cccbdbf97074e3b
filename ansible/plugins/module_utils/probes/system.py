"""Processes, kernel, units and versions of the node."""

from __future__ import annotations

import os
import re
import shutil
from typing import Any, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import board as boards
from ansible_collections.bulwark.cluster.plugins.module_utils import files, kernel, systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import PATH, run
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.context import Context
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.unseen import Unseen
from ansible_collections.bulwark.cluster.plugins.module_utils.redact import redact
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State

_VERSIONS = {
    "kubelet": ["kubelet", "--version"],
    "kubeadm": ["kubeadm", "version", "--output", "short"],
    "containerd": ["containerd", "--version"],
    "runc": ["runc", "--version"],
    "openssl": ["openssl", "version"],
}


def process(probe: dict, _context: Context) -> list[dict[str, Any]]:
    """Arguments and user of every process whose program has this name."""
    if not os.path.exists("/proc/1/cmdline"):
        raise Unseen("this user does not see the processes of others")
    found = []
    for pid in (entry for entry in os.listdir("/proc") if entry.isdigit()):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                args = [part.decode(errors="replace") for part in file.read().split(b"\0")[:-1]]
            if args and os.path.basename(args[0]) == probe["name"]:
                uid = os.stat(f"/proc/{pid}").st_uid
                found.append({"pid": int(pid), "uid": uid, "args": [redact(argument) for argument in args]})
        except (FileNotFoundError, ProcessLookupError):
            # It ended while we looked.
            continue
    return sorted(found, key=lambda item: item["pid"])


def board(_probe: dict, _context: Context) -> dict[str, Any]:
    """What a Raspberry Pi's own system says of it."""
    return boards.fact()


def sysctl(probe: dict, _context: Context) -> Optional[str]:
    """The value of the running kernel; None for an unknown name."""
    return kernel.read_sysctl(probe["name"])


def module(probe: dict, _context: Context) -> dict[str, bool]:
    """Whether a kernel module is loaded, or built in."""
    name = probe["name"]
    return {"loaded": kernel.is_loaded(name), "builtin": kernel.is_builtin(name)}


def unit(probe: dict, _context: Context) -> Optional[dict[str, str]]:
    """Properties of a unit; None where the unit does not exist."""
    seen = systemd.properties(probe["unit"], "LoadState", *probe["properties"])
    if seen.get("LoadState") == "not-found":
        return None
    return {name: redact(seen.get(name, "")) for name in probe["properties"]}


def versions(_probe: dict, _context: Context) -> dict[str, str]:
    """Versions of the node's programs and of the kernel; a program that is missing is left out.

    Raises:
        CommandError: where one does not say its version: nothing is known of it, which is not the same.
    """
    found = {"kernel": os.uname().release}
    for name, argv in _VERSIONS.items():
        if shutil.which(name, path=PATH) is None:
            continue
        number = re.search(r"v?(\d+\.\d+(?:\.\d+)?[\w.+~-]*)", run(argv, timeout=20).stdout)
        if number:
            found[name] = number.group(1)
    return found


def packages(probe: dict, _context: Context) -> dict[str, Any]:
    """The system's name, and versions of the Debian packages that are installed."""
    system = _system()
    if not os.path.exists("/usr/bin/dpkg-query"):
        raise Unseen(f"{system or 'the system'} has no dpkg")
    shown = ["--show", "--showformat=${Package} ${Version} ${db:Status-Status}\\n"]
    # It ends with 1 where it knows a package not.
    lines = [line.split() for line in run(["dpkg-query", *shown, *probe["names"]], check=False).stdout.splitlines()]
    return {"system": system, "versions": {line[0]: line[1] for line in lines if line[2:] == ["installed"]}}


def _system() -> str:
    with open("/etc/os-release", encoding="utf-8") as file:
        fields = dict(line.strip().split("=", 1) for line in file if "=" in line)
    return " ".join(fields[name].strip('"') for name in ("ID", "VERSION_ID") if name in fields)


def programs(_probe: dict, context: Context) -> list[dict[str, str]]:
    """Every program that the last run installed: what it is now, and what it was then."""
    known = State.load().programs
    if not known and context.foreign:
        raise Unseen("nobody recorded which programs were installed")
    return [
        {"path": path, "sha256": _sha256(path), "installed": entry.get("installed", "")}
        for path, entry in sorted(known.items())
    ]


def _sha256(path: str) -> str:
    try:
        return files.sha256_of(path)
    except FileNotFoundError:
        return ""
