"""Drains nodes that leave the cluster, or deletes them."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """See the module of the same name."""

    arguments = frozenset({"state", "nodes", "forget", "seconds"})

    def act(self) -> dict[str, Any]:
        return self.execute(
            {
                "state": self.argument("state"),
                "nodes": list(self.argument("nodes", [])),
                "forget": list(self.argument("forget", [])),
                "seconds": int(self.argument("seconds", 0)),
            }
        )
