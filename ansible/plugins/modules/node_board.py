#!/usr/bin/python3
"""Brings a Raspberry Pi into a state in which Kubernetes can run on it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_board
short_description: Sets a board's kernel arguments, switches swap off, waits for its clock and measures its disk
description:
  - With C(step=prepare) the kernel's command line gets what it lacks and swap goes; the result says whether the node must reboot.
  - With C(step=booted) nothing may be left to do.
  - With C(step=ready) the clock must be synchronised and the disk below etcd must sync fast enough.
  - A node that is no board is left alone.
options:
  payload:
    description: What the module needs, packed by the action plugin of the same name.
    type: str
    required: true
author: [Bulwark contributors]
"""
EXAMPLES = r"""
- name: Prepare the board
  bulwark.cluster.node_board:
    step: prepare
"""
RETURN = r"""
changes:
  description: What changed, in order; in check mode what would change.
  type: list
  returned: always
reboot:
  description: Whether the node must reboot before it goes on.
  type: bool
  returned: success
"""

import json
import os
import time

from ansible_collections.bulwark.cluster.plugins.module_utils import board, disk, files
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.state import DIRECTORY, State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError, run_step

_CLOCK_SECONDS = 180
_APPARMOR = "/sys/module/apparmor/parameters/enabled"


def work(step: Step) -> None:
    """One of the three steps."""
    step.facts["reboot"] = False
    step.facts["warnings_found"] = []
    {"prepare": _prepare, "booted": _booted, "ready": _ready}[step.payload["step"]](step)


def _prepare(step: Step) -> None:
    wanted = step.payload["board"]["arguments"]
    controls = sorted({control for item in wanted for control in item["controls"]})
    for path in board.command_lines():
        line = (files.read(path) or b"").decode(errors="replace")
        after = board.edited(line, wanted)
        if after.split() == line.split():
            continue
        step.changed("file", path, "replace", controls)
        if not step.check:
            # The partition is FAT: it has one mode for all.
            files.write(path, after.encode(), f"{os.stat(path).st_mode & 0o777:04o}")
    if not step.payload["swap"] and board.swaps():
        step.changed("swap", ", ".join(board.swaps()), "switch off", ["board/swap"])
        if not step.check:
            run(["swapoff", "--all"], timeout=300)
    _plan_reboot(step, wanted)


def _plan_reboot(step: Step, wanted: list) -> None:
    """The command line may have been edited by a run that was killed before the reboot."""
    booted = (files.read("/proc/cmdline") or b"").decode(errors="replace").split()
    lacking = [item["argument"] for item in wanted if item["argument"] not in booted]
    if not lacking:
        return
    if State.load().complete:
        # Nodes of a living cluster go down one after the other, when their owner says so.
        step.facts["warnings_found"].append(f"reboot this node: its kernel was started without {', '.join(lacking)}")
        return
    step.facts["reboot"] = not step.check
    if step.check:
        step.changed("reboot", step.payload["node"]["name"], "reboot")


def _booted(step: Step) -> None:
    """Raises StepError for what the reboot did not bring, and reports the gap where it may be lived with."""
    if not board.memory_cgroup():
        raise StepError(
            "the memory cgroup is off even after a reboot with `cgroup_enable=memory`: the firmware does not read "
            + " or ".join(board.command_lines())
        )
    # A kernel that has it built in shows the module even where the command line leaves it off.
    if not (files.read(_APPARMOR) or b"").startswith(b"Y"):
        step.facts["warnings_found"].append("AppArmor is not on in this kernel: containers run without that fence")


def _ready(step: Step) -> None:
    wanted = step.payload["board"]
    if step.check:
        return
    if wanted["clock"]:
        _wait_for_clock()
    if "disk" in wanted:
        _measure(step, wanted["disk"])


def _wait_for_clock() -> None:
    deadline = time.monotonic() + _CLOCK_SECONDS
    while board.clock_synchronised() is not True:
        if time.monotonic() > deadline:
            raise StepError(
                f"the clock is not synchronised after {_CLOCK_SECONDS} s, and a board has no battery: let it reach a "
                "time server, or name one in `networking.ntpServers`"
            )
        time.sleep(2)


def _measure(step: Step, limit: dict) -> None:
    """Before etcd runs: a measurement beside it would disturb it, and be disturbed."""
    if State.load().complete:
        return
    milliseconds = board.measured_milliseconds()
    if milliseconds is None or milliseconds > limit["fail"]:
        milliseconds = disk.measure(disk.home_of_etcd())
        os.makedirs(DIRECTORY, mode=0o700, exist_ok=True)
        files.write(board.DISK_RECORD, json.dumps({"milliseconds": milliseconds}).encode() + b"\n", "0600")
    judgement, sentence = disk.verdict(milliseconds, limit["warn"], limit["fail"])
    if judgement == "fail":
        raise StepError(sentence)
    if judgement == "warn":
        step.facts["warnings_found"].append(sentence)


if __name__ == "__main__":
    run_step(work)
