#!/usr/bin/python3
"""Lays down a node's tree in one pass."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_tree
short_description: Lays down a node's packages, users, directories, files, kernel modules and sysctls in one pass
description:
  - Changes only what differs, removes files that an earlier run laid down and the bundle no longer has, and remembers what must restart.
  - In check mode it reports the same changes and leaves the node as it is.
options:
  payload:
    description: The packed content of C(host.yaml) with its files, made by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Lay down the tree
  bulwark.cluster.node_tree:
    cluster: example
"""
RETURN = r"""
changes:
  description: What changed, in order.
  type: list
  returned: always
pending:
  description: What must restart.
  type: list
  returned: success
firewall:
  description: Whether the packet filter has to be loaded.
  type: bool
  returned: success
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import accounts, firewall, kernel, packages, rendered, tree
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Everything that does not need the node's software."""
    host = step.payload["host"]
    state = State.load()
    plan = tree.plan(host, state)
    if rendered.was_changed(state) and "kubeadm" not in plan.restarts:
        plan.restarts.append("kubeadm")

    if not step.check:
        # Noted before anything changes: a killed run still restarts what it changed.
        state.cluster = step.payload["cluster"]
        state.add_pending(plan.restarts)
        state.files = sorted({*state.files, *plan.paths})
        state.written = sorted({*state.written, *host.get("written", [])})
        state.save()

    packages.ensure(step, host.get("packages", []))
    accounts.ensure(step, host.get("users", []))
    tree.lay_down(step, plan, show=step.payload["diff"])
    if plan.changes_units and not step.check:
        run(["systemctl", "daemon-reload"])
    kernel.load_modules(step, host.get("modules", []))
    kernel.set_sysctls(step, host.get("sysctls", []))

    ours = (step.payload["cluster"], sorted(plan.paths), sorted(host.get("written", [])))
    if ours != (state.cluster, state.files, state.written):
        step.chore("record which files are laid down")
    if not step.check:
        state.cluster, state.files, state.written = ours
        state.save()
    step.facts["pending"] = sorted({*state.pending, *plan.restarts})
    step.facts["firewall"] = firewall.needs_loading(step.facts["pending"], state)


if __name__ == "__main__":
    run_step(work)
