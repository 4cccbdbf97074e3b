from __future__ import annotations

import base64
import subprocess
import unittest
from unittest import mock

import support  # noqa: F401  (makes the collection importable)
from ansible_collections.bulwark.cluster.plugins.module_utils import serving

SERVICE = {
    "apiVersion": "apiregistration.k8s.io/v1",
    "kind": "APIService",
    "metadata": {"name": "v1.example.org", "annotations": {serving.ANNOTATION: "example-tls"}},
    "spec": {"service": {"name": "example", "namespace": "kube-system"}},
}


def nothing(_: str) -> None:
    return None


class Serving(unittest.TestCase):
    def made(self, living: dict | None = None, item: dict | None = None) -> tuple[dict, dict]:
        secret, service = serving.complete([item or SERVICE], lambda _: living)
        return secret, service

    def printed(self, secret: dict) -> str:
        certificate = base64.b64decode(secret["data"]["tls.crt"])
        argv = ["openssl", "x509", "-noout", "-text"]
        return subprocess.run(argv, input=certificate, capture_output=True, check=True).stdout.decode()

    def test_objects_that_ask_for_nothing_stay(self) -> None:
        plain = {**SERVICE, "metadata": {"name": "v1.example.org"}}
        self.assertEqual(serving.complete([plain], nothing), [plain])

    def test_a_certificate_is_made_for_the_service_and_trusted_by_the_api_server_for_it_only(self) -> None:
        asked: list[str] = []
        secret, service = serving.complete([SERVICE], lambda path: asked.append(path))
        self.assertEqual(asked, ["/api/v1/namespaces/kube-system/secrets/example-tls"])
        self.assertEqual(secret["metadata"], {"name": "example-tls", "namespace": "kube-system"})
        self.assertEqual(service["spec"]["caBundle"], secret["data"]["tls.crt"])
        text = self.printed(secret)
        self.assertIn("DNS:example.kube-system.svc", text)
        self.assertIn("CA:FALSE", text)
        self.assertNotIn("CA:TRUE", text)
        self.assertIn("TLS Web Server Authentication", text)
        self.assertNotIn("caBundle", SERVICE["spec"])

    def test_a_sound_pair_stays(self) -> None:
        secret, _ = self.made()
        self.assertEqual(self.made(secret)[0], secret)

    def test_an_unsound_pair_is_made_anew(self) -> None:
        secret, _ = self.made()
        other, _ = self.made()
        with mock.patch.object(serving, "_DAYS", "29"):
            short, _ = self.made()
        elsewhere = {**SERVICE, "spec": {"service": {"name": "other", "namespace": "kube-system"}}}
        foreign, _ = self.made(item=elsewhere)
        mixed = {"data": {**secret["data"], "tls.key": other["data"]["tls.key"]}}
        for living in (short, foreign, mixed, {}, {"data": {"tls.crt": "?", "tls.key": ""}}):
            again, service = self.made(living)
            self.assertNotEqual(again["data"], living.get("data"))
            self.assertEqual(self.made(again)[0], again)
            self.assertEqual(service["spec"]["caBundle"], again["data"]["tls.crt"])

    def test_the_key_is_in_no_argument(self) -> None:
        with mock.patch.object(serving, "run", wraps=serving.run) as run:
            self.made()
        for call in run.call_args_list:
            self.assertNotIn("PRIVATE KEY", " ".join(call.args[0]))


if __name__ == "__main__":
    unittest.main()
