#!/usr/bin/python3
"""Runs probes on a node and returns what was seen."""

from __future__ import annotations

DOCUMENTATION = r"""
module: observe
short_description: Runs probes on a node and returns what was seen
description:
  - Changes nothing, except that the audit canary makes, reads and deletes one Secret of its own.
  - Every probe has its own time limit; one that cannot be run says why. Never returns a secret.
options:
  payload:
    description: The packed list of probes, made by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Observe
  bulwark.cluster.observe:
    output: /tmp/results
"""
RETURN = r"""
observations:
  description: For each key either the fact or why it was not seen.
  type: dict
  returned: success
"""

from ansible_collections.bulwark.cluster.plugins.module_utils.probes import collect
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """All probes at once, in threads."""
    step.facts["observations"] = collect.collect(step.payload)


if __name__ == "__main__":
    run_step(work, locked=False)
