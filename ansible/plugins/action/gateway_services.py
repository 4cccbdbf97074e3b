"""Sends the gateway's module what the bundle says of the gateway."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """See the module of the same name."""

    arguments = frozenset({"step", "seconds"})

    def act(self) -> dict[str, Any]:
        host = self.host()
        restarts = [name for file in host["files"] for name in file["restarts"]]
        return self.execute(
            {
                "step": self.argument("step"),
                "seconds": int(self.argument("seconds", 0)),
                "cluster": str(self.task_vars["bulwark_cluster"]),
                "interfaces": host["interfaces"],
                "behind": host["behind"],
                "units": host["units"],
                "sysctls": [entry["name"] for entry in host["sysctls"]],
                "restarts": list(dict.fromkeys(restarts)),
            }
        )
