#!/usr/bin/python3
"""Issues a short-lived join token for each node, or revokes all of ours."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_tokens
short_description: Issues a short-lived join token for each node, or revokes all of ours
description:
  - Each token is bound to one node by a group that the certificate approver checks.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Issues a short-lived join token for each node, or revokes all of ours
  bulwark.cluster.cluster_tokens:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

import base64

from ansible_collections.bulwark.cluster.plugins.module_utils import files, tokens
from ansible_collections.bulwark.cluster.plugins.module_utils.api import CA, admin
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Tokens go back to the control connection only; nothing is written here."""
    if step.check:
        return
    with admin() as api:
        for name in tokens.revoke(api):
            step.changed("token", name, "delete")
        if step.payload["state"] == "present":
            # Left by a join that was cut short; kubeadm refuses a name whose node still counts as ready.
            for node in step.payload["nodes"]:
                if api.delete(f"/api/v1/nodes/{node}"):
                    step.changed("node", node, "delete the entry of an unfinished join")
            step.facts["tokens"] = {node: tokens.issue(api, node) for node in step.payload["nodes"]}
            step.facts["ca"] = base64.b64encode(files.read(CA) or b"").decode()


if __name__ == "__main__":
    run_step(work)
