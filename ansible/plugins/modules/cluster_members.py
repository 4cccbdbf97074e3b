#!/usr/bin/python3
"""Drains nodes that leave the cluster, or deletes them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_members
short_description: Drains nodes that leave the cluster, or deletes them
description:
  - Runs on a control plane. Draining is C(kubectl drain), which respects PodDisruptionBudgets and waits for a bounded time.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Drain a node
  bulwark.cluster.cluster_members:
    state: drained
    nodes: [worker-2]
    seconds: 300
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import drain, members
from ansible_collections.bulwark.cluster.plugins.module_utils.api import Api, admin_files, connect
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError, run_step


def work(step: Step) -> None:
    """Never touches a control plane."""
    nodes, forgotten = step.payload["nodes"], step.payload["forget"]
    with admin_files() as credential:
        api = connect(credential)
        members.refuse_control_planes(api, [*nodes, *forgotten])
        if step.payload["state"] == "absent":
            members.delete(step, api, nodes, forgotten)
            step.facts["warnings_found"] = [members.left_behind(name) for name in forgotten]
        else:
            _drain(step, api, drain.kubectl(credential))


def _drain(step: Step, api: Api, command: list[str]) -> None:
    payload = step.payload
    nodes = members.listed(api, payload["nodes"])
    if not nodes:
        return
    seen = drain.drain(step, api, command, nodes, payload["wait"])
    stays = "" if step.check else f". {', '.join(nodes)} stays cordoned: start again when that is solved, or `kubectl uncordon`"
    drain.refuse(seen, stays)
    if step.check:
        step.facts["warnings_found"] = drain.outlook(seen, payload["seconds"])
    elif seen.held and payload["last"]:
        raise StepError(f"{'; '.join(drain.reasons(seen))} (waited {payload['seconds']} s){stays}")
    else:
        step.facts["held"] = drain.reasons(seen)


if __name__ == "__main__":
    run_step(work)
