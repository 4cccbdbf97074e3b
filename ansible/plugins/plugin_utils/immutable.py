"""What cannot be changed on a running cluster."""

from __future__ import annotations

from typing import Any

#: Field of kubeadm's ClusterConfiguration, and the field of the spec that it comes from.
_FIELDS = {
    "clusterName": "name",
    "networking.podSubnet": "networking.podCidr",
    "networking.serviceSubnet": "networking.serviceCidr",
    "networking.dnsDomain": "networking.dnsDomain",
    "controlPlaneEndpoint": "networking.controlPlaneEndpoint",
    "kubernetesVersion": "kubernetesVersion",
    "certificatesDir": "certificatesDir",
    "etcd.local.dataDir": "etcd.local.dataDir",
}


def differences(living: dict[str, Any], documents: list[dict[str, Any]]) -> list[str]:
    """One problem for each field that the bundle would change and a running cluster cannot.

    Args:
        living: the ClusterConfiguration that the cluster keeps in `kube-system/kubeadm-config`.
        documents: the documents of the bundle's `init.yaml`.
    """
    wanted = next((document for document in documents if document.get("kind") == "ClusterConfiguration"), {})
    problems = []
    for field, origin in _FIELDS.items():
        now, then = _value(living, field), _value(wanted, field)
        # A field that the bundle leaves out keeps the value that kubeadm filled in.
        if then is not None and now is not None and str(now) != str(then):
            problems.append(f"{origin} cannot change on a running cluster: it is {now}, the bundle says {then}")
    return problems


def _value(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document
