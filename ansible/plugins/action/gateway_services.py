"""Sends the gateway's module what the bundle says of its interfaces and services."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """See the module of the same name."""

    arguments = frozenset({"step"})

    def act(self) -> dict[str, Any]:
        host = self.host()
        return self.execute({"interfaces": host["interfaces"], "units": host["units"], "step": self.argument("step")})
