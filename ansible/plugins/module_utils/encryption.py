"""What the API server must store encrypted: whether it lies in etcd in clear, and storing it again."""

from __future__ import annotations

import time

from ansible_collections.bulwark.cluster.plugins.module_utils import etcd
from ansible_collections.bulwark.cluster.plugins.module_utils.api import Api, ApiError, admin
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

#: The API server reads its configuration again within a minute.
_SECONDS = 120


def store_again(step: Step, resources: list[str]) -> None:
    """Has the API server store every object again that lies in clear, which an empty change does.

    Raises:
        StepError: naming the first object that still lies in clear after two minutes.
    """
    plain = {resource: _plain(resource) for resource in resources}
    for resource, objects in plain.items():
        for path in objects:
            step.changed("object", f"{resource}/{path}", "encrypt", ["secrets/encryption-at-rest"])
    if step.check or not any(plain.values()):
        return
    deadline = time.monotonic() + _SECONDS
    with admin() as api:
        while left := [(resource, path) for resource in plain for path in _plain(resource)]:
            if time.monotonic() > deadline:
                raise StepError(f"{'/'.join(left[0])} is still stored in clear, {len(left)} objects in all")
            for resource, path in left:
                _touch(api, resource, path)
            time.sleep(2)


def _plain(resource: str) -> list[str]:
    """`namespace/name`, or `name`, of the objects of a resource that lie in clear."""
    plural, _, group = resource.partition(".")
    prefixes = [f"/registry/{plural}/", *([f"/registry/{group}/{plural}/"] if group else [])]
    return [key.removeprefix(prefix) for prefix in prefixes for key in etcd.plain_keys(prefix)]


def _touch(api: Api, resource: str, path: str) -> None:
    plural, _, group = resource.partition(".")
    base = f"/apis/{(api.get(f'/apis/{group}') or {})['preferredVersion']['groupVersion']}" if group else "/api/v1"
    namespace, _, name = path.rpartition("/")
    place = f"/namespaces/{namespace}" if namespace else ""
    try:
        api.request("PATCH", f"{base}{place}/{plural}/{name}", {}, content_type="application/merge-patch+json")
    except ApiError as error:
        # It was deleted meanwhile, or the API server is just reading its configuration.
        if error.status not in (0, 404, 409, 429, 500, 503):
            raise
