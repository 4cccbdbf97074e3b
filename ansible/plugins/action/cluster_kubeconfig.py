"""Mints a kubeconfig on the control plane and writes it on the operator's side, for its owner only."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """The kubeconfig does not become part of the result."""

    arguments = frozenset({"user", "groups", "ttl", "server", "destination"})

    def act(self) -> dict[str, Any]:
        result = self.execute(
            {
                "user": str(self.argument("user")),
                "groups": [str(group) for group in self.argument("groups", [])],
                "ttl": str(self.argument("ttl")),
                "server": str(self.argument("server", "")),
            }
        )
        kubeconfig = result.pop("kubeconfig", None)
        if kubeconfig and not result.get("failed"):
            path = str(self.argument("destination"))
            temporary = f"{path}.{os.getpid()}"
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(kubeconfig)
            os.replace(temporary, path)
            result["path"] = path
        return result
