#!/usr/bin/python3
"""Installs verified programs, starts containerd and imports verified images."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_software
short_description: Installs programs by SHA-256 and images by digest
description:
  - Takes what is missing from the node's artifact cache, or from what the action plugin sent, and verifies every byte.
  - Restarts containerd when its program or its configuration changed, before any image is imported.
options:
  payload:
    description: The packed list of artifacts and units, made by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Install node software
  bulwark.cluster.node_software:
    artifacts: /srv/artifacts
"""
RETURN = r"""
absent:
  description: Artifacts that the node neither has nor finds in its cache.
  type: list
  returned: success
"""

from ansible_collections.bulwark.cluster.plugins.module_utils import software
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, run_step


def work(step: Step) -> None:
    """Programs, then units, then images: each needs the one before."""
    state = State.load()
    artifacts = step.payload["artifacts"]
    source = software.Source(step.payload["incoming"])
    programs = [item for item in artifacts if item["kind"] == "binary"]
    images = [item for item in artifacts if item["kind"] == "image"]

    absent = software.install_programs(step, state, source, programs)
    if not absent:
        software.start_units(step, state, step.payload["units"], restart=software.CONTAINERD)
    absent += software.import_images(step, source, images)
    source.discard_received()
    step.facts["absent"] = [{key: item[key] for key in ("name", "file", "size", "sha256")} for item in absent]


if __name__ == "__main__":
    run_step(work)
