"""Sends a node's whole tree to the module that lays it down."""

from __future__ import annotations

from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """`host.yaml` and every file of `nodes/<node>/files`, in one pass."""

    arguments = frozenset({"cluster"})

    def act(self) -> dict[str, Any]:
        host = self.host()
        for file in host.get("files", []):
            file["content"] = self.read(f"nodes/{self.name}/files{file['path']}")
        return self.execute({"host": host, "cluster": self.argument("cluster"), "diff": self._task.diff})
