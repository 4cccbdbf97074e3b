"""What is looked at on a machine before its node leaves the cluster."""

from __future__ import annotations

import os
import socket

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State

_CLIENT = "/var/lib/kubelet/pki/kubelet-client-current.pem"
_API_SERVER = "/etc/kubernetes/manifests/kube-apiserver.yaml"


def refusal(state: State, cluster: str, node: str) -> str:
    """Why this machine must not be reset; empty where it is the node, or was reset already."""
    name = socket.gethostname()
    if name != node:
        return f"the host name is {name}, but {node} is to leave; nothing is reset here"
    if state.cluster not in ("", cluster):
        return f"this machine belongs to the cluster {state.cluster}; nothing is reset here"
    if os.path.exists(_API_SERVER):
        return f"{node} runs a control plane, which is never removed"
    return ""


def credentials_left(node: str) -> list[str]:
    """What goes on to be valid after the reset, because Kubernetes cannot revoke a certificate."""
    if not os.path.exists(_CLIENT):
        return []
    printed = run(["openssl", "x509", "-in", _CLIENT, "-noout", "-enddate", "-dateopt", "iso_8601"], check=False).stdout
    end = printed.strip().partition("=")[2] or "its end"
    return [
        f"the client certificate of system:node:{node} is valid until {end} and cannot be revoked: "
        "its key goes with the reset, but a copy, such as in a backup of the machine, stays good until then"
    ]
