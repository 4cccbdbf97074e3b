#!/usr/bin/python3
"""Applies the bundle's Kubernetes objects."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_objects
short_description: Applies the bundle's Kubernetes objects
description:
  - Uses server-side apply as field manager bulwark; prunes what an earlier bundle had and deletes what must not exist.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Applies the bundle's Kubernetes objects
  bulwark.cluster.cluster_objects:
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

import json

from ansible_collections.bulwark.cluster.plugins.module_utils import members, serving, spec_record
from ansible_collections.bulwark.cluster.plugins.module_utils.api import admin
from ansible_collections.bulwark.cluster.plugins.module_utils.objects import Objects
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Applies, then prunes, then deletes what must be absent, then labels and taints nodes and
    records how they are reached, and the spec."""
    payload = step.payload
    if step.check and not State.load().complete:
        for item in serving.complete(payload["objects"], lambda _: None):
            step.changed("object", f"{item['kind']}/{item['metadata']['name']}", "create")
        step.facts["pending"] = []
        return
    with admin() as api:
        api.wait_ready(120)
        objects = Objects(step, api)
        items = serving.complete(payload["objects"], api.get)
        pending = objects.apply_all(items, payload["wait"])
        objects.restart_readers(items)
        kept = [] if pending else objects.prune(items)
        objects.delete(payload["absent"])
        step.facts["warnings_found"] = kept
        # A kubelet that makes its Node anew brings none of its labels.
        missing = objects.declare_nodes(payload["nodes"])
        step.facts["leaving"] = members.leaving(api, payload["nodes"])
        members.remember(step, api, json.loads(payload["spec"])["nodes"])
        spec_record.keep(step, api, payload["spec"])
        step.facts["pending"] = [*pending, *missing]


if __name__ == "__main__":
    run_step(work)
