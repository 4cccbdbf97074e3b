"""Runs the probes that a plan names for this host, and writes what was seen on the operator's side."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """The plan was made from what the cluster tells of itself; the inventory belongs to somebody else."""

    arguments = frozenset({"output"})
    #: No node of such a cluster leads anything.
    leads = False

    def act(self) -> dict[str, Any]:
        plan = json.loads(self.read("plan.json"))["hosts"][self.name]
        result = self.execute(plan, module="observe")
        observations = result.pop("observations", None)
        if observations is not None:
            path = os.path.join(str(self.argument("output")), f"{plan['name']}.json")
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(observations, file, indent=1, sort_keys=True)
        return result
