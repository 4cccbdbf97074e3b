"""Sends a node's module what the bundle says of its board."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """Does not even connect to a node that is no board."""

    arguments = frozenset({"step"})

    def act(self) -> dict[str, Any]:
        host = self.host()
        if "board" not in host:
            return {"changed": False, "reboot": False}
        return self.execute(
            {
                "board": host["board"],
                "node": host["node"],
                "swap": host.get("swap", False),
                "step": self.argument("step"),
            }
        )
