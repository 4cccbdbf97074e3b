"""`kubeadm init`, and what to do where an earlier one did not end."""

from __future__ import annotations

import os
import time

from ansible_collections.bulwark.cluster.plugins.module_utils import diagnosis, etcd, systemd, tree
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
from ansible_collections.bulwark.cluster.plugins.module_utils.software import APPROVER
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

_CONFIG = "/etc/kubernetes/bulwark/kubeadm/init.yaml"
_MANIFESTS = "/etc/kubernetes/manifests"
INIT = ["kubeadm", "init", "--config", _CONFIG]
RESET = ["kubeadm", "reset", "--force", "--cri-socket", "unix:///run/containerd/containerd.sock"]


def run_init(step: Step, state: State) -> None:
    """Makes the cluster.

    Raises:
        StepError: where a half-done cluster must not be reset, or kubeadm failed.
    """
    half_done = _half_done()
    if half_done:
        step.changed("command", " ".join(RESET), half_done)
    step.changed("command", " ".join(INIT), "run")
    if step.check:
        return
    if half_done:
        refusal = _what_would_be_lost(step.payload["node"]["name"])
        if refusal:
            raise StepError(f"`kubeadm init` did not end here, and a reset could lose something: {refusal}")
        run(RESET, timeout=180)
        # It may be running with a certificate of the CA that is gone now.
        state.add_pending([APPROVER])
        # The reset took directories with it that the tree had made.
        tree.make_directories(step, step.payload["directories"])
    try:
        # kubeadm writes some files with the process's default mode.
        run(INIT, timeout=900, umask=0o077)
    except CommandError as error:
        raise StepError(str(error), [*error.lines, *diagnosis.control_plane()]) from None
    state.complete = True
    # Everything has just been started with the present configuration.
    state.pending = [name for name in state.pending if not _fresh(name)]
    state.save()


def _fresh(name: str) -> bool:
    return name in ("kubeadm", "kubelet.service") or name.startswith("static-pod:")


def _half_done() -> str:
    """What an unfinished `kubeadm init` left, or nothing."""
    if os.path.isdir(_MANIFESTS) and any(not name.startswith(".") for name in os.listdir(_MANIFESTS)):
        return "static pods of an unfinished init are here"
    if os.path.exists("/var/lib/etcd/member"):
        return "etcd data of an unfinished init is here"
    for name in ("kubelet.conf", "admin.conf", "pki/ca.crt"):
        if os.path.exists(f"/etc/kubernetes/{name}"):
            return f"{name} of an unfinished init is here"
    return ""


def _what_would_be_lost(node: str) -> str:
    """Why the half-done cluster may not be reset; empty where no other node joined and etcd holds no user's object."""
    if not os.path.exists("/var/lib/etcd/member"):
        return ""
    try:
        systemd.apply({"name": "kubelet.service", "state": "started"})
        keys = etcd.wait_keys(time.monotonic() + 60)
    except CommandError as error:
        return f"etcd holds data and does not answer, so nobody can see whether it is needed ({error})"
    nodes = sorted(key.rpartition("/")[2] for key in keys if key.startswith("/registry/minions/"))
    if [name for name in nodes if name != node]:
        return f"these nodes have joined: {', '.join(nodes)}"
    foreign = [key for key in keys if not etcd.is_stock(key)]
    if foreign:
        return f"etcd holds {len(foreign)} objects that kubeadm does not make, the first is {foreign[0]}"
    return ""
