"""Brings a node to rest: what changed is restarted."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


_ENCRYPTION = "/etc/kubernetes/bulwark/apiserver/encryption/config.yaml"


class ActionModule(BundleAction):
    """See the module of the same name."""

    arguments = frozenset({"pending"})

    def act(self) -> dict[str, Any]:
        host = self.host()
        return self.execute(
            {
                "node": host["node"],
                "modes": host.get("modes", []),
                "absent": host.get("absent", []),
                "encrypted": self._encrypted(),
                "units": host.get("units", []),
                "network": json.loads(self.read("spec.json"))["cni"]["name"] != "external",
                "pending": list(self.argument("pending", [])),
                "directories": host.get("directories", []),
            }
        )

    def _encrypted(self) -> list[str]:
        """The resources that the API server encrypts, on a node that has one."""
        path = f"nodes/{self.name}/files{_ENCRYPTION}"
        if not os.path.exists(os.path.join(self.bundle, path)):
            return []
        (document,) = self.read_all_yaml(path)
        return [name for entry in document["resources"] for name in entry["resources"]]
