"""The last words of the component that failed, redacted."""

from __future__ import annotations

import glob
import os

from ansible_collections.bulwark.cluster.plugins.module_utils import systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.redact import tail


def kubelet() -> list[str]:
    """What the kubelet said last."""
    return _block("kubelet", systemd.journal("kubelet.service", 10))


def control_plane() -> list[str]:
    """What the kubelet and each static pod's newest container said last."""
    lines = kubelet()
    for directory in sorted(glob.glob("/var/log/pods/kube-system_*/*")):
        logs = sorted(glob.glob(f"{directory}/*.log"), key=os.path.getmtime)
        if logs:
            lines += _block(os.path.basename(directory), _end_of(logs[-1]))
    return lines


def _block(name: str, text: str) -> list[str]:
    return [f"{name}: {line}" for line in tail(text, 8)]


def _end_of(path: str) -> str:
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - 8192))
        return file.read().decode(errors="replace")
