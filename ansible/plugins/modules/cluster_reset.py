#!/usr/bin/python3
"""Takes the cluster and everything of ours off a node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_reset
short_description: Takes the cluster and everything of ours off a node
description:
  - Runs kubeadm reset, then removes the files, programs, images and state that Bulwark laid down. Packages and users stay.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Takes the cluster and everything of ours off a node
  bulwark.cluster.cluster_reset:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import reset
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Nothing on a node that is not ours."""
    reset.reset_node(step)


if __name__ == "__main__":
    run_step(work)
