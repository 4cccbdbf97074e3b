"""Certificates that kubeadm makes on a control plane: whether they are sound, and making them anew."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from typing import Iterable, Iterator, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import files
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run, succeeds

_PKI = "/etc/kubernetes/pki"
#: Seconds that a certificate must still be valid for.
_LEFT = 30 * 24 * 3600


@dataclass(frozen=True)
class Leaf:
    """A certificate that an authority on this node signs."""

    #: Below /etc/kubernetes/pki, without its ending.
    name: str
    authority: str
    #: Static pod that reads it when it starts.
    reader: str = ""

    @property
    def path(self) -> str:
        """Where the certificate lies."""
        return f"{_PKI}/{self.name}.crt"

    @property
    def key(self) -> str:
        """Where its key lies."""
        return f"{_PKI}/{self.name}.key"

    def is_sound(self) -> bool:
        """Whether the authority signed it, it belongs to its key, and it is valid for a month."""
        authority, later = f"{_PKI}/{self.authority}.crt", str(int(time.time()) + _LEFT)
        if not os.path.exists(self.path) or not os.path.exists(self.key):
            return False
        verify = ["openssl", "verify", "-CAfile", authority, "-no-CApath", "-attime", later, self.path]
        return succeeds(verify) and self._public(["x509", "-noout", "-pubkey"], self.path) == self._public(
            ["pkey", "-pubout"], self.key
        )

    def identity(self) -> str:
        """Subject and names."""
        argv = ["openssl", "x509", "-in", self.path, "-noout", "-subject", "-nameopt", "RFC2253", "-ext", "subjectAltName"]
        printed = run(argv, check=False).stdout.replace("\n", ",")
        return ",".join(sorted(part.strip() for part in printed.split(",")))

    @staticmethod
    def _public(command: list[str], path: str) -> str:
        return run(["openssl", *command, "-in", path], check=False).stdout


LEAVES = (
    Leaf("apiserver", "ca", "kube-apiserver"),
    Leaf("apiserver-kubelet-client", "ca", "kube-apiserver"),
    Leaf("apiserver-etcd-client", "etcd/ca", "kube-apiserver"),
    Leaf("front-proxy-client", "front-proxy-ca", "kube-apiserver"),
    Leaf("etcd/server", "etcd/ca", "etcd"),
    Leaf("etcd/peer", "etcd/ca", "etcd"),
    Leaf("etcd/healthcheck-client", "etcd/ca"),
)


def unsound() -> list[Leaf]:
    """The certificates of this node that have to be made anew."""
    return [leaf for leaf in LEAVES if os.path.exists(f"{_PKI}/{leaf.authority}.key") and not leaf.is_sound()]


@contextlib.contextmanager
def made_anew(suspects: Iterable[Leaf]) -> Iterator[list[Leaf]]:
    """Lets kubeadm make some certificates again, and keeps each that was sound and has the same names as the new one.

    Yields a list of those that were replaced, complete when the context has ended.
    """
    former = {leaf: (files.read(leaf.path), files.read(leaf.key), leaf.is_sound(), leaf.identity()) for leaf in suspects}
    replaced: list[Leaf] = []
    try:
        for leaf in former:
            files.remove(leaf.path)
            files.remove(leaf.key)
        yield replaced
        for leaf, (_, _, sound, identity) in former.items():
            if not sound or leaf.identity() != identity:
                replaced.append(leaf)
    finally:
        for leaf, (certificate, key, _, _) in former.items():
            if leaf not in replaced:
                _restore(leaf.path, certificate)
                _restore(leaf.key, key)


def _restore(path: str, content: Optional[bytes]) -> None:
    if content is not None:
        files.write(path, content, "0600")
