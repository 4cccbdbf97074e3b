"""Brings programs and images to a node: from its own cache if it has them, else over the connection."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.errors import AnsibleActionFail

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """Only files that the node lacks are sent; the node verifies every byte."""

    arguments = frozenset({"artifacts"})

    def act(self) -> dict[str, Any]:
        host = self.host()
        directory = str(self.argument("artifacts"))
        wanted = _wanted(directory, host)
        payload = {"artifacts": wanted, "units": host.get("units", []), "incoming": ""}
        result = self.execute(payload)
        absent = result.get("absent", [])
        if result.get("failed") or not absent or self._task.check_mode:
            return result

        incoming = self._make_tmp_path()
        try:
            total = sum(item["size"] for item in absent)
            for number, item in enumerate(absent, 1):
                size = item["size"] / 2**20
                self.progress(f"sending {item['name']} ({number}/{len(absent)}, {size:.0f} of {total / 2**20:.0f} MiB)")
                target = self._connection._shell.join_path(incoming, item["sha256"])
                self._transfer_file(os.path.join(directory, item["file"]), target)
            self.progress("installing programs and images")
            second = self.execute({**payload, "incoming": incoming})
        finally:
            self._remove_tmp_path(incoming, force=True)
        if second.get("absent") and not second.get("failed"):
            names = ", ".join(item["name"] for item in second["absent"])
            return {**second, "failed": True, "msg": f"still missing after the transfer: {names}"}
        return {**second, "changes": result["changes"] + second.get("changes", [])}


def _wanted(directory: str, host: dict[str, Any]) -> list[dict[str, Any]]:
    with open(os.path.join(directory, "index.json"), encoding="utf-8") as file:
        index = json.load(file)["artifacts"]
    binaries = {item["name"]: item for item in index if item["kind"] == "binary"}
    images = {item["reference"]: item for item in index if item["kind"] == "image"}
    missing = [name for name in host.get("binaries", []) if name not in binaries]
    missing += [name for name in host.get("images", []) if name not in images]
    if missing:
        raise AnsibleActionFail(f"the artifact directory {directory} has no {', '.join(missing)}")
    return [binaries[name] for name in host.get("binaries", [])] + [images[name] for name in host.get("images", [])]
