"""Grants every right for a short time, and writes the credential on the operator's side, for its owner only."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """The kubeconfig does not become part of the result."""

    arguments = frozenset({"user", "reason", "seconds", "end", "server", "destination"})

    def act(self) -> dict[str, Any]:
        result = self.execute(
            {
                "user": str(self.argument("user", "")),
                "reason": str(self.argument("reason", "")),
                "seconds": int(self.argument("seconds", 0)),
                "end": bool(self.argument("end", False)),
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
