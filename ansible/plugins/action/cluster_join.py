"""Joins one node with the token that was made for it."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction

_DISCOVERY = "/etc/kubernetes/bulwark/kubeadm/discovery.conf"


class ActionModule(BundleAction):
    """The discovery file's template comes from the bundle, its secrets only from memory."""

    arguments = frozenset({"ca", "token"})

    def act(self) -> dict[str, Any]:
        host = self.host()
        return self.execute(
            {
                "node": host["node"],
                "directories": host.get("directories", []),
                "discovery": self.read(f"nodes/{self.name}/files{_DISCOVERY}"),
                "slots": {"join-token": self.argument("token", ""), "cluster-ca": self.argument("ca", "")},
            }
        )
