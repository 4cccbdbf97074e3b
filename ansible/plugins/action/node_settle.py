"""Brings a node to rest: what changed is restarted."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """See the module of the same name."""

    arguments = frozenset({"pending"})

    def act(self) -> dict[str, Any]:
        host = self.host()
        return self.execute(
            {
                "node": host["node"],
                "modes": host.get("modes", []),
                "units": host.get("units", []),
                "network": json.loads(self.read("spec.json"))["cni"]["name"] != "external",
                "pending": list(self.argument("pending", [])),
                "directories": host.get("directories", []),
            }
        )
