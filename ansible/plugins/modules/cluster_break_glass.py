#!/usr/bin/python3
"""Gives one person every right for a short time and raises the alarm, or ends all such grants."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_break_glass
short_description: Gives one person every right for a short time, or ends all such grants
description:
  - Binds C(cluster-admin) to a user name that is used once, and signs a certificate for it that ends by itself.
  - Before that the grant is told as a warning Event, in the system log of the control plane, and by the binding itself.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Give every right for a short time
  bulwark.cluster.cluster_break_glass:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import break_glass
from ansible_collections.bulwark.cluster.plugins.module_utils.api import admin, mint
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Takes away what is over, or everything, and then grants what is asked for."""
    payload = step.payload
    with admin() as api:
        for name in break_glass.over(api, every=payload["end"]):
            step.changed("binding", name, "remove")
            if not step.check:
                break_glass.remove(api, name)
        if payload["end"]:
            return
        grant = break_glass.Grant.make(payload["user"], payload["reason"], payload["seconds"])
        step.changed("binding", grant.name, "create")
        if step.check:
            return
        with break_glass.granted(api, grant):
            step.facts["kubeconfig"] = mint(grant.user, [], f"{payload['seconds']}s", payload["server"] or None)
        step.facts["granted"] = {"user": grant.user, "binding": grant.name, "expires": grant.expires}


if __name__ == "__main__":
    run_step(work, locked=False)
