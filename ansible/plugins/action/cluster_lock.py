"""Takes or gives back the cluster's lock."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """Waits, and says so, while another run holds the lock."""

    arguments = frozenset({"state", "wait"})

    def act(self) -> dict[str, Any]:
        state = str(self.argument("state"))
        deadline = time.monotonic() + float(self.argument("wait", 0))
        while True:
            result = self.execute({"state": state})
            if not result.get("busy") or time.monotonic() > deadline:
                return result
            self.progress(f"waiting: {result['msg']}")
            time.sleep(5)
