"""The API server, the kubelet's live configuration, etcd and the audit log, seen from a control plane."""

from __future__ import annotations

import base64
import json
import os
import re
from typing import Any

from ansible_collections.bulwark.cluster.plugins.module_utils import etcd as etcd_client
from ansible_collections.bulwark.cluster.plugins.module_utils.api import ApiError
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.context import Context
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.fields import keep
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.unseen import Unseen

_CORE = {"v1"}
#: The authorizers' words, as opposed to those of an admission plugin, which come with the same status.
_NO_RIGHT = re.compile(r'is forbidden: User "[^"]*" cannot ')
_TRANSFORMER = re.compile(rb"k8s:enc:[a-z0-9]+:v\d+:")


def configz(probe: dict, context: Context) -> dict[str, Any]:
    """The configuration that the kubelet of a node runs with."""
    node = probe.get("of", context.name)
    if context.direct:
        return context.kubelet(node).request("GET", "/configz", timeout=10)["kubeletconfig"]
    answer = context.api().request("GET", f"/api/v1/nodes/{node}/proxy/configz", timeout=10)
    return answer["kubeletconfig"]


def objects(probe: dict, context: Context) -> list[dict[str, Any]]:
    """The kept fields of one object, or of all of a kind."""
    api = context.api()
    plural, _, group = probe["resource"].partition(".")
    base, namespaced = _resource(api, plural, group)
    if base is None:
        raise Unseen(f"the cluster has no resource {probe['resource']}")
    place = f"/namespaces/{probe['namespace']}" if namespaced and probe.get("namespace") else ""
    path = f"{base}{place}/{plural}"
    if probe.get("name"):
        found = api.get(f"{path}/{probe['name']}")
        return [keep(found, probe["keep"])] if found else []
    query = {"labelSelector": probe["labelSelector"]} if probe.get("labelSelector") else {}
    listed = api.get(path, **query) or {"items": []}
    return [keep(item, probe["keep"]) for item in listed["items"]]


def _resource(api: Any, plural: str, group: str) -> tuple[Any, bool]:
    """Path of the resource's preferred version, and whether it lives in namespaces."""
    if group:
        described = api.get(f"/apis/{group}")
        if described is None:
            return None, False
        base = f"/apis/{described['preferredVersion']['groupVersion']}"
    else:
        base = "/api/v1"
    listed = api.get(base) or {"resources": []}
    found = next((entry for entry in listed["resources"] if entry["name"] == plural), None)
    return (base, found["namespaced"]) if found else (None, False)


def access(probe: dict, context: Context) -> dict[str, Any]:
    """A SubjectAccessReview."""
    spec: dict[str, Any] = {"user": probe["user"], "groups": probe.get("groups") or []}
    if probe.get("nonResourcePath"):
        spec["nonResourceAttributes"] = {"path": probe["nonResourcePath"], "verb": probe["verb"]}
    else:
        names = ("verb", "resource", "group", "subresource", "namespace", "name")
        spec["resourceAttributes"] = {name: probe[name] for name in names if probe.get(name)}
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
    status = context.api().request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)["status"]
    return {"allowed": bool(status.get("allowed")), "reason": status.get("reason") or ""}


def dry_run(probe: dict, context: Context) -> dict[str, Any]:
    """Creation of one object, not kept."""
    api, item = context.api(), probe["object"]
    version = item["apiVersion"]
    base = f"/apis/{version}" if version not in _CORE else f"/api/{version}"
    listed = api.get(base) or {"resources": []}
    resource = next(
        (entry for entry in listed["resources"] if entry["kind"] == item["kind"] and "/" not in entry["name"]), None
    )
    if resource is None:
        raise Unseen(f"the cluster does not know {item['kind']} ({version})")
    place = f"/namespaces/{item['metadata'].get('namespace') or 'default'}" if resource["namespaced"] else ""
    try:
        api.request("POST", f"{base}{place}/{resource['name']}", item, query={"dryRun": "All"})
        return {"accepted": True, "message": ""}
    except ApiError as error:
        if error.status == 403 and _NO_RIGHT.search(error.message):
            raise Unseen(error.message) from None
        # 4xx is the server's judgement on the object; anything else is no judgement at all.
        if error.status not in (400, 403, 409, 422):
            raise
        return {"accepted": error.status == 409, "message": error.message}


def etcd(probe: dict, context: Context) -> dict[str, Any]:
    """How the values below a prefix begin; the values themselves stay where they are."""
    if not os.path.exists("/etc/kubernetes/pki/etcd/healthcheck-client.key"):
        raise Unseen("this node runs no etcd of kubeadm")
    listed = json.loads(etcd_client.etcdctl("get", probe["prefix"], "--prefix", "--write-out=json"))
    counts: dict[str, int] = {}
    for entry in listed.get("kvs", []):
        value = base64.b64decode(entry.get("value", ""))
        found = _TRANSFORMER.match(value)
        name = found.group(0).decode() if found else "plain"
        counts[name] = counts.get(name, 0) + 1
    if not counts and context.no_canary:
        raise Unseen(f"there is no value below {probe['prefix']}, and {context.no_canary}")
    return {"keys": sum(counts.values()), "transformers": counts}


def audit_canary(_probe: dict, context: Context) -> dict[str, Any]:
    """Reads and deletes the canary Secret, then looks for its life in the audit log."""
    canary = context.canary
    if canary is None:
        raise Unseen(context.no_canary or context.no_credential)
    canary.finish()
    text = canary.wait_log()
    events = [json.loads(line) for line in text.splitlines() if canary.name in line]
    encoded = base64.b64encode(canary.value.encode()).decode()
    return {
        "events": [{"verb": event["verb"], "level": event["level"]} for event in events],
        "bodyLogged": canary.value in text or encoded in text,
    }
