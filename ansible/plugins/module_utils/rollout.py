"""Replaces pods whose configuration was changed back: programs read it when they start, and may have read another."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.bulwark.cluster.plugins.module_utils.api import Api
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

_WORKLOADS = ("DaemonSet", "Deployment")
#: Owns the one annotation that starts a rollout, so that applying the object again does not take it away.
_MANAGER = "bulwark-restart"
_ANNOTATION = "bulwark.dev/restarted-at"
_SECONDS = 180


def reads(item: dict[str, Any], configuration: str) -> bool:
    """Whether an object is a workload whose pods mount the ConfigMap `namespace/name`."""
    if item["kind"] not in _WORKLOADS:
        return False
    namespace = item["metadata"].get("namespace") or "default"
    volumes = item["spec"]["template"]["spec"].get("volumes") or []
    return any(f"{namespace}/{(volume.get('configMap') or {}).get('name')}" == configuration for volume in volumes)


def replace_pods(step: Step, api: Api, path: str, title: str) -> None:
    """Replaces the pods of the workload at an API path and waits until the new ones are ready.

    Raises:
        StepError: if they are not within three minutes.
    """
    step.changed("restart", title, "replace pods")
    if step.check:
        return
    annotations = {_ANNOTATION: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    template = {"spec": {"template": {"metadata": {"annotations": annotations}}}}
    query = {"fieldManager": _MANAGER}
    generation = api.request("PATCH", path, template, query=query, content_type="application/merge-patch+json")["metadata"]["generation"]
    deadline = time.monotonic() + _SECONDS
    while not _is_ready(api.get(path) or {}, generation):
        if time.monotonic() > deadline:
            raise StepError(f"the new pods of {title} are not ready after {_SECONDS} s")
        time.sleep(1)


def _is_ready(workload: dict[str, Any], generation: int) -> bool:
    status = workload.get("status") or {}
    if status.get("observedGeneration", 0) < generation:
        return False
    if workload.get("kind") == "DaemonSet" or "desiredNumberScheduled" in status:
        wanted = status.get("desiredNumberScheduled", 0)
        return status.get("updatedNumberScheduled", 0) == wanted == status.get("numberReady", 0)
    wanted = workload["spec"].get("replicas", 1)
    return status.get("updatedReplicas", 0) == wanted == status.get("readyReplicas", 0) == status.get("replicas", 0)
