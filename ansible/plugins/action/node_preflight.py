"""Asks a node for everything that stands in the way, and compares what a running cluster cannot change."""

from __future__ import annotations

import time
from typing import Any

import yaml

from ansible_collections.bulwark.cluster.plugins.plugin_utils import clock, immutable
from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """Changes nothing. The result's `problems` are for the play to judge once every node has reported."""

    arguments = frozenset({"arch", "cluster"})

    def act(self) -> dict[str, Any]:
        host = self.host()
        before = time.time()
        result = self.execute(
            {
                "node": host["node"],
                "modules": host.get("modules", []),
                "swap": host.get("swap", False),
                "board": host.get("board"),
                "arch": self.argument("arch"),
                "cluster": self.argument("cluster"),
            }
        )
        if "clock" in result:
            result["problems"] += clock.problems(before, result.pop("clock"), time.time())
        living = result.pop("kubeadm_config", None)
        if living:
            documents = self.read_all_yaml(f"nodes/{self.name}/files/etc/kubernetes/bulwark/kubeadm/init.yaml")
            result["problems"] += immutable.differences(yaml.safe_load(living), documents)
        return result
