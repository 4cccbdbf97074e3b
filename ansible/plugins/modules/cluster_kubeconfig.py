#!/usr/bin/python3
"""Mints a kubeconfig that expires."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_kubeconfig
short_description: Mints a kubeconfig that expires
description:
  - Signed with the cluster's CA on the control plane; returned over the connection, never written on the node.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Mints a kubeconfig that expires
  bulwark.cluster.cluster_kubeconfig:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils.api import mint
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """A new certificate is no change of the cluster."""
    payload = step.payload
    if not step.check:
        step.facts["kubeconfig"] = mint(payload["user"], payload["groups"], payload["ttl"], payload["server"] or None)


if __name__ == "__main__":
    run_step(work, locked=False)
