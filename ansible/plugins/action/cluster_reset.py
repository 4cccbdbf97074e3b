"""Takes the cluster off a node."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """See the module of the same name."""

    def act(self) -> dict[str, Any]:
        host = self.host()
        return self.execute({"units": host.get("units", []), "directories": host.get("directories", [])})
