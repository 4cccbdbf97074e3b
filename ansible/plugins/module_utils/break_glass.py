"""Every right for a short time: the binding, and those who are told.

The certificate ends by itself, and the user's name is used once: a binding that stays behind gives nobody anything.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import syslog
from dataclasses import dataclass
from typing import Any, Iterator

from ansible_collections.bulwark.cluster.plugins.module_utils.api import Api

_BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
_LABEL = "bulwark.dev/break-glass"
_EXPIRES = "bulwark.dev/expires"
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


@dataclass(frozen=True)
class Grant:
    """What one person is given."""

    user: str
    reason: str
    expires: str

    @staticmethod
    def make(person: str, reason: str, seconds: int) -> "Grant":
        """A grant to a user whose name nobody had before and nobody gets again."""
        start = _now()
        stamp = re.sub(r"[-:]", "", start.strftime("%Y-%m-%dT%H:%M:%S.%f"))
        expires = start + datetime.timedelta(seconds=seconds)
        return Grant(f"break-glass:{person}:{stamp}", reason, expires.strftime(_TIME))

    @property
    def name(self) -> str:
        """Name of the binding."""
        return f"bulwark:{self.user}"

    def binding(self) -> dict[str, Any]:
        """The ClusterRoleBinding."""
        group = "rbac.authorization.k8s.io"
        return {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {
                "name": self.name,
                "labels": {_LABEL: "true"},
                "annotations": {"bulwark.dev/reason": self.reason, _EXPIRES: self.expires},
            },
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"apiGroup": group, "kind": "User", "name": self.user}],
        }

    def event(self, binding: dict[str, Any]) -> dict[str, Any]:
        """The warning that whoever watches Events reads."""
        at = _now().strftime(_TIME)
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"generateName": "bulwark-break-glass-", "namespace": "default"},
            "involvedObject": {
                "apiVersion": binding["apiVersion"],
                "kind": binding["kind"],
                "name": self.name,
                "uid": binding["metadata"]["uid"],
            },
            "type": "Warning",
            "reason": "BreakGlass",
            "message": self.message,
            "source": {"component": "bulwark"},
            "firstTimestamp": at,
            "lastTimestamp": at,
            "count": 1,
        }

    @property
    def message(self) -> str:
        """What everybody is told."""
        return f"{self.user} is cluster-admin until {self.expires}: {self.reason}"


def over(api: Api, *, every: bool) -> list[str]:
    """Names of the bindings whose time is over, or of every one."""
    listed = api.get(_BINDINGS, labelSelector=f"{_LABEL}=true") or {"items": []}
    now = _now().strftime(_TIME)

    def ended(metadata: dict[str, Any]) -> bool:
        return every or (metadata.get("annotations") or {}).get(_EXPIRES, "") <= now

    return [item["metadata"]["name"] for item in listed["items"] if ended(item["metadata"])]


def remove(api: Api, name: str) -> None:
    """Ends a grant: the certificate goes on to name a user who may do nothing."""
    api.delete(f"{_BINDINGS}/{name}")


@contextlib.contextmanager
def granted(api: Api, grant: Grant) -> Iterator[None]:
    """Makes the binding and tells of it; takes it away again where that, or what comes next, fails."""
    binding = api.request("POST", _BINDINGS, grant.binding())
    try:
        api.request("POST", "/api/v1/namespaces/default/events", grant.event(binding))
        syslog.openlog("bulwark", facility=syslog.LOG_AUTH)
        syslog.syslog(syslog.LOG_ALERT, grant.message)
        yield
    except BaseException:
        remove(api, grant.name)
        raise
