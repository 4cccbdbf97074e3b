"""Which machines are nodes of the cluster, how each is reached, and taking one out."""

from __future__ import annotations

import json
from typing import Any, Iterable

from ansible_collections.bulwark.cluster.plugins.module_utils.api import SERVER_SIDE_APPLY, Api
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

_NODES = "/api/v1/nodes"
_PODS = "/api/v1/pods"
#: What the spec said of each node when it was applied last: the way to a machine that has left the spec since. In
#: kube-system and not at the Node, because a kubelet may write its own Node and could send us to another machine.
_RECORD = "/api/v1/namespaces/kube-system/configmaps/bulwark-nodes"
_MANAGER = "bulwark"
_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


def leaving(api: Api, declared: Iterable[str]) -> list[dict[str, Any]]:
    """Nodes of the cluster, or of its record, that the bundle does not have.

    Each with its entry of the spec as `node`, where a run has recorded it.
    """
    known = _recorded(api)
    nodes = {node["metadata"]["name"]: node for node in api.get(_NODES)["items"]}
    return [
        {"name": name, "controlPlane": _leads(nodes.get(name) or {}), "node": known.get(name)}
        for name in sorted({*nodes, *known} - set(declared))
    ]


def remember(step: Step, api: Api, specs: list[dict[str, Any]]) -> None:
    """Records how the bundle's nodes are reached; what is known of nodes that are to leave stays until they have."""
    known = _recorded(api)
    wanted = {**known, **{spec["name"]: spec for spec in specs}}
    if wanted == known:
        return
    step.chore("record how the nodes are reached")
    if not step.check:
        _write(api, wanted)


def listed(api: Api, names: list[str]) -> list[str]:
    """Those of the names that have a Node object."""
    return [name for name in names if api.get(f"{_NODES}/{name}") is not None]


def refuse_control_planes(api: Api, names: list[str]) -> None:
    """Control planes are never removed.

    Raises:
        StepError: naming them.
    """
    found = [name for name in names if _leads(api.get(f"{_NODES}/{name}") or {})]
    if found:
        raise StepError(f"{', '.join(found)} is a control plane, which is never removed")


def delete(step: Step, api: Api, removed: list[str], forgotten: list[str]) -> None:
    """Deletes Node objects, the pods that are left on them, and what is recorded of their machines.

    Kubernetes removes the pods of a missing node within minutes. Until then they count as members of their workloads,
    and nothing is made anew for them.

    Args:
        removed: nodes whose machine was reset: no pod runs there any more.
        forgotten: nodes whose machine is gone, as the operator says.
    """
    names = [*removed, *forgotten]
    for name in names:
        if api.get(f"{_NODES}/{name}") is not None:
            step.changed("node", name, "delete")
            if not step.check:
                api.delete(f"{_NODES}/{name}")
        for pod in (item["metadata"] for item in api.get(_PODS, fieldSelector=f"spec.nodeName={name}")["items"]):
            if name in forgotten:
                step.changed("pod", f"{pod['namespace']}/{pod['name']}", "remove")
            if not step.check:
                api.delete(f"/api/v1/namespaces/{pod['namespace']}/pods/{pod['name']}", gracePeriodSeconds="0")
    known = _recorded(api)
    if not step.check and any(name in known for name in names):
        _write(api, {name: spec for name, spec in known.items() if name not in names})


def left_behind(node: str) -> str:
    """What a machine keeps that nobody logged in to."""
    return (
        f"the machine of {node} was not reset: it keeps its files, among them the key of system:node:{node}, whose "
        "certificate cannot be revoked. Reset or wipe it before it is connected again"
    )


def _leads(node: dict[str, Any]) -> bool:
    return _CONTROL_PLANE in ((node.get("metadata") or {}).get("labels") or {})


def _recorded(api: Api) -> dict[str, Any]:
    data = (api.get(_RECORD) or {}).get("data") or {}
    return {name: json.loads(text) for name, text in data.items()}


def _write(api: Api, nodes: dict[str, Any]) -> None:
    record = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "bulwark-nodes", "namespace": "kube-system"},
        "data": {name: json.dumps(spec, sort_keys=True) for name, spec in sorted(nodes.items())},
    }
    query = {"fieldManager": _MANAGER, "force": "true"}
    api.request("PATCH", _RECORD, record, query=query, content_type=SERVER_SIDE_APPLY)
