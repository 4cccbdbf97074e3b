"""Reads etcd on a control plane with the client certificate of its health check."""

from __future__ import annotations

import base64
import glob
import json
import re
import shutil
import time

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import PATH, CommandError, run

_PKI = "/etc/kubernetes/pki/etcd"
_OPTIONS = [
    "--endpoints=https://127.0.0.1:2379",
    f"--cacert={_PKI}/ca.crt",
    f"--cert={_PKI}/healthcheck-client.crt",
    f"--key={_PKI}/healthcheck-client.key",
    "--command-timeout=5s",
]
#: What the API server writes before everything that it encrypts.
_ENCRYPTED = b"k8s:enc:"
_SYSTEM_NAMESPACES = {"kube-system", "kube-public", "kube-node-lease"}
#: What a new cluster has in `default`.
_STOCK_IN_DEFAULT = re.compile(
    r"^/registry/(services/(specs|endpoints)/default/kubernetes"
    r"|endpointslices/default/kubernetes(-\w+)?"
    r"|serviceaccounts/default/default"
    r"|configmaps/default/kube-root-ca\.crt"
    r"|events/default/.*)$"
)
#: Kinds whose objects a user makes and that live outside namespaces, or in any.
_USER_KINDS = re.compile(
    r"^/registry/(pods|deployments|daemonsets|statefulsets|replicasets|jobs|cronjobs|secrets|configmaps"
    r"|persistentvolumeclaims|services/specs|serviceaccounts|ingress|networkpolicies|roles|rolebindings)/([^/]+)/"
)
_CLUSTER_USER_KINDS = re.compile(r"^/registry/(persistentvolumes|apiextensions\.k8s\.io/customresourcedefinitions)/")


def etcdctl(*arguments: str, timeout: float = 15) -> str:
    """Standard output of etcdctl."""
    return run([_program(), *_OPTIONS, *arguments], timeout=timeout).stdout


def _program() -> str:
    """The node's own etcdctl, else the one in the image of the running etcd."""
    if shutil.which("etcdctl", path=PATH):
        return "etcdctl"
    inside = glob.glob("/proc/[0-9]*/root/usr/local/bin/etcdctl")
    return inside[0] if inside else "etcdctl"


def keys(prefix: str = "/registry/") -> list[str]:
    """All keys below a prefix."""
    return [line for line in etcdctl("get", prefix, "--prefix", "--keys-only").splitlines() if line]


def plain_keys(prefix: str) -> list[str]:
    """Keys below a prefix whose values no provider of the API server has encrypted."""
    listed = json.loads(etcdctl("get", prefix, "--prefix", "--write-out=json"))
    entries = listed.get("kvs", [])
    return [_decoded(entry["key"]).decode() for entry in entries if not _decoded(entry.get("value", "")).startswith(_ENCRYPTED)]


def _decoded(text: str) -> bytes:
    return base64.b64decode(text)


def wait_keys(deadline: float) -> list[str]:
    """`keys()` as soon as etcd answers.

    Args:
        deadline: on the monotonic clock.

    Raises:
        CommandError: if it does not answer until then.
    """
    while True:
        try:
            return keys()
        except CommandError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def is_stock(key: str) -> bool:
    """Whether a key belongs to what kubeadm and Kubernetes make themselves."""
    if key.startswith("/registry/namespaces/"):
        return key.rpartition("/")[2] in _SYSTEM_NAMESPACES | {"default"}
    if _CLUSTER_USER_KINDS.match(key):
        return False
    found = _USER_KINDS.match(key)
    if not found:
        return True
    namespace = found.group(2)
    return namespace in _SYSTEM_NAMESPACES or (namespace == "default" and bool(_STOCK_IN_DEFAULT.match(key)))
