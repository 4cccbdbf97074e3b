"""Moving the pods off nodes that leave the cluster, by `kubectl drain`, which respects PodDisruptionBudgets."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.bulwark.cluster.plugins.module_utils.api import CA, Api, Credential, server_address
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.redact import redact, tail
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

#: A pod's emptyDir ends with the pod, wherever it runs; pods of a DaemonSet would be made again at once.
_OPTIONS = ("--ignore-daemonsets", "--delete-emptydir-data")
#: Seconds that a pod of a node that is not ready may take beyond its own grace period: nobody tells when it has ended.
_OVERDUE = 5
#: Seconds that a preview asks for evictions: the server itself says which it would refuse.
_LOOK = 4
#: Seconds that kubectl may outlive its own limit.
_MARGIN = 30

_EVICTED = re.compile(r"^evicting pod (\S+)", re.MULTILINE)
_REFUSED = re.compile(
    r'error when evicting pods/"([^"]+)" -n "([^"]+)"(?: \(will retry after [^)]*\))?: '
    r"(.+?)(?=, error when |\]?, continuing command|$)",
    re.MULTILINE,
)
_TERMINATING = re.compile(r'error when evicting pod "([^"]+)" from terminating namespace "([^"]+)"')
_ENDING = re.compile(r'error when waiting for pod "([^"]+)" in namespace "([^"]+)" to terminate')
_UNMANAGED = re.compile(r"Pods that declare no controller[^:]*: (.+?)(?=\]?, continuing command|$)", re.MULTILINE)
_POD = re.compile(r"[a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*")


@dataclass
class Drain:
    """What was seen while nodes were drained."""

    #: By pod, why it is still there.
    held: dict[str, str] = field(default_factory=dict)
    #: Pods that nothing would make anew.
    unmanaged: list[str] = field(default_factory=list)
    #: Pods that lose what they keep on the node.
    local: list[str] = field(default_factory=list)
    #: Nodes that are not ready, so that nobody may tell when their pods have ended.
    silent: list[str] = field(default_factory=list)
    #: Last words of a kubectl that failed for another reason.
    failure: list[str] = field(default_factory=list)


def kubectl(credential: Credential) -> list[str]:
    """kubectl as an administrator of this control plane."""
    return [
        "kubectl",
        f"--server={server_address()}",
        f"--certificate-authority={CA}",
        f"--client-certificate={credential.certificate}",
        f"--client-key={credential.key}",
        f"--cache-dir={os.path.dirname(credential.key)}/cache",
    ]


def drain(step: Step, api: Api, command: list[str], nodes: list[str], seconds: int) -> Drain:
    """Cordons nodes, all of them before the first pod moves, and evicts their pods.

    Args:
        command: kubectl with its access.
        seconds: how long each node may take. What is not gone by then is told, and the next call goes on.
    """
    seen = Drain()
    look, limit = (["--dry-run=server"], _LOOK) if step.check else ([], seconds)
    cordoned = run([*command, "cordon", *nodes, *look]).stdout
    for node in nodes:
        if f"node/{node} cordoned" in cordoned:
            step.changed("node", node, "cordon")
    for node in nodes:
        silent = not _is_ready(api.get(f"/api/v1/nodes/{node}") or {})
        seen.silent += [node] if silent else []
        overdue = [f"--skip-wait-for-delete-timeout={_OVERDUE}"] if silent else []
        argv = [*command, "drain", node, *_OPTIONS, *overdue, *look, f"--timeout={limit}s"]
        result = run(argv, timeout=limit + _MARGIN, check=False)
        evicted = list(dict.fromkeys(_EVICTED.findall(result.output)))
        for pod in evicted:
            step.changed("pod", pod, "evict")
        if step.check:
            seen.local += [pod for pod in _with_local_data(api, node) if pod in evicted]
        _read(result.output, result.status, seen)
    return seen


def refuse(seen: Drain, stays: str) -> None:
    """Stops where waiting does not help: pods without a controller would be lost for good.

    Args:
        stays: how the nodes are left, as the end of the sentence.

    Raises:
        StepError: naming them, or what else kubectl failed of.
    """
    if seen.unmanaged:
        pods = ", ".join(seen.unmanaged)
        raise StepError(f"these pods have no controller that would make them anew: {pods}; delete them, or keep the node{stays}")
    if seen.failure:
        raise StepError(f"kubectl drain failed{stays}", seen.failure)


def reasons(seen: Drain) -> list[str]:
    """What holds the drain up, one sentence for each pod."""
    return [f"{pod}: {reason}" for pod, reason in sorted(seen.held.items())]


def outlook(seen: Drain, seconds: int) -> list[str]:
    """What a preview warns of."""
    warnings = [f"now {reason}; the drain waits {seconds} s for it to pass" for reason in reasons(seen)]
    if seen.local:
        warnings.append(f"these pods lose what they keep in emptyDir volumes: {', '.join(seen.local)}")
    return warnings + [
        f"{node} is not ready, so nobody may tell when its pods have ended: the drain waits {_OVERDUE} s beyond the grace "
        "period of each, and the reset ends them"
        for node in seen.silent
    ]


def _read(output: str, status: int, seen: Drain) -> None:
    if status == 0:
        return
    # A retry says why; the last word only says that the time was over.
    held: dict[str, str] = {}
    for pod, namespace, reason in _REFUSED.findall(output):
        held.setdefault(f"{namespace}/{pod}", redact(reason.strip().rstrip(".")))
    for pod, namespace in [*_TERMINATING.findall(output), *_ENDING.findall(output)]:
        held.setdefault(f"{namespace}/{pod}", "it is evicted and has not ended yet")
    unmanaged = [pod for pods in _UNMANAGED.findall(output) for pod in _POD.findall(pods)]
    seen.held.update(held)
    # kubectl says it once for the node and once at its end.
    seen.unmanaged += dict.fromkeys(unmanaged)
    if not held and not unmanaged:
        seen.failure += tail(output)


def _with_local_data(api: Api, node: str) -> list[str]:
    pods = api.get("/api/v1/pods", fieldSelector=f"spec.nodeName={node}")["items"]
    local = [pod["metadata"] for pod in pods if any("emptyDir" in volume for volume in pod["spec"].get("volumes") or [])]
    return [f"{pod['namespace']}/{pod['name']}" for pod in local]


def _is_ready(node: dict[str, Any]) -> bool:
    conditions = (node.get("status") or {}).get("conditions") or []
    return any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)
