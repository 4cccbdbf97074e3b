"""Drains nodes that leave the cluster, or deletes them."""

from __future__ import annotations

import math
import time
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction

#: Seconds that one call of the module waits. What Ctrl-C leaves running on the control plane ends as soon.
_WAIT = 10


class ActionModule(BundleAction):
    """Drains in short calls, and says what holds each of them up."""

    arguments = frozenset({"state", "nodes", "forget", "seconds"})

    def act(self) -> dict[str, Any]:
        payload = {
            "state": self.argument("state"),
            "nodes": list(self.argument("nodes", [])),
            "forget": list(self.argument("forget", [])),
            "seconds": int(self.argument("seconds", 0)),
        }
        deadline = time.monotonic() + payload["seconds"]
        changes: list[dict[str, Any]] = []
        while True:
            left = math.ceil(max(1, deadline - time.monotonic()))
            result = self.execute({**payload, "wait": min(_WAIT, left), "last": left <= _WAIT})
            # What is evicted and has not ended is evicted again by the next call.
            changes += [change for change in result.get("changes", []) if change not in changes]
            if not result.get("held"):
                return {**result, "changes": changes, "changed": bool(changes)}
            self.progress(f"waiting: {'; '.join(result['held'])}")
