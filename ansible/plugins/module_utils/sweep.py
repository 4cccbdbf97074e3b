"""Mode and owner of files that kubeadm, the kubelet or etcd wrote."""

from __future__ import annotations

import glob

from ansible_collections.bulwark.cluster.plugins.module_utils import files
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step


def modes(step: Step, wanted: list[dict]) -> None:
    """Sets mode and owner of every path that a glob names; a glob without a match is fine."""
    for entry in wanted:
        for path in sorted(glob.glob(entry["path"], recursive=True)):
            for action in files.attributes_differ(path, entry["mode"], entry["owner"], entry["group"]):
                step.changed("mode", path, action)
                if not step.check:
                    files.set_attributes(path, entry["mode"], entry["owner"], entry["group"])
