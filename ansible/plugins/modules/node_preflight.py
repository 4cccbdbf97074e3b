#!/usr/bin/python3
"""Looks for everything that would stop an installation; changes nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_preflight
short_description: Reports every problem of a node at once and changes nothing
description:
  - Returns problems instead of failing, so that a play can list those of all nodes together.
options:
  payload:
    description: The packed description of the node, made by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Look for problems
  bulwark.cluster.node_preflight:
    cluster: example
    arch: amd64
"""
RETURN = r"""
problems:
  description: What must be put right, one sentence each.
  type: list
  returned: success
warnings_found:
  description: What should be looked at.
  type: list
  returned: success
clock:
  description: The node's time in seconds since 1970.
  type: float
  returned: success
complete:
  description: Whether this node was initialised or joined by an earlier run.
  type: bool
  returned: success
"""

import time

from ansible_collections.bulwark.cluster.plugins.module_utils import preflight
from ansible_collections.bulwark.cluster.plugins.module_utils.api import ApiError, admin
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """All checks; each yields its own problems."""
    state = State.load()
    step.facts["problems"] = preflight.problems(step.payload, state)
    step.facts["warnings_found"] = preflight.warnings(step.payload)
    step.facts["clock"] = time.time()
    step.facts["complete"] = state.complete
    if state.complete and step.payload["leads"]:
        step.facts["kubeadm_config"] = _kubeadm_config(step)


def _kubeadm_config(step: Step) -> str | None:
    try:
        with admin() as api:
            api.wait_ready(60)
            found = api.get("/api/v1/namespaces/kube-system/configmaps/kubeadm-config")
            return found["data"]["ClusterConfiguration"]
    except (ApiError, CommandError, KeyError, TypeError) as error:
        step.facts["problems"].append(f"the API server of this running control plane does not answer: {error}")
        return None


if __name__ == "__main__":
    run_step(work, locked=False)
