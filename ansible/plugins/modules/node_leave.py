#!/usr/bin/python3
"""Sees whether a machine is the node that is to leave the cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_leave
short_description: Sees whether a machine is the node that is to leave the cluster
description:
  - Changes nothing. Fails where the machine has another name, belongs to another cluster or runs a control plane.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: See that the machine is this node
  bulwark.cluster.node_leave:
    cluster: example
"""
RETURN = r"""
changes:
  description: Nothing.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import leave
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError, run_step


def work(step: Step) -> None:
    """Looks before anything is drained: what is reset must be the machine that is meant."""
    reason = leave.refusal(State.load(), step.payload["cluster"], step.payload["node"])
    if reason:
        raise StepError(reason)
    step.facts["warnings_found"] = leave.credentials_left(step.payload["node"])


if __name__ == "__main__":
    run_step(work, locked=False)
