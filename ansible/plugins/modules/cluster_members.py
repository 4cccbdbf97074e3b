#!/usr/bin/python3
"""Drains nodes that leave the cluster, or deletes them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_members
short_description: Drains nodes that leave the cluster, or deletes them
description:
  - Runs on a control plane. Draining is C(kubectl drain), which respects PodDisruptionBudgets and waits for a bounded time.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Drain a node
  bulwark.cluster.cluster_members:
    state: drained
    nodes: [worker-2]
    seconds: 300
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import members
from ansible_collections.bulwark.cluster.plugins.module_utils.api import admin
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Never touches a control plane."""
    nodes, forgotten = step.payload["nodes"], step.payload["forget"]
    with admin() as api:
        members.refuse_control_planes(api, [*nodes, *forgotten])
        if step.payload["state"] == "absent":
            members.delete(step, api, [*nodes, *forgotten])
            step.facts["warnings_found"] = [members.left_behind(name) for name in forgotten]
            return
        present = members.listed(api, nodes)
    # Each drain may last longer than the credential of a step.
    for node in present:
        members.drain(step, node, step.payload["seconds"])


if __name__ == "__main__":
    run_step(work)
