from __future__ import annotations

import unittest

import support  # noqa: F401
from ansible_collections.bulwark.cluster.plugins.module_utils.redact import redact, tail


class Redact(unittest.TestCase):
    def test_removes_secrets(self) -> None:
        secrets = {
            "bootstrap token": "abcdef.0123456789abcdef",
            "certificate key": "3f2a9c" * 10 + "abcd",
            "encryption key": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
            "JSON web token": "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl",
            "PEM": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
            "cut PEM": "-----BEGIN CERTIFICATE-----\nMIIEow",
            "password": "password: hunter2",
            "bearer": "Authorization: Bearer 0123456789abcdef",
        }
        for name, secret in secrets.items():
            with self.subTest(name):
                shown = redact(f"before {secret} after")
                value = secret.split()[-1] if name in ("password", "bearer") else secret
                self.assertNotIn(value, shown)
                self.assertIn("before", shown)

    def test_keeps_what_explains(self) -> None:
        for text in (
            "sha256:" + "ab" * 32,
            "/etc/kubernetes/bulwark/apiserver/encryption/config.yaml is missing",
            "--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "--service-account-max-token-expiration=24h",
            "failed to pull registry.k8s.io/kube-apiserver:v1.36.3",
        ):
            self.assertEqual(redact(text), text)

    def test_tail_strips_colours_and_blank_lines(self) -> None:
        self.assertEqual(tail("one\n\n\x1b[0;37mtwo\x1b[0m\nthree\n", 2), ["two", "three"])


if __name__ == "__main__":
    unittest.main()
