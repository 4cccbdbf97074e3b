"""Sees whether a machine is the node that is to leave the cluster."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """Changes nothing."""

    arguments = frozenset({"cluster"})

    def act(self) -> dict[str, Any]:
        return self.execute({"cluster": self.argument("cluster"), "node": self.name})
