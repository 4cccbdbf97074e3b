"""A node's directories and files: what differs, and laying it down."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import files, slots
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step

#: kubeadm's own inputs: a change means that kubeadm renders its files again.
_KUBEADM_INPUTS = ("/etc/kubernetes/bulwark/kubeadm/", "/etc/kubernetes/bulwark/patches/")
_UNITS = "/etc/systemd/system"
#: Not kept on the node between joins.
TRANSIENT = ("/etc/kubernetes/bulwark/kubeadm/discovery.conf",)


@dataclass
class PlannedFile:
    """One file that differs from the bundle."""

    path: str
    mode: str
    owner: str
    group: str
    #: None: only mode or owner differ.
    content: Optional[bytes]
    before: Optional[bytes]
    secret: bool
    actions: list[str]
    controls: list[str]


@dataclass
class Plan:
    """What has to be done to a tree."""

    directories: list[dict] = field(default_factory=list)
    files: list[PlannedFile] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    #: Every file of the bundle.
    paths: list[str] = field(default_factory=list)
    restarts: list[str] = field(default_factory=list)

    @property
    def changes_units(self) -> bool:
        """Whether systemd has to read its units again."""
        touched = [file.path for file in self.files] + self.removed
        return any(path.startswith(f"{_UNITS}/") for path in touched)


def plan(host: dict, state: State) -> Plan:
    """Compares a node with its bundle; changes nothing."""
    result = Plan(directories=host.get("directories", []))
    wanted = [file for file in host.get("files", []) if file["path"] not in TRANSIENT]
    result.paths = [file["path"] for file in wanted]
    for file in wanted:
        planned = _plan_file(file)
        if planned:
            result.files.append(planned)
            # Who may read a file is nothing that a program must start again for.
            result.restarts += [] if planned.content is None else _restarts(file)
    ours = [*state.files, *(path for path in state.written if path not in host.get("written", []))]
    gone = [path for path in ours if path not in result.paths and os.path.lexists(path)]
    result.removed = list(dict.fromkeys([*gone, *_strangers(result)]))
    for path in result.removed:
        result.restarts += _restarts({"path": path, "restarts": _units_of(path)})
    result.restarts = list(dict.fromkeys(result.restarts))
    return result


def _strangers(planned: Plan) -> list[str]:
    """Files beside ours in directories that are ours alone."""
    found = []
    for directory in planned.directories:
        if directory.get("exclusive") and os.path.isdir(directory["path"]):
            paths = [os.path.join(directory["path"], name) for name in sorted(os.listdir(directory["path"]))]
            found += [path for path in paths if path not in (*planned.paths, *TRANSIENT) and not os.path.isdir(path)]
    return found


def _restarts(file: dict) -> list[str]:
    again = ["kubeadm"] if file["path"].startswith(_KUBEADM_INPUTS) else []
    return [*again, *file.get("restarts", [])]


def _units_of(drop_in: str) -> list[str]:
    unit, _, kind = os.path.basename(os.path.dirname(drop_in)).rpartition(".")
    return [unit] if kind == "d" else []


def _plan_file(file: dict) -> Optional[PlannedFile]:
    path, mode, owner, group = file["path"], file["mode"], file["owner"], file["group"]
    before = files.read(path)
    content = slots.fill(file["content"], before).encode()
    if before is None:
        actions = ["create"]
    elif before != content:
        actions = ["replace"]
    else:
        actions = files.attributes_differ(path, mode, owner, group)
        content = None
    if not actions:
        return None
    secret = bool(file.get("slots"))
    return PlannedFile(path, mode, owner, group, content, before, secret, actions, file.get("controls", []))


def make_directories(step: Step, directories: list[dict]) -> None:
    """Makes the directories, parents as root's with mode 0755, and sets their mode and owner."""
    for directory in directories:
        path, controls = directory["path"], directory.get("controls", [])
        attributes = (directory["mode"], directory["owner"], directory["group"])
        if not os.path.isdir(path):
            step.changed("directory", path, "create", controls)
            if not step.check:
                os.makedirs(path, mode=0o755, exist_ok=True)
                files.set_attributes(path, *attributes)
            continue
        for action in files.attributes_differ(path, *attributes):
            step.changed("directory", path, action, controls)
            if not step.check:
                files.set_attributes(path, *attributes)


def lay_down(step: Step, planned: Plan, show: bool) -> None:
    """Makes directories, writes files, removes what the bundle no longer has.

    Args:
        show: add before and after of each file to the result's diff, never of one with a secret.
    """
    make_directories(step, planned.directories)
    for file in planned.files:
        for action in file.actions:
            step.changed("file", file.path, action, file.controls)
        if show:
            step.diff.append(_diff(file))
        if step.check:
            continue
        if file.content is None:
            files.set_attributes(file.path, file.mode, file.owner, file.group)
        else:
            os.makedirs(os.path.dirname(file.path), mode=0o755, exist_ok=True)
            files.write(file.path, file.content, file.mode, file.owner, file.group)
    # Before its file is gone: systemd goes on with a unit that it still has in memory.
    for unit in filter(None, map(_unit, planned.removed)):
        step.changed("unit", unit, "stop and disable")
        if not step.check:
            run(["systemctl", "disable", "--now", unit], timeout=120, check=False)
    for path in planned.removed:
        step.changed("file", path, "remove")
        if not step.check:
            files.remove(path)


def _unit(path: str) -> Optional[str]:
    """Name of the unit that a file is; None for any other file."""
    directory, name = os.path.split(path)
    return name if directory == _UNITS and name.endswith((".service", ".timer")) else None


def _diff(file: PlannedFile) -> dict[str, str]:
    headers = {"before_header": file.path, "after_header": f"{file.path} ({', '.join(file.actions)})"}
    if file.secret:
        return {**headers, "before": "", "after": "content not shown: it carries a secret\n"}
    before = (file.before or b"").decode(errors="replace")
    return {**headers, "before": before, "after": before if file.content is None else file.content.decode()}
