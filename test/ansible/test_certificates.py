from __future__ import annotations

import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import support  # noqa: F401  (makes the collection importable)
from ansible_collections.bulwark.cluster.plugins.module_utils import certificates
from ansible_collections.bulwark.cluster.plugins.module_utils.certificates import Leaf


class Certificates(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)
        place = mock.patch.object(certificates, "_PKI", directory.name)
        place.start()
        self.addCleanup(place.stop)
        for name in ("ca", "other"):
            self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "900",
                         "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt")  # fmt: skip
        self.leaf = Leaf("leaf", "ca")

    def openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.root, check=True, capture_output=True)

    def issue(self, authority: str = "ca", days: int = 365, names: str = "DNS:localhost") -> None:
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=leaf",
                     "-addext", f"subjectAltName={names}", "-keyout", "leaf.key", "-out", "leaf.csr")  # fmt: skip
        self.openssl("x509", "-req", "-in", "leaf.csr", "-CA", f"{authority}.crt", "-CAkey", f"{authority}.key", "-set_serial",
                     "1", "-days", str(days), "-copy_extensions", "copyall", "-out", "leaf.crt")  # fmt: skip

    def test_sound_is_signed_by_its_authority_for_its_key_and_for_a_month(self) -> None:
        self.issue()
        self.assertTrue(self.leaf.is_sound())
        self.issue(days=29)
        self.assertFalse(self.leaf.is_sound())
        self.issue(authority="other")
        self.assertFalse(self.leaf.is_sound())
        self.issue()
        (self.root / "leaf.key").write_bytes((self.root / "ca.key").read_bytes())
        self.assertFalse(self.leaf.is_sound())
        (self.root / "leaf.key").unlink()
        self.assertFalse(self.leaf.is_sound())

    def test_a_sound_certificate_with_the_same_names_is_kept(self) -> None:
        self.issue()
        before = (self.root / "leaf.crt").read_bytes()
        with certificates.made_anew([self.leaf]) as replaced:
            self.assertFalse((self.root / "leaf.crt").exists())
            self.issue()
        self.assertEqual((replaced, (self.root / "leaf.crt").read_bytes()), ([], before))

    def test_another_name_or_an_unsound_one_is_replaced(self) -> None:
        for more in ({"names": "DNS:localhost,DNS:vault.example.org"}, {"days": 10}):
            self.issue(**more)
            before = (self.root / "leaf.crt").read_bytes()
            with certificates.made_anew([self.leaf]) as replaced:
                self.issue()
            self.assertEqual(replaced, [self.leaf])
            self.assertNotEqual((self.root / "leaf.crt").read_bytes(), before)

    def test_a_failure_brings_the_former_ones_back(self) -> None:
        self.issue(days=10)
        before = (self.root / "leaf.crt").read_bytes()
        with self.assertRaises(RuntimeError), certificates.made_anew([self.leaf]):
            raise RuntimeError
        self.assertEqual((self.root / "leaf.crt").read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
