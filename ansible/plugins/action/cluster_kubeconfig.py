"""Mints a kubeconfig on the control plane and writes it on the operator's side, for its owner only."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """The kubeconfig does not become part of the result."""

    arguments = frozenset({"user", "groups", "ttl", "server", "destination"})

    def act(self) -> dict[str, Any]:
        return self.keep_kubeconfig(
            {
                "user": str(self.argument("user")),
                "groups": [str(group) for group in self.argument("groups", [])],
                "ttl": str(self.argument("ttl")),
                "server": str(self.argument("server", "")),
            }
        )
