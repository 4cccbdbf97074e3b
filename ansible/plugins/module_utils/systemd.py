"""systemd units."""

from __future__ import annotations

import time

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run


def properties(unit: str, *names: str) -> dict[str, str]:
    """Properties of a unit as `systemctl show` prints them; all empty or default for an unknown unit."""
    lines = run(["systemctl", "show", unit, f"--property={','.join(names)}"]).stdout.splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def needs(unit: dict) -> list[str]:
    """What has to be done so that a unit is as declared: some of `enable`, `start`."""
    return _effective(unit["name"], _lacking(unit))


def _lacking(unit: dict) -> list[str]:
    seen = properties(unit["name"], "UnitFileState", "ActiveState")
    todo = []
    if unit.get("enabled") and seen.get("UnitFileState") not in ("enabled", "static", "alias", "generated"):
        todo.append("enable")
    if unit.get("state") == "started" and seen.get("ActiveState") not in ("active", "activating", "reloading"):
        todo.append("start")
    return todo


def apply(unit: dict) -> list[str]:
    """Enables and starts a unit as declared; what was done."""
    todo = _lacking(unit)
    for verb in todo:
        run(["systemctl", verb, unit["name"]], timeout=120)
    return _effective(unit["name"], todo)


def _effective(unit: str, verbs: list[str]) -> list[str]:
    """The verbs without a start that systemd skips, because a condition of the unit does not hold on this machine."""
    if "start" not in verbs:
        return verbs
    seen = properties(unit, "ActiveState", "ConditionResult", "ConditionTimestampMonotonic")
    looked = seen.get("ConditionTimestampMonotonic", "0") != "0"
    skipped = looked and seen.get("ConditionResult") == "no" and seen.get("ActiveState") == "inactive"
    return [verb for verb in verbs if verb != "start"] if skipped else verbs


def restart(unit: str, seconds: float = 60) -> None:
    """Restarts a unit and sees it active.

    Raises:
        CommandError: with the unit's last journal lines.
    """
    run(["systemctl", "restart", unit], timeout=seconds)
    deadline = time.monotonic() + seconds
    while properties(unit, "ActiveState").get("ActiveState") not in ("active",):
        if time.monotonic() > deadline:
            raise CommandError(["systemctl", "restart", unit], f"is not active after {seconds:.0f} s", journal(unit))
        time.sleep(0.2)


def journal(unit: str, lines: int = 15) -> str:
    """A unit's last journal lines, as they are: redact before showing."""
    return run(
        ["journalctl", "--unit", unit, "--lines", str(lines), "--no-pager", "--output", "cat"], check=False
    ).stdout
