"""Administrator's files that kubeadm leaves on a control plane."""

from __future__ import annotations

import base64
import os
import tempfile

from ansible_collections.bulwark.cluster.plugins.module_utils import files
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step

ADMIN = "/etc/kubernetes/admin.conf"
SUPER_ADMIN = "/etc/kubernetes/super-admin.conf"


def remove_admin(step: Step) -> None:
    """Hands `super-admin.conf` over encrypted where the operator gave a certificate, and removes both files.

    Root on a control plane can always make new ones from the CA's key; what is prevented is that a copied file or a
    backup of /etc works for a year.
    """
    certificate = step.payload.get("certificate", "")
    if os.path.exists(SUPER_ADMIN):
        step.changed("credential", SUPER_ADMIN, "hand over encrypted and remove" if certificate else "remove")
        if not step.check:
            if certificate:
                step.facts["super_admin"] = base64.b64encode(_encrypt(SUPER_ADMIN, certificate)).decode()
            files.remove(SUPER_ADMIN)
    if os.path.exists(ADMIN):
        step.changed("credential", ADMIN, "remove")
        if not step.check:
            files.remove(ADMIN)


def _encrypt(path: str, certificate: str) -> bytes:
    """CMS (RFC 5652) in PEM, encrypted with AES-256 to the key of an X.509 certificate."""
    with tempfile.NamedTemporaryFile("w", prefix="bulwark-operator-", dir="/run") as recipient:
        recipient.write(certificate)
        recipient.flush()
        argv = ["openssl", "cms", "-encrypt", "-binary", "-aes-256-cbc", "-in", path, "-outform", "PEM"]
        return run([*argv, recipient.name]).stdout.encode()
