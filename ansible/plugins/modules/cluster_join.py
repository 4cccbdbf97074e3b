#!/usr/bin/python3
"""Joins a node to the cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_join
short_description: Joins a node to the cluster
description:
  - The discovery file, which carries the token, exists only while kubeadm join runs.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Joins a node to the cluster
  bulwark.cluster.cluster_join:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import join
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Nothing on a node that has joined."""
    state = State.load()
    if not state.complete:
        join.run_join(step, state)


if __name__ == "__main__":
    run_step(work)
