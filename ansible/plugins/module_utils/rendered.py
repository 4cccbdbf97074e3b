"""What kubeadm wrote on this node, and whether somebody has changed it since."""

from __future__ import annotations

import hashlib

from ansible_collections.bulwark.cluster.plugins.module_utils import files
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State

#: Files that kubeadm renders again from its documents; the bundle does not hold them.
_PATHS = (
    "/etc/kubernetes/manifests/etcd.yaml",
    "/etc/kubernetes/manifests/kube-apiserver.yaml",
    "/etc/kubernetes/manifests/kube-controller-manager.yaml",
    "/etc/kubernetes/manifests/kube-scheduler.yaml",
    "/var/lib/kubelet/config.yaml",
)


def digests() -> dict[str, str]:
    """SHA-256 of each file that is there, by path."""
    found = {path: files.read(path) for path in _PATHS}
    return {path: hashlib.sha256(content).hexdigest() for path, content in found.items() if content is not None}


def was_changed(state: State) -> bool:
    """Whether a file differs from what the last run that ended well left; false where there was none."""
    return state.complete and bool(state.rendered) and digests() != state.rendered
