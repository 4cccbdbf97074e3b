#!/usr/bin/python3
"""Loads the node's packet filter, and takes it back unless the operator confirms it over a new connection."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_firewall
short_description: Loads the node's packet filter, and takes it back unless the operator confirms it over a new connection
description:
  - The tree's result says whether there is anything to load.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Loads the node's packet filter, and takes it back unless the operator confirms it over a new connection
  bulwark.cluster.node_firewall:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import firewall
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Two phases, in two connections."""
    if step.payload["phase"] == "confirm":
        firewall.confirm()
        state = State.load()
        state.pending = [name for name in state.pending if name != firewall.UNIT]
        state.firewall = firewall.digest()
        state.save()
        return
    step.changed("firewall", firewall.UNIT, "load")
    if not step.check:
        firewall.load_with_rollback()
        step.facts["armed"] = True


if __name__ == "__main__":
    run_step(work)
