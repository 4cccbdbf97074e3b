"""Runs a node's probes and writes what was seen on the operator's side."""

from __future__ import annotations

import datetime
import fcntl
import json
import os
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction

#: Joins node and key of a probe that the first control plane runs for another node.
_FOR = "\n"


class ActionModule(BundleAction):
    """Probes of the whole cluster, and those of other nodes that need the API server, run on the first control plane."""

    arguments = frozenset({"output"})

    def act(self) -> dict[str, Any]:
        nodes = {str(name): str(host["ansible_host"]) for name, host in self.task_vars["hostvars"].items()}
        result = self.execute(
            {
                "probes": self._probes(),
                "nodes": nodes,
                "name": self.name,
                "endpoint": self._endpoint(nodes),
                "role": self._role(self.name),
            }
        )
        observations = result.pop("observations", None)
        for key, observation in (observations or {}).items():
            node, _, own = key.rpartition(_FOR)
            self._seen.setdefault(node or self.name, {})[own] = observation
        for node, seen in self._seen.items():
            self._record(node, seen)
        return result

    def _probes(self) -> list[dict[str, Any]]:
        self._seen: dict[str, dict[str, Any]] = {}
        checks = json.loads(self.read("checks.json"))
        if not self.leads:
            return [item for item in checks["nodes"].get(self.name, []) if item["probe"]["kind"] != "configz"]
        probes = {item["key"]: item for item in [*checks["nodes"].get(self.name, []), *checks["cluster"]]}
        for node, items in checks["nodes"].items():
            for item in items:
                if node != self.name and item["probe"]["kind"] == "configz":
                    key = f"{node}{_FOR}{item['key']}"
                    probes[key] = {"key": key, "probe": {**item["probe"], "of": node}}
        return list(probes.values())

    def _role(self, node: str) -> str:
        return "control-plane" if node in self.task_vars["groups"]["control_plane"] else "worker"

    def _record(self, node: str, seen: dict[str, Any]) -> None:
        """Adds observations to a node's file, which two hosts of one run may write."""
        directory = os.path.join(str(self.argument("output")), "observations")
        os.makedirs(directory, mode=0o700, exist_ok=True)
        path = os.path.join(directory, f"{node}.json")
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            text = file.read()
            earlier = json.loads(text)["observations"] if text else {}
            document = {
                "node": node,
                "role": self._role(node),
                "at": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "observations": {**earlier, **seen},
            }
            file.seek(0)
            file.truncate()
            json.dump(document, file, indent=1, sort_keys=True)
            file.write("\n")

    def _endpoint(self, nodes: dict[str, str]) -> str:
        """`host:port` of the control plane, from the bundle; the first control plane for one without documents."""
        first = str(self.task_vars["groups"]["control_plane"][0])
        path = f"nodes/{first}/files/etc/kubernetes/bulwark/kubeadm/init.yaml"
        if os.path.exists(os.path.join(self.bundle, path)):
            for document in self.read_all_yaml(path):
                if document.get("kind") == "ClusterConfiguration":
                    return str(document["controlPlaneEndpoint"])
        return f"{nodes[first]}:6443"
