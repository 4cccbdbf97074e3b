from __future__ import annotations

import base64
import importlib.util
import ipaddress
import unittest
from typing import Any

from support import COLLECTION

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    _spec = importlib.util.spec_from_file_location("csr_approver", COLLECTION / "files" / "csr-approver.py")
    assert _spec and _spec.loader
    approver = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(approver)
except ImportError:
    approver = None

INVENTORY = {
    "worker-1": {"addresses": ["192.0.2.21"], "names": ["worker-1"]},
    "worker-2": {"addresses": ["192.0.2.22"], "names": ["worker-2"]},
}
NODE_GROUPS = ["system:nodes", "system:authenticated"]


def request(
    subject: list[tuple[Any, str]], names: list[str], addresses: list[str], extra: list[Any] | None = None
) -> str:
    """A signed request in base64 PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(oid, value) for oid, value in subject])
    )
    sans: list[Any] = [x509.DNSName(name) for name in names]
    sans += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    sans += extra or []
    if sans:
        builder = builder.add_extension(x509.SubjectAlternativeName(sans), critical=False)
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return base64.b64encode(pem).decode()


@unittest.skipIf(approver is None, "NOT RUN: python3-cryptography is missing")
class Approver(unittest.TestCase):
    def subject(self, node: str = "worker-1", organization: str = "system:nodes") -> list[tuple[Any, str]]:
        return [(NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, f"system:node:{node}")]

    def serving(self, **changes: Any) -> dict[str, Any]:
        spec = {
            "signerName": "kubernetes.io/kubelet-serving",
            "username": "system:node:worker-1",
            "groups": NODE_GROUPS,
            "usages": ["digital signature", "server auth"],
            "request": request(self.subject(), ["worker-1"], ["192.0.2.21"]),
            **changes,
        }
        return {"metadata": {"name": "csr-1"}, "spec": spec}

    def client(self, **changes: Any) -> dict[str, Any]:
        spec = {
            "signerName": "kubernetes.io/kube-apiserver-client-kubelet",
            "username": "system:bootstrap:abcdef",
            "groups": [
                "system:bootstrappers",
                "system:bootstrappers:kubeadm:default-node-token",
                "system:bootstrappers:bulwark:worker-1",
                "system:authenticated",
            ],
            "usages": ["digital signature", "client auth"],
            "request": request(self.subject(), [], []),
            **changes,
        }
        return {"metadata": {"name": "csr-1"}, "spec": spec}

    def assert_pending(self, csr: dict[str, Any], reason: str) -> None:
        with self.assertRaisesRegex(approver.Pending, reason):
            approver.judge(csr, INVENTORY)

    def test_approves_what_the_inventory_says(self) -> None:
        self.assertEqual(approver.judge(self.serving(), INVENTORY), "worker-1")
        self.assertEqual(approver.judge(self.client(), INVENTORY), "worker-1")
        with_rsa = ["digital signature", "key encipherment", "server auth"]
        self.assertEqual(approver.judge(self.serving(usages=with_rsa), INVENTORY), "worker-1")

    def test_foreign_names_stay_pending(self) -> None:
        for names, addresses in (
            (["worker-1", "kubernetes"], ["192.0.2.21"]),
            (["worker-1"], ["192.0.2.21", "192.0.2.22"]),
            (["worker-1"], []),
            ([], ["192.0.2.21"]),
            (["worker-2"], ["192.0.2.21"]),
        ):
            self.assert_pending(self.serving(request=request(self.subject(), names, addresses)), "inventory says otherwise")
        mail = request(self.subject(), ["worker-1"], ["192.0.2.21"], [x509.RFC822Name("a@b")])
        self.assert_pending(self.serving(request=mail), "another kind")

    def test_requester_must_be_the_node(self) -> None:
        self.assert_pending(self.serving(username="system:node:worker-2"), "requested by")
        self.assert_pending(self.serving(username="admin"), "requested by")
        self.assert_pending(self.serving(groups=[*NODE_GROUPS, "system:masters"]), "groups")
        self.assert_pending(self.serving(groups=["system:authenticated"]), "groups")

    def test_subject_must_be_a_node_and_nothing_more(self) -> None:
        for subject, reason in (
            (self.subject(organization="system:masters"), "subject"),
            ([*self.subject(), (NameOID.ORGANIZATION_NAME, "system:masters")], "subject"),
            ([(NameOID.ORGANIZATION_NAME, "system:masters"), *self.subject()], "subject"),
            (self.subject(node="nobody"), "not in the inventory"),
            ([(NameOID.ORGANIZATION_NAME, "system:nodes"), (NameOID.COMMON_NAME, "admin")], "common name"),
        ):
            self.assert_pending(self.serving(request=request(subject, ["worker-1"], ["192.0.2.21"])), reason)
            self.assert_pending(self.client(request=request(subject, [], [])), reason)

    def test_token_serves_its_own_node_only(self) -> None:
        self.assert_pending(self.client(request=request(self.subject(node="worker-2"), [], [])), "not made for worker-2")
        kubeadm_only = ["system:bootstrappers", "system:bootstrappers:kubeadm:default-node-token"]
        self.assert_pending(self.client(groups=kubeadm_only), "not made for")
        two = [*self.client()["spec"]["groups"], "system:bootstrappers:bulwark:worker-2"]
        self.assert_pending(self.client(groups=two), "not made for")
        self.assert_pending(self.client(username="system:node:worker-1"), "bootstrap token")

    def test_client_certificate_has_no_names(self) -> None:
        self.assert_pending(self.client(request=request(self.subject(), ["worker-1"], [])), "has no names")

    def test_usages_and_signers(self) -> None:
        self.assert_pending(self.serving(usages=["digital signature", "server auth", "client auth"]), "usages")
        self.assert_pending(self.client(usages=["digital signature", "server auth"]), "usages")
        self.assert_pending(self.serving(signerName="kubernetes.io/kube-apiserver-client"), "signer")
        self.assert_pending(self.serving(request="bm8gcmVxdWVzdA=="), "cannot be parsed")


if __name__ == "__main__":
    unittest.main()
