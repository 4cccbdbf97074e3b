#!/usr/bin/python3
"""Initialises the first control plane, once."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_init
short_description: Initialises the first control plane, once
description:
  - Runs kubeadm init where no cluster is complete; resets a half-done one only where nothing can be lost.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Initialises the first control plane, once
  bulwark.cluster.cluster_init:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import credentials, initialise, tokens
from ansible_collections.bulwark.cluster.plugins.module_utils.api import admin
from ansible_collections.bulwark.cluster.plugins.module_utils.software import APPROVER, start_units
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Nothing on a complete cluster, except to remove credentials and tokens that a killed run left."""
    state = State.load()
    if not state.complete:
        initialise.run_init(step, state)
    credentials.remove_admin(step)
    # The approver must run before any node asks for its first certificate.
    start_units(step, state, step.payload["units"], restart=APPROVER)
    if step.check and not state.complete:
        return
    with admin() as api:
        api.wait_ready(120)
        for name in tokens.ours(api) if step.check else tokens.revoke(api):
            step.changed("token", name, "delete")


if __name__ == "__main__":
    run_step(work)
