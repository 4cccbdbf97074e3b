"""Which machines are nodes of the cluster, how each is reached, and taking one out."""

from __future__ import annotations

import json
import os
import re
from typing import Any, Iterable

from ansible_collections.bulwark.cluster.plugins.module_utils.api import (
    CA,
    SERVER_SIDE_APPLY,
    Api,
    admin_files,
    server_address,
)
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import Result, run
from ansible_collections.bulwark.cluster.plugins.module_utils.redact import redact, tail
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

_NODES = "/api/v1/nodes"
#: What the spec said of each node when it was applied last: the way to a machine that has left the spec since. In
#: kube-system and not at the Node, because a kubelet may write its own Node and could send us to another machine.
_RECORD = "/api/v1/namespaces/kube-system/configmaps/bulwark-nodes"
_MANAGER = "bulwark"
_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
#: Seconds that the credential of a drain outlives it.
_MARGIN = 60
#: Seconds that a preview asks for evictions: the server itself says which it would refuse.
_LOOK = 4


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


def remember(api: Api, specs: list[dict[str, Any]]) -> None:
    """Records how the bundle's nodes are reached; what is known of nodes that are to leave stays until they have."""
    known = _recorded(api)
    wanted = {**known, **{spec["name"]: spec for spec in specs}}
    if wanted != known:
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


def drain(step: Step, node: str, seconds: int) -> None:
    """Cordons a node and evicts its pods, as `kubectl drain` does.

    Raises:
        StepError: naming what does not go, after the time is over or where a pod would be lost.
    """
    limits = ("--dry-run=server", f"--timeout={_LOOK}s") if step.check else (f"--timeout={seconds}s",)
    left = _kubectl(seconds, "drain", node, *_DRAIN, *limits)
    if f"node/{node} cordoned" in left.output:
        step.changed("node", node, "cordon")
    for pod in dict.fromkeys(re.findall(r"^evicting pod (\S+)", left.output, re.MULTILINE)):
        step.changed("pod", pod, "evict")
    if left.status == 0:
        return
    held = _held(left.output)
    if step.check and held:
        # What holds a pod may pass: the drain itself waits for it.
        warnings = step.facts.setdefault("warnings_found", [])
        warnings += [f"now {pod} cannot be evicted, and the drain waits {seconds} s at most: {why}" for pod, why in held.items()]
        return
    raise StepError(_not_drained(node, seconds, left.output, step.check), [] if held else tail(left.output))


def delete(step: Step, api: Api, names: list[str]) -> None:
    """Deletes Node objects and what is recorded of their machines."""
    for name in names:
        if api.get(f"{_NODES}/{name}") is not None:
            step.changed("node", name, "delete")
            if not step.check:
                api.delete(f"{_NODES}/{name}")
    known = _recorded(api)
    if not step.check and any(name in known for name in names):
        _write(api, {name: spec for name, spec in known.items() if name not in names})


def left_behind(node: str) -> str:
    """What a machine keeps that nobody logged in to."""
    return (
        f"the machine of {node} was not reset: it keeps its files, among them the key of system:node:{node}, whose "
        "certificate cannot be revoked. Reset or wipe it before it is connected again"
    )


#: A pod's emptyDir ends with the pod, wherever it runs; pods of a DaemonSet would be made again at once.
_DRAIN = ("--ignore-daemonsets", "--delete-emptydir-data")


def _kubectl(seconds: int, *args: str) -> Result:
    with admin_files(validity=f"{seconds + _MARGIN}s") as credential:
        access = (
            f"--server={server_address()}",
            f"--certificate-authority={CA}",
            f"--client-certificate={credential.certificate}",
            f"--client-key={credential.key}",
            f"--cache-dir={os.path.dirname(credential.key)}/cache",
        )
        return run(["kubectl", *access, *args], timeout=seconds + _MARGIN / 2, check=False)


def _held(output: str) -> dict[str, str]:
    """By pod, why it could not be evicted."""
    found = re.findall(r'error when evicting pods/"(\S+)" -n "(\S+)" \(will retry after \S+\): (.+)', output)
    return {f"{namespace}/{pod}": redact(reason.strip().rstrip(".")) for pod, namespace, reason in found}


def _not_drained(node: str, seconds: int, output: str, check: bool) -> str:
    held = _held(output)
    unmanaged = re.search(r"cannot delete .*?Pods that declare no controller.*?: ([^\n;]+)", output)
    if unmanaged:
        reason = f"these pods have no controller that would make them anew: {unmanaged.group(1).strip()}; delete them, or keep the node"
    elif held:
        reason = f"{'; '.join(f'{pod}: {why}' for pod, why in held.items())} (waited {seconds} s)"
    else:
        reason = "kubectl drain failed"
    stays = "" if check else f". {node} stays cordoned: start again when that is solved, or `kubectl uncordon {node}`"
    return f"{node} cannot be drained: {reason}{stays}"


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
