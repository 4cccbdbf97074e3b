"""Initialises the first control plane and tells what kubeadm is doing meanwhile."""

from __future__ import annotations

import base64
import os
from typing import Any

from ansible_collections.bulwark.cluster.plugins.plugin_utils.bundle_action import BundleAction

_FILE = "super-admin.conf.cms"


class ActionModule(BundleAction):
    """`super-admin.conf` comes back encrypted to the operator's certificate, or does not come back at all."""

    arguments = frozenset({"certificate", "output"})

    def act(self) -> dict[str, Any]:
        certificate = str(self.argument("certificate") or "")
        pem = ""
        if certificate:
            with open(certificate, encoding="ascii") as file:
                pem = file.read()
        host = self.host()
        result = self.execute(
            {
                "node": host["node"],
                "directories": host.get("directories", []),
                "units": host.get("units", []),
                "certificate": pem,
            }
        )
        encrypted = result.pop("super_admin", None)
        if encrypted:
            path = os.path.join(str(self.argument("output")), _FILE)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(base64.b64decode(encrypted))
            result["super_admin_file"] = path
        return result
