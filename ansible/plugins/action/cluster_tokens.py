"""Issues join tokens on the control plane, or revokes them."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """The result carries secrets: the task that registers it sets `no_log`."""

    arguments = frozenset({"nodes", "state"})

    def act(self) -> dict[str, Any]:
        return self.execute({"nodes": list(self.argument("nodes", [])), "state": self.argument("state")})
