"""Changes the packet filter so that a mistake cannot lock the operator out."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleConnectionFailure

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """Applies the rules with a timer that takes them back, and stops the timer over a new connection."""

    def act(self) -> dict[str, Any]:
        result = self.execute({"phase": "apply"})
        if result.get("failed") or not result.get("armed"):
            return result
        # The old connection is let through as established; only a new one proves anything.
        self._connection.reset()
        try:
            confirmed = self.execute({"phase": "confirm"})
        except AnsibleConnectionFailure as error:
            confirmed = {"failed": True, "msg": str(error)}
        if confirmed.get("failed"):
            reason = "the new packet filter was not confirmed over a new connection, and the node goes back to the former"
            return {**result, "failed": True, "msg": f"{reason} rules within a minute: {confirmed.get('msg')}"}
        return result
