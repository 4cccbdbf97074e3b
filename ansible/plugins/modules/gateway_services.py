#!/usr/bin/python3
"""Checks a gateway's interfaces, and starts and restarts its services."""

from __future__ import annotations

DOCUMENTATION = r"""
module: gateway_services
short_description: Checks a gateway's interfaces, and starts and restarts its services
description:
  - With C(step=look) an interface without its address is an error.
  - With C(step=start) what the tree changed is restarted and every unit runs.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Start what hands out leases
  bulwark.cluster.gateway_services:
    step: start
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
"""

import json

from ansible_collections.bulwark.cluster.plugins.module_utils import software, systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError, run_step


def work(step: Step) -> None:
    """One of the two steps."""
    {"look": _look, "start": _start}[step.payload["step"]](step)


def _look(step: Step) -> None:
    links = {link["ifname"]: link for link in json.loads(run(["ip", "-json", "address"]).stdout)}
    problems = [problem for wanted in step.payload["interfaces"] if (problem := _problem(wanted, links))]
    if problems:
        raise StepError("; ".join(problems))


def _problem(wanted: dict, links: dict) -> str:
    name, address = wanted["interface"], wanted["address"]
    if name not in links:
        return f"the gateway has no interface {name}"
    seen = [f"{info['local']}/{info['prefixlen']}" for info in links[name].get("addr_info", []) if "local" in info]
    if address in seen:
        return ""
    return f"the interface {name} has not the address {address} (it has {', '.join(seen) or 'none'}); configure it first"


def _start(step: Step) -> None:
    state = State.load()
    for name in [name for name in state.pending if name != software.FIREWALL]:
        step.changed("restart", name, "restart")
        if not step.check:
            systemd.restart(name)
            state.pending.remove(name)
            state.save()
    software.start_units(step, state, step.payload["units"])


if __name__ == "__main__":
    run_step(work)
