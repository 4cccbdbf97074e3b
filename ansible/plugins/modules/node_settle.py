#!/usr/bin/python3
"""Restarts what changed, sweeps modes and owners, and waits until the node is ready."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_settle
short_description: Restarts what changed, sweeps modes and owners, and waits until the node is ready
description:
  - Every restart has a gate: the component must answer again before the next one is touched.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Restarts what changed, sweeps modes and owners, and waits until the node is ready
  bulwark.cluster.node_settle:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import encryption, rendered, restart, sweep, tree
from ansible_collections.bulwark.cluster.plugins.module_utils.software import start_units
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Restarts first, because a restarted component may write files again."""
    state = State.load()
    payload = step.payload
    if state.complete:
        # In check mode the tree has only said what it would change.
        names = [*state.pending, *payload["pending"]] if step.check else list(state.pending)
        kubelet = rendered.restore(step, state)
        if not restart.is_registered(payload["node"]["name"]):
            kubelet.append("kubelet.service")
        if not step.check:
            state.add_pending(kubelet)
            state.save()
        restart.work_off(step, state, [*names, *kubelet], payload["node"])
        # kubeadm started the kubelet for the first time; from then on it runs.
        start_units(step, state, [{**unit, "state": "started"} for unit in payload["units"]])
        encryption.store_again(step, payload["encrypted"])
        tree.make_directories(step, payload["directories"])
        sweep.modes(step, payload["modes"])
        sweep.absent(step, payload["absent"])
        if step.check:
            _tell_chores(step, state)
            return
        restart.wait_node_ready(payload["node"]["name"], payload["network"])
        state.rendered, state.kept = rendered.digests(), rendered.kept()
        state.save()


def _tell_chores(step: Step, state: State) -> None:
    name = step.payload["node"]["name"]
    if not restart.node_ready(name, step.payload["network"])[0]:
        step.chore(f"wait until {name} is ready")
    if not state.rendered or rendered.kept() != state.kept:
        step.chore("record what kubeadm wrote")


if __name__ == "__main__":
    run_step(work)
