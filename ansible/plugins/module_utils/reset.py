"""Takes everything of ours off a node."""

from __future__ import annotations

import os

from ansible_collections.bulwark.cluster.plugins.module_utils import files, state, systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.initialise import RESET
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step

#: Data of the cluster that kubeadm leaves, and directories that hold nothing but ours.
_DATA = (
    "/var/lib/etcd",
    "/etc/kubernetes",
    "/etc/cni/net.d",
    "/var/lib/containerd",
    "/var/cache/bulwark/received",
    "/var/lib/cilium",
    "/var/run/cilium",
    "/var/log/kubernetes",
    "/var/log/pods",
    "/var/log/containers",
    "/usr/local/lib/bulwark",
    "/run/bulwark-observe",
)


def reset_node(step: Step) -> None:
    """Removes cluster, files, programs and state; a node without our state is left alone."""
    saved = state.State.load()
    if not saved.cluster:
        return
    if not step.check:
        # A machine that is put back after a killed reset joins afresh.
        saved.complete = False
        saved.save()
    if os.path.exists("/usr/bin/kubeadm"):
        step.changed("command", " ".join(RESET), "run")
        if not step.check:
            run(RESET, timeout=300)
    for unit in reversed(step.payload["units"]):
        if systemd.properties(unit["name"], "LoadState").get("LoadState") == "loaded":
            step.changed("unit", unit["name"], "stop and disable")
            if not step.check:
                run(["systemctl", "disable", "--now", unit["name"]], timeout=120, check=False)
    for path in [*saved.files, *saved.programs, *saved.written, *_DATA]:
        if os.path.lexists(path):
            step.changed("file", path, "remove")
            if not step.check:
                _remove(path)
    step.facts["warnings_found"] = ["reboot this node: a network plugin leaves programs and links in the kernel"]
    if not step.check:
        _remove_empty(step.payload["directories"])
        run(["systemctl", "daemon-reload"])
        # Last: until here a killed reset can be started again.
        state.State().save()


def _remove(path: str) -> None:
    """Removes a path, but nothing that is mounted below it: that belongs to something else and is unmounted."""
    real = os.path.realpath(path)
    for mount in sorted(_mounts(), key=len, reverse=True):
        if mount.startswith(f"{real}/"):
            run(["umount", mount])
    if os.path.ismount(real):
        for name in os.listdir(real):
            files.remove(os.path.join(real, name))
    else:
        files.remove(path)


def _mounts() -> list[str]:
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        return [line.split()[4].encode().decode("unicode_escape") for line in file]


def _remove_empty(directories: list[dict]) -> None:
    """Removes the directories that the tree made, as far as nothing else is in them."""
    for directory in sorted((item["path"] for item in directories), key=len, reverse=True):
        if os.path.isdir(directory) and not os.path.ismount(directory) and not os.listdir(directory):
            os.rmdir(directory)
