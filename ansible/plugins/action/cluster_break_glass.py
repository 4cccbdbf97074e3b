"""Grants every right for a short time, and writes the credential on the operator's side, for its owner only."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """The kubeconfig does not become part of the result."""

    arguments = frozenset({"user", "reason", "seconds", "end", "server", "destination"})

    def act(self) -> dict[str, Any]:
        return self.keep_kubeconfig(
            {
                "user": str(self.argument("user", "")),
                "reason": str(self.argument("reason", "")),
                "seconds": int(self.argument("seconds", 0)),
                "end": bool(self.argument("end", False)),
                "server": str(self.argument("server", "")),
            }
        )
