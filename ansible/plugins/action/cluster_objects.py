"""Sends the bundle's Kubernetes objects to the control plane."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction


class ActionModule(BundleAction):
    """Manifests are read here, so that a node needs no YAML parser."""

    arguments = frozenset({"wait"})

    def act(self) -> dict[str, Any]:
        names = sorted(os.listdir(os.path.join(self.bundle, "manifests")))
        objects = [
            item for name in names if name.endswith(".k8s.yaml") for item in self.read_all_yaml(f"manifests/{name}")
        ]
        nodes = {}
        for name in sorted(os.listdir(os.path.join(self.bundle, "nodes"))):
            declared = self.read_yaml(f"nodes/{name}/host.yaml")["node"]
            nodes[name] = {"labels": declared.get("labels") or {}, "taints": declared.get("taints") or []}
        return self.execute(
            {
                "objects": objects,
                "absent": self.read_yaml("absent.yaml") or [],
                "nodes": nodes,
                "spec": self.read("spec.json"),
                # Seconds until a kind that does not exist yet is given up; 0: report it as pending.
                "wait": float(self.argument("wait", 0)),
                "diff": self._task.diff,
            }
        )
