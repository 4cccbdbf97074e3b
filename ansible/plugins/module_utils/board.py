"""A Raspberry Pi's own system: what it is, its kernel's command line, its clock, watchdog, journal and disk. Looks only."""

from __future__ import annotations

import json
import os
import re
from typing import Any, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import files, systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
from ansible_collections.bulwark.cluster.plugins.module_utils.state import DIRECTORY

#: Where the last measurement of the disk is kept.
DISK_RECORD = f"{DIRECTORY}/disk.json"

_MODEL = "/proc/device-tree/model"
#: Raspberry Pi OS 12 moved it; its notice about that lies at the old path.
_COMMAND_LINES = ("/boot/firmware/cmdline.txt", "/boot/cmdline.txt")
_JOURNAL = "/var/log/journal"
_WATCHDOG = "/dev/watchdog"
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600}


def fact() -> dict[str, Any]:
    """Everything that the probe brings back."""
    journal = _journal()
    return {
        "model": model(),
        "memoryCgroup": memory_cgroup(),
        "swaps": swaps(),
        "clockSynchronised": clock_synchronised() is True,
        "kubeletWaitsForClock": _kubelet_waits(),
        "watchdogSeconds": watchdog_seconds(),
        "journalKept": journal is not None,
        "journalBytes": journal or 0,
        "diskSyncMilliseconds": measured_milliseconds(),
    }


def model() -> Optional[str]:
    """The device tree's name of a Raspberry Pi; None on every other machine."""
    name = (files.read(_MODEL) or b"").rstrip(b"\0\n").decode(errors="replace")
    return name if name.startswith("Raspberry Pi") else None


def memory_cgroup() -> bool:
    """Whether the memory controller is on, by cgroup v2 where it is mounted."""
    controllers = _lines("/sys/fs/cgroup/cgroup.controllers")
    if controllers:
        return "memory" in controllers[0].split()
    return any(line.split()[0] == "memory" and line.split()[3] == "1" for line in _lines("/proc/cgroups")[1:])


def swaps() -> list[str]:
    """Devices and files that are swapped to."""
    return [line.split()[0] for line in _lines("/proc/swaps")[1:]]


def clock_synchronised() -> Optional[bool]:
    """Whether the kernel's clock follows a time server; None where nobody can tell."""
    try:
        seen = run(["timedatectl", "show", "--property=NTPSynchronized", "--value"], timeout=10).stdout.strip()
    except CommandError:
        return None
    return {"yes": True, "no": False}.get(seen)


def watchdog_seconds() -> Optional[float]:
    """How long systemd may be silent, 0 for ever; None without a watchdog."""
    if not os.path.exists(_WATCHDOG):
        return None
    shown = run(["systemctl", "show", "--property=RuntimeWatchdogUSec", "--value"], check=False).stdout.strip()
    return span_seconds(shown)


def span_seconds(text: str) -> float:
    """Seconds of a time span as systemd prints it, `1min 30s`; 0 for what is no span, `infinity` among it."""
    parts = re.findall(r"([\d.]+)\s*(us|ms|s|min|h)\b", text)
    return round(sum(float(number) * _UNITS[unit] for number, unit in parts), 6)


def measured_milliseconds() -> Optional[float]:
    """The 99th percentile of a sync that was measured before etcd started; None where nobody measured."""
    try:
        found = json.loads(files.read(DISK_RECORD) or b"{}").get("milliseconds")
    except (ValueError, AttributeError):
        return None
    return found if isinstance(found, (int, float)) else None


def command_lines() -> list[str]:
    """The files that hold this board's kernel command line, each once; a notice that it has moved is none."""
    found = []
    for path in dict.fromkeys(os.path.realpath(path) for path in _COMMAND_LINES):
        content = (files.read(path) or b"").decode(errors="replace").strip()
        if content and "\n" not in content and re.search(r"(^|\s)(root|console)=", content):
            found.append(path)
    return found


def edited(line: str, wanted: list[dict[str, Any]]) -> str:
    """A command line with every wanted word and none that says its opposite; everything else stays, in its order."""
    opposites = {word for item in wanted for word in item["instead"]}
    words = [word for word in line.split() if word not in opposites]
    return " ".join([*words, *(item["argument"] for item in wanted if item["argument"] not in words)]) + "\n"


def _kubelet_waits() -> bool:
    gate = systemd.properties("systemd-time-wait-sync.service", "UnitFileState").get("UnitFileState")
    after = systemd.properties("kubelet.service", "After").get("After", "")
    return gate == "enabled" and "time-sync.target" in after.split()


def _journal() -> Optional[int]:
    """Bytes of the journal on the disk; None where it is kept in memory."""
    kept = [os.path.join(_JOURNAL, name) for name in os.listdir(_JOURNAL)] if os.path.isdir(_JOURNAL) else []
    directories = [path for path in kept if os.path.isdir(path)]
    if not directories:
        return None
    entries = [entry for directory in directories for entry in os.scandir(directory) if entry.is_file()]
    return sum(entry.stat().st_blocks * 512 for entry in entries)


def _lines(path: str) -> list[str]:
    return (files.read(path) or b"").decode(errors="replace").splitlines()
