"""Bootstrap tokens: one for each joining node, short-lived, usable for that node's certificate only."""

from __future__ import annotations

import base64
import datetime
import secrets
import string

from ansible_collections.bulwark.cluster.plugins.module_utils.api import Api

_SECRETS = "/api/v1/namespaces/kube-system/secrets"
_TYPE = "bootstrap.kubernetes.io/token"
_DESCRIPTION = "Bulwark: join of "
_INIT_DESCRIPTION = "made by kubeadm init, good for nothing"
_MINUTES = 15
_LETTERS = string.ascii_lowercase + string.digits


def issue(api: Api, node: str) -> str:
    """A token for one node, valid for 15 minutes.

    The second group names the node: the approver signs a first certificate for that node and no other.
    """
    identifier, secret = _random(6), _random(16)
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=_MINUTES)
    api.request(
        "POST",
        _SECRETS,
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": _TYPE,
            "metadata": {"name": f"bootstrap-token-{identifier}"},
            "stringData": {
                "description": _DESCRIPTION + node,
                "token-id": identifier,
                "token-secret": secret,
                "expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "usage-bootstrap-authentication": "true",
                "auth-extra-groups": f"system:bootstrappers:kubeadm:default-node-token,system:bootstrappers:bulwark:{node}",
            },
        },
    )
    return f"{identifier}.{secret}"


def ours(api: Api) -> list[str]:
    """Names of the tokens that a run of ours or `kubeadm init` made, never an operator's own."""
    found = api.get(_SECRETS, fieldSelector=f"type={_TYPE}")["items"]
    return [item["metadata"]["name"] for item in found if _is_ours(item.get("data") or {})]


def revoke(api: Api) -> list[str]:
    """Deletes them; the names of those that were there."""
    return [name for name in ours(api) if api.delete(f"{_SECRETS}/{name}")]


def _is_ours(data: dict[str, str]) -> bool:
    description = base64.b64decode(data.get("description", "")).decode(errors="replace")
    return description.startswith(_DESCRIPTION) or description == _INIT_DESCRIPTION


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
