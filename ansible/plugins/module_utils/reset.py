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
    "/var/lib/cilium",
    "/var/run/cilium",
    "/var/log/kubernetes",
    "/var/log/pods",
    "/var/log/containers",
    "/usr/local/lib/bulwark",
)


def reset_node(step: Step) -> None:
    """Removes cluster, files, programs and state; a node without our state is left alone."""
    saved = state.State.load()
    if not saved.cluster:
        return
    if os.path.exists("/usr/bin/kubeadm"):
        step.changed("command", " ".join(RESET), "run")
        if not step.check:
            run(RESET, timeout=300)
    for unit in reversed(step.payload["units"]):
        if systemd.properties(unit["name"], "LoadState").get("LoadState") == "loaded":
            step.changed("unit", unit["name"], "stop and disable")
            if not step.check:
                run(["systemctl", "disable", "--now", unit["name"]], timeout=120, check=False)
    for path in [*saved.files, *saved.programs, *_DATA]:
        if os.path.lexists(path):
            step.changed("file", path, "remove")
            if not step.check:
                _empty_or_remove(path)
    if not step.check:
        run(["systemctl", "daemon-reload"])
        # Last: until here a killed reset can be started again.
        saved.cluster, saved.complete = "", False
        saved.files, saved.pending, saved.programs = [], [], {}
        saved.save()


def _empty_or_remove(path: str) -> None:
    """Removes a path; of a mount point only what is in it."""
    if os.path.ismount(path):
        for name in os.listdir(path):
            files.remove(os.path.join(path, name))
    else:
        files.remove(path)
