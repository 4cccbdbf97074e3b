"""The one thing that observing changes: a Secret of its own, made, read and deleted.

It lives while etcd is looked at, so that a cluster without any Secret still shows how one is stored.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
import time

from ansible_collections.bulwark.cluster.plugins.module_utils.api import Api

_PATH = "/api/v1/namespaces/kube-system/secrets"
_MANIFEST = "/etc/kubernetes/manifests/kube-apiserver.yaml"
#: Seconds for the probes that look at it, and for its events to reach the log.
_SECONDS = 10
#: How far back a log is searched for a canary that was made before anybody looked.
_LAST_BYTES = 16 * 1024 * 1024


class Canary:
    """A Secret with a value that occurs nowhere else."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.name = f"bulwark-canary-{secrets.token_hex(4)}"
        self.value = f"canary-{secrets.token_hex(16)}"
        #: Set once nobody looks at it any more.
        self.seen = threading.Event()
        self._deleted = False
        self._log = _audit_log()
        self._start = os.path.getsize(self._log) if self._log else 0
        body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": self.name}}
        api.request("POST", _PATH, {**body, "stringData": {"value": self.value}})

    def finish(self) -> None:
        """Reads and deletes it, once."""
        if self._deleted:
            return
        self.seen.wait(_SECONDS)
        self._deleted = True
        try:
            self._api.get(f"{_PATH}/{self.name}")
        finally:
            self._api.delete(f"{_PATH}/{self.name}")

    def wait_log(self) -> str:
        """What the audit log gained since the canary was made, with its deletion or after ten seconds.

        Nothing where there is no audit log: that is what was seen, not a lack of sight.
        """
        return _wait_deletion(self.name, self._log, self._start)


class PlacedCanary(Canary):
    """A Secret that the operator made and takes away again: this node only looks for it."""

    def __init__(self, name: str, value: str) -> None:
        self.name = name
        self.value = value
        self.seen = threading.Event()

    def finish(self) -> None:
        """The operator has done it."""

    def wait_log(self) -> str:
        """The end of the audit log, with the canary's deletion or after ten seconds."""
        log = _audit_log()
        return _wait_deletion(self.name, log, max(0, os.path.getsize(log) - _LAST_BYTES) if log else 0)


def _wait_deletion(name: str, log: str, start: int) -> str:
    if not log:
        return ""
    deletion = re.compile(rf'"verb":"delete"[^\n]*{name}|{name}[^\n]*"verb":"delete"')
    deadline = time.monotonic() + _SECONDS
    while True:
        with open(log, "rb") as file:
            # A log that was rotated meanwhile starts anew.
            file.seek(start if os.path.getsize(log) >= start else 0)
            text = file.read().decode(errors="replace")
        if deletion.search(text) or time.monotonic() > deadline:
            return text
        time.sleep(0.2)


def _audit_log() -> str:
    with open(_MANIFEST, encoding="utf-8") as file:
        found = re.search(r"--audit-log-path=(\S+)", file.read())
    return found.group(1) if found and os.path.exists(found.group(1)) else ""
