"""The spec that a cluster was brought to last, kept in the cluster itself: `bulwark import` gives it back."""

from __future__ import annotations

from ansible_collections.bulwark.cluster.plugins.module_utils.api import SERVER_SIDE_APPLY, Api
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step

#: A spec holds no secret. Whoever reads ConfigMaps here sees the waivers in their own record anyway.
_NAME = "bulwark-spec"
_PATH = f"/api/v1/namespaces/kube-system/configmaps/{_NAME}"
_KEY = "spec.json"


def keep(step: Step, api: Api, spec: str) -> None:
    """Records the bundle's `spec.json` as it is."""
    if ((api.get(_PATH) or {}).get("data") or {}).get(_KEY) == spec:
        return
    step.chore("record the spec")
    if step.check:
        return
    record = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": _NAME, "namespace": "kube-system"},
        "data": {_KEY: spec},
    }
    query = {"fieldManager": "bulwark", "force": "true"}
    api.request("PATCH", _PATH, record, query=query, content_type=SERVER_SIDE_APPLY)
