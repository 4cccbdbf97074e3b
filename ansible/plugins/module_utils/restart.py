"""Restarts what changed, each with a gate: it must answer again before the next one is touched."""

from __future__ import annotations

import http.client
import os
import signal
import time

from ansible_collections.bulwark.cluster.plugins.module_utils import certificates, containerd, diagnosis, files, systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.api import ApiError, admin, kubelet, mint
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
from ansible_collections.bulwark.cluster.plugins.module_utils.rendered import digests
from ansible_collections.bulwark.cluster.plugins.module_utils.software import CONTAINERD, FIREWALL
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

_KUBEADM = "/etc/kubernetes/bulwark/kubeadm"
_ADMIN = "/etc/kubernetes/admin.conf"
_KUBELET_CONFIG = "/var/lib/kubelet/config.yaml"
_MANIFESTS = "/etc/kubernetes/manifests"
_READY_SECONDS = 180
#: The kubelet's default, on loopback.
_HEALTH_PORT = 10248


def work_off(step: Step, state: State, names: list[str], node: dict) -> None:
    """Restarts what is named; each entry leaves the state only when its gate has passed."""
    control_plane = node["role"] == "control-plane"
    for name in sorted(set(names), key=_order):
        if name == FIREWALL:
            continue
        if name == "kubeadm":
            for command in _render_commands(control_plane):
                step.changed("command", " ".join(command), "run")
            if not step.check:
                _render(step, control_plane, state.rendered)
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
    kubelet_config = ["kubeadm", "upgrade", "node", "phase", "kubelet-config", "--config", upgrade]
    if not control_plane:
        return [kubelet_config]
    phases = (["upload-config", "all"], ["certs", "all"], ["etcd", "local"], ["control-plane", "all"])
    return [*(["kubeadm", "init", "phase", *phase, "--config", init] for phase in phases), kubelet_config]


def _suspects(rendered: dict[str, str]) -> list[certificates.Leaf]:
    """The certificates that may have to be made anew: the spec names hosts in one, and somebody changed the others."""
    now = digests()
    unsound = certificates.unsound()
    return [
        leaf
        for leaf in certificates.LEAVES
        if leaf.name == "apiserver" or leaf in unsound or now.get(leaf.path) != rendered.get(leaf.path)
    ]


def _render(step: Step, control_plane: bool, rendered: dict[str, str]) -> None:
    before = _static_pods()
    kubelet_before = files.read(_KUBELET_CONFIG)
    suspects: list[certificates.Leaf] = []
    if control_plane:
        # kubeadm reads the administrator's credential at its own path only.
        files.write(_ADMIN, mint("kubernetes-admin", ["kubeadm:cluster-admins"], "30m").encode(), "0600")
        suspects = _suspects(rendered)
    *control, kubelet_config = _render_commands(control_plane)
    try:
        with certificates.made_anew(suspects) as replaced:
            for command in control:
                run(command, timeout=180, umask=0o077)
        changed = [name for name, content in _static_pods().items() if before.get(name) != content]
        if changed:
            # The next command reads from the API server, which is about to be swapped by the kubelet.
            _wait_api_server(quiet=15)
        run(kubelet_config, timeout=180, umask=0o077)
    finally:
        if control_plane:
            files.remove(_ADMIN)
    for name in changed:
        step.changed("static-pod", name, "render")
    for leaf in replaced:
        step.changed("certificate", leaf.path, "make anew")
    for component in sorted({leaf.reader for leaf in replaced} - {""}):
        if f"{component}.yaml" not in changed:
            _restart(f"static-pod:{component}")
    if files.read(_KUBELET_CONFIG) != kubelet_before:
        step.changed("restart", "kubelet.service", "restart")
        _restart("kubelet.service")


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
        elif name == "systemd":
            # The manager itself, which reads its configuration only when it starts again.
            run(["systemctl", "daemon-reexec"], timeout=60)
        else:
            systemd.restart(name)
            if name == CONTAINERD:
                containerd.wait_ready()
            elif name == "kubelet.service":
                _wait_kubelet()
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
        _wait_api_server(quiet=0)


def _wait_api_server(quiet: float) -> None:
    """Waits until the API server answers.

    Args:
        quiet: seconds for which it must go on answering; the kubelet swaps a changed static pod some seconds later.
    """
    try:
        with admin() as api:
            quiet_since = time.monotonic()
            deadline = quiet_since + _READY_SECONDS
            while True:
                try:
                    api.request("GET", "/readyz", timeout=5)
                except ApiError:
                    quiet_since = time.monotonic()
                    if quiet_since > deadline:
                        raise
                else:
                    if time.monotonic() - quiet_since >= quiet:
                        return
                time.sleep(0.5)
    except ApiError as error:
        raise StepError(f"the API server is not ready after a restart: {error}", diagnosis.control_plane()) from None


def _wait_kubelet() -> None:
    """Waits until the kubelet calls itself healthy: the API server would not notice a dead one for 40 seconds."""
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", _HEALTH_PORT, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.5)
    raise StepError(f"the kubelet is not healthy {_READY_SECONDS} s after its restart", diagnosis.kubelet())


def is_registered(name: str) -> bool:
    """Whether the API server knows this node. A kubelet whose Node was deleted makes a new one when it starts, only then."""
    try:
        return kubelet().get(f"/api/v1/nodes/{name}") is not None
    except (ApiError, OSError):
        # A server that does not answer is no reason to restart anything.
        return True


def node_ready(name: str, network: bool) -> tuple[bool, str]:
    """Whether the API server counts this node as ready, asked with the kubelet's own identity; and its word on that.

    Args:
        network: as in `wait_node_ready`.
    """
    try:
        node = kubelet().get(f"/api/v1/nodes/{name}") or {}
    except (ApiError, OSError) as error:
        return False, str(error)
    conditions = {item["type"]: item for item in node.get("status", {}).get("conditions", [])}
    ready = conditions.get("Ready", {})
    seen = ready.get("message") or "the node has not reported yet"
    return ready.get("status") == "True" or (not network and "NetworkPluginNotReady" in seen), seen


def wait_node_ready(name: str, network: bool) -> None:
    """Waits until the API server counts this node as ready, asked with the kubelet's own identity.

    Args:
        network: whether this run installs the pod network. Otherwise a node that only lacks one is as ready as it gets.

    Raises:
        StepError: with the last state and the last words of the kubelet and of its pods in kube-system.
    """
    deadline = time.monotonic() + _READY_SECONDS
    seen = ""
    while time.monotonic() < deadline:
        ready, seen = node_ready(name, network)
        if ready:
            return
        time.sleep(1)
    raise StepError(f"the node is not ready after {_READY_SECONDS} s: {seen}", diagnosis.control_plane())
