"""The node's own nftables table, changed with a way back."""

from __future__ import annotations

import hashlib
import os

from ansible_collections.bulwark.cluster.plugins.module_utils import files, systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
from ansible_collections.bulwark.cluster.plugins.module_utils.software import FIREWALL
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State

UNIT = FIREWALL
_UNIT_FILE = f"/etc/systemd/system/{UNIT}"
_TABLE = ["nft", "list", "table", "inet", "bulwark"]
_ROLLBACK = "/run/bulwark-firewall-rollback.nft"
_TIMER = "bulwark-firewall-rollback"
#: Seconds within which the operator must come back.
_SECONDS = 45


def needs_loading(pending: list[str], state: State) -> bool:
    """Whether the rules changed, are not in the kernel as they were confirmed, or will not be after a boot."""
    if UNIT in pending or not os.path.exists(_UNIT_FILE):
        return UNIT in pending
    if systemd.needs({"name": UNIT, "enabled": True, "state": "started"}):
        return True
    return digest() != state.firewall


def digest() -> str:
    """SHA-256 of our table as the kernel lists it, without counters and clients; empty where it is not loaded."""
    listed = run(["nft", "--stateless", "--terse", *_TABLE[1:]], check=False)
    return hashlib.sha256(listed.stdout.encode()).hexdigest() if listed.status == 0 else ""


def load_with_rollback() -> None:
    """Loads the rules and starts the timer that would bring the former ones back."""
    former = run(["nft", "--terse", *_TABLE[1:]], check=False)
    reset = "table inet bulwark\ndelete table inet bulwark\n"
    files.write(_ROLLBACK, (reset + (former.stdout if former.status == 0 else "")).encode(), "0600")
    _stop_timer()
    run(["systemd-run", "--quiet", f"--unit={_TIMER}", f"--on-active={_SECONDS}", "nft", "-f", _ROLLBACK])
    if os.path.exists(_UNIT_FILE):
        run(["systemctl", "enable", UNIT])
        run(["systemctl", "restart", UNIT])
    else:
        run(["nft", "-f", "-"], stdin=reset)


def confirm() -> None:
    """Keeps the new rules.

    Raises:
        CommandError: if the timer has already brought the former rules back.
    """
    if systemd.properties(f"{_TIMER}.timer", "ActiveState").get("ActiveState") != "active":
        raise CommandError(["systemctl", "stop", f"{_TIMER}.timer"], "came too late: the former rules are back", "")
    _stop_timer()
    files.remove(_ROLLBACK)


def _stop_timer() -> None:
    run(["systemctl", "stop", f"{_TIMER}.timer"], check=False)
    run(["systemctl", "reset-failed", f"{_TIMER}.service"], check=False)
