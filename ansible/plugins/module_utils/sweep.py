"""Files that kubeadm, the kubelet or etcd wrote: their mode and owner, and those that must not be there."""

from __future__ import annotations

import glob
import os

from ansible_collections.bulwark.cluster.plugins.module_utils import files
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step


def modes(step: Step, wanted: list[dict]) -> None:
    """Sets mode and owner of every path that a glob names; a glob without a match is fine, and links have no mode."""
    for entry in wanted:
        found = sorted(glob.glob(entry["path"], recursive=True))
        for path in (path for path in found if not os.path.islink(path)):
            for action in files.attributes_differ(path, entry["mode"], entry["owner"], entry["group"]):
                step.changed("mode", path, action, entry.get("controls", []))
                if not step.check:
                    files.set_attributes(path, entry["mode"], entry["owner"], entry["group"])


def absent(step: Step, unwanted: list[dict]) -> None:
    """Removes files that must not lie on a node of a cluster."""
    for entry in unwanted:
        if os.path.lexists(entry["path"]):
            step.changed("file", entry["path"], "remove", entry.get("controls", []))
            if not step.check:
                files.remove(entry["path"])
