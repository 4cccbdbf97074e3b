#!/usr/bin/python3
"""Takes or gives back the lock that keeps a second run out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_lock
short_description: Takes or gives back the lock that keeps a second run out
description:
  - The lock is a lease on the first control plane; a killed run's lease ends by itself.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Takes or gives back the lock that keeps a second run out
  bulwark.cluster.cluster_lock:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import lease
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Taking a lock is no change of the cluster."""
    if step.check:
        return
    run = step.payload["run"]
    if step.payload["state"] == "absent":
        lease.release(run)
        return
    try:
        lease.acquire(run)
    except lease.Busy as busy:
        step.fail(str(busy), busy=True)


if __name__ == "__main__":
    run_step(work, locked=False)
