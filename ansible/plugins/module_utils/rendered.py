"""What kubeadm wrote on this node, and whether somebody has changed it since."""

from __future__ import annotations

import hashlib

from ansible_collections.bulwark.cluster.plugins.module_utils import certificates, files
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step

_FLAGS = "/var/lib/kubelet/kubeadm-flags.env"
#: Files that kubeadm renders again from its documents; the bundle does not hold them.
_PATHS = (
    "/etc/kubernetes/manifests/etcd.yaml",
    "/etc/kubernetes/manifests/kube-apiserver.yaml",
    "/etc/kubernetes/manifests/kube-controller-manager.yaml",
    "/etc/kubernetes/manifests/kube-scheduler.yaml",
    "/var/lib/kubelet/config.yaml",
    *(leaf.path for leaf in certificates.LEAVES),
)
#: Files that kubeadm writes when a node joins and never again: they are kept in the state.
_KEPT = ("/var/lib/kubelet/instance-config.yaml", _FLAGS)


def digests() -> dict[str, str]:
    """SHA-256 of each file that is there, by path."""
    found = {path: files.read(path) for path in _PATHS}
    return {path: hashlib.sha256(content).hexdigest() for path, content in found.items() if content is not None}


def was_changed(state: State) -> bool:
    """Whether a file differs from what the last run that ended well left, or a certificate has to be made anew."""
    if not state.complete or not state.rendered:
        return False
    return digests() != state.rendered or bool(certificates.unsound())


def kept() -> dict[str, str]:
    """Content of each file that kubeadm wrote for good, by path."""
    found = {path: files.read(path) for path in _KEPT}
    return {path: content.decode() for path, content in found.items() if content is not None}


def restore(step: Step, state: State) -> list[str]:
    """Lays down again what kubeadm wrote for good; what must restart for it."""
    changed = [path for path, content in state.kept.items() if files.read(path) != content.encode()]
    for path in changed:
        step.changed("file", path, "restore")
        if not step.check:
            files.write(path, state.kept[path].encode(), "0600")
    return ["kubelet.service"] if _FLAGS in changed else []
