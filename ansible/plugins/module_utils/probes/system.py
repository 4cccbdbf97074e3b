"""Processes, kernel, units and versions of the node."""

from __future__ import annotations

import os
import re
from typing import Any, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import kernel, systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.context import Context
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.unseen import Unseen
from ansible_collections.bulwark.cluster.plugins.module_utils.redact import redact

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
    """Versions of the node's programs and of the kernel; a program that is missing is left out."""
    found = {"kernel": os.uname().release}
    for name, argv in _VERSIONS.items():
        try:
            printed = run(argv, timeout=10).stdout
        except CommandError:
            continue
        number = re.search(r"v?(\d+\.\d+(?:\.\d+)?[\w.+~-]*)", printed)
        if number:
            found[name] = number.group(1)
    return found
