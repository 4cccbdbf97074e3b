"""Restarts what changed, each with a gate: it must answer again before the next one is touched."""

from __future__ import annotations

import os
import signal
import time

from ansible_collections.bulwark.cluster.plugins.module_utils import containerd, diagnosis, files, systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.api import ApiError, admin, kubelet, mint
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
from ansible_collections.bulwark.cluster.plugins.module_utils.software import FIREWALL
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

_KUBEADM = "/etc/kubernetes/bulwark/kubeadm"
_ADMIN = "/etc/kubernetes/admin.conf"
_KUBELET_CONFIG = "/var/lib/kubelet/config.yaml"
_MANIFESTS = "/etc/kubernetes/manifests"
_READY_SECONDS = 180


def pending(step: Step, state: State, node: dict) -> None:
    """Works off what must restart; each entry leaves the state only when its gate has passed."""
    control_plane = node["role"] == "control-plane"
    for name in sorted(state.pending, key=_order):
        if name == FIREWALL:
            continue
        if name == "kubeadm":
            for command in _render_commands(control_plane):
                step.changed("command", " ".join(command), "run")
            if not step.check:
                _render(step, control_plane)
        else:
            step.changed("restart", name, "restart")
            if not step.check:
                _restart(name)
        if not step.check:
            state.pending.remove(name)
            state.save()


def _order(name: str) -> tuple[int, str]:
    """kubeadm's files first, then containers, then services."""
    return (0 if name == "kubeadm" else 1 if name.startswith("static-pod:") else 2, name)


def _render_commands(control_plane: bool) -> list[list[str]]:
    """kubeadm's own phases that render a running node's files again from changed documents."""
    init, upgrade = f"{_KUBEADM}/init.yaml", f"{_KUBEADM}/upgrade.yaml"
    if not control_plane:
        return [["kubeadm", "upgrade", "node", "phase", "kubelet-config", "--config", upgrade]]
    phase = ["kubeadm", "init", "phase"]
    return [
        [*phase, "upload-config", "all", "--config", init],
        [*phase, "etcd", "local", "--config", init],
        [*phase, "control-plane", "all", "--config", init],
        ["kubeadm", "upgrade", "node", "phase", "kubelet-config", "--config", upgrade],
    ]


def _render(step: Step, control_plane: bool) -> None:
    before = _static_pods()
    kubelet_before = files.read(_KUBELET_CONFIG)
    try:
        if control_plane:
            # kubeadm reads the administrator's credential at its own path only.
            _mint_admin()
        for command in _render_commands(control_plane):
            run(command, timeout=180, umask=0o077)
    finally:
        if control_plane:
            files.remove(_ADMIN)
    after = _static_pods()
    if before != after:
        for name in sorted(name for name in after if before.get(name) != after[name]):
            step.changed("static-pod", name, "render")
        _wait_api_server()
    if files.read(_KUBELET_CONFIG) != kubelet_before:
        step.changed("restart", "kubelet.service", "restart")
        _restart("kubelet.service")


def _mint_admin() -> None:
    files.write(_ADMIN, mint("kubernetes-admin", ["kubeadm:cluster-admins"], "30m").encode(), "0600")


def _static_pods() -> dict[str, bytes]:
    if not os.path.isdir(_MANIFESTS):
        return {}
    names = [name for name in os.listdir(_MANIFESTS) if not name.startswith(".")]
    return {name: files.read(os.path.join(_MANIFESTS, name)) or b"" for name in names}


def _restart(name: str) -> None:
    kind, _, component = name.partition(":")
    try:
        if kind == "static-pod":
            _restart_container(component)
        else:
            systemd.restart(name)
            if name == "containerd.service":
                containerd.wait_ready()
    except CommandError as error:
        raise StepError(str(error), [*error.lines, *diagnosis.control_plane()]) from None


def _restart_container(component: str) -> None:
    """Ends a static pod's process; the kubelet starts a new one, which reads its files again."""
    old = containerd.container_pids(component)
    for pid in old:
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _READY_SECONDS
    while not set(containerd.container_pids(component)) - set(old):
        if time.monotonic() > deadline:
            raise StepError(f"{component} did not come back after a restart", diagnosis.control_plane())
        time.sleep(1)
    if component in ("kube-apiserver", "etcd"):
        _wait_api_server()


def _wait_api_server() -> None:
    """Waits until the API server answers, and goes on answering: the kubelet swaps a changed pod some seconds later."""
    try:
        with admin() as api:
            quiet_since = time.monotonic()
            deadline = quiet_since + _READY_SECONDS
            while time.monotonic() - quiet_since < 15:
                try:
                    api.request("GET", "/readyz", timeout=5)
                except ApiError:
                    quiet_since = time.monotonic()
                    if quiet_since > deadline:
                        raise
                time.sleep(1)
    except ApiError as error:
        raise StepError(f"the API server is not ready after a restart: {error}", diagnosis.control_plane()) from None


def wait_node_ready(name: str) -> None:
    """Waits until the API server counts this node as ready, asked with the kubelet's own identity.

    Raises:
        StepError: with the last state and the kubelet's last words.
    """
    deadline = time.monotonic() + _READY_SECONDS
    seen = ""
    while time.monotonic() < deadline:
        try:
            node = kubelet().get(f"/api/v1/nodes/{name}") or {}
            conditions = {item["type"]: item for item in node.get("status", {}).get("conditions", [])}
            ready = conditions.get("Ready", {})
            if ready.get("status") == "True":
                return
            seen = ready.get("message") or "the node has not reported yet"
        except (ApiError, OSError) as error:
            seen = str(error)
        time.sleep(1)
    raise StepError(f"the node is not ready after {_READY_SECONDS} s: {seen}", diagnosis.kubelet())
