"""Kernel modules and sysctls of the running kernel; the files that keep them over a reboot belong to the tree."""

from __future__ import annotations

import os
import platform

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run, succeeds
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError


def is_loaded(name: str) -> bool:
    """Whether a module is loaded, or built in with something to show in /sys."""
    return os.path.isdir(f"/sys/module/{name.replace('-', '_')}")


def is_builtin(name: str) -> bool:
    """Whether the kernel has the module, or the feature it stands for, without loading anything."""
    try:
        with open(f"/lib/modules/{platform.release()}/modules.builtin", encoding="utf-8") as file:
            wanted = name.replace("-", "_")
            if any(os.path.basename(line.strip())[:-3].replace("-", "_") == wanted for line in file):
                return True
    except OSError:
        pass
    features = {
        "overlay": lambda: "\toverlay\n" in _text("/proc/filesystems"),
        "br_netfilter": lambda: os.path.exists("/proc/sys/net/bridge/bridge-nf-call-iptables"),
    }
    return features.get(name, lambda: False)()


def can_load(name: str) -> bool:
    """Whether the module is there or could be loaded."""
    return is_loaded(name) or is_builtin(name) or succeeds(["modprobe", "--dry-run", "--quiet", name])


def load_modules(step: Step, names: list[str]) -> None:
    """Loads the modules that are not there."""
    for name in names:
        if is_loaded(name) or is_builtin(name):
            continue
        step.changed("module", name, "load")
        if not step.check:
            run(["modprobe", name])


def read_sysctl(name: str) -> str | None:
    """A sysctl's value with single blanks, or None where the kernel does not know it."""
    try:
        return " ".join(_text(sysctl_path(name)).split())
    except OSError:
        return None


def set_sysctls(step: Step, wanted: list[dict]) -> None:
    """Sets the sysctls that differ.

    Raises:
        StepError: naming every one that the kernel does not know or does not let us set.
    """
    refused = []
    for entry in wanted:
        name, value = entry["name"], entry["value"]
        seen = read_sysctl(name)
        if seen == " ".join(str(value).split()):
            continue
        if seen is None:
            refused.append(f"{name} (unknown to this kernel)")
            continue
        step.changed("sysctl", name, f"{seen} -> {value}", entry.get("controls", []))
        if step.check:
            continue
        try:
            with open(sysctl_path(name), "w", encoding="ascii") as file:
                file.write(str(value))
        except OSError as error:
            refused.append(f"{name} ({error.strerror})")
    # A module that brings a sysctl may not be loaded before the real run.
    if refused and not step.check:
        raise StepError(f"cannot set {', '.join(refused)}")


def sysctl_path(name: str) -> str:
    """`net.ipv4.conf.eth0/1.forwarding` style names: dots separate, a slash stands for a dot."""
    return "/proc/sys/" + name.replace("/", "\0").replace(".", "/").replace("\0", ".")


def _text(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()
