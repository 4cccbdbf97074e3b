"""Makes the collection importable under the name that Ansible gives it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Iterable

COLLECTION = Path(__file__).resolve().parents[2] / "ansible"

_root = tempfile.TemporaryDirectory()
_namespace = Path(_root.name) / "ansible_collections" / "bulwark"
_namespace.mkdir(parents=True)
(_namespace / "cluster").symlink_to(COLLECTION)
sys.path.insert(0, _root.name)
sys.dont_write_bytecode = True


class Recorder:
    """What a module's step offers: the payload, and a place for changes."""

    def __init__(self, payload: dict[str, Any] | None = None, check: bool = False) -> None:
        self.payload = payload or {}
        self.check = check
        self.changes: list[tuple[str, str, str]] = []
        self.controls: dict[str, list[str]] = {}
        self.diff: list[dict[str, str]] = []
        self.chores: list[str] = []
        self.facts: dict[str, Any] = {}

    def changed(self, kind: str, name: str, action: str, controls: Iterable[str] = ()) -> None:
        """Notes one change."""
        self.changes.append((kind, name, action))
        self.controls[name] = list(controls)

    def chore(self, text: str) -> None:
        """Notes in check mode what nothing changes by."""
        if self.check:
            self.chores.append(text)
