"""System users that own files; nobody logs in as one."""

from __future__ import annotations

import pwd

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step


def ensure(step: Step, users: list[dict]) -> None:
    """Creates the users that are missing, each with its own group."""
    for user in users:
        if _exists(user["name"]):
            continue
        step.changed("user", user["name"], "create")
        if not step.check:
            argv = ["useradd", "--user-group", "--no-create-home", "--home-dir", user["home"], "--shell", user["shell"]]
            run([*argv, *(["--system"] if user.get("system") else []), user["name"]])


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
        return True
    except KeyError:
        return False
