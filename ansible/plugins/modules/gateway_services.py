#!/usr/bin/python3
"""Looks at a gateway, starts its services, waits for the nodes behind it, and takes everything of ours off it again."""

from __future__ import annotations

DOCUMENTATION = r"""
module: gateway_services
short_description: Checks a gateway, runs its services, waits for the nodes behind it, and resets it
description:
  - With C(step=look) an interface without its address is an error, and so is the gateway of another cluster.
  - With C(step=start) what the tree changed is restarted and every unit runs.
  - With C(step=wait) every node must answer at its SSH port.
  - With C(step=reset) forwarding is what it was before, and files, packet filter and leases go. Packages stay.
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
import socket
import time

from ansible_collections.bulwark.cluster.plugins.module_utils import files, kernel, software, systemd, tree
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError, run_step

_LEASES = "/var/lib/misc/dnsmasq.leases"


def work(step: Step) -> None:
    """One of the four steps."""
    {"look": _look, "start": _start, "wait": _wait, "reset": _reset}[step.payload["step"]](step)


def _look(step: Step) -> None:
    state = State.load()
    if state.cluster not in ("", step.payload["cluster"]):
        raise StepError(f"this host is part of the cluster {state.cluster}; a gateway serves one cluster: reset that one first")
    links = {link["ifname"]: link for link in json.loads(run(["ip", "-json", "address"]).stdout)}
    problems = [problem for wanted in step.payload["interfaces"] if (problem := _problem(wanted, links))]
    if problems:
        raise StepError("; ".join(problems))
    if not step.check:
        former = {name: kernel.read_sysctl(name) for name in step.payload["sysctls"] if name not in state.sysctls}
        state.sysctls.update({name: value for name, value in former.items() if value is not None})
        state.save()


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


def _wait(step: Step) -> None:
    """A board that got no answer for its address asks again after minutes only."""
    if step.check:
        return
    deadline = time.monotonic() + step.payload["seconds"]
    silent = step.payload["behind"]
    while silent := [node for node in silent if not _answers(node)]:
        if time.monotonic() > deadline:
            raise StepError("; ".join(_silence(node) for node in silent))
        time.sleep(1)


def _answers(node: dict) -> bool:
    try:
        with socket.create_connection((node["address"], node["port"]), timeout=3):
            return True
    except OSError:
        return False


def _silence(node: dict) -> str:
    """What is known of a node that does not answer: whether it ever asked for its address tells where to look."""
    where = f"{node['name']} does not answer at {node['address']}:{node['port']}"
    leased = [line.split()[1:3] for line in (files.read(_LEASES) or b"").decode(errors="replace").splitlines()]
    if [node["macAddress"], node["address"]] in leased:
        return f"{where}, though it has taken its lease: does sshd run there?"
    return f"{where} and has taken no lease: is it on, on this network, and is its `macAddress` {node['macAddress']}?"


def _reset(step: Step) -> None:
    state = State.load()
    if not state.cluster:
        return
    # First: nothing is forwarded without the filter that did not go through before us.
    kernel.set_sysctls(step, [{"name": name, "value": value} for name, value in state.sysctls.items()])
    gone = tree.plan({}, state)
    ours = {unit["name"] for unit in step.payload["units"]}
    # Units whose own file goes are stopped by the tree.
    left = [name for name in step.payload["restarts"] if f"/etc/systemd/system/{name}" not in state.files]
    for name in [name for name in left if name in ours and _loaded(name)]:
        # Without our file it would still answer names, and with its defaults on every interface.
        step.changed("unit", name, "stop and disable")
        if not step.check:
            run(["systemctl", "disable", "--now", name], timeout=120)
    tree.lay_down(step, gone, show=False)
    if not step.check:
        run(["systemctl", "daemon-reload"])
    for name in [name for name in left if name not in ours]:
        step.changed("restart", name, "restart")
        if not step.check:
            systemd.restart(name)
    if not step.check:
        # Last: until here a killed reset can be started again.
        State().save()


def _loaded(unit: str) -> bool:
    return systemd.properties(unit, "LoadState").get("LoadState") == "loaded"


if __name__ == "__main__":
    run_step(work)
