"""Kubernetes objects: server-side apply, pruning and deletion, with exact changes."""

from __future__ import annotations

import json
import time
from typing import Any, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import rollout
from ansible_collections.bulwark.cluster.plugins.module_utils.api import SERVER_SIDE_APPLY, Api, ApiError
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

MANAGER = "bulwark"
#: Annotation of our objects: the controls that ask for it.
_CONTROLS = "bulwark.dev/controls"
#: Where the set of applied objects is kept, so that one that leaves the bundle is deleted.
_RECORD = "/api/v1/namespaces/kube-system/configmaps/bulwark-applied"


#: Annotation of a node: the taints that an earlier run declared, so that one that leaves the spec is taken off.
_TAINTS = "bulwark.dev/taints"
#: Deleting one of these would take users' objects or data with it.
_HOLDS_DATA = ("Namespace", "CustomResourceDefinition", "PersistentVolume", "PersistentVolumeClaim", "StorageClass")


def identity(item: dict[str, Any]) -> str:
    """`apiVersion|kind|namespace|name`: what makes an object the same one."""
    metadata = item.get("metadata", item)
    return "|".join((item["apiVersion"], item["kind"], metadata.get("namespace") or "", metadata["name"]))


class Objects:
    """The objects of one bundle on one cluster."""

    def __init__(self, step: Step, api: Api) -> None:
        self._step = step
        self._api = api
        self._resources: dict[str, dict[str, dict]] = {}
        #: Titles of the objects that this run changed.
        self._changed: set[str] = set()

    def apply_all(self, items: list[dict], wait: float) -> list[str]:
        """Applies objects in order; returns those whose kind or namespace does not exist yet.

        Args:
            wait: seconds to wait for missing kinds. 0: do not wait.

        Raises:
            StepError: naming what is still missing after the wait.
        """
        deadline = time.monotonic() + wait
        while True:
            items = [item for item in items if not self._apply(item)]
            if not items or wait == 0:
                break
            if time.monotonic() > deadline:
                kinds = sorted({f"{item['kind']} ({item['apiVersion']})" for item in items})
                raise StepError(f"the cluster does not know {', '.join(kinds)} after {wait:.0f} s; is its controller running?")
            time.sleep(1)
            self._resources.clear()
        return [identity(item) for item in items]

    def restart_readers(self, items: list[dict]) -> None:
        """Replaces the pods that may run with what a ConfigMap held before this run changed it back.

        A workload that changed with its configuration has its pods replaced by that.
        """
        configurations = [title.removeprefix("ConfigMap/") for title in self._changed if title.startswith("ConfigMap/")]
        for item in items:
            if _title(item) not in self._changed and any(rollout.reads(item, name) for name in configurations):
                rollout.replace_pods(self._step, self._api, self._path(item) or "", _title(item))

    def prune(self, items: list[dict]) -> list[str]:
        """Deletes what an earlier bundle had and this one has not, then records this one's objects.

        Returns:
            What stays although it left the bundle, because users' objects or data would go with it.
        """
        record = self._api.get(_RECORD) or {}
        earlier = json.loads((record.get("data") or {}).get("objects", "[]"))
        now = sorted(identity(item) for item in items)
        gone = [key.split("|") for key in earlier if key not in now]
        kept = [f"{kind}/{name}" for _, kind, _, name in gone if kind in _HOLDS_DATA]
        kept_namespaces = {name for _, kind, _, name in gone if kind == "Namespace"}
        for version, kind, namespace, name in gone:
            if kind not in _HOLDS_DATA and namespace not in kept_namespaces:
                self._delete({"apiVersion": version, "kind": kind, "namespace": namespace, "name": name}, "prune")
        if earlier == now:
            return []
        self._step.chore("record which objects were applied")
        if not self._step.check:
            self._patch(
                _RECORD,
                {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": "bulwark-applied", "namespace": "kube-system"},
                    "data": {"objects": json.dumps(now)},
                },
            )
        return [f"{title} left the bundle but stays, because users' objects may depend on it; delete it by hand" for title in kept]

    def delete(self, absent: list[dict]) -> None:
        """Deletes the objects that must not exist."""
        for item in absent:
            self._delete(item, "delete")

    def declare_nodes(self, declared: dict[str, dict]) -> list[str]:
        """Makes our labels and taints of each node exactly the declared ones; those of others stay.

        Returns:
            Nodes that the cluster does not have.
        """
        listed = {node["metadata"]["name"]: node for node in self._api.get("/api/v1/nodes")["items"]}
        for name, wanted in declared.items():
            if name in listed:
                self._declare_node(listed[name], wanted["labels"], wanted["taints"])
        return sorted(set(declared) - set(listed))

    def _declare_node(self, node: dict, labels: dict[str, str], taints: list[dict]) -> None:
        name, path = node["metadata"]["name"], f"/api/v1/nodes/{node['metadata']['name']}"
        earlier = json.loads((node["metadata"].get("annotations") or {}).get(_TAINTS, "[]"))
        ours = sorted(_taint(taint) for taint in taints)
        living = node["spec"].get("taints") or []
        wanted = [taint for taint in living if _taint(taint) not in {*earlier, *ours}] + taints
        if sorted(map(_taint, living)) != sorted(map(_taint, wanted)):
            self._step.changed("object", f"Node/{name}", "taints")
            if not self._step.check:
                self._api.request("PATCH", path, {"spec": {"taints": wanted}}, content_type="application/merge-patch+json")
        metadata = {"name": name, "labels": labels, "annotations": {_TAINTS: json.dumps(ours)}}
        self._apply_at(path, {"apiVersion": "v1", "kind": "Node", "metadata": metadata})

    def _apply(self, item: dict) -> bool:
        path = self._path(item)
        if path is None:
            if self._step.check:
                self._step.changed("object", _title(item), "create")
                return True
            return False
        try:
            self._apply_at(path, item)
        except ApiError as error:
            missing_namespace = error.status == 404 and item["metadata"].get("namespace")
            if missing_namespace and self._step.check:
                self._step.changed("object", _title(item), "create")
                return True
            raise StepError(f"{_title(item)}: {error.message}") from None
        return True

    def _apply_at(self, path: str, item: dict) -> None:
        before = self._api.get(path)
        after = self._patch(path, item)
        if before is None:
            self._step.changed("object", _title(item), "create", _controls(item))
            self._changed.add(_title(item))
        elif _content(before) != _content(after):
            self._step.changed("object", _title(item), "update", _controls(item))
            self._changed.add(_title(item))
        else:
            return
        if self._step.payload.get("diff") and item["kind"] != "Secret":
            self._step.diff.append(
                {
                    "before_header": _title(item),
                    "after_header": _title(item),
                    "before": json.dumps(_content(before or {}), indent=1, sort_keys=True) + "\n",
                    "after": json.dumps(_content(after), indent=1, sort_keys=True) + "\n",
                }
            )

    def _patch(self, path: str, item: dict) -> dict:
        query = {"fieldManager": MANAGER, "force": "true"}
        if self._step.check:
            query["dryRun"] = "All"
        # A kind or a webhook that has just appeared may not answer at once.
        for attempt in range(5):
            try:
                return self._api.request("PATCH", path, item, query=query, content_type=SERVER_SIDE_APPLY)
            except ApiError as error:
                if attempt == 4 or error.status not in (0, 429, 500, 503):
                    raise
                time.sleep(1 + attempt)
        raise AssertionError("unreachable")

    def _delete(self, item: dict, action: str) -> None:
        path = self._path(item)
        if path is None or self._api.get(path) is None:
            return
        self._step.changed("object", _title(item), action, item.get("controls", []))
        if not self._step.check:
            self._api.delete(path)

    def _path(self, item: dict) -> Optional[str]:
        resource = self._kinds(item["apiVersion"]).get(item["kind"])
        if resource is None:
            return None
        metadata = item.get("metadata", item)
        version = item["apiVersion"]
        base = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if resource["namespaced"]:
            base += f"/namespaces/{metadata.get('namespace') or 'default'}"
        return f"{base}/{resource['name']}/{metadata['name']}"

    def _kinds(self, version: str) -> dict[str, dict]:
        if version not in self._resources:
            listed = self._api.get(f"/apis/{version}" if "/" in version else f"/api/{version}") or {"resources": []}
            self._resources[version] = {
                entry["kind"]: entry for entry in listed["resources"] if "/" not in entry["name"]
            }
        return self._resources[version]


def _taint(taint: dict) -> str:
    return f"{taint['key']}={taint.get('value') or ''}:{taint['effect']}"


def _controls(item: dict) -> list[str]:
    return (item["metadata"].get("annotations") or {}).get(_CONTROLS, "").split()


def _title(item: dict) -> str:
    metadata = item.get("metadata", item)
    place = f"{metadata['namespace']}/" if metadata.get("namespace") else ""
    return f"{item['kind']}/{place}{metadata['name']}"


def _content(item: dict) -> dict:
    """What a user declares. A controller that reports in between changes the status and the version only."""
    metadata = {
        key: value
        for key, value in item.get("metadata", {}).items()
        if key not in ("managedFields", "resourceVersion", "generation", "creationTimestamp", "uid")
    }
    return {**{key: value for key, value in item.items() if key != "status"}, "metadata": metadata}
